"""What each fault of `faults.toml` does to the papers of a trade, one small function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.faults import (
    codes,
    goods,
    parties,
    payments,
    release,
    resubmission,
    summaries,
    transport,
)
from tradeloop.economy.papers.trade import Trade

FAULTS: Mapping[str, Callable[[Trade], None]] = {
    **resubmission.FAULTS,
    **release.FAULTS,
    **parties.FAULTS,
    **goods.FAULTS,
    **payments.FAULTS,
    **transport.FAULTS,
    **codes.FAULTS,
    **summaries.FAULTS,
}


def spoil(trade: Trade) -> None:
    """Do the faults of the trade's plan to it, in their order."""
    for fault in trade.plan.faults:
        FAULTS[fault.name](trade)


__all__ = ["FAULTS", "spoil"]
