"""Goods and values that are not what was ordered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.goods import split
from tradeloop.economy.papers.paper import WHOLE, Row, times
from tradeloop.economy.papers.parcel import parcel
from tradeloop.economy.papers.trade import Trade, bring_back

PIECE, SET = "007", "020"


def _line(trade: Trade) -> Row:
    """Return the list line to spoil: the first, which every list has."""
    return trade.parcels[0].declared.lines[0]


def _not_ordered(trade: Trade) -> None:
    _line(trade).update(itemNo="SYN-OTHER", itemName="合成未订货", gname="合成未订货")


def _quantity(trade: Trade) -> None:
    line = _line(trade)
    line["qty"] += between(trade.deal.r, 1, 5) * WHOLE
    line["qty1"] = line["qty"]
    line["totalPrice"] = times(line["qty"], line["price"])


def _price(trade: Trade) -> None:
    """Too low to keep it small, or too high to claim more tax back."""
    line = _line(trade)
    line["price"] = line["price"] * pick(trade.deal.r, (40, 60, 150, 300)) // 100 // 100 * 100
    line["totalPrice"] = times(line["qty"], line["price"])


def _unit(trade: Trade) -> None:
    line = _line(trade)
    line["unit"] = PIECE if line["unit"] == SET else SET


def _total(trade: Trade) -> None:
    line = _line(trade)
    line["totalPrice"] += pick(trade.deal.r, (-1, 1, 7, 40)) * (line["totalPrice"] // 10 + 2000)


def _goods_value(trade: Trade) -> None:
    head = trade.orders[-1].head
    head["goodsValue"] += between(trade.deal.r, 5, 400) * WHOLE


def _exceeds_order(trade: Trade) -> None:
    """The whole order is declared a second time, with a waybill of its own."""
    trade.parcels.append(parcel(trade.deal, trade.items, len(trade.parcels)))


def _currency(trade: Trade) -> None:
    """The same figures in another currency."""
    place = trade.deal.destination
    other = ("CNY", "142") if place.currency != "CNY" else ("USD", "502")
    for line in trade.parcels[0].declared.lines:
        line["currency"] = other[0 if trade.deal.letters else 1]


def _number_reused(trade: Trade) -> None:
    """Two parcels of one order, and the second list bears the number of the first."""
    first, second = (parcel(trade.deal, part, n) for n, part in enumerate(split(trade.items)))
    trade.parcels = [first, second]
    first.summaries = second.summaries = 0
    second.number = first.number
    if "invtNo" in second.declared.head:
        second.declared.head["invtNo"] = first.number
    if second.manifest_number is not None:
        second.manifest_number = first.number
    for answer in second.answers:
        answer.head["invtNo"] = first.number


def _returned_too_much(trade: Trade) -> None:
    bring_back(trade, more=between(trade.deal.r, 1, 9) * WHOLE)


def _already(_: Trade) -> None:
    """The items themselves are at fault: see `ITEMS`."""


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "line-not-ordered": _not_ordered,
    "line-quantity-exceeds": _quantity,
    "line-price-differs": _price,
    "line-unit-differs": _unit,
    "line-total-differs": _total,
    "goods-value-differs": _goods_value,
    "list-exceeds-order": _exceeds_order,
    "currency-differs": _currency,
    "list-number-reused": _number_reused,
    "return-exceeds-list": _returned_too_much,
    "amount-negative": _already,
    "quantity-not-positive": _already,
}
