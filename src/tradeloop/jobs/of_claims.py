"""What follows around claims by itself: last days are kept, the bank is heard, debts are pursued.

A reaction only sets what is to be done; a doer does it. So one claim that cannot go on stops no
other, and is tried again at the time of the try.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from tradeloop.claims import heard, late
from tradeloop.jobs.actions import Doer, cancel_deadline, set_deadline
from tradeloop.jobs.facts import Deadline, Due
from tradeloop.jobs.queries import deadlines_of
from tradeloop.journal.facts import Sequenced
from tradeloop.kit import calendar
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.recovery import follow

CLAIM, ORDER = "claim:", "order:"
DAY_KINDS = {f"claims.{one.value}": one for one in late.Awaited}


def keep_last_days(fact: Sequenced) -> None:
    """React to whatever happens to claims: the days that somebody has now are deadlines.

    They are worked out from the claim as it stands, with the rule that made each; those that it
    moved past are cancelled, those that moved are replaced.
    """
    claims = _claims(fact)
    wanted = late.days(claims, on=fact.at.astimezone(SHANGHAI).date())
    known = deadlines_of([f"{CLAIM}{one}" for one in claims], kinds=list(DAY_KINDS))
    for claim in claims:
        for kind, awaited in DAY_KINDS.items():
            mine = [one for one in known if (one.subject, one.kind) == (f"{CLAIM}{claim}", kind)]
            day = wanted[claim].get(awaited)
            _keep(fact, f"{CLAIM}{claim}", kind, mine, None if day is None else _due(awaited, day))


def hear_bank(fact: Sequenced) -> None:
    """React to what the bank made of an order, if it is a payout of a claim."""
    order = _said(fact).get("order")
    if order is not None and heard.is_payout(order):
        told = fact.kind.removeprefix("settlement.")
        _at_once(fact, f"{ORDER}{order}", f"claims.bank-{told}", "what the bank told")


def pursue_paid(fact: Sequenced) -> None:
    """React to a payout that was paid: the rights go over, and the debt is pursued."""
    for claim in _claims(fact):
        _at_once(fact, f"{CLAIM}{claim}", "recovery.open", "subrogation with the payment")


def sweep_payments(fact: Sequenced) -> None:
    """React to payments, credits, and payments taken back: what touches a pursued debt is shared.

    A pursuit that has just begun looks at what came between the figure and the payout.
    """
    said = _said(fact)
    if fact.kind == "recovery.opened":
        claims: Sequence[str] = _claims(fact)
    else:
        trades = [line[1] for line in said.get("lines", ())] or [said.get("trade", "")]
        claims = follow.touched(trades=trades, payment=said.get("payment"))
    for claim in claims:
        _at_once(fact, f"{CLAIM}{claim}", "recovery.sweep", "sharing of what comes back")


def _keep(
    fact: Sequenced, subject: str, kind: str, mine: Sequence[Deadline], due: Due | None
) -> None:
    alive = [one for one in mine if one.cancelled_at is None]
    is_kept = due is not None and any((one.due_at, one.rule) == (due.at, due.rule) for one in alive)
    stale = [
        one for one in alive
        if one.done_at is None and (due is None or (one.due_at, one.rule) != (due.at, due.rule))
    ]  # fmt: skip
    if due is None or is_kept:
        if stale:
            why = f"the claim moved, by entry {fact.entry_id} of the journal"
            cancel_deadline(subject=subject, kind=kind, why=why, at=fact.at)
        return
    if any(one.made_by == fact.entry_id for one in mine):
        return  # heard before; what happened since says what counts now
    set_deadline(
        subject=subject, kind=kind, due=due, made_by=fact.entry_id, at=fact.at, replaces=True
    )


def _due(awaited: late.Awaited, day: calendar.Deadline) -> Due:
    begins = datetime.combine(late.first_day_after(awaited, day), time(), tzinfo=SHANGHAI)
    return Due(at=begins, rule=day.rule, source=day.source, is_provisional=day.provisional)


def _at_once(fact: Sequenced, subject: str, kind: str, rule: str) -> None:
    due = Due(at=fact.at, rule=rule, source=f"entry {fact.entry_id} of the journal, {fact.kind}")
    set_deadline(
        subject=subject, kind=kind, due=due, made_by=fact.entry_id, at=fact.at, replaces=True
    )


def _said(fact: Sequenced) -> Mapping[str, Any]:
    return {} if fact.body is None else json.loads(fact.body)


def _claims(fact: Sequenced) -> Sequence[str]:
    def named() -> Iterator[str]:
        said = _said(fact)
        if "claim" in said:
            yield said["claim"]
        else:
            yield from (line["claim"] for line in said.get("lines", ()))

    return tuple(dict.fromkeys(named()))


def _day_passed(due: Deadline, now: datetime) -> None:
    late.passed(claim=due.subject.removeprefix(CLAIM), awaited=DAY_KINDS[due.kind], at=now)


def _confirmed(due: Deadline, now: datetime) -> None:
    told_on = due.due_at.astimezone(SHANGHAI).date()
    heard.confirmed(order=due.subject.removeprefix(ORDER), told_on=told_on, at=now)


def _rejected(due: Deadline, now: datetime) -> None:
    late.rejected(order=due.subject.removeprefix(ORDER), at=now)


def _open(due: Deadline, now: datetime) -> None:
    follow.open_if_paid(claim=due.subject.removeprefix(CLAIM), at=now)


def _sweep(due: Deadline, now: datetime) -> None:
    follow.sweep_claim(claim=due.subject.removeprefix(CLAIM), at=now)


DOERS: Mapping[str, Doer] = {
    **dict.fromkeys(DAY_KINDS, _day_passed),
    "claims.bank-confirmed": _confirmed,
    "claims.bank-rejected": _rejected,
    "recovery.open": _open,
    "recovery.sweep": _sweep,
}
