"""An amount in Chinese capital numerals, as bills and settlement vouchers are written."""

from __future__ import annotations

from tradeloop.kit import codes
from tradeloop.kit.money import MINOR_DIGITS, Money

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
PARTS = "角分厘毫"  # tenths, hundredths, thousandths, ten-thousandths
TEN_THOUSAND, HUNDRED_MILLION = 10**4, 10**8


def capitals(amount: Money) -> str:
    """Return the amount in words that nobody can add a stroke to, its currency first.

    Exact, however large. A currency that customs' table does not name is named by its letters;
    thousandths are written 厘. Below zero it says 负.

    Source:
        People's Bank of China, basic rules for filling in bills and settlement vouchers
        (正确填写票据和结算凭证的基本规定): 整 after 元 and nowhere else; zeros in a row are one
        零; where the rules leave two forms open (zeros at the end of the 万 or the 元), ours is
        the one that they give first: 107,000.53 is 壹拾万柒仟元零伍角叁分.

    The library cn2an (0.5.24) was tried and not used: it drops thousandths without a word, ends at
    16 digits, and knows no currency but the yuan.
    """
    known = codes.currency(amount.currency)
    name = (known and known.name_zh) or amount.currency
    digits = MINOR_DIGITS[amount.currency]
    major, minor = divmod(abs(amount.minor), 10**digits)
    parts = f"{minor:0{digits}}" if digits else ""
    sign = "负" if amount.minor < 0 else ""
    if not minor:
        return f"{name}{sign}{_whole(major)}元整"
    if not major:
        return f"{name}{sign}{_parts(parts).removeprefix('零')}"
    # Where the last 元 is zero and the tenths are not, nothing may fit in between.
    gap = "零" if major % 10 == 0 and parts[0] != "0" else ""
    return f"{name}{sign}{_whole(major)}元{gap}{_parts(parts)}"


def _whole(number: int) -> str:
    """Write a whole number: groups of four digits, by 万 and 亿."""
    for size, word in ((HUNDRED_MILLION, "亿"), (TEN_THOUSAND, "万")):
        if number >= size:
            high, low = divmod(number, size)
            # One 零 stands for all zeros between the two groups.
            gap = "零" if 0 < low < size // 10 else ""
            return f"{_whole(high)}{word}{gap}{_whole(low) if low else ''}"
    return _group(number)


def _group(number: int) -> str:
    """Write a number below ten thousand; zero is 零."""
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return written or DIGITS[0]


def _parts(digits: str) -> str:
    """Write the digits after the point; zeros before a digit are one 零, at the end nothing."""
    written, gap = "", False
    for digit, name in zip(digits, PARTS, strict=False):
        if digit != "0":
            written += ("零" if gap else "") + DIGITS[int(digit)] + name
        gap = digit == "0"
    return written
