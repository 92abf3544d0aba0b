"""A line of a table of rates becomes a rate, or a sentence that says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from tradeloop.kit import codes
from tradeloop.kit.money import MINOR_DIGITS
from tradeloop.ledger.rates import plain

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "日期"),
    "base": ("base", "currency", "货币", "币种"),
    "quote": ("quote", "报价货币"),
    "rate": ("rate", "汇率", "中间价"),
    "per": ("per", "unit", "单位"),
    "source": ("source", "来源"),
}
QUOTED_IN = "CNY"
NAMES_ALSO_USED: Mapping[str, str] = {
    "日元": "JPY", "港元": "HKD", "加元": "CAD", "澳元": "AUD", "韩元": "KRW", "卢布": "RUB",
    "新西兰元": "NZD", "新加坡元": "SGD", "泰铢": "THB", "林吉特": "MYR", "人民币": "CNY",
}  # fmt: skip
"""What tables of central parity call currencies where customs has another word."""
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
NUMBER = re.compile(r"-?\d{1,60}(\.\d{1,60})?", re.ASCII)
SOURCE_LENGTH_MAX = 100
PLACES_MAX, WHOLE_DIGITS_MAX, PER_MAX = 12, 18, 1_000_000
Cells = tuple[int, Mapping[str, str]]
Key = tuple[str, str, str, date]  # base, quote, source, day


class RatesRefused(ValueError):
    """The table cannot be taken; nothing of it was written. The message names each line."""


@dataclass(frozen=True, slots=True)
class Given:
    """One line of a table of rates."""

    line: int
    key: Key
    rate: Decimal
    per: int

    def same(self, rate: Decimal, per: int) -> bool:
        """Whether both say the same price, if perhaps of another number of units."""
        return Fraction(self.rate) * per == Fraction(rate) * self.per

    def __str__(self) -> str:
        """Write it for people."""
        base, quote, source, on = self.key
        return f"{self.per} {base} = {plain(self.rate)} {quote} on {on} by {source}"


def named(table: Iterable[tuple[int, Sequence[str]]]) -> list[Cells]:
    """Return the rows of a table as cells by name; its first row that is not empty has headings.

    Raises:
        RatesRefused: A heading is missing, unknown or doubled.
    """
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in table if any(cells)]
    if not rows:
        raise RatesRefused("The file holds no rates. Write a line of headings: date,base,rate,…")
    (_, first), *rest = rows
    by_word = {word: name for name, words in HEADINGS.items() for word in words}
    names = [by_word.get(cell.casefold()) for cell in first]
    odd = [cell for cell, name in zip(first, names, strict=True) if cell and name is None]
    doubled = [name for name in HEADINGS if names.count(name) > 1]
    missing = [name for name in ("date", "base", "rate") if name not in names]
    if odd or doubled or missing:
        raise RatesRefused(
            f"Check the headings {', '.join(odd + doubled + missing)}. Each of date, base and rate "
            f"is there once; allowed are {'; '.join('/'.join(w) for w in HEADINGS.values())}."
        )
    return [
        (line, {name: cell for name, cell in zip(names, cells, strict=False) if name})
        for line, cells in rest
    ]


def read_lines(
    rows: Iterable[Cells], today: date, source: str | None
) -> tuple[list[Given], list[str], list[str]]:
    """Return the lines that count, what refuses the table, and what is only told.

    Args:
        rows: Line number and cells by heading, as `named` gives them.
        today: No rate may be of a later day.
        source: For lines that name none.
    """
    seen: dict[Key, Given] = {}
    wrong: list[str] = []
    warnings: list[str] = []
    last = date.min
    for line, cells in rows:
        try:
            one = _line(line, cells, today, source)
        except RatesRefused as error:
            wrong.append(f"line {line}: {error}")
            continue
        on = one.key[3]
        if on < last:
            warnings.append(f"line {line}: {on} comes after {last}; the order of days is odd")
        last = on
        first = seen.setdefault(one.key, one)
        if first is not one:
            if first.same(one.rate, one.per):
                warnings.append(f"line {line}: the same rate stands on line {first.line}")
            else:
                wrong.append(f"line {line} says {one}, but line {first.line} says {first}")
    return list(seen.values()), wrong, warnings


def _line(line: int, cells: Mapping[str, str], today: date, source: str | None) -> Given:
    on = _day(cells.get("date", ""))
    if on > today:
        raise RatesRefused(f"{on} is in the future; today is {today}")
    base, quote = _currency(cells.get("base", "")), _currency(cells.get("quote") or QUOTED_IN)
    if base == quote:
        raise RatesRefused(f"{base} in {quote} has no rate; name two currencies")
    told_by = cells.get("source") or source
    if not told_by or not told_by.isprintable() or len(told_by) > SOURCE_LENGTH_MAX:
        raise RatesRefused(
            f"it names no source of 1 to {SOURCE_LENGTH_MAX} characters; "
            "add a column source, or say --source"
        )
    rate, per = _number(cells.get("rate", "")), _number(cells.get("per") or "1")
    if per != int(per) or per > PER_MAX:
        raise RatesRefused(f"per {plain(per)} is no number of units; write 1, 100, …")
    return Given(line, (base, quote, told_by, on), rate, int(per))


def _day(text: str) -> date:
    found = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise RatesRefused(f"{text!r} is no date; write 2026-01-31") from None


def _currency(text: str) -> str:
    found = codes.currency(text.upper())
    iso = found.iso if found else _chinese_names().get(text)
    if iso is None or iso not in MINOR_DIGITS:
        raise RatesRefused(f"{text!r} is no currency of ISO 4217; write three letters, as in USD")
    return iso


@cache
def _chinese_names() -> Mapping[str, str]:
    named_zh = {row["name_zh"]: row["iso"] for row in codes.table("currencies") if row["name_zh"]}
    return {**named_zh, **NAMES_ALSO_USED}


def _number(text: str) -> Decimal:
    # No commas: 7,103 is seven to some and seven thousand to others.
    if not NUMBER.fullmatch(text):
        raise RatesRefused(f"{text!r} is no number; write plain digits and a point, as 7.1034")
    number = Decimal(text)
    if number <= 0:
        raise RatesRefused(f"{text} is not above zero")
    places = len(text.partition(".")[2].rstrip("0"))
    if places > PLACES_MAX or number.adjusted() >= WHOLE_DIGITS_MAX:
        raise RatesRefused(
            f"{text} is too long; at most {WHOLE_DIGITS_MAX} digits before the point "
            f"and {PLACES_MAX} behind it"
        )
    return number
