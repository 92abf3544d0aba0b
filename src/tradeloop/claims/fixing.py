"""A figure is fixed: it takes its part of the buyer's limit and of the policy's maximum, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from tradeloop.claims.calculation import Calculated
from tradeloop.claims.case import Case
from tradeloop.claims.figures import Figures, maximum_of, taken_by
from tradeloop.claims.rows import do, named, one, put
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Ask, MoveAsk

PURPOSE = "liability"
HOLD_DAYS = 3650  # committed at once: the hold never runs out by itself


class MaximumUsedUp(RuntimeError):
    """The policy's maximum was taken meanwhile; nothing was written."""


def keep_decisions(
    made: Sequence[tuple[Case, Calculated, bool]], *, at: datetime, made_by: int
) -> list[int]:
    """Keep calculations, and let them count for their claims; return their numbers, in order."""
    numbers = [
        row["id"]
        for row in named(
            "select nextval(pg_get_serial_sequence('claims_decision', 'id')) as id "
            "from generate_series(1, %s)",
            len(made),
        )
    ]
    put(
        "claims_decision",
        "id, claim_id, at, given, said, terms, currency, pay_minor, takes_minor, is_fast, made_by",
        [
            (
                number, case.id, at, figure.given_text, figure.said_text, figure.terms,
                figure.pay.currency, figure.pay.minor, figure.takes.minor, is_fast, made_by,
            )
            for number, (case, figure, is_fast) in zip(numbers, made, strict=True)
        ],
    )  # fmt: skip
    do(
        "update claims_claim as c set decision_id = d.id "
        "from unnest(%s::text[], %s::bigint[]) as d (claim, id) where c.id = d.claim",
        [case.id for case, *_ in made], numbers,
    )  # fmt: skip
    return numbers


def fix(
    made: Sequence[tuple[Case, Calculated]], read: Figures, *, decisions: Sequence[int],
    at: datetime,
) -> None:  # fmt: skip
    """Take what the figures take; the caller has locked the buyers.

    Raises:
        MaximumUsedUp: A policy's maximum has less left than it had.
    """
    rows = []
    for (case, figure), decision in zip(made, decisions, strict=True):
        taken = taken_by(case, figure)
        hold = _hold(case, figure, read, decision, at) if case.id in read.liability else None
        rows.append((
            case.id, case.scheme, case.buyer, case.policyholder, taken.loss_on,
            taken.amount.currency, taken.amount.minor, taken.first_loss.minor, hold,
        ))  # fmt: skip
    put(
        "claims_used",
        "claim_id, scheme, buyer, policyholder, loss_on, currency, amount_minor, first_loss_minor, "
        "liability_hold",
        rows,
    )


def unfix(claim: str, *, at: datetime) -> None:
    """Give back what a figure took, and let its agreement stand no more."""
    row = one("delete from claims_used where claim_id = %s returning liability_hold", claim)
    if row and row["liability_hold"]:
        _move(row["liability_hold"], "release", at)
    do("update claims_agreement set state = 'void' where claim_id = %s and state <> 'void'", claim)
    do("update claims_claim set agreed_on = null where id = %s", claim)


def spend(claim: str, *, at: datetime) -> None:
    """Use up the policy's maximum as far as the claim was paid."""
    row = one("select liability_hold from claims_used where claim_id = %s", claim)
    if row and row["liability_hold"]:
        _move(row["liability_hold"], "spend", at)


def _hold(
    case: Case, figure: Calculated, read: Figures, decision: int, at: datetime
) -> UUID | None:
    if not figure.pay.minor:
        return None
    hold = uuid5(NAMESPACE_URL, f"claims/{case.id}/{decision}")
    (answer,) = registry.hold(
        lines=[
            Ask(
                id=hold, paper=maximum_of(read.policies[case.id]), purpose=PURPOSE,
                holder=f"claim:{case.id}", unit=figure.pay.currency,
                amount_minor=figure.pay.minor,
                expires_at=at + timedelta(days=HOLD_DAYS),
            )
        ],
        now=at,
    )  # fmt: skip
    if answer.refusal:
        raise MaximumUsedUp(
            f"{figure.pay} of the maximum of policy {read.policies[case.id]['id']} is not free any "
            f"more ({answer.refusal}, {answer.free_minor} minor units are). Calculate it anew."
        )
    _move(hold, "commit", at)
    return hold


def _move(hold: UUID, event: str, at: datetime) -> None:
    ask = MoveAsk(id=uuid5(hold, event), hold=hold, event=event)
    (answer,) = registry.move(lines=[ask], now=at)
    assert answer.refusal is None, answer.refusal  # noqa: S101 - it is ours, and stands so
