"""The reads: facts in the order of the log."""

from __future__ import annotations

from tradeloop.journal.facts import Sequenced
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
