"""What follows a paid claim by itself: its debt is pursued, and late payments are shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tradeloop.claims.lifecycle import State
from tradeloop.claims.moves import lock
from tradeloop.claims.rows import named
from tradeloop.recovery.actions import sweep
from tradeloop.recovery.facts import Shared
from tradeloop.recovery.opening import open_pursuit

BY_RULES = "rules"
TOUCHED = """
select l.claim_id from claims_line as l
join recovery_pursuit as p on p.claim_id = l.claim_id where l.trade = any(%s)
union
select x.pursuit_id from recovery_receipt as x where x.payment = %s and x.withdrawn_on is null
order by 1
"""


def touched(*, trades: Sequence[str], payment: str | None = None) -> tuple[str, ...]:
    """Return the pursued claims on some trades, or with a receipt made of a payment."""
    return tuple(row["claim_id"] for row in named(TOUCHED, list(trades), payment))


@transaction.atomic
def open_if_paid(*, claim: str, at: datetime) -> bool:
    """Begin to pursue a claim once all its payees are paid; return whether it is pursued.

    Safe to repeat.
    """
    if lock(claim) is State.ORDERED:
        return False
    open_pursuit(claim=claim, by=BY_RULES, at=at)
    return True


def sweep_claim(*, claim: str, at: datetime) -> tuple[Shared, ...]:
    """Take in what the buyer paid the merchant since; safe to repeat."""
    return sweep(claims=[claim], by=BY_RULES, at=at)
