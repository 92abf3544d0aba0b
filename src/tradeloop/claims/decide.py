"""A figure is approved by two people, made anew where facts changed, or the claim is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.calculation import Calculated, read_given
from tradeloop.claims.case import Case
from tradeloop.claims.figures import Figures, figures
from tradeloop.claims.fixing import fix, keep_decisions, unfix
from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.moves import lock, lock_buyer, lock_first_losses, move
from tradeloop.claims.rows import do, named, one, put
from tradeloop.claims.unfit import CalculationUnknown, check_reason
from tradeloop.cover import troubles
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.findings import CODE
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money

APPROVALS = 2


class ApprovedBySelf(PermissionError):
    """Who filed a claim cannot approve it; nothing was written."""


class RefusalIncomplete(ValueError):
    """A refusal does not say all that it must; nothing was written."""


class RefusalUnfit(ValueError):
    """A refusal cannot be kept as it was told; nothing was written."""


class NothingToPay(ValueError):
    """The figure is nothing: a claim of nothing is refused or withdrawn, not approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where a claim stands after a verb; `is_new` if its figure had to be made anew."""

    claim: str
    state: State
    decision: int | None
    pay: Money | None
    is_new: bool = False
    approvals: tuple[str, ...] = ()


@transaction.atomic
def approve(*, claim: str, decision: int, by: str, at: datetime) -> Stands:
    """Stand for a figure; with the second person it is fixed.

    What was paid, credited or taken from the limit meanwhile is looked at first: if the figure is
    another by now, nothing is approved, the new one is kept, and both approve that one.

    Args:
        claim: Calculated.
        decision: The calculation that the person saw.
        by: Neither who filed the claim nor who approved it before.
        at: The caller's clock.

    Raises:
        ApprovedBySelf: `by` filed the claim or told the loss.
        CalculationUnknown: The claim has no such calculation.
        NothingToPay: The figure is nothing.
        MoveNotAllowed: The claim stands elsewhere.
        MaximumUsedUp: The policy's maximum went to others meanwhile.
    """
    case, state = locked(claim)
    if state is State.APPROVED and case.decision == decision:
        return stands(case, state)
    CLAIM.after(state, Event.APPROVE)
    if by in case.claimants:
        raise ApprovedBySelf(f"{by} filed claim {claim}. Ask two others to look at it.")
    if one("select from claims_decision where id = %s and claim_id = %s", decision, claim) is None:
        raise CalculationUnknown(
            f"Claim {claim} has no calculation {decision}; the one that counts is {case.decision}. "
            "Look at it, and approve that one."
        )
    read, made = refreshed(case, at)
    if decision != case.decision or changed(case, made):
        return anew(case, made, at=at, by=by)
    if not made.pay.minor:
        raise NothingToPay(
            f"Claim {claim} comes to {made.pay}: {made.indemnity.explained.lines[-1].says}. "
            "Refuse it, with the clause."
        )
    entry = record(
        kind="claims.approved", at=at, fact={"by": by, "claim": claim, "decision": decision}
    ).entry_id
    do(
        "insert into claims_approval (decision_id, person, filed_by, at, made_by) "
        "values (%s, %s, %s, %s, %s) on conflict (decision_id, person) do nothing",
        decision, by, case.filed_by, at, entry,
    )  # fmt: skip
    if len(approvals(decision)) >= APPROVALS:
        fix([(case, made)], read, decisions=[decision], at=at)
        state = move(claim, Event.APPROVE, at=at, by=by, made_by=entry)
    return stands(queries.case(claim), state)


@transaction.atomic
def recalculate(*, claim: str, by: str, at: datetime) -> Stands:
    """Work a claim out anew; if the figure is another, approvals and agreement fall away."""
    case, state = locked(claim)
    CLAIM.after(state, Event.RECALCULATE)
    _, made = refreshed(case, at)
    if not changed(case, made):
        return stands(case, state)
    return anew(case, made, at=at, by=by)


@transaction.atomic
def refuse(
    *, claim: str, code: str, clause: str, because: str, remedy: str, by: str, at: datetime
) -> State:
    """Refuse a claim: the clause, the facts, and what would change it.

    The same refusal again changes nothing.

    Args:
        claim: Filed, and not offered yet.
        code: Kebab-case, for lists.
        clause: Of the wording.
        because: The facts, with their figures.
        remedy: What would change the answer.
        by: The handler; not who filed it.
        at: The caller's clock.

    Raises:
        RefusalIncomplete: One of the texts is empty.
        RefusalUnfit: The code is not kebab-case, or the claim was refused with other content.
        ApprovedBySelf: `by` filed the claim.
        MoveNotAllowed: There is nothing to refuse, or it is too late.
    """
    if not all(one.strip() for one in (code, clause, because, remedy)):
        raise RefusalIncomplete(
            "A refusal says its code, the clause, the facts and what would change it. Fill in each."
        )
    if not CODE.fullmatch(code):
        raise RefusalUnfit(
            f"{code!r} is no code for lists. Write small letters, digits and hyphens: not-shipped."
        )
    case, state = locked(claim)
    if state is State.REFUSED:
        _check_refused_so(claim, code=code, clause=clause, because=because, remedy=remedy)
        return state
    if by == case.filed_by:
        raise ApprovedBySelf(f"{by} filed claim {claim}; to take it back, withdraw it.")
    CLAIM.after(state, Event.REFUSE)
    entry = record(
        kind="claims.refused", at=at,
        fact={"because": because, "by": by, "claim": claim, "clause": clause, "code": code},
    ).entry_id  # fmt: skip
    let_go(claim, at=at)
    put(
        "claims_refusal",
        "claim_id, code, clause, because, remedy, refused_by, refused_on, made_by",
        [(claim, code, clause, because, remedy, by, at.astimezone(SHANGHAI).date(), entry)],
    )
    return move(claim, Event.REFUSE, at=at, by=by, made_by=entry)


@transaction.atomic
def reopen(*, claim: str, because: str, by: str, at: datetime) -> State:
    """Look at a refused claim again, for there is something new."""
    check_reason(claim, because)
    lock(claim)
    fact = {"because": because, "by": by, "claim": claim}
    entry = record(kind="claims.reopened", at=at, fact=fact).entry_id
    return move(claim, Event.REOPEN, at=at, by=by, made_by=entry)


@transaction.atomic
def withdraw(*, claim: str, because: str, by: str, at: datetime) -> State:
    """Take a claim back: its trades may be claimed anew, and nothing of the limit stays used."""
    check_reason(claim, because)
    _, state = locked(claim)
    if state is State.WITHDRAWN:
        return state
    CLAIM.after(state, Event.WITHDRAW)
    fact = {"because": because, "by": by, "claim": claim}
    entry = record(kind="claims.withdrawn", at=at, fact=fact).entry_id
    let_go(claim, at=at)
    do("update claims_line set is_live = false where claim_id = %s", claim)
    troubles.no_loss(claim=claim)
    return move(claim, Event.WITHDRAW, at=at, by=by, made_by=entry)


def locked(claim: str) -> tuple[Case, State]:
    """Lock the buyer, then the claim, as everybody does; return it as it stands."""
    case = queries.case(claim)
    lock_buyer(case.scheme, case.buyer)
    lock_first_losses([(case.scheme, case.policyholder, case.terms_on)])
    state = lock(claim)
    return queries.case(claim), state


def refreshed(case: Case, at: datetime) -> tuple[Figures, Calculated]:
    """Return the figure as things stand now, with all that it rests on.

    A figure that is kept keeps its day: a rate that is another each day is no reason to begin anew.
    """
    on = at.astimezone(SHANGHAI).date()
    if case.decision is not None:
        on = read_given(queries.decision(case.decision)["given"]).worked_on
    return _figure(case, on)


def _check_refused_so(claim: str, **given: str) -> None:
    kept = queries.last_refusal(claim)
    assert kept is not None  # noqa: S101 - a refused claim has its refusal
    if other := [name for name, text in given.items() if kept[name] != text]:
        raise RefusalUnfit(
            f"Claim {claim} was refused by {kept['refused_by']} on {kept['refused_on']} with "
            f"another {', '.join(other)}. Nothing was written: reopen it, then refuse it anew."
        )


def _figure(case: Case, on: date) -> tuple[Figures, Calculated]:
    read = figures([case], on=on)
    return read, read.of(case)


def changed(case: Case, made: Calculated) -> bool:
    """Say whether what is given, or what comes of it, is not what was kept."""
    if case.decision is None:
        return True
    kept = queries.decision(case.decision)
    return (kept["given"], kept["said"]) != (made.given_text, made.said_text)


def let_go(claim: str, *, at: datetime) -> None:
    """Give back what a claim took, and close what was open about it."""
    today = at.astimezone(SHANGHAI).date()
    unfix(claim, at=at)
    troubles.settled(claim=claim)
    do("update claims_stop set to_on = %s where claim_id = %s and to_on is null", today, claim)
    do(
        "update claims_supplement set answered_on = %s where claim_id = %s and answered_on is null",
        today, claim,
    )  # fmt: skip


def approvals(decision: int) -> tuple[str, ...]:
    """Return who stands for a figure, in the order in which they did."""
    rows = named("select person from claims_approval where decision_id = %s order by id", decision)
    return tuple(row["person"] for row in rows)


def anew(case: Case, made: Calculated, *, at: datetime, by: str) -> Stands:
    """Keep a new figure; approvals and agreement on the old one fall away."""
    if not changed(case, made):
        return stands(case, case.state, is_new=True)
    entry = record(
        kind="claims.recalculated", at=at,
        fact={"by": by, "claim": case.id},
    ).entry_id  # fmt: skip
    unfix(case.id, at=at)
    # Its part is free again, so it is worked out behind what others took meanwhile.
    _, made = _figure(case, at.astimezone(SHANGHAI).date())
    keep_decisions([(case, made, False)], at=at, made_by=entry)
    state = move(case.id, Event.RECALCULATE, at=at, by=by, made_by=entry)
    return stands(queries.case(case.id), state, is_new=True)


def stands(case: Case, state: State, *, is_new: bool = False) -> Stands:
    """Return where a calculated claim stands."""
    if case.decision is None:
        raise MoveNotAllowed(f"Claim {case.id} was never calculated. Assess it first.")
    kept = queries.decision(case.decision)
    return Stands(
        claim=case.id, state=state, decision=case.decision,
        pay=Money(kept["pay_minor"], kept["currency"]), is_new=is_new,
        approvals=approvals(case.decision),
    )  # fmt: skip
