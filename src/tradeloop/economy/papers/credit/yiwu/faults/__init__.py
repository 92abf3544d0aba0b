"""What each fault of `faults_yiwu.toml` does to a lot, one small function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.yiwu.faults import customs, goods, payments, records
from tradeloop.economy.papers.credit.yiwu.lot import Lot

FAULTS: Mapping[str, Callable[[Lot], None]] = {
    **records.FAULTS,
    **customs.FAULTS,
    **goods.FAULTS,
    **payments.FAULTS,
}


def spoil(lot: Lot) -> None:
    """Do the faults of the lot's plan to it, in their order."""
    for fault in lot.plan.faults:
        FAULTS[fault.name](lot)


__all__ = ["FAULTS", "spoil"]
