"""What the bank told of a payout: it was paid, on the day that the bank booked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tradeloop.claims.lifecycle import State
from tradeloop.claims.pay import confirm_order
from tradeloop.claims.queries import case
from tradeloop.claims.rows import do, one
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.settlement.lifecycle import OrderState

BY_BANK = "bank"
BOOKED = """
select o.state, p.paid_on, c.claim_id, c.paid_on as said_on,
    (c.ordered_at at time zone 'Asia/Shanghai')::date as ordered_on
from settlement_order as o
left join settlement_bankpayment as p on p.id = o.told_by_id
left join claims_payout as c on c."order" = o.id where o.id = %s
"""


def is_payout(order: str) -> bool:
    """Say whether a payment order pays a claim."""
    return one('select from claims_payout where "order" = %s', order) is not None


def confirmed(*, order: str, told_on: date, at: datetime) -> State | None:
    """Say that the bank paid an order; None if it pays no claim, or the money is back already.

    What a handler said before stays: the bank may book on another day. Safe to repeat.

    Args:
        order: Its id.
        told_on: When it was told; it counts where a person and no booking says so.
        at: The caller's clock.
    """
    row = one(BOOKED, order)
    if row is not None and row["state"] != OrderState.CONFIRMED:
        return None
    if row is not None and row["said_on"] is not None:
        # Its day stays, but it was this order that paid: it may come back.
        do('update claims_payout set paid_by = %s where "order" = %s', BY_BANK, order)
        return case(row["claim_id"]).state
    booked_on = row["paid_on"] if row else None
    # Some banks book with the value date of another day: it is paid, not in days to come, and not
    # before it was ordered.
    paid_on = min(booked_on or told_on, at.astimezone(SHANGHAI).date())
    if row is not None and row["ordered_on"] is not None:
        paid_on = max(paid_on, row["ordered_on"])
    return confirm_order(order=UUID(order), paid_on=paid_on, by=BY_BANK, at=at)
