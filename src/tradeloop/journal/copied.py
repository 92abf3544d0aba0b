"""A copy of the log, line by line, as the database holds it at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import transaction

from tradeloop.journal.tree import HASH_BYTES, TILE_HASHES
from tradeloop.store.database import cursor, link

ROWS_AT_ONCE = 2000
ENTRIES = """
select leaf_index, entry_id, kind, journal_written(at), encode(commitment, 'hex'),
    encode(salt, 'hex'), body
from journal_leaf left join journal_entry on journal_entry.id = entry_id
order by leaf_index
"""
CHECKPOINTS = "select size, encode(root, 'hex'), note from journal_checkpoint order by size"
LEAF_TILES = "select number, hashes from journal_tile where level = 0 order by number"


@contextmanager
def lines() -> Iterator[Iterator[dict[str, Any]]]:
    """Give the lines of the log as it is now, a few thousand in memory at a time.

    Nothing that is recorded meanwhile shows.
    """
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic(durable=True))
        cur = stack.enter_context(cursor())
        cur.execute("set transaction isolation level repeatable read, read only")

        def read(name: str, sql: str) -> Iterator[tuple[Any, ...]]:
            rows = stack.enter_context(link().cursor(name=f"journal_{name}"))
            rows.itersize = ROWS_AT_ONCE
            rows.execute(sql.encode())
            return iter(rows)

        yield _merged(
            read("entries", ENTRIES), read("checkpoints", CHECKPOINTS), read("tiles", LEAF_TILES)
        )


def _merged(
    entries: Iterable[tuple[Any, ...]],
    checkpoints: Iterator[tuple[Any, ...]],
    tiles: Iterator[tuple[Any, ...]],
) -> Iterator[dict[str, Any]]:
    """Put each checkpoint behind the last entry that it covers."""
    due = next(checkpoints, None)
    hashes = _LeafHashes(tiles)
    for index, entry_id, kind, at, commitment, salt, body in entries:
        while due is not None and due[0] <= index:
            yield _checkpoint(due)
            due = next(checkpoints, None)
        yield {
            "entry": {
                "index": index, "id": entry_id, "kind": kind, "at": at, "commitment": commitment,
                "salt": salt, "body": body, "leaf": hashes.at(index),
            }
        }  # fmt: skip
    while due is not None:
        yield _checkpoint(due)
        due = next(checkpoints, None)


class _LeafHashes:
    """The hashes of the leaves, read from the tiles in step with the entries."""

    def __init__(self, tiles: Iterator[tuple[Any, ...]]) -> None:
        self._tiles = tiles
        self._number, self._hashes = -1, b""

    def at(self, index: int) -> str:
        number, offset = divmod(index, TILE_HASHES)
        while self._number < number:
            self._number, self._hashes = next(self._tiles, (number + 1, b""))
        if self._number != number:
            return ""
        return self._hashes[offset * HASH_BYTES : (offset + 1) * HASH_BYTES].hex()


def _checkpoint(row: tuple[Any, ...]) -> dict[str, Any]:
    size, root, note = row
    return {"checkpoint": {"size": size, "root": root, "note": note}}
