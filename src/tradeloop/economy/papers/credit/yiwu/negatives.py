"""Traps for a hasty judge: what makes a clean lot look odd without being wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.yiwu.lot import Lot

NEGATIVES: Mapping[str, Callable[[Lot], None]] = {}


def make_odd(lot: Lot) -> None:
    """Do to the lot what its plan's oddity asks for, if anything."""
    change = NEGATIVES.get(lot.plan.negative or "")
    if change:
        change(lot)
