"""What each layer adds to backups and restores, in one place."""

from __future__ import annotations

from collections.abc import Mapping

from tradeloop.store.backup import Plugs
from tradeloop.store.database import cursor


def newest_checkpoint() -> Mapping[str, str]:
    """Return the size and the root of the log's newest checkpoint, which members may hold too."""
    with cursor() as cur:
        cur.execute(
            "select size, encode(root, 'hex') from journal_checkpoint order by size desc limit 1"
        )
        row = cur.fetchone()
    return {"journal.checkpoint": f"{row[0]} {row[1]}" if row else "none"}


PLUGS = Plugs(
    totals=(newest_checkpoint,),
    after_restore=(),
    verifiers=(),
    # The verdicts that a lake keeps, with their history; its index is made anew.
    lake_files=("verdicts.sqlite",),
)
