"""By when what must be done about a loss, and from when it counts; each day with its rule."""

from __future__ import annotations

from datetime import date, timedelta

from tradeloop.claims.facts import Deadlines, Events
from tradeloop.claims.terms import ClaimTerms, NoticeFrom, WaitingFrom
from tradeloop.kit.calendar import Deadline, add_months, within_days


def deadlines(events: Events, *, terms: ClaimTerms) -> Deadlines:
    """Return the last day for each thing, as far as what happened sets it.

    The original due date stays the reference, whatever was extended. An extension counts only as
    far as the insured may allow it. Insolvency needs no waiting.

    Source:
        HKECIC: four months of waiting; Allianz: from the complete notice; EXIM: proof of loss
        within 240 days of the due date.
    """
    notice_by = _notice_by(events, terms)
    late = 0
    if notice_by is not None and events.noticed_on is not None:
        late = max((events.noticed_on - notice_by.on).days, 0)
    fast = events.claimed is not None and events.claimed <= terms.fast_track_max
    decision_days = terms.fast_decision_days if fast else terms.decision_days
    return Deadlines(
        notice_by=notice_by,
        notice_late_days=late,
        waiting_over=_waiting_over(events, terms),
        claim_by=within_days(events.due_on, terms.claim_days, rule="claim", source=terms.source),
        supplement_by=_within(
            events.supplement_asked_on, terms.supplement_days, "supplement", terms
        ),
        decide_by=_within(
            events.papers_complete_on, decision_days,
            "fast-decision" if fast else "decision", terms,
        ),
        pay_by=_within(events.agreed_on, terms.pay_days, "payment", terms),
    )  # fmt: skip


def extension_end(events: Events, *, terms: ClaimTerms) -> date:
    """Return the due date, extended as far as the insured may do so without asking."""
    last = events.due_on + timedelta(days=terms.extension_days_max)
    return max(events.due_on, min(events.extended_to or events.due_on, last))


def _notice_by(events: Events, terms: ClaimTerms) -> Deadline | None:
    start = {
        NoticeFrom.DUE_DATE: events.due_on,
        NoticeFrom.EXTENSION_END: extension_end(events, terms=terms),
        NoticeFrom.KNOWLEDGE: events.known_on,
    }[terms.notice_from]
    return _within(start, terms.notice_days, "notice", terms)


def _waiting_over(events: Events, terms: ClaimTerms) -> Deadline | None:
    start = {
        WaitingFrom.DUE_DATE: events.due_on,
        WaitingFrom.EXTENSION_END: extension_end(events, terms=terms),
        WaitingFrom.COMPLETE_NOTICE: events.notice_complete_on,
    }[terms.waiting_from]
    ends = None
    if start is not None:
        ends = add_months(start, terms.waiting_months) + timedelta(days=terms.waiting_days)
    if events.insolvent_on is not None and (ends is None or events.insolvent_on < ends):
        return within_days(events.insolvent_on, 0, rule="insolvency", source=terms.source)
    return _within(ends, 0, f"waiting-from-{terms.waiting_from}", terms)


def _within(start: date | None, days: int, rule: str, terms: ClaimTerms) -> Deadline | None:
    if start is None:
        return None
    return within_days(start, days, rule=rule, source=terms.source)
