"""What is traded on credit: some sorts of goods, by the carton, priced in one currency."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from tradeloop.economy.papers.credit.place import Ware
from tradeloop.economy.papers.credit.run import Run
from tradeloop.economy.papers.dice import between, weighed
from tradeloop.economy.papers.paper import WHOLE

CENT = WHOLE // 100
CARTON_KG = 60_000  # 0.6 kg of cardboard, in 0.00001 kg


class Line(NamedTuple):
    """Some cartons of one sort of goods; `price` and `total` in 0.00001 of the currency."""

    ware: Ware
    pieces: int
    cartons: int
    price: int

    @property
    def qty(self) -> int:
        """The quantity in 0.00001."""
        return self.pieces * WHOLE

    @property
    def total(self) -> int:
        """Quantity times price, without a rest."""
        return self.pieces * self.price

    @property
    def net(self) -> int:
        """The net weight in 0.00001 kg."""
        return self.pieces * self.ware.weight

    @property
    def gross(self) -> int:
        """The gross weight in 0.00001 kg."""
        return self.net + self.cartons * CARTON_KG

    def of(self, cartons: int) -> Line:
        """Return so many cartons of the same goods."""
        return self._replace(cartons=cartons, pieces=cartons * self.ware.per_carton)


def lines(run: Run, r: Random, *, worth: int, cents_per_unit: int) -> list[Line]:
    """Return goods of about `worth` in all, no sort twice, in a currency of so many yuan cents."""
    wares = run.town.wares
    count = min(max(weighed(r, run.town.line_steps) + 1, run.lines_min), run.lines_max)
    # The number of wares is a prime, so equal strides meet none twice.
    start, stride = between(r, 0, len(wares) - 1), between(r, 1, len(wares) - 1)
    return [
        _line(r, wares[(start + turn * stride) % len(wares)], worth // count, cents_per_unit)
        for turn in range(count)
    ]


def _line(r: Random, ware: Ware, worth: int, cents_per_unit: int) -> Line:
    yuan_cents = between(r, ware.cents_min, ware.cents_max)
    price = max(yuan_cents * 100 // cents_per_unit, 1) * CENT
    share = worth * between(r, 60, 140) // 100
    cartons = max(share // (price * ware.per_carton), 1)
    return Line(ware, cartons * ware.per_carton, cartons, price)


def worth_of(goods: Sequence[Line]) -> int:
    """Return the sum of the totals."""
    return sum(line.total for line in goods)


def part_of(goods: Sequence[Line], percent: int) -> list[Line]:
    """Return about so much of the goods, in whole cartons, and at least one of each."""
    return [line.of(max(line.cartons * percent // 100, 1)) for line in goods]
