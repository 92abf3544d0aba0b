"""Every day of a claim follows from what happened, and names the rule that set it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cover.buyer import SCHEME, usd
from tradeloop.claims.deadlines import deadlines, extension_end
from tradeloop.claims.facts import Deadlines, Events
from tradeloop.claims.terms import ClaimTerms, NoticeFrom, WaitingFrom
from tradeloop.schemes.load import load

TERMS = load(SCHEME, "claims", into=ClaimTerms, on=date(2024, 6, 1))
DUE = date(2026, 3, 31)


def of(events: dict[str, object], **changed: object) -> Deadlines:
    return deadlines(Events(due_on=DUE, **events), terms=replace(TERMS, **changed))


def test_nothing_has_a_last_day_before_it_is_set_going() -> None:
    found = of({})

    assert (found.supplement_by, found.decide_by, found.pay_by) == (None, None, None)
    assert found.notice_by is not None
    assert found.notice_by.on == date(2026, 4, 30)
    assert found.claim_by.on == date(2027, 3, 26)


@pytest.mark.parametrize(
    ("start", "over", "rule"),
    [
        (WaitingFrom.DUE_DATE, date(2026, 7, 31), "waiting-from-due-date"),
        (WaitingFrom.EXTENSION_END, date(2026, 9, 30), "waiting-from-extension-end"),
        (WaitingFrom.COMPLETE_NOTICE, date(2026, 8, 10), "waiting-from-complete-notice"),
    ],
)
def test_waiting_begins_where_the_scheme_says(start: WaitingFrom, over: date, rule: str) -> None:
    events = {"extended_to": date(2026, 5, 30), "notice_complete_on": date(2026, 4, 10)}

    found = of(events, waiting_from=start, extension_days_max=60)

    assert found.waiting_over is not None
    assert (found.waiting_over.on, found.waiting_over.rule) == (over, rule)


def test_without_a_complete_notice_its_waiting_has_not_begun() -> None:
    assert of({}, waiting_from=WaitingFrom.COMPLETE_NOTICE).waiting_over is None


def test_insolvency_needs_no_waiting_and_no_notice() -> None:
    for start in WaitingFrom:
        found = of({"insolvent_on": date(2026, 5, 12)}, waiting_from=start).waiting_over
        assert found is not None
        assert (found.on, found.rule) == (date(2026, 5, 12), "insolvency")


def test_insolvency_after_the_waiting_changes_nothing() -> None:
    found = of({"insolvent_on": date(2026, 8, 1)}).waiting_over

    assert found is not None
    assert found.on == date(2026, 7, 31)


def test_an_extension_counts_only_as_far_as_the_insured_may_allow_it() -> None:
    terms = replace(TERMS, extension_days_max=60)

    for extended, end in (
        (None, DUE), (date(2026, 5, 30), date(2026, 5, 30)), (date(2026, 5, 31), date(2026, 5, 30)),
        (date(2026, 3, 1), DUE),
    ):  # fmt: skip
        assert extension_end(Events(due_on=DUE, extended_to=extended), terms=terms) == end


def test_the_claim_window_counts_from_the_original_due_date() -> None:
    extended = {"extended_to": date(2026, 5, 30)}

    assert of(extended, extension_days_max=60).claim_by == of({}).claim_by


def test_a_notice_is_late_from_the_day_after_its_last() -> None:
    late = [of({"noticed_on": day}).notice_late_days for day in (
        date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 10)
    )]  # fmt: skip

    assert late == [0, 1, 10]


def test_a_notice_counted_from_knowledge_needs_to_know_of_it() -> None:
    assert of({}, notice_from=NoticeFrom.KNOWLEDGE).notice_by is None
    known = of({"known_on": date(2026, 6, 1)}, notice_from=NoticeFrom.KNOWLEDGE).notice_by
    assert known is not None
    assert known.on == date(2026, 7, 1)


def test_small_claims_are_decided_sooner() -> None:
    complete = {"papers_complete_on": date(2026, 8, 1)}

    for claimed, rule, day in (
        (1_000_000, "fast-decision", date(2026, 8, 16)), (1_000_001, "decision", date(2026, 8, 31))
    ):  # fmt: skip
        found = of({**complete, "claimed": usd(claimed)}).decide_by
        assert found is not None
        assert (found.rule, found.on) == (rule, day)


def test_payment_follows_the_agreement_and_the_supplement_its_request() -> None:
    found = of({"agreed_on": date(2026, 8, 20), "supplement_asked_on": date(2026, 8, 1)})

    assert found.pay_by is not None
    assert found.supplement_by is not None
    assert (found.pay_by.on, found.supplement_by.on) == (date(2026, 8, 30), date(2026, 8, 31))
