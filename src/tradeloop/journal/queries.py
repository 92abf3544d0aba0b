"""The reads: facts in the order of the log, and its checkpoints."""

from __future__ import annotations

from collections.abc import Sequence

from tradeloop.journal.facts import Checkpoint, Recorded, Sequenced
from tradeloop.store.database import cursor


def sequenced(*, first: int, limit: int) -> tuple[Sequenced, ...]:
    """Return up to `limit` facts of the log from leaf `first` on, in its order."""
    with cursor() as cur:
        cur.execute(
            "select leaf_index, entry_id, kind, at, body "
            "from journal_leaf join journal_entry on journal_entry.id = entry_id "
            "where leaf_index >= %s order by leaf_index limit %s",
            (first, limit),
        )
        return tuple(Sequenced(*row) for row in cur.fetchall())


def recorded(entry_ids: Sequence[int]) -> tuple[Recorded, ...]:
    """Return facts as they were recorded, to promise them; numbers that are none are left out."""
    with cursor() as cur:
        cur.execute(
            "select id, kind, at, commitment from journal_entry where id = any(%s) order by id",
            (list(entry_ids),),
        )
        return tuple(Recorded(*row) for row in cur.fetchall())


def log() -> str | None:
    """Return the id of the log that the facts are in; None before its first checkpoint."""
    with cursor() as cur:
        cur.execute("select log from journal_progress")
        row = cur.fetchone()
        return str(row[0]) if row else None


def checkpoint(size: int | None = None) -> Checkpoint | None:
    """Return the checkpoint of this size, or the latest one; None if there is none."""
    with cursor() as cur:
        cur.execute(
            "select size, root, note, at from journal_checkpoint "
            "where size = coalesce(%s::bigint, size) order by size desc limit 1",
            (size,),
        )
        row = cur.fetchone()
        return Checkpoint(*row) if row else None
