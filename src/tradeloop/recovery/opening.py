"""A pursuit begins when a claim is paid: the debt as it stood, by the figures that were agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tradeloop.claims import actions as claims
from tradeloop.claims import queries as claim_queries
from tradeloop.claims.calculation import Given, read_given
from tradeloop.claims.case import Insured
from tradeloop.claims.lifecycle import State as ClaimState
from tradeloop.claims.moves import lock
from tradeloop.claims.rows import put
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import WHOLE, Money, up
from tradeloop.recovery.facts import Pursued
from tradeloop.recovery.lifecycle import PURSUIT
from tradeloop.recovery.queries import Pursuit, pursuit


@transaction.atomic
def open_pursuit(*, claim: str, by: str, at: datetime) -> Pursuit:
    """Begin to pursue the debt of a paid claim: the rights against the buyer go over.

    Raises:
        MoveNotAllowed: The claim is not paid.
    """
    state = lock(claim)
    if state in {ClaimState.SUBROGATED, ClaimState.CLOSED}:
        return pursuit(claim)
    if state is not ClaimState.PAID:
        raise MoveNotAllowed(f"Claim {claim} is {state}. Its debt is pursued once it is paid.")
    case = claim_queries.case(claim)
    assert case.decision is not None  # noqa: S101 - a paid claim has its figure
    kept = claim_queries.decision(case.decision)
    found = pursued(read_given(kept["given"]), Money(kept["pay_minor"], kept["currency"]))
    entry = record(
        kind="recovery.opened", at=at,
        fact={"by": by, "claim": claim, "debt": str(found.debt.minor)},
    ).entry_id  # fmt: skip
    put(
        "recovery_pursuit",
        "claim_id, state, terms_on, currency, debt_minor, covered_minor, paid_minor, "
        "insured_share_bp, opened_on, made_by",
        [(
            claim, PURSUIT.start.value, case.terms_on, found.debt.currency, found.debt.minor,
            found.covered.minor, found.paid.minor, found.insured_share_bp,
            at.astimezone(SHANGHAI).date(), entry,
        )],
    )  # fmt: skip
    claims.subrogate(claim=claim, by=by, at=at)
    return pursuit(claim)


def pursued(given: Given, paid: Money) -> Pursued:
    """Return the debt of a claim as its figure saw it, in the currency of cover.

    The whole of each shipment counts, its uncovered part too, less what was paid since the loss.
    Of several percentages the one that they come to together is taken, rounded down.
    """
    currency = paid.currency
    debt = covered = shared = unpaid = 0
    for one in given.insured:
        left = one.open.minor - min(one.credits.minor, one.open.minor)
        debt += max(left, _covered(one))
        covered += _covered(one)
        unpaid += one.unpaid.minor
        shared += one.unpaid.minor * one.insured_share_bp
    return Pursued(
        debt=Money(debt, currency), covered=Money(max(covered, paid.minor), currency), paid=paid,
        insured_share_bp=min(shared // unpaid if unpaid else 0, WHOLE),
    )  # fmt: skip


def _covered(one: Insured) -> int:
    """Return the covered part less its share of what was paid since, rounded up."""
    left = one.open.minor - min(one.credits.minor, one.open.minor)
    return up(one.unpaid.minor * left, one.open.minor) if one.open.minor else 0
