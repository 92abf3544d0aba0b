"""Proofs: that a fact is in the log, and that a later log only adds to an earlier one."""

from __future__ import annotations

from typing import Any

from tradeloop.journal.checkpoint import Head, PublicKeys, checked, read
from tradeloop.journal.facts import Checkpoint
from tradeloop.journal.leaf import written
from tradeloop.journal.queries import checkpoint
from tradeloop.journal.stored import tiles
from tradeloop.journal.tree import (
    TILE_HEIGHT,
    TileAt,
    consistency_path,
    edge_tiles,
    inclusion_path,
    root_at,
)
from tradeloop.journal.verify import CONSISTENCY_FORMAT, PROOF_FORMAT
from tradeloop.store.database import cursor

ENTRY = """
select id, kind, at, commitment, salt, body,
    (select leaf_index from journal_leaf where entry_id = journal_entry.id)
from journal_entry where id = %s
"""


class NotInTheLog(Exception):
    """The fact is unknown, or has no place in the log yet."""


class LogsDiffer(Exception):
    """A checkpoint that was signed is not of the log that is here."""


def proof(entry_id: int, *, keys: PublicKeys) -> dict[str, Any]:
    """Return what proves, to anybody with the public key, that a fact is in the log.

    Raises:
        NotInTheLog: There is no such fact, or no checkpoint covers it yet.
    """
    with cursor() as cur:
        cur.execute(ENTRY, (entry_id,))
        row = cur.fetchone()
    if row is None:
        raise NotInTheLog(f"The journal has no entry {entry_id}. Look up its number.")
    number, kind, at, commitment, salt, body, index = row
    last = checkpoint()
    if index is None or last is None or last.size <= index:
        raise NotInTheLog(
            f"Entry {entry_id} has no place in the log yet. It has one within two seconds of its "
            "transaction's end while the sequencer runs: ask again."
        )
    path = inclusion_path(index, last.size, _tiles_for(index, last.size))
    return {
        "format": PROOF_FORMAT,
        "log": keys.log,
        "key_id": keys.at(last.size).key_id.hex(),
        "entry": {
            "id": number,
            "kind": kind,
            "at": written(at),
            "commitment": commitment.hex(),
            "salt": None if salt is None else salt.hex(),
            "body": body,
        },
        "leaf_index": index,
        "path": [one.hex() for one in path],
        "checkpoint": last.note,
    }


def consistency(*, old: str, keys: PublicKeys, new: Checkpoint | None = None) -> dict[str, Any]:
    """Return what proves that the log of `new` (default the latest) only adds to that of `old`.

    `old` is the note that somebody kept.

    Raises:
        NotProven: The note is not one of this log's.
        LogsDiffer: It is, but says another root than the log has at its size.
    """
    before = checked(old, keys)
    after = new or checkpoint()
    if after is None:
        raise LogsDiffer(f"The log is empty; a checkpoint of size {before.size} was signed.")
    _refuse_shorter(before, read(after.note))
    tile_at = _tiles_for(before.size, after.size)
    if root_at(before.size, tile_at) != before.root:
        raise LogsDiffer(
            f"At size {before.size} the log has another root than the checkpoint, which its own "
            "key has signed. Keep that checkpoint: it proves that the log was changed."
        )
    path = consistency_path(before.size, after.size, tile_at)
    return {
        "format": CONSISTENCY_FORMAT,
        "log": keys.log,
        "key_id": keys.at(after.size).key_id.hex(),
        "old": old,
        "new": after.note,
        "path": [one.hex() for one in path],
    }


def _refuse_shorter(before: Head, after: Head) -> None:
    if after.size < before.size:
        raise LogsDiffer(
            f"The log has {after.size} facts; the checkpoint given says {before.size}. "
            "Swap the two, or keep the longer one: it proves that facts are gone."
        )


def _tiles_for(index: int, size: int) -> TileAt:
    """Read the tiles on the way up from a leaf, and those of the right edge, at once."""
    last = [(level, max((size - 1) >> (TILE_HEIGHT * (level + 1)), 0))
            for level, _ in edge_tiles(size)]  # fmt: skip
    way_up = [(level, index >> (TILE_HEIGHT * (level + 1))) for level, _ in last]
    before = [(level, max(index - 1, 0) >> (TILE_HEIGHT * (level + 1))) for level, _ in last]
    return tiles({*last, *way_up, *before, *edge_tiles(size)})
