"""Traps for a hasty judge: what makes a clean lot look odd without being wrong."""

from __future__ import annotations

from collections.abc import Iterator

from tradeloop.economy.papers.credit.shenzhen.lot import Lot
from tradeloop.economy.papers.credit.shenzhen.odd_exports import OF_EXPORTS
from tradeloop.economy.papers.credit.shenzhen.odd_purchases import OF_PURCHASES
from tradeloop.economy.papers.credit.shenzhen.purchase import Purchase


def make_odd(lot: Lot) -> None:
    """Do to the lot what its plan's oddity asks for, if anything."""
    change = {**OF_PURCHASES, **OF_EXPORTS}.get(lot.plan.negative or "")
    if change:
        change(lot)


def oddities(lot: Lot) -> Iterator[tuple[str, str]]:
    """Return the oddities of each trade of a clean lot: the planned one and what comes of life."""
    negative = lot.plan.negative or ""
    for trade in lot.trades:
        if negative in (OF_PURCHASES if isinstance(trade, Purchase) else OF_EXPORTS):
            yield trade.key, negative
        if trade.payments:
            yield trade.key, "part-payment"
        if any(paper.head["paid_on"] > trade.due for paper in trade.payments):
            yield trade.key, "payment-after-due"
        elif not trade.payments and trade.due <= lot.run.town.last_day:
            yield trade.key, "payment-lost"
