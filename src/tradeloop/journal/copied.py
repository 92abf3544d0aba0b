"""A copy of the log: its entries and checkpoints as lines, from the database or a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from tradeloop.journal.audit import LOG_FORMAT, SHOWN_MAX
from tradeloop.journal.checkpoint import KEYS_FORMAT, KeysUnreadable, PublicKeys
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


def export(path: Path, keys: PublicKeys) -> int:
    """Write the log to a file, a JSON object a line; return how many lines."""
    count = 1
    with lines() as found, path.open("w", encoding="utf-8") as file:
        file.write(_text(json.loads(keys.written()) | {"format": LOG_FORMAT}))
        for line in found:
            file.write(_text(line))
            count += 1
    return count


def read_file(path: Path) -> tuple[PublicKeys, Iterator[dict[str, Any]]]:
    """Return the keys that a file names as the log's own, and its lines.

    Raises:
        KeysUnreadable: The first line is not that of a copy of a log.
    """
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        try:
            head = json.loads(file.readline())
            if head["format"] != LOG_FORMAT:
                raise KeysUnreadable(f"{path}: the format is {head['format']!r}, not {LOG_FORMAT}.")
        except (ValueError, TypeError, KeyError) as error:
            raise KeysUnreadable(
                f"{path}: the first line is none of {LOG_FORMAT}: {error!r}."
            ) from None
    keys = PublicKeys.read(json.dumps(head | {"format": KEYS_FORMAT}))
    return keys, _lines_of(path)


def _lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        file.readline()
        for text in file:
            try:
                line = json.loads(text)
            except (ValueError, RecursionError):
                line = None
            yield line if isinstance(line, dict) else {"unreadable": text[:SHOWN_MAX]}


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


def _text(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
