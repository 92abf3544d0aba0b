"""Money is never lost, never invented, and never rounded behind anyone's back."""

import operator
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.kit.money import (
    DIGITS_MAX,
    MINOR_DIGITS,
    WHOLE,
    AmountOutOfRange,
    CurrencyMismatch,
    CurrencyUnknown,
    Money,
    Rounding,
    SharesUndefined,
    down,
    half_even,
    half_up,
    up,
)

ROUNDINGS = (half_up, half_even, down, up)
minors = st.integers(-(10**15), 10**15)
rates = st.lists(st.integers(0, 20_000), min_size=1, max_size=4)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Money(123_450, "USD"), "1,234.50 USD"),
        (Money(-5, "USD"), "-0.05 USD"),
        (Money(0, "EUR"), "0.00 EUR"),
        (Money(1_000_000, "JPY"), "1,000,000 JPY"),
        (Money(1_234, "KWD"), "1.234 KWD"),
    ],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(amount: Money, text: str) -> None:
    assert str(amount) == text


@given(minors, minors)
def test_what_is_added_can_be_taken_away_again(first: int, second: int) -> None:
    assert usd(first) + usd(second) - usd(second) == usd(first)


@given(minors, minors)
def test_amounts_are_ordered_as_their_minor_units_are(first: int, second: int) -> None:
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq):
        assert compare(usd(first), usd(second)) == compare(first, second)


@pytest.mark.parametrize(
    "combine", [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge]
)
def test_two_currencies_are_never_combined(combine: Callable[[Money, Money], object]) -> None:
    with pytest.raises(CurrencyMismatch, match="Convert one of them at a dated rate"):
        combine(Money(100, "USD"), Money(100, "CNY"))


def test_equal_figures_in_two_currencies_are_not_equal() -> None:
    assert Money(100, "USD") != Money(100, "CNY")


@pytest.mark.parametrize("currency", ["usd", "502", "XXX", "XAU", ""])
def test_only_letters_of_a_currency_with_a_minor_unit_are_taken(currency: str) -> None:
    with pytest.raises(CurrencyUnknown, match="three letters"):
        Money(100, currency)


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1), "1"])
def test_minor_units_are_whole_numbers_and_nothing_else(minor: object) -> None:
    with pytest.raises(TypeError, match=r"Money\.from_decimal"):
        Money(minor, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [0.1, 1, "0.10", None])
def test_an_amount_from_a_paper_is_a_decimal_never_a_float(amount: object) -> None:
    with pytest.raises(TypeError, match="as a Decimal"):
        Money.from_decimal(amount, "USD", rounding=half_up)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+39", "1E-39"])
def test_a_number_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountOutOfRange, match=f"at most {DIGITS_MAX} digits"):
        Money.from_decimal(Decimal(text), "USD", rounding=half_up)


def test_an_amount_from_a_paper_in_an_unknown_currency_is_refused() -> None:
    with pytest.raises(CurrencyUnknown):
        Money.from_decimal(Decimal(1), "502", rounding=half_up)


def test_every_digit_of_the_longest_customs_amount_is_kept() -> None:
    amount = Decimal("12345678912345.12345")

    assert Money.from_decimal(amount, "CNY", rounding=half_up) == Money(
        1_234_567_891_234_512, "CNY"
    )


@given(minors, st.sampled_from(sorted(MINOR_DIGITS)), st.sampled_from(ROUNDINGS))
def test_an_exact_amount_is_read_exactly_whatever_the_rounding(
    minor: int, currency: str, rounding: Rounding
) -> None:
    amount = Decimal(minor).scaleb(-MINOR_DIGITS[currency])

    assert Money.from_decimal(amount, currency, rounding=rounding) == Money(minor, currency)


@pytest.mark.parametrize(
    ("rounding", "mode"),
    [
        (half_up, ROUND_HALF_UP),
        (half_even, ROUND_HALF_EVEN),
        (down, ROUND_DOWN),
        (up, ROUND_UP),
    ],
)
@given(tenths_of_cents=st.integers(-100_000, 100_000))
def test_each_rounding_agrees_with_the_decimal_standard(
    rounding: Rounding, mode: str, tenths_of_cents: int
) -> None:
    expected = int((Decimal(tenths_of_cents) / 10).to_integral_value(mode))

    assert rounding(tenths_of_cents, 10) == expected


@pytest.mark.parametrize(
    ("rounding", "results"),
    [
        (half_up, [-3, -2, -1, 0, 1, 2, 3]),
        (half_even, [-2, -2, 0, 0, 0, 2, 2]),
        (down, [-2, -1, 0, 0, 0, 1, 2]),
        (up, [-3, -2, -1, 0, 1, 2, 3]),
    ],
)
def test_halves_go_where_the_rounding_says(rounding: Rounding, results: list[int]) -> None:
    assert [rounding(halves, 2) for halves in (-5, -3, -1, 0, 1, 3, 5)] == results


@given(minors, rates, st.sampled_from(ROUNDINGS))
def test_a_part_is_rounded_once_however_many_rates_it_has(
    minor: int, chosen: list[int], rounding: Rounding
) -> None:
    exact = minor
    for rate in chosen:
        exact *= rate
    unit = WHOLE ** len(chosen)

    given_back = usd(minor).part(*chosen, rounding=rounding).minor * unit

    assert abs(given_back - exact) < unit
    if rounding in {half_up, half_even}:
        assert 2 * abs(given_back - exact) <= unit


def test_rounding_after_each_rate_would_have_given_another_sum() -> None:
    half = 5_000

    assert usd(1).part(half, half, rounding=half_up) == usd(0)
    assert usd(1).part(half, rounding=half_up).part(half, rounding=half_up) == usd(1)


def test_a_part_has_no_rounding_unless_one_is_named() -> None:
    with pytest.raises(TypeError, match="rounding"):
        usd(100).part(WHOLE)  # type: ignore[call-arg]


@given(minors, weights, st.data())
def test_a_split_adds_up_exactly(minor: int, shares: list[int], data: st.DataObject) -> None:
    lead = data.draw(st.integers(0, len(shares) - 1))

    parts = usd(minor).split(shares, residual_to=lead)

    assert sum(part.minor for part in parts) == minor
    for place, (part, share) in enumerate(zip(parts, shares, strict=True)):
        if place != lead:
            assert part.minor == down(minor * share, sum(shares))


@given(minors, weights)
def test_a_reversal_splits_into_the_reversed_shares(minor: int, shares: list[int]) -> None:
    there = usd(minor).split(shares, residual_to=0)
    back = usd(-minor).split(shares, residual_to=0)

    assert [part.minor for part in there] == [-part.minor for part in back]


def test_what_is_left_over_goes_to_the_named_share() -> None:
    assert usd(100).split([1, 1, 1], residual_to=2) == (usd(33), usd(33), usd(34))


@pytest.mark.parametrize("shares", [[], [0, 0], [3, -1], [-1]])
def test_weights_that_share_nothing_are_refused(shares: list[int]) -> None:
    with pytest.raises(SharesUndefined, match="at least one of them above zero"):
        usd(100).split(shares, residual_to=0)


@pytest.mark.parametrize("place", [-1, 2])
def test_the_residual_needs_a_share_that_exists(place: int) -> None:
    with pytest.raises(SharesUndefined, match="from 0 to 1"):
        usd(100).split([1, 1], residual_to=place)
