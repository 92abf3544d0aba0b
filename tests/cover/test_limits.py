"""A limit counts from its day: raises at once, cuts after their notice, the latest word at last."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cover.buyer import day, terms, usd
from tradeloop.cover import limits
from tradeloop.cover.facts import LimitDecision, Listing
from tradeloop.cover.terms import WhiteList
from tradeloop.kit.money import Money
from tradeloop.kit.terms import TermsContradictory

OF_100 = terms(buyer_limit=usd(100))


def limit(on: int, *decisions: LimitDecision, who: str = "chen") -> int:
    return limits.standing(who, day(on), terms=OF_100, limits=decisions).limit.minor


def told(id: str, amount: int, on: int, **more: object) -> LimitDecision:
    return LimitDecision(id=id, amount=usd(amount), told_on=day(on), **more)


def test_a_raise_counts_on_its_day_and_a_cut_after_its_notice() -> None:
    up, down = told("up", 120, 10), told("down", 50, 10)

    assert [limit(on, up) for on in (9, 10)] == [100, 120]
    assert [limit(on, down) for on in (39, 40)] == [100, 50]


def test_a_cut_for_a_special_cause_counts_at_once() -> None:
    assert [limit(on, told("stop", 0, 10, at_once=True)) for on in (9, 10)] == [100, 0]


def test_a_cut_with_a_later_day_waits_for_it() -> None:
    assert [limit(on, told("down", 50, 10, from_date=day(60))) for on in (59, 60)] == [100, 50]


def test_a_day_before_it_was_told_counts_for_nothing() -> None:
    assert [limit(on, told("up", 120, 10, from_date=day(1))) for on in (9, 10)] == [100, 120]


def test_a_raise_undoes_a_cut_that_does_not_count_yet() -> None:
    decisions = told("cut", 0, 10), told("up", 120, 20)

    assert [limit(on, *decisions) for on in (19, 20, 40, 90)] == [100, 120, 120, 120]


def test_a_milder_cut_takes_the_place_of_a_harsher_one_on_its_day() -> None:
    decisions = told("harsh", 0, 10), told("mild", 50, 20)

    assert [limit(on, *decisions) for on in (39, 40, 60)] == [100, 50, 50]


def test_a_harsher_cut_follows_a_milder_one() -> None:
    decisions = told("mild", 50, 10), told("harsh", 0, 20)

    assert [limit(on, *decisions) for on in (39, 40, 49, 50)] == [100, 50, 50, 0]


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=5), st.integers(0, 120)
)
@settings(deadline=None)
def test_nobody_has_less_than_what_was_told_before_the_days_of_notice(
    told_: list[tuple[int, int]], on: int
) -> None:
    decisions = [told(f"d{n}", amount, day_) for n, (amount, day_) in enumerate(told_)]

    heard = [amount for amount, day_ in told_ if day_ <= on - OF_100.limit_notice_days]

    assert limit(on, *decisions) >= min([100, *heard])


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), min_size=1, max_size=5))
@settings(deadline=None)
def test_in_the_end_the_latest_word_counts(told_: list[tuple[int, int]]) -> None:
    decisions = [told(f"d{n}", amount, day_) for n, (amount, day_) in enumerate(told_)]
    last = max(decisions, key=lambda one: (one.told_on, one.id))

    assert limit(500, *decisions) == last.amount.minor


def test_a_decision_about_one_merchant_leaves_the_others_alone() -> None:
    only = told("only", 20, 10, at_once=True, policyholder="wang")

    assert limit(10, only, who="wang") == 20
    assert limit(10, only, who="chen") == 100


def test_the_white_list_may_have_a_limit_of_its_own() -> None:
    own = replace(OF_100, white_list=WhiteList.OWN_LIMIT, white_listed_limit=usd(300))
    listed = Listing(policyholder="chen", from_date=day(1))

    found = limits.standing("chen", day(1), terms=own, listings=[listed])

    assert (found.limit, found.insured_share_bp) == (usd(300), 8_000)
    assert limits.standing("chen", day(0), terms=own, listings=[listed]).limit == usd(100)


def test_a_limit_of_its_own_and_no_amount_contradict_each_other() -> None:
    with pytest.raises(TermsContradictory, match="own-limit"):
        replace(OF_100, white_list=WhiteList.OWN_LIMIT)
    with pytest.raises(TermsContradictory, match="own-limit"):
        replace(OF_100, white_listed_limit=usd(300))


def test_the_lower_of_amount_and_multiple_bounds_a_policy() -> None:
    both = replace(OF_100, maximum_liability=usd(500), maximum_liability_times=30)

    assert limits.maximum_liability(usd(10), terms=both) == usd(300)
    assert limits.maximum_liability(usd(20), terms=both) == usd(500)
    assert limits.maximum_liability(usd(20), terms=OF_100) is None


def test_a_bank_lends_no_more_than_the_policy_has_left() -> None:
    def most(left: Money | None) -> Money:
        return limits.financeable(
            declared=usd(1_000), invoice=usd(1_000), limit_left=usd(800), share_bp=8_000,
            invoice_share_bp=9_000, liability_left=left, terms=OF_100,
        )  # fmt: skip

    assert [most(left) for left in (None, usd(600), usd(0))] == [usd(640), usd(600), usd(0)]
