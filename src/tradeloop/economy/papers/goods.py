"""What is in a parcel: the items of an order, priced in the buyer's currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from tradeloop.economy.papers.dice import between, pick, steps, weighed
from tradeloop.economy.papers.paper import WHOLE, times
from tradeloop.economy.papers.town import Destination, Good
from tradeloop.economy.papers.world import World

PIECES = steps([60, 22, 10, 5, 3])  # how many of one sort are bought: 1, 2, …
REBATE_PERCENT = 10


class Item(NamedTuple):
    """One line of an order. Amounts and quantities in 0.00001, `weight` net, in 0.00001 kg."""

    number: str
    name: str
    hs: str
    unit: str
    legal_unit: str
    qty: int
    price: int
    total: int
    weight: int

    def of(self, qty: int) -> Item:
        """Return the same item in another quantity."""
        weight = self.weight * qty // (self.qty or WHOLE)
        return self._replace(qty=qty, total=times(qty, self.price), weight=weight)


def items(world: World, r: Random, destination: Destination) -> list[Item]:
    """Return the items of an order, no sort of goods twice."""
    goods = world.town.goods
    count = min(max(weighed(r, world.town.line_steps) + 1, world.lines_min), world.lines_max)
    # The number of goods is a prime, so equal strides meet none twice.
    start, stride = between(r, 0, len(goods) - 1), between(r, 1, len(goods) - 1)
    return [
        _item(r, goods[(start + turn * stride) % len(goods)], destination) for turn in range(count)
    ]


def _item(r: Random, good: Good, destination: Destination) -> Item:
    qty = weighed(r, PIECES) + 1
    cents = between(r, good.yuan_min * 100, good.yuan_max * 100)
    step = destination.step
    price = cents * (WHOLE // 100) * WHOLE // destination.cny // step * step or step
    return Item(
        good.number,
        good.name,
        good.hs,
        good.unit,
        good.legal_unit,
        qty * WHOLE,
        price,
        qty * price,
        qty * good.weight,
    )


def split(whole: list[Item]) -> tuple[list[Item], list[Item]]:
    """Share items over two parcels; the first item with two pieces goes into both."""
    shared = next(n for n, item in enumerate(whole) if item.qty > WHOLE)
    parts: tuple[list[Item], list[Item]] = ([], [])
    for n, item in enumerate(whole):
        if n == shared:
            parts[0].append(item.of(WHOLE))
            parts[1].append(item.of(item.qty - WHOLE))
        else:
            parts[n % 2].append(item)
    return parts


def in_pieces(whole: list[Item], _: Random) -> list[Item]:
    """Make sure that there are two pieces of something, so that it can be split or come back."""
    if any(item.qty > WHOLE for item in whole):
        return whole
    return [whole[0].of(2 * WHOLE), *whole[1:]]


def _gift(whole: list[Item], _: Random) -> list[Item]:
    free = whole[-1] if len(whole) > 1 else whole[0]._replace(number="SYN-GIFT", name="合成赠品")
    rest = whole[:-1] if len(whole) > 1 else whole
    return [*rest, free._replace(price=0, total=0)]


def _decimals(whole: list[Item], r: Random) -> list[Item]:
    """Sell by weight: a quantity with two decimals, a price with three, so the total is exact."""
    qty = between(r, 11, 499) * (WHOLE // 100)
    price = whole[0].price // 100 * 100 + between(r, 1, 9) * 100
    loose = whole[0]._replace(unit="035", legal_unit="035", qty=qty, price=price)
    return [loose._replace(total=times(qty, price), weight=qty), *whole[1:]]


def _odd_names(whole: list[Item], r: Random) -> list[Item]:
    marks = ("A&B 合成<玩具>", 'x < y & "z" > 0', "合成 R&D 件 <3>", "M&M's 合成 >18<")
    return [item._replace(name=f"{pick(r, marks)} {item.name}") for item in whole]


def _rebate(whole: list[Item], _: Random) -> list[Item]:
    step = whole[0].total // WHOLE * WHOLE or WHOLE
    off = -(step * REBATE_PERCENT // 100 // 1000 * 1000 or 1000)
    line = whole[0]._replace(number="SYN-REBATE", name="合成折扣", qty=WHOLE, weight=0)
    return [*whole, line._replace(price=off, total=off)]


def _none_of_it(whole: list[Item], _: Random) -> list[Item]:
    empty = whole[-1]._replace(number="SYN-EMPTY", name="合成空行", qty=0, total=0, weight=0)
    return [*whole, empty]


ITEMS: Mapping[str, Callable[[list[Item], Random], list[Item]]] = {
    # oddities of clean trades
    "split-shipment": in_pieces,
    "partly-exported": in_pieces,
    "gift-line": _gift,
    "decimals": _decimals,
    "odd-characters": _odd_names,
    # faults
    "list-number-reused": in_pieces,
    "return-exceeds-list": in_pieces,
    "amount-negative": _rebate,
    "quantity-not-positive": _none_of_it,
}
