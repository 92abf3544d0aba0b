"""Collections that do not fit the order they pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import HOUR
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE
from tradeloop.economy.papers.sale import collection_answer
from tradeloop.economy.papers.trade import Trade


def _exceeds(trade: Trade) -> None:
    trade.collections[0].head["charge"] += between(trade.deal.r, 5, 300) * WHOLE


def _currency(trade: Trade) -> None:
    place = trade.deal.destination
    other = ("HKD", "110") if place.currency != "HKD" else ("CNY", "142")
    trade.collections[0].head["currency"] = other[0 if trade.deal.letters else 1]


def _rejected(trade: Trade) -> None:
    later = collection_answer(trade.deal, trade.collections[0], "100")
    later.head["returnTime"] += 2 * HOUR
    trade.collection_answers.append(later)


def _reused(trade: Trade) -> None:
    """The payment of the trade before serves this one as well."""
    paid = trade.before.collections[0].head
    same = {name: paid[name] for name in ("payCode", "payName", "payNo")}
    trade.collections[0].head |= same
    for paper in trade.collection_answers:
        paper.head["payNo"] = paid["payNo"]


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "collection-exceeds": _exceeds,
    "collection-currency-differs": _currency,
    "collection-rejected": _rejected,
    "payment-reused": _reused,
}
