"""Lists that were summarised too often, too early, or at all; results with another code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.dice import pick
from tradeloop.economy.papers.faults.release import hold
from tradeloop.economy.papers.trade import Trade


def _twice(trade: Trade) -> None:
    trade.parcels[0].summaries = 2


def _before_release(trade: Trade) -> None:
    for one in trade.parcels:
        hold(one)
        one.summaries = 1


def _simplified(trade: Trade) -> None:
    trade.parcels[0].summaries = 1


def _result_code(trade: Trade) -> None:
    own = trade.parcels[0].declared.lines[0]["gcode"]
    others = [good.hs for good in trade.deal.world.town.goods if good.hs != own]
    trade.parcels[0].result_code = pick(trade.deal.r, others)


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "list-summarised-twice": _twice,
    "summary-before-release": _before_release,
    "simplified-list-summarised": _simplified,
    "result-code-differs": _result_code,
}
