"""What each fault of `faults_shenzhen.toml` does to a lot, one small function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.shenzhen.faults import exports, invoices, stock
from tradeloop.economy.papers.credit.shenzhen.lot import Lot

FAULTS: Mapping[str, Callable[[Lot], None]] = {
    **invoices.FAULTS,
    **stock.FAULTS,
    **exports.FAULTS,
}


def spoil(lot: Lot) -> None:
    """Do the faults of the lot's plan to it, in their order."""
    for fault in lot.plan.faults:
        FAULTS[fault.name](lot)


__all__ = ["FAULTS", "spoil"]
