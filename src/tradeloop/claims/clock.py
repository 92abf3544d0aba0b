"""The last days of a claim, over all its trades; while the clock stands still, none to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tradeloop.claims.case import Case, CaseLine, Clock
from tradeloop.claims.deadlines import deadlines
from tradeloop.claims.facts import Deadlines, Events
from tradeloop.claims.terms import ClaimTerms
from tradeloop.kit.calendar import Deadline
from tradeloop.kit.money import Money


def deadlines_of(case: Case, *, terms: ClaimTerms, on: date) -> Clock:
    """Return the last day for each thing, with the rule that made it.

    Of several trades the first to fall due sets the notice and the claim, the last one the waiting.
    Days on which the clock stood still are added to the day of decision.
    """
    each = [line_deadlines(case, line, terms=terms) for line in case.lines]
    merged = Deadlines(
        notice_by=_first([one.notice_by for one in each]),
        notice_late_days=max((one.notice_late_days for one in each), default=0),
        waiting_over=_last([one.waiting_over for one in each]),
        claim_by=min((one.claim_by for one in each), key=lambda one: one.on),
        supplement_by=each[0].supplement_by,
        decide_by=each[0].decide_by,
        pay_by=each[0].pay_by,
    )
    since = next((one.from_on for one in case.stops if one.to_on is None), None)
    stopped = _stopped_days(case, on)
    if merged.decide_by is not None:
        moved = replace(merged.decide_by, on=merged.decide_by.on + timedelta(days=stopped))
        merged = replace(merged, decide_by=None if since else moved)
    return Clock(deadlines=merged, stopped_days=stopped, stopped_since=since)


def line_deadlines(case: Case, line: CaseLine, *, terms: ClaimTerms) -> Deadlines:
    """Return the last days as one trade of the claim sets them."""
    like = terms.fast_track_max.currency
    claimed = case.claimed if case.claimed and case.claimed.currency == like else None
    return deadlines(
        Events(
            due_on=line.due_on, extended_to=line.extended_to, known_on=case.known_on,
            noticed_on=case.noticed_on, notice_complete_on=case.notice_complete_on,
            insolvent_on=case.insolvent_on, supplement_asked_on=case.supplement_asked_on,
            papers_complete_on=case.papers_complete_on, agreed_on=case.agreed_on, claimed=claimed,
        ),
        terms=terms,
    )  # fmt: skip


def is_small(claimed: Money | None, terms: ClaimTerms) -> bool:
    """Say whether a claim may take the fast track by its amount."""
    most = terms.fast_track_max
    return claimed is not None and claimed.currency == most.currency and claimed <= most


def _stopped_days(case: Case, on: date) -> int:
    """Return the days since the papers were complete on which the clock stood still."""
    if case.papers_complete_on is None:
        return 0
    days: set[date] = set()
    for one in case.stops:
        first, last = max(one.from_on, case.papers_complete_on), one.to_on or on
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return len(days)


def _first(days: list[Deadline | None]) -> Deadline | None:
    return min((one for one in days if one), key=lambda one: one.on, default=None)


def _last(days: list[Deadline | None]) -> Deadline | None:
    if any(one is None for one in days):
        return None
    return max((one for one in days if one), key=lambda one: one.on, default=None)
