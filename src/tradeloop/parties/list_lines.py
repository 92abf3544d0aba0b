"""A line of a list becomes an entry, or a sentence that says what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from stdnum.cn import ric

from tradeloop.kit import codes
from tradeloop.kit.identifiers import USCC, IdentifierInvalid, check_uscc
from tradeloop.parties.names import name_of
from tradeloop.parties.tokens import cleaned

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "subject": ("subject", "identifier", "uscc", "key", "对象", "统一社会信用代码", "信用代码",
                "社会信用代码", "企业代码", "代码"),
    "name": ("name", "firm", "buyer", "名称", "企业名称", "商户名称", "经营户", "姓名", "采购商"),
    "country": ("country", "nationality", "国家", "国别", "国籍", "国家(地区)"),
    "number": ("number", "id number", "passport", "证件号", "证件号码", "护照号", "护照号码"),
    "number_kind": ("number kind", "id type", "证件类型", "证件种类"),
    "value": ("value", "grade", "status", "等级", "信用等级", "结果", "状态", "类别"),
    "from": ("from", "valid from", "起", "起始日期", "生效日期", "开始日期", "有效期起",
             "列入日期"),
    "to": ("to", "valid to", "until", "止", "截止日期", "失效日期", "结束日期", "有效期止"),
    "source": ("source", "来源", "依据", "发布机构"),
    "appeal": ("appeal until", "appeal by", "申诉期限", "申诉截止", "异议截止", "异议期限"),
}  # fmt: skip
OPEN_ENDED = ("长期", "长期有效", "永久", "permanent", "-", "—")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", re.ASCII)
SUBJECT_LENGTH_MAX = 100
LISTED = "listed"  # the value of a line that says none
Cells = tuple[int, Mapping[str, str]]


class ListRefused(ValueError):
    """A list cannot be taken; nothing of it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list, read; `subject` is None where only a name tells who is meant."""

    line: int
    subject: str | None
    name: str | None
    country: str | None
    number: str | None
    number_kind: str
    value: str
    from_date: date | None  # None: the first day of the version
    to_date: date | None
    source: str
    appeal_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that was not taken: why, and whom it seems to name."""

    line: int
    because: str
    subject: str = ""
    name: str = ""

    def __str__(self) -> str:
        """Write it for people."""
        return f"line {self.line}: {self.because}"


@dataclass(slots=True)
class Table:
    """The lines of a list that can be read, those that cannot, and what is only told."""

    lines: list[Line] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def named(table: Iterable[tuple[int, Sequence[str]]]) -> tuple[list[Cells], list[str]]:
    """Return the rows of a table as cells by name, and the headings that say nothing to us.

    Raises:
        ListRefused: There is no row, or no heading tells who is meant, or one is there twice.
    """
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in table if any(cells)]
    if not rows:
        raise ListRefused("The file is empty. Write a line of headings: subject,value,from,to,…")
    (_, first), *rest = rows
    by_word = {heading_of(word): name for name, words in HEADINGS.items() for word in words}
    names = [by_word.get(heading_of(cell)) for cell in first]
    doubled = [name for name in HEADINGS if names.count(name) > 1]
    if doubled or not {"subject", "name"} & set(names):
        known = "; ".join("/".join(words) for words in HEADINGS.values())
        raise ListRefused(
            f"Check the headings {', '.join(first)}: one of subject or name is needed, and each at "
            f"most once. Known are {known}."
        )
    odd = [cell for cell, name in zip(first, names, strict=True) if cell and name is None]
    cells: list[Cells] = [
        (line, {name: cell for name, cell in zip(names, row, strict=False) if name})
        for line, row in rest
        if any(row)
    ]
    return cells, odd


def read_lines(rows: Iterable[Cells], *, source: str, to_date: date | None) -> Table:
    """Return what can be read of a list, and what cannot, by its line.

    Args:
        rows: Line number and cells by heading, as `named` gives them.
        source: For lines that name none.
        to_date: For lines that say no last day.
    """
    table = Table()
    for line, cells in rows:
        try:
            table.lines.append(_line(line, cells, source, to_date))
        except ListRefused as error:
            table.unread.append(
                Unread(line=line, because=str(error), subject=cells.get("subject", ""),
                       name=cleaned(cells.get("name", "")))
            )  # fmt: skip
    return table


def subject_of(text: str) -> str:
    """Return the key of a subject, its check digit checked where it has one.

    Raises:
        ListRefused: It cannot be a key.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    compact = text.replace(" ", "").replace("-", "").upper()
    if ric.is_valid(compact):
        return compact  # a person who sells under an identity number: of the same length
    if USCC.fullmatch(compact):
        try:
            return check_uscc(compact)
        except IdentifierInvalid as error:
            raise ListRefused(str(error).rstrip(".")) from None
    if not text.isprintable() or " " in text or "/" in text or len(text) > SUBJECT_LENGTH_MAX:
        raise ListRefused(f"{text!r} is no key of a party; write its code, without blanks")
    return text


def day_of(text: str) -> date | None:
    """Return the day that a cell says, or None for an empty one.

    Raises:
        ListRefused: It says something else.
    """
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise ListRefused(f"{text!r} is no date; write 2026-01-31") from None


def heading_of(text: str) -> str:
    """Return a heading as all write it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())


def _line(line: int, cells: Mapping[str, str], source: str, to_date: date | None) -> Line:
    subject, name = cells.get("subject", ""), cleaned(cells.get("name", ""))
    if not subject and not name_of(name).tokens:
        raise ListRefused("it names nobody; write a subject or a name")
    from_date = day_of(cells.get("from", ""))
    last = cells.get("to", "")
    ends = None if last.casefold() in OPEN_ENDED else day_of(last) or to_date
    if from_date and ends and ends < from_date:
        raise ListRefused(f"its last day {ends} is before its first, {from_date}")
    told_by = cleaned(cells.get("source", "")) or source
    if not told_by:
        raise ListRefused("it names no source; add a column source, or say --source")
    return Line(
        line=line, subject=subject_of(subject) if subject else None, name=name or None,
        country=_country(cells.get("country", "")), number=cells.get("number") or None,
        number_kind=cells.get("number_kind") or "passport",
        value=cleaned(cells.get("value", "")) or LISTED, from_date=from_date, to_date=ends,
        source=told_by, appeal_until=day_of(cells.get("appeal", "")),
    )  # fmt: skip


def _country(text: str) -> str | None:
    if not text:
        return None
    found = codes.country(text.upper())
    iso = found.iso3 if found else _country_names().get(text.casefold())
    if iso is None:
        raise ListRefused(f"{text!r} is no country; give three letters, as in DEU")
    return iso


@cache
def _country_names() -> Mapping[str, str]:
    return {
        row[field].casefold(): row["iso3"]
        for row in codes.table("countries")
        for field in ("name_zh", "name_en")
        if row["iso3"]
    }
