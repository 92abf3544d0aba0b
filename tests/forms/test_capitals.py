"""An amount in capital numerals is written as the bank's rules ask, and says just that amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tradeloop.forms.capitals import DIGITS, PARTS, capitals
from tradeloop.kit.codes import currency
from tradeloop.kit.money import MINOR_DIGITS, Money

# Amounts that the rules themselves give, and those at the edges of each rule.
WRITTEN = {
    140_950: "壹仟肆佰零玖元伍角",
    600_714: "陆仟零柒元壹角肆分",
    168_032: "壹仟陆佰捌拾元零叁角贰分",
    10_700_053: "壹拾万柒仟元零伍角叁分",
    1_640_902: "壹万陆仟肆佰零玖元零贰分",
    32_504: "叁佰贰拾伍元零肆分",
    12_345_678: "壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
    0: "零元整",
    5: "伍分",
    50: "伍角",
    1_000: "壹拾元整",
    10_000_001: "壹拾万元零壹分",
    10_010_000: "壹拾万零壹佰元整",
    10_000_000_000: "壹亿元整",
    10_000_000_100: "壹亿零壹元整",
    10_001_000_000: "壹亿零壹万元整",
    1_000_000_000_000: "壹佰亿元整",
    100_000_000_000_000: "壹万亿元整",
    10**18: "壹亿亿元整",
    -1_230: "负壹拾贰元叁角",
}


@pytest.mark.parametrize(("minor", "written"), WRITTEN.items())
def test_an_amount_in_yuan_is_written_as_the_rules_ask(minor: int, written: str) -> None:
    assert capitals(Money(minor, "CNY")) == f"人民币{written}"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(12_345_678, "USD"), "美元壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        (Money(1_000_200, "JPY"), "日本元壹佰万零贰佰元整"),
        (Money(1_234, "KWD"), "KWD壹元贰角叁分肆厘"),
        (Money(1_004, "BHD"), "BHD壹元零肆厘"),
        (Money(-7, "BHD"), "BHD负柒厘"),
        (Money(100, "AED"), "AED壹元整"),
    ],
)
def test_other_currencies_are_named_and_keep_their_own_digits(amount: Money, written: str) -> None:
    assert capitals(amount) == written


@given(minor=some.integers(-(10**20), 10**20), unit=some.sampled_from(sorted(MINOR_DIGITS)))
def test_reading_it_back_gives_the_amount(minor: int, unit: str) -> None:
    assert read(capitals(Money(minor, unit)), unit) == minor


@given(minor=some.integers(0, 10**18))
def test_no_two_zeros_stand_together_and_none_at_the_end(minor: int) -> None:
    written = capitals(Money(minor, "CNY"))

    assert "零零" not in written
    assert minor < 100 or "零元" not in written
    assert not written.endswith("零")


def read(text: str, unit: str) -> int:
    """Read capital numerals as a teller does, by another way than they were written."""
    known = currency(unit)
    text = text.removeprefix((known and known.name_zh) or unit)
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负").removesuffix("整")
    whole, _, parts = text.rpartition("元") if "元" in text else ("", "", text)
    digits = MINOR_DIGITS[unit]
    worth = 0
    for digit, part in zip(
        parts.replace("零", "")[::2], parts.replace("零", "")[1::2], strict=True
    ):
        worth += DIGITS.index(digit) * 10 ** (digits - 1 - PARTS.index(part))
    return sign * (number(whole) * 10**digits + worth)


def number(text: str) -> int:
    for word, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        high, found, low = text.rpartition(word)
        if found:
            return number(high) * size + number(low)
    return DIGITS.index(text.lstrip("零") or "零") if text else 0
