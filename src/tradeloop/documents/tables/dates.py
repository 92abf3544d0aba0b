"""A cell becomes a time: as a date, as the number a spreadsheet keeps, or as people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tradeloop.documents.tables.sheet import Cell
from tradeloop.kit.calendar import SHANGHAI

SERIAL_MIN, SERIAL_MAX = 1, 109_574  # 1900 to 2199
DIGITS_MAX = 10**14  # yyyyMMddHHmmss
YEAR_MIN, YEAR_MAX = 1900, 2199
EXPECTED: Mapping[str, str] = {
    "date": "a date as 2026-01-31",
    "time": "a time as 2026-01-31 10:30:00",
}

CLOCK = r"(?:\s*[ T]?\s*(\d{1,2})[:时](\d{1,2})分?(?:[:]?(\d{1,2})(?:\.\d+)?秒?)?)?"
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?" + CLOCK, re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + CLOCK, re.ASCII)
SHORT = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}", re.ASCII)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?", re.ASCII)
NAMED = ("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%Y-%b-%d")

Found = tuple[datetime | None, str]  # the time, and the code of what is to be told


def read_time(cell: Cell, epoch: date) -> Found:
    """Return the local time in a cell, and a finding's code or an empty text."""
    if isinstance(cell, datetime):
        return _in_range(cell)
    if isinstance(cell, date):
        return _in_range(datetime.combine(cell, time()))
    if isinstance(cell, bool | time | timedelta) or cell is None:
        return None, "date-impossible"
    if isinstance(cell, str):
        return _of_text(unicodedata.normalize("NFKC", cell))
    return _of_number(cell, epoch)


def _of_number(cell: float | Decimal, epoch: date) -> Found:
    if not -DIGITS_MAX <= cell <= DIGITS_MAX:
        return None, "date-impossible"
    number = float(cell)
    if SERIAL_MIN <= number < SERIAL_MAX:
        return _of_serial(number, epoch)
    return _of_text(str(int(number))) if number.is_integer() else (None, "date-impossible")


def _of_serial(number: float, epoch: date) -> Found:
    seconds = round(number * 86_400)
    when = datetime.combine(epoch, time()) + timedelta(seconds=seconds)
    return when, "date-as-number"


def _of_text(text: str) -> Found:
    if found := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        return _made(*found.groups())
    if found := YEAR_LAST.fullmatch(text):
        first, second, year, *clock = found.groups()
        if int(first) > 12:  # noqa: PLR2004 - no month, so the day stands first
            first, second = second, first
        elif int(second) <= 12 and first != second:  # noqa: PLR2004 - either may be the month
            return None, "date-ambiguous"
        return _made(year, first, second, *clock)
    if SHORT.fullmatch(text):
        return None, "date-ambiguous"
    for shape in NAMED:
        try:
            return _in_range(datetime.strptime(text, shape))  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return _of_standard(text)


def _of_standard(text: str) -> Found:
    """Read ISO 8601 with a zone, such as programs write."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return _of_digits(text)
    if when.tzinfo is not None:
        when = when.astimezone(SHANGHAI)
    return _in_range(when.replace(tzinfo=None))


def _of_digits(text: str) -> Found:
    """Read the number that a spreadsheet keeps for a day, where it came as text."""
    if re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        return None, "date-ambiguous"
    return None, "date-impossible"


def _made(*parts: str | None) -> Found:
    try:
        return _in_range(datetime(*(int(part or 0) for part in parts)))  # type: ignore[arg-type]  # noqa: DTZ001 - local time, as papers have it
    except ValueError:
        return None, "date-impossible"


def _in_range(when: datetime) -> Found:
    return (when, "") if YEAR_MIN <= when.year <= YEAR_MAX else (None, "date-impossible")
