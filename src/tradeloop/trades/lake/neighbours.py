"""From a few papers to all that could bear on their trades: key by key through the index.

What is found is closed: no paper outside shares a key with one inside, except that of a paper over
many parcels only the head and the lines concerned are taken. So judging what is found gives the
trades in it the verdicts that judging everything would.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tradeloop.store.index import Index, Row
from tradeloop.trades.lake import keys

ROWS_MAX = 20_000  # beyond this, judging everything is the shorter way


class TooManyNeighbours(Exception):
    """The papers hang together with too much of the lake to be judged apart."""


class Neighbours:
    """Papers found so far, each once."""

    def __init__(self, index: Index) -> None:
        """Begin with none."""
        self.rows: dict[int, Row] = {}
        self._index = index
        self._looked_up: set[int] = set()

    def changed_by(self, rows: Iterable[Row]) -> None:
        """Take in new rows, which the index lacks, and all that bears on the trades they touch.

        A new head of a paper over many parcels, and a new answer to one, touch every parcel that
        any version of that paper names.

        Raises:
            TooManyNeighbours: It is more than `ROWS_MAX` rows.
        """
        new = list(rows)
        # Places in the index are above zero.
        self.rows.update((-number, row) for number, row in enumerate(new, 1))
        heads: dict[int, Row] = {}
        for table, values in new:
            for key in keys.follow(table, values, spaces=keys.HEADS):
                heads |= {place: self._index.row(place) for place in self._index.places(key)}
        around = [*new, *heads.values()]
        for _, values in {tuple(row[1][:3]): row for row in around}.values():
            for place in self._index.places(keys.members_key(values)):
                if len(around) > ROWS_MAX:
                    raise TooManyNeighbours
                around.append(self._index.row(place))
        self.of(key for table, values in around for key in keys.follow(table, values))

    def of(self, wanted: Iterable[int]) -> None:
        """Take in every row that holds one of these keys, and all that hangs together with them.

        Raises:
            TooManyNeighbours: It is more than `ROWS_MAX` rows.
        """
        waiting = list(wanted)
        while waiting:
            key = waiting.pop()
            if key in self._looked_up:
                continue
            self._looked_up.add(key)
            for place in self._index.places(key):
                if place in self.rows:
                    continue
                if len(self.rows) > ROWS_MAX:
                    raise TooManyNeighbours
                table, values = self.rows[place] = self._index.row(place)
                waiting += [one for one in keys.follow(table, values) if one not in self._looked_up]

    def tables(self) -> dict[str, list[Sequence[str | None]]]:
        """Return the rows by table."""
        found: dict[str, list[Sequence[str | None]]] = {}
        for table, values in self.rows.values():
            found.setdefault(table, []).append(values)
        return found
