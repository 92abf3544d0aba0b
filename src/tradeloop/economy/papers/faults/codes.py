"""Codes and numbers that cannot be what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.dice import pick
from tradeloop.economy.papers.trade import Trade

LETTERS = "aaa"  # as the official sample has it


def _unit(trade: Trade) -> None:
    for paper in (trade.orders[-1], trade.parcels[0].declared):
        paper.lines[0]["unit"] = LETTERS


def _currency(trade: Trade) -> None:
    """Every paper of the sale writes the currency in the same impossible way."""
    code = trade.deal.destination.currency.lower()
    for paper in (*trade.orders, *(one.declared for one in trade.parcels), *trade.collections):
        if "currency" in paper.head:
            paper.head["currency"] = code
        for line in paper.lines:
            line["currency"] = code


def _country(trade: Trade) -> None:
    declared = trade.parcels[0].declared
    for row in (declared.head, *declared.lines):
        row["country"] = trade.deal.destination.iso.lower()


def _direction(trade: Trade) -> None:
    trade.parcels[0].declared.head["ieFlag"] = pick(trade.deal.r, ("a", "I"))


def _hs(trade: Trade) -> None:
    line = trade.parcels[0].declared.lines[0]
    line["gcode"] = pick(
        trade.deal.r, (f"{line['gcode'][:4]}1X", "61091", f"{line['gcode'][:4]}00A")
    )
    trade.parcels[0].summaries = 0


def _list_number(trade: Trade) -> None:
    """The same wrong number on every paper: X in place of E."""
    one = trade.parcels[0]
    number = f"{one.number[:8]}X{one.number[9:]}"
    for paper in (*one.lists, *one.answers, *one.others):
        if paper.head.get("invtNo"):
            paper.head["invtNo"] = number
    one.number, one.summaries = number, 0
    if one.manifest_number is not None:
        one.manifest_number = number


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "unit-malformed": _unit,
    "currency-malformed": _currency,
    "country-malformed": _country,
    "direction-malformed": _direction,
    "hs-malformed": _hs,
    "list-number-malformed": _list_number,
}
