"""The tiles of the log as the database holds them, read many at once."""

from __future__ import annotations

from collections.abc import Iterable

from tradeloop.journal.tree import TileAt
from tradeloop.store.database import cursor

WANTED = """
select level, number, hashes from journal_tile
join unnest(%s::smallint[], %s::bigint[]) as wanted (level, number) using (level, number)
"""


class TileMissing(Exception):
    """The log lacks a tile that it must have."""


def tiles(wanted: Iterable[tuple[int, int]]) -> TileAt:
    """Read the tiles at these (level, number) in one query; others are absent."""
    places = tuple(wanted)
    with cursor() as cur:
        cur.execute(WANTED, ([level for level, _ in places], [number for _, number in places]))
        found = {(level, number): bytes(hashes) for level, number, hashes in cur.fetchall()}

    def at(level: int, number: int) -> bytes:
        try:
            return found[level, number]
        except KeyError:
            raise TileMissing(
                f"Tile {number} of level {level} is not in the database. "
                "Run `tradeloop proof audit`, and restore a backup."
            ) from None

    return at
