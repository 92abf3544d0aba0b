"""Shenzhen: stock bought on credit from suppliers in China, then sold abroad on credit."""

from __future__ import annotations

from tradeloop.economy.papers.credit.run import Run
from tradeloop.economy.papers.credit.shenzhen.faults import spoil
from tradeloop.economy.papers.credit.shenzhen.lot import Lot, clean_lot, plan_of
from tradeloop.economy.papers.credit.shenzhen.negatives import make_odd, oddities


def lot_of(run: Run, number: int, room: int) -> Lot:
    """Return the lot that begins with trade `number`, with all that chance does to it."""
    lot = clean_lot(run, number, plan_of(run, number, room))
    make_odd(lot)
    if not lot.plan.faults:
        lot.odd += oddities(lot)
    spoil(lot)
    return lot


__all__ = ["Lot", "lot_of"]
