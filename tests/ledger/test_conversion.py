"""A conversion is exact until its one rounding at the end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tradeloop.kit.money import MINOR_DIGITS, Money, half_up
from tradeloop.ledger import rates

MONDAY = date(2026, 3, 9)
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


def a_rate(base: str, quote: str, rate: Decimal, per: int) -> rates.Rate:
    return rates.Rate(
        id=1, base=base, quote=quote, on=MONDAY, source="PBC", rate=rate, per=per,
        recorded_at=NOON, corrects=None, why=None,
    )  # fmt: skip


@settings(max_examples=200)
@given(
    st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD"]),
    st.decimals("0.000001", "99999", places=6), st.sampled_from([1, 100, 10_000]), st.booleans(),
)  # fmt: skip
def test_a_conversion_is_exact_and_rounded_once(
    minor: int, currency: str, rate: Decimal, per: int, inverse: object
) -> None:
    step = a_rate("CNY", currency, rate, per) if inverse else a_rate(currency, "CNY", rate, per)
    quote = rates.Quote(base=currency, to="CNY", steps=(step,))

    found = quote.convert(Money(minor, currency), rounding=half_up)

    worth = Fraction(rate) / per
    exact = Fraction(minor, 10 ** MINOR_DIGITS[currency]) * (1 / worth if inverse else worth) * 100
    assert abs(found.minor - exact) <= Fraction(1, 2)
