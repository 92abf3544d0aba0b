"""Which debts stop further shipments to a buyer: those past due for too long, in total too much."""

from __future__ import annotations

from datetime import date, timedelta

from tradeloop.cover.terms import CoverTerms, StopShipment
from tradeloop.kit.money import Money


def due_before(on: date, terms: CoverTerms) -> date:
    """Return the day before which a debt was due that is past due for too long on a day.

    A debt that is late for less counts for nothing, however much it is.

    Source:
        EXIM, discretionary limits: not usable where on the day of shipment the buyer owes more than
        USD 2,000 in all of what is more than 90 days past due.
    """
    return on - timedelta(days=terms.stop_overdue_days)


def stops(owed: Money | None, terms: CoverTerms) -> bool:
    """Say whether shipments stop as so much is past due for too long, in total."""
    if terms.stop_shipment is StopShipment.NEVER or owed is None:
        return False
    return not owed <= terms.stop_overdue_above
