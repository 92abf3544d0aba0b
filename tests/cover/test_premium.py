"""A premium is its rate or its minimum; two pay it to the cent, and days not run come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cover.buyer import SCHEME, usd
from tradeloop.cover.facts import Turnover
from tradeloop.cover.premium import TurnoverUnknown, premium, refund
from tradeloop.cover.terms import PremiumBase, PremiumTerms, Refund
from tradeloop.kit.money import CurrencyMismatch, Money
from tradeloop.kit.terms import Rounds
from tradeloop.schemes.load import load

TERMS = load(SCHEME, "premium", into=PremiumTerms, on=date(2024, 6, 1))
YEAR = {"period_from": date(2024, 1, 1), "period_to": date(2024, 12, 31)}


def terms(**changed: object) -> PremiumTerms:
    return replace(TERMS, **changed)


def test_the_rate_is_on_all_that_was_declared_or_only_on_what_is_covered() -> None:
    turnover = Turnover(declared=usd(200_000), covered=usd(150_000))

    assert premium(turnover, terms()).due == usd(2_000)
    assert premium(turnover, terms(base=PremiumBase.COVERED)).due == usd(1_500)
    with pytest.raises(TurnoverUnknown, match="how much was covered"):
        premium(Turnover(declared=usd(1)), terms(base=PremiumBase.COVERED))


def test_a_minimum_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        premium(Turnover(declared=Money(1, "CNY")), terms(minimum=usd(100)))


@given(
    declared=st.integers(0, 10**12), estimated=st.none() | st.integers(0, 10**12),
    rate=st.integers(0, 10_000), least=st.integers(0, 10_000), subsidy=st.integers(0, 10_000),
    minimum=st.none() | st.integers(0, 10**9), rounding=st.sampled_from(Rounds),
)  # fmt: skip
@settings(deadline=None)
def test_the_lines_and_the_two_payers_add_up_to_the_premium(  # noqa: PLR0917 - one for each term
    declared: int, estimated: int | None, rate: int, least: int, subsidy: int,
    minimum: int | None, rounding: Rounds,
) -> None:  # fmt: skip
    given_ = terms(
        rate_bp=rate, minimum_share_bp=least, subsidy_share_bp=subsidy, rounding=rounding,
        minimum=None if minimum is None else usd(minimum),
    )  # fmt: skip
    turnover = Turnover(
        declared=usd(declared), estimated=None if estimated is None else usd(estimated)
    )

    found = premium(turnover, given_)

    assert sum((one.change for one in found.explained.lines), usd(0)) == found.due
    assert found.subsidy + found.merchant == found.due
    assert usd(0) <= found.subsidy <= found.due
    assert found.due >= usd(minimum or 0)


def test_days_that_were_not_run_come_back() -> None:
    # 366 days; 366 - 92 are left after the first of April.
    back = refund(paid=usd(36_600), ends_on=date(2024, 4, 1), terms=terms(), **YEAR)

    assert back == usd(27_400)


def test_the_minimum_is_kept_and_nothing_comes_back_where_the_scheme_says_so() -> None:
    early = date(2023, 12, 31)

    assert refund(paid=usd(36_600), ends_on=early, terms=terms(), **YEAR) == usd(36_600)
    kept = terms(minimum=usd(30_000))
    assert refund(paid=usd(36_600), ends_on=early, terms=kept, **YEAR) == usd(6_600)
    assert refund(paid=usd(5_000), ends_on=early, terms=kept, **YEAR) == usd(0)
    expected = terms(minimum_share_bp=8_000)  # of 1 % of 4,000.00
    assert refund(
        paid=usd(36_600), ends_on=early, terms=expected, estimated=usd(400_000), **YEAR
    ) == usd(33_400)  # fmt: skip
    none = terms(refund=Refund.NONE)
    assert refund(paid=usd(36_600), ends_on=early, terms=none, **YEAR) == usd(0)


@given(paid=st.integers(0, 10**9), on=st.dates(date(2023, 1, 1), date(2026, 1, 1)))
@settings(deadline=None)
def test_no_more_comes_back_than_was_paid(paid: int, on: date) -> None:
    back = refund(paid=usd(paid), ends_on=on, terms=terms(), **YEAR)

    assert usd(0) <= back <= usd(paid)
