"""Insured debts past their day, each with the last day on which a possible loss may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tradeloop.kit.money import Money
from tradeloop.store.database import cursor

OVERDUE = """
select c.number, r.trade, c.policyholder, c.buyer, r.shipped_on, r.due_on, r.extended_to,
    r.currency, r.amount_minor - r.credited_minor - r.paid_minor
from cover_certificate as c
join receivables_receivable as r on r.id = c.receivable_id
where c.scheme = %s and r.due_on < %s and r.amount_minor > r.credited_minor + r.paid_minor
order by r.due_on, r.trade
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueInsured:
    """One insured debt that was not paid on its day."""

    number: str
    trade: str
    policyholder: str
    buyer: str
    due_on: date
    extended_to: date | None
    open: Money
    days: int
    notice_by: date


def overdue_insured(
    scheme: str, *, on: date, notice_days: Callable[[date], int]
) -> tuple[OverdueInsured, ...]:
    """Return insured debts past their first due date, the oldest first.

    Args:
        scheme: Whose certificates.
        on: The day of looking.
        notice_days: Days from the due date for telling a possible loss, by the day of shipment.
    """
    with cursor() as cur:
        cur.execute(OVERDUE.encode(), (scheme, on))
        return tuple(
            OverdueInsured(
                number=number, trade=trade, policyholder=policyholder, buyer=buyer, due_on=due_on,
                extended_to=extended_to, open=Money(minor, currency), days=(on - due_on).days,
                notice_by=due_on + timedelta(days=notice_days(shipped_on)),
            )
            for number, trade, policyholder, buyer, shipped_on, due_on, extended_to, currency, minor
            in cur.fetchall()
        )  # fmt: skip
