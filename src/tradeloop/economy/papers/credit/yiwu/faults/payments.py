"""Payments that do not fit the trade they pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit.yiwu.lot import Lot
from tradeloop.economy.papers.credit.yiwu.sale import payment
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.paper import WHOLE, Paper


def _pay(lot: Lot, amount: int, place: int = 0) -> Paper:
    """Let the buyer pay `amount` in all, at once, and return the paper that says so."""
    sale = lot.sales[place]
    day = lot.clearance.left_at // DAY + between(lot.r, 1, 12)
    sale.payments[:] = [payment(lot.run, sale, 0, day=day, amount=amount)]
    return sale.payments[0]


def _exceeds(lot: Lot) -> None:
    _pay(lot, lot.sales[0].record.head["amount"] + between(lot.r, 50, 3_000) * WHOLE)


def _in_full(lot: Lot) -> None:
    """All is paid, and still the trade is offered for insurance."""
    _pay(lot, lot.sales[0].record.head["amount"])


def _currency(lot: Lot) -> None:
    paid = _pay(lot, lot.sales[0].record.head["amount"] // 3)
    paid.head["currency"] = pick(lot.r, ("EUR", "HKD", "AED"))


def _in_future(lot: Lot) -> None:
    paid = _pay(lot, lot.sales[0].record.head["amount"] // 3)
    paid.head["paid_on"] = lot.run.town.last_day + 1 + between(lot.r, 5, 40)


def _reused(lot: Lot) -> None:
    """One payment serves two trades."""
    least = min(sale.record.head["amount"] for sale in lot.sales)
    first = _pay(lot, least // 3)
    second = _pay(lot, least // 3, 1)
    second.head |= {name: first.head[name] for name in ("ref", "paid_on")}


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "payment-exceeds": _exceeds,
    "payment-currency-differs": _currency,
    "paid-in-future": _in_future,
    "payment-reused": _reused,
    "no-credit-given": _in_full,
}
