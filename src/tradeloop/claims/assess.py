"""The first pass over claims: signals, papers, figure, fast track; thousands in one call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.calculation import Calculated
from tradeloop.claims.case import Case, Item, Signal
from tradeloop.claims.checklist import checklist, missing
from tradeloop.claims.clock import is_small
from tradeloop.claims.figures import Figures, figures
from tradeloop.claims.fixing import fix, keep_decisions
from tradeloop.claims.lifecycle import Event, State
from tradeloop.claims.moves import check_known, lock_first_losses, move_many
from tradeloop.claims.outside import Looks
from tradeloop.claims.rows import do, named, put
from tradeloop.claims.signals import BY_RULES, Scene, Seen, unseen
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.kit.terms import canonical
from tradeloop.parties import queries as parties

NOBODY_ELSE = Looks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """What the first pass made of one claim."""

    claim: str
    state: State
    signals: tuple[Signal, ...] = ()
    missing: tuple[Item, ...] = ()
    pay: Money | None = None
    is_fast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    case: Case
    items: tuple[Item, ...]
    new: tuple[Seen, ...]
    state: State
    made: Calculated | None = None
    is_fast: bool = False


@transaction.atomic
def assess(
    *, at: datetime, by: str, claims: Sequence[str] | None = None, looks: Looks = NOBODY_ELSE,
    limit: int = 10_000,
) -> tuple[Assessed, ...]:  # fmt: skip
    """Look at filed claims, all that are named or, with none named, those that wait for it.

    Signs of fraud hold a claim. What is missing is asked for in one request. A complete claim gets
    its figure; a small one, complete and in time, with no sign of fraud ever, is approved by the
    rules; all others wait for two people. Claims on one buyer are taken in the order of filing.

    Returns:
        One answer for each claim that was looked at; claims that stand elsewhere are left alone.

    Raises:
        ClaimUnknown: One that is named is not there.
    """
    check_known(claims or ())
    today = at.astimezone(SHANGHAI).date()
    ids = _lock(claims, limit)
    if not ids:
        return ()
    cases = queries.cases(ids)
    looked = _look(cases, today, looks)
    looked, read = _work_out(looked, today)
    entry = record(
        kind="claims.assessed", at=at,
        fact={
            "by": by,
            "lines": [
                {
                    "claim": one.case.id, "state": one.state.value,
                    **({"pay": str(one.made.pay.minor)} if one.made else {}),
                }
                for one in looked
            ],
        },
    ).entry_id  # fmt: skip
    _write(looked, read, at=at, by=by, entry=entry)
    return tuple(
        Assessed(
            claim=one.case.id, state=one.state,
            signals=tuple(was for was in one.case.signals if was.is_open)
            + tuple(_signal(seen, today) for seen in one.new),
            missing=missing(one.items), pay=one.made.pay if one.made else None,
            is_fast=one.is_fast,
        )
        for one in looked
    )  # fmt: skip


def _lock(claims: Sequence[str] | None, limit: int) -> list[str]:
    """Lock the claims' buyers, their policyholders' first losses, and the claims: in one order."""
    chosen = None if claims is None else list(claims)
    rows = named(
        "select id, scheme, buyer, policyholder, terms_on from claims_claim "
        "where state = 'claimed' and (%s::text[] is null or id = any(%s)) "
        "order by claimed_on, id limit %s",
        chosen, chosen, limit,
    )  # fmt: skip
    eldest = parties.canonical({row["buyer"] for row in rows})
    buyers = sorted({(row["scheme"], eldest[row["buyer"]]) for row in rows})
    pairs = [one for one, _ in buyers], [other for _, other in buyers]
    do(
        "insert into claims_bound (scheme, buyer) select * from unnest(%s::text[], %s::text[]) "
        "order by 1, 2 on conflict do nothing",
        *pairs,
    )
    do(
        "select from claims_bound where (scheme, buyer) in "
        "(select * from unnest(%s::text[], %s::text[])) order by scheme, buyer for update",
        *pairs,
    )
    lock_first_losses({(row["scheme"], row["policyholder"], row["terms_on"]) for row in rows})
    still = named(
        "select id from claims_claim where id = any(%s) and state = 'claimed' order by id "
        "for update",
        [row["id"] for row in rows],
    )
    known = {row["id"] for row in still}
    return [row["id"] for row in rows if row["id"] in known]


def _look(cases: Sequence[Case], today: date, looks: Looks) -> list[_Look]:
    pairs = sorted({case.pair for case in cases})
    related, circles = set(looks.related(pairs, today)), looks.circles(pairs, today)
    found = []
    for case in cases:
        scene = Scene(case=case, is_related=case.pair in related, circle=circles.get(case.pair))
        new = unseen(scene)
        seen = replace(case, signals=(*case.signals, *(_signal(one, today) for one in new)))
        items = checklist(seen)
        state = State.COMPLETE
        if any(one.is_open for one in seen.signals):
            state = State.HELD
        elif missing(items):
            state = State.SUPPLEMENT_ASKED
        found.append(_Look(case=case, items=items, new=new, state=state))
    return found


def _work_out(looked: Sequence[_Look], today: date) -> tuple[list[_Look], Figures]:
    """Give complete claims their figures, each after those before it."""
    read = figures([one.case for one in looked if one.state is State.COMPLETE], on=today)
    doubted = _doubted([one.case.id for one in looked])
    done = [
        _with_figure(one, read, needs_people=one.case.id in doubted)
        if one.state is State.COMPLETE
        else one
        for one in looked
    ]
    return done, read


def _doubted(claims: Sequence[str]) -> set[str]:
    """Return which claims a person refused before, or whose buyer disputed the debt."""
    rows = named(
        "select claim_id from claims_refusal where claim_id = any(%s) and refused_by <> %s "
        "union select claim_id from claims_stop where claim_id = any(%s) and kind = 'dispute'",
        list(claims), BY_RULES, list(claims),
    )  # fmt: skip
    return {row["claim_id"] for row in rows}


def _with_figure(one: _Look, read: Figures, *, needs_people: bool) -> _Look:
    if one.case.id in read.failed:
        # One claim that cannot be worked out stops nobody else: a person looks at it.
        why = Seen(code="figure-impossible", because=f"{read.on}: {read.failed[one.case.id]}")
        return replace(one, state=State.HELD, new=(*one.new, why))
    made = read.of(one.case)
    is_fast = (
        is_small(one.case.claimed, read.terms[one.case.id].claims)
        and not one.case.signals
        and not made.given.notice_late_days
        and made.pay.minor > 0
        and not needs_people
        and one.case.id not in read.liability
    )
    if is_fast:
        read.take(one.case, made)
    state = State.APPROVED if is_fast else State.CALCULATED
    return replace(one, made=made, is_fast=is_fast, state=state)


def _write(looked: Sequence[_Look], read: Figures, *, at: datetime, by: str, entry: int) -> None:
    today = at.astimezone(SHANGHAI).date()
    ids = [one.case.id for one in looked]
    do("delete from claims_item where claim_id = any(%s)", ids)
    put(
        "claims_item", "claim_id, kind, trade, is_required, status, seen, expected",
        [
            (one.case.id, item.kind, item.trade or "", item.is_required, item.status, item.seen,
             item.expected)
            for one in looked for item in one.items
        ],
    )  # fmt: skip
    put(
        "claims_signal", "claim_id, code, because, raised_by, raised_on, made_by",
        [
            (one.case.id, seen.code, seen.because, BY_RULES, today, entry)
            for one in looked for seen in one.new
        ],
    )  # fmt: skip
    by_state: dict[State, list[_Look]] = defaultdict(list)
    for one in looked:
        by_state[one.state].append(one)
    _hold(by_state[State.HELD], at=at, today=today, entry=entry)
    _ask(by_state[State.SUPPLEMENT_ASKED], at=at, today=today, by=by, entry=entry)
    made = [*by_state[State.CALCULATED], *by_state[State.APPROVED]]
    if made:
        _calculated(made, read, at=at, by=by, entry=entry)


def _hold(held: Sequence[_Look], *, at: datetime, today: date, entry: int) -> None:
    put(
        "claims_stop", "claim_id, kind, from_on, because, made_by",
        [
            (one.case.id, "signals", today, ", ".join(sorted({
                *(seen.code for seen in one.new),
                *(was.code for was in one.case.signals if was.is_open),
            })), entry)
            for one in held
        ],
    )  # fmt: skip
    _move(held, Event.HOLD, State.CLAIMED, at=at, by=BY_RULES, entry=entry)


def _ask(asked: Sequence[_Look], *, at: datetime, today: date, by: str, entry: int) -> None:
    """Ask once for all that is missing."""
    put(
        "claims_supplement", "claim_id, asked_on, answer_by, lists, made_by",
        [
            (
                one.case.id, today,
                today + timedelta(
                    days=terms_of(one.case.scheme, one.case.terms_on).claims.supplement_days
                ),
                canonical(missing(one.items)).decode(), entry,
            )
            for one in asked
        ],
    )  # fmt: skip
    _move(asked, Event.ASK_SUPPLEMENT, State.CLAIMED, at=at, by=by, entry=entry)


def _calculated(made: Sequence[_Look], read: Figures, *, at: datetime, by: str, entry: int) -> None:
    do(
        "update claims_claim set papers_complete_on = coalesce(papers_complete_on, %s) "
        "where id = any(%s)",
        at.astimezone(SHANGHAI).date(), [one.case.id for one in made],
    )  # fmt: skip
    rows = [(one.case, one.made, one.is_fast) for one in made if one.made]
    numbers = keep_decisions(rows, at=at, made_by=entry)
    _move(made, Event.COMPLETE, State.CLAIMED, at=at, by=by, entry=entry)
    _move(made, Event.CALCULATE, State.COMPLETE, at=at, by=by, entry=entry)
    kept = zip(rows, numbers, strict=True)
    fast = [(case, one, number) for (case, one, is_fast), number in kept if is_fast]
    decisions = [number for *_, number in fast]
    fix([(case, one) for case, one, _ in fast], read, decisions=decisions, at=at)
    by_rules = [one for one in made if one.is_fast]
    _move(by_rules, Event.APPROVE, State.CALCULATED, at=at, by=BY_RULES, entry=entry)


def _move(
    looked: Sequence[_Look], event: Event, before: State, *, at: datetime, by: str, entry: int
) -> None:
    if looked:
        move_many(
            [one.case.id for one in looked], event, before=before, at=at, by=by, made_by=entry
        )


def _signal(seen: Seen, today: date) -> Signal:
    return Signal(code=seen.code, because=seen.because, raised_by=BY_RULES, raised_on=today)
