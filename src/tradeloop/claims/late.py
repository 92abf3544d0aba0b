"""Last days that have passed: what the wording says then, or somebody is told, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.case import Case
from tradeloop.claims.checklist import checklist, missing
from tradeloop.claims.clock import deadlines_of
from tradeloop.claims.decide import locked, refuse
from tradeloop.claims.heard import BY_BANK
from tradeloop.claims.lifecycle import BEFORE_CLAIM, OPEN, State
from tradeloop.claims.rows import do, one
from tradeloop.claims.signals import BY_RULES
from tradeloop.claims.terms import Unanswered
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI, Deadline

HANDLERS = "handlers"
REJECTED = "payout-rejected"


class Awaited(StrEnum):
    """What is awaited of somebody until a day; the code is public, and never renamed."""

    FILING = "waiting-over"  # from this day on the loss can be claimed
    CLAIM = "claim-by"
    SUPPLEMENT = "supplement-by"
    DECISION = "decide-by"
    PAYMENT = "pay-by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """In which states something is awaited, from whom, and what its passing means."""

    states: frozenset[State]
    is_merchants: bool
    says: str


WAITS: Mapping[Awaited, Wait] = {
    Awaited.FILING: Wait(
        states=frozenset(BEFORE_CLAIM), is_merchants=True,
        says="The waiting is over: the loss can be claimed.",
    ),
    Awaited.CLAIM: Wait(
        states=frozenset(BEFORE_CLAIM), is_merchants=True,
        says="The last day to claim has passed; an exception is the insurer's to make.",
    ),
    Awaited.SUPPLEMENT: Wait(
        states=frozenset({State.SUPPLEMENT_ASKED}), is_merchants=False,
        says="What is missing was not brought in its days. Decide on what there is.",
    ),
    Awaited.DECISION: Wait(
        states=frozenset({*OPEN, State.CALCULATED}), is_merchants=False,
        says="The last day to decide has passed.",
    ),
    Awaited.PAYMENT: Wait(
        states=frozenset({State.SIGNED, State.ORDERED}), is_merchants=False,
        says="The last day to pay has passed.",
    ),
}  # fmt: skip


def days(claims: Sequence[str], *, on: date) -> Mapping[str, Mapping[Awaited, Deadline]]:
    """Return for each claim the days that somebody has now, each with the rule that made it."""
    return {case.id: _days(case, on) for case in queries.cases(claims)}


@transaction.atomic
def passed(*, claim: str, awaited: Awaited, at: datetime) -> bool:
    """Do what follows once a day has passed; return whether anything did.

    The claim is looked at first: if it moved on, or has another day by now, nothing happens. An
    unanswered request is refused as incomplete only where the wording says so; of all else
    somebody is told. Safe to repeat.
    """
    case, state = locked(claim)
    today = at.astimezone(SHANGHAI).date()
    day = _days(case, today).get(awaited)
    if day is None or not has_passed(awaited, day, today):
        return False
    terms = terms_of(case.scheme, case.terms_on).claims
    if awaited is Awaited.SUPPLEMENT and terms.unanswered is Unanswered.REFUSED:
        _refuse(case, day, at)
        return True
    wait = WAITS[awaited]
    says = wait.says
    if awaited is Awaited.SUPPLEMENT:
        says += f" Missing: {_missing(case)}."
    whom = case.policyholder if wait.is_merchants else HANDLERS
    return _tell(awaited, case.id, whom, day, says=f"{says} It is {state}.", at=at)


@transaction.atomic
def rejected(*, order: str, at: datetime) -> bool:
    """Tell the handlers that the bank rejected, or sent back, a payout; return whether it is one.

    A claim that was paid stays paid: whether to order again, and where to, a person decides.
    """
    row = one(
        'select id, claim_id, payee, paid_on, paid_by from claims_payout where "order" = %s', order
    )  # a payout that was ordered again has another order
    if row is None or row["paid_by"] not in {None, BY_BANK}:
        return False  # what a handler paid by another way did not come back with the order
    today = at.astimezone(SHANGHAI).date()
    how = "was rejected"
    if row["paid_on"]:
        how = "came back after it was confirmed; say so: `claims returned`"
    return _tell(
        REJECTED, row["claim_id"], HANDLERS,
        Deadline(on=today, rule=REJECTED, source=f"order {order}", provisional=False),
        says=f"Payout {row['id']} to {row['payee']} {how}. Look at the account, and order again: "
        f"`claims pay --again {row['id']}`.",
        at=at, order=order,
    )  # fmt: skip


def has_passed(awaited: Awaited, day: Deadline, today: date) -> bool:
    """Say whether a day has passed; that from which a loss can be claimed, when it has begun."""
    return first_day_after(awaited, day) <= today


def first_day_after(awaited: Awaited, day: Deadline) -> date:
    """Return the day on which something follows."""
    return day.on if awaited is Awaited.FILING else day.on + timedelta(days=1)


def _days(case: Case, on: date) -> Mapping[Awaited, Deadline]:
    terms = terms_of(case.scheme, case.terms_on).claims
    found = deadlines_of(case, terms=terms, on=on).deadlines
    each = {
        Awaited.FILING: found.waiting_over, Awaited.CLAIM: found.claim_by,
        Awaited.SUPPLEMENT: found.supplement_by, Awaited.DECISION: found.decide_by,
        Awaited.PAYMENT: found.pay_by,
    }  # fmt: skip
    return {
        awaited: day
        for awaited, day in each.items()
        if day is not None and case.state in WAITS[awaited].states
    }


def _refuse(case: Case, day: Deadline, at: datetime) -> None:
    lacking = _missing(case)
    refuse(
        claim=case.id, code="incomplete", by=BY_RULES, at=at,
        clause=f"What is missing is brought by {day.on} ({day.rule}: {day.source})",
        because=f"Asked for on {case.supplement_asked_on}, and not brought in time: {lacking}.",
        remedy=f"Bring {lacking}; then the claim can be opened again.",
    )  # fmt: skip


def _missing(case: Case) -> str:
    lacking = missing(checklist(case))
    return ", ".join(dict.fromkeys(item.kind for item in lacking)) or "nothing"


def _tell(
    code: str, claim: str, whom: str, day: Deadline, *, says: str, at: datetime,
    order: str | None = None,
) -> bool:  # fmt: skip
    """Tell somebody, unless that was done; whoever tells has locked the claim or its deadline."""
    told: dict[str, Any] = {"code": code, "claim": claim, "last_day": str(day.on), "whom": whom}
    if one(
        "select from claims_told where code = %s and claim_id = %s and last_day = %s "
        'and "order" is not distinct from %s',
        code, claim, day.on, order,
    ) is not None:  # fmt: skip
        return False
    entry = record(kind="claims.told", at=at, fact=told).entry_id
    do(
        'insert into claims_told (code, claim_id, "order", whom, last_day, rule, source, says, '
        "told_at, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        code, claim, order, whom, day.on, day.rule, day.source, says, at, entry,
    )  # fmt: skip
    return True
