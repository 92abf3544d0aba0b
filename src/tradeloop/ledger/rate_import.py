"""A table of rates comes in whole or not at all: what is wrong is told by its line."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

import rfc8785
from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit import codes
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import MINOR_DIGITS
from tradeloop.ledger.rates import STANDING, plain
from tradeloop.store.database import cursor

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
TOLD_MAX = 20
IMPORT_LOCK = 7_216_101  # one import at a time: each compares with what is known
KNOWN = f"""
select r.base_id, r.quote_id, r.source, r.quoted_on, r.id, r.rate, r.per
from unnest(%s::text[], %s::text[], %s::text[], %s::date[]) as g (base, quote, source, on_day)
join ledger_rate as r
    on (r.base_id, r.quote_id, r.source, r.quoted_on) = (g.base, g.quote, g.source, g.on_day)
where {STANDING}
"""  # noqa: S608 - put together from our own constant
Cells = tuple[int, Mapping[str, str]]
Key = tuple[str, str, str, date]  # base, quote, source, day


class RatesRefused(ValueError):
    """The table cannot be taken; nothing of it was written. The message names each line."""


class RateConflicts(RatesRefused):
    """A rate is known already for the same pair, day and source, and it is another one."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to; `warnings` name lines that were taken and look odd."""

    added: int
    corrected: int
    known: int
    warnings: tuple[str, ...]


@transaction.atomic
def import_rates(
    *, rows: Iterable[Cells], at: datetime, source: str | None = None, correct: str | None = None
) -> Imported:
    """Take a table of rates, whole or not at all; the same content again changes nothing.

    Args:
        rows: Line number and cells by heading, as `named` gives them.
        at: When it comes, with its zone; no rate may be of a later day in Shanghai.
        source: For lines that name none.
        correct: Why rates that are known otherwise are to be corrected. The old ones stay.

    Raises:
        RatesRefused: A line cannot be read, or says something impossible.
        RateConflicts: A line differs from what is known, and `correct` is not given.
    """
    given, wrong, warnings = _read(rows, at.astimezone(SHANGHAI).date(), source)
    _refuse(RatesRefused, wrong)
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (IMPORT_LOCK,))
    known = _known(given)
    new = [one for one in given if one.key not in known]
    other = [one for one in given if one.key in known and not one.same(*known[one.key][1:])]
    if correct is None or not correct.strip():
        _refuse(
            RateConflicts,
            [
                f"line {one.line} says {one}, but {known[one.key][2]} {one.key[0]} = "
                f"{plain(known[one.key][1])} {one.key[1]} is known. Say why with --correct "
                "if that was wrong"
                for one in other
            ],
        )
    ids = _write(new, other, {key: row[0] for key, row in known.items()}, at, correct)
    warnings += _jumps(ids, {one.key: one.line for one in given}, at.astimezone(SHANGHAI).date())
    if ids:
        _tell(new, other, at, correct)
    return Imported(
        added=len(new), corrected=len(other), known=len(given) - len(ids), warnings=tuple(warnings)
    )


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


def _read(
    rows: Iterable[Cells], today: date, source: str | None
) -> tuple[list[Given], list[str], list[str]]:
    """Return the lines that count, what refuses the table, and what is only told."""
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


def _known(given: Sequence[Given]) -> dict[Key, tuple[int, Decimal, int]]:
    with cursor() as cur:
        cur.execute(
            KNOWN.encode(),
            _keys(given),
        )
        return {(b, q, s, on): (id_, rate, per) for b, q, s, on, id_, rate, per in cur.fetchall()}


def _keys(given: Sequence[Given]) -> tuple[list[object], ...]:
    return tuple([one.key[place] for one in given] for place in range(4))


def _write(
    new: Sequence[Given],
    other: Sequence[Given],
    ids: Mapping[Key, int],
    at: datetime,
    why: str | None,
) -> list[int]:
    lines = [*new, *other]
    with cursor() as cur:
        cur.execute(
            "insert into ledger_rate (base_id, quote_id, source, quoted_on, rate, per, "
            "recorded_at, corrects_id, why) "
            "select base, quote, source, on_day, rate, per, %s, corrects, why from unnest("
            "%s::text[], %s::text[], %s::text[], %s::date[], %s::numeric[], %s::int[], "
            "%s::bigint[], %s::text[]) "
            "as g (base, quote, source, on_day, rate, per, corrects, why) returning id",
            (
                at, *_keys(lines), [one.rate for one in lines], [one.per for one in lines],
                [None] * len(new) + [ids[one.key] for one in other],
                [None] * len(new) + [why] * len(other),
            ),
        )  # fmt: skip
        return [row[0] for row in cur.fetchall()]


def _jumps(ids: Sequence[int], lines: Mapping[Key, int], on: date) -> list[str]:
    """Return a warning for each rate just written that is far from a neighbouring day's."""
    terms = terms_on(on)
    with cursor() as cur:
        cur.execute(
            "select r.base_id, r.quote_id, r.source, r.quoted_on, r.rate, r.per, "
            "n.quoted_on, n.rate, n.per from ledger_rate as r cross join lateral ("
            "(select * from ledger_rate as b where (b.base_id, b.quote_id, b.source) "
            "= (r.base_id, r.quote_id, r.source) and b.quoted_on < r.quoted_on "
            "and not exists (select from ledger_rate as l where l.corrects_id = b.id) "
            "order by b.quoted_on desc limit 1) union all "
            "(select * from ledger_rate as a where (a.base_id, a.quote_id, a.source) "
            "= (r.base_id, r.quote_id, r.source) and a.quoted_on > r.quoted_on "
            "and not exists (select from ledger_rate as l where l.corrects_id = a.id) "
            "order by a.quoted_on limit 1)) as n "
            "where r.id = any(%s) and abs(n.quoted_on - r.quoted_on) <= %s "
            # Cross-multiplied, so that nothing is rounded before it is compared.
            "and abs(r.rate * n.per - n.rate * r.per) * 10000 > n.rate * r.per * %s "
            "order by r.quoted_on, r.base_id, r.quote_id, n.quoted_on",
            (list(ids), terms["neighbour_days_max"], terms["jump_warned_bp"]),
        )
        return [
            f"line {lines[b, q, s, day]}: {per} {b} = {plain(rate)} {q} on {day} is far from "
            f"{beside_per} {b} = {plain(beside)} {q} on {beside_on}; look for a slipped point"
            for b, q, s, day, rate, per, beside_on, beside, beside_per in cur.fetchall()
        ]


def terms_on(on: date) -> Mapping[str, int]:
    """Return the figures of `rate_terms.csv` that count on a day."""
    table = files("tradeloop.ledger").joinpath("rate_terms.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(table.splitlines())
            if date.fromisoformat(row["effective_from"]) <= on]  # fmt: skip
    last = max(rows, key=lambda row: row["effective_from"])
    return {name: int(last[name]) for name in ("jump_warned_bp", "neighbour_days_max")}


def _tell(new: Sequence[Given], other: Sequence[Given], at: datetime, correct: str | None) -> None:
    lines = [
        {"base": b, "quote": q, "source": s, "on": on.isoformat(), "rate": plain(one.rate),
         "per": one.per}
        for one in (*new, *other) for b, q, s, on in [one.key]
    ]  # fmt: skip
    digest = hashlib.sha256(rfc8785.dumps(lines)).hexdigest()  # type: ignore[arg-type]
    fact = {"added": len(new), "corrected": len(other), "digest": digest}
    record(kind="ledger.rates-imported", at=at, fact={**fact, "why": correct if other else None})


def _refuse(kind: type[RatesRefused], wrong: Sequence[str]) -> None:
    if wrong:
        more = [f"and {len(wrong) - TOLD_MAX} more lines"] if len(wrong) > TOLD_MAX else []
        raise kind("\n".join(["Nothing was taken:", *wrong[:TOLD_MAX], *more]))
