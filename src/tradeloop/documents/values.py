"""One field's text becomes one value, or a finding that says what was seen and expected."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from tradeloop.documents.layout import Field
from tradeloop.documents.told import Told

Value = str | int | Decimal | datetime | date | None

# A text longer than this is kept as its beginning and its digest: no field of either edition is
# half as long, and two different texts must not become one by being cut.
TEXT_LENGTH_MAX = 2_000

# Whitespace as XML knows it. Python's strip() would also take the full-width space.
XML_SPACE = " \t\r\n"

# The code of a length that one edition forbids; such are told once for each file and field.
EDITION = "field-length-edition"

CENTURIES = ("19", "20", "21")  # any other year is a slip of the keyboard

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)


def read_value(field: Field, text: str) -> tuple[Value, Told | None]:
    """Return the value of `text`, and what must be told of it.

    An empty text is null. A value that cannot be read is null and told; nothing raises.
    """
    text = text.strip(XML_SPACE)
    if not text:
        return None, _emptiness(field)
    if field.type == "text":
        return shortened(text), _length(field, text)
    return READERS[field.type](field, text)


def missing(field: Field) -> Told:
    """Return what to tell of a required field that is not there at all."""
    return Told("field-missing", field.name, "no such element", _wanted(field))


def shortened(text: str) -> str:
    """Return `text`, or its beginning and its digest where it is longer than any field may be."""
    if len(text) <= TEXT_LENGTH_MAX:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[: TEXT_LENGTH_MAX - 80]}… sha256:{digest}"


def excerpt(text: str) -> str:
    """Return as much of `text` as a finding shows.

    >>> excerpt("a" * 200)[-25:]
    'aaaaaaa… (200 characters)'
    """
    return text if len(text) <= 120 else f"{text[:100]}… ({len(text)} characters)"  # noqa: PLR2004 - what fits on a line


def _emptiness(field: Field) -> Told | None:
    if not field.required or (field.type == "text" and field.length_min == 0):
        return None
    code = (
        "field-empty" if field.type == "text" and not field.length_min_either else "field-missing"
    )
    return Told(code, field.name, "empty", _wanted(field))


def and_more(told: Told, more: int) -> Told:
    """Return `told` as it stands for `more` others like it.

    >>> and_more(Told("field-length-edition", "invtNo", "x"), 2).seen
    'x and 2 more'
    """
    return replace(told, seen=f"{told.seen} and {more} more") if more else told


def length_of_one_edition(field: Field, text: str) -> Told:
    """Return what to tell of a length that one edition forbids."""
    return Told(EDITION, field.name, excerpt(text), _wanted(field))


def _length(field: Field, text: str) -> Told | None:
    if field.length_min <= len(text) <= field.length_max:
        return None
    if field.length_min_either <= len(text) <= field.length_max_either:
        return length_of_one_edition(field, text)
    return Told("field-length", field.name, excerpt(text), _wanted(field))


def _wanted(field: Field) -> str:
    if field.type != "text":
        return EXPECTED[field.type]
    low, high = field.length_min, field.length_max
    return f"{low} characters" if low == high else f"{low} to {high} characters"


def _number(field: Field, text: str) -> tuple[Value, Told | None]:
    if not NUMBER.fullmatch(text):
        return None, Told("number-malformed", field.name, excerpt(text), EXPECTED[field.type])
    number = Decimal(text)
    whole_max = 14 if field.type == "decimal" else 13
    whole, _, fraction = text.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > whole_max or len(fraction.rstrip("0")) > 5:  # noqa: PLR2004 - the scale of DECIMAL(19,5)
        return None, Told("number-out-of-range", field.name, excerpt(text), EXPECTED[field.type])
    return number, None


def _integer(field: Field, text: str) -> tuple[Value, Told | None]:
    if not DIGITS.fullmatch(text):
        return None, Told("number-malformed", field.name, excerpt(text), EXPECTED["integer"])
    if len(text.lstrip("0")) > field.length_max:
        expected = f"at most {field.length_max} digits"
        return None, Told("number-out-of-range", field.name, excerpt(text), expected)
    return int(text), None


def _time(field: Field, text: str) -> tuple[Value, Told | None]:
    told = Told("date-impossible", field.name, excerpt(text), EXPECTED[field.type])
    length = {"date": 8, "time": 14, "moment": 17}[field.type]
    if not DIGITS.fullmatch(text) or len(text) != length:
        return None, told
    if text[:2] not in CENTURIES:
        return None, told
    parts = text[:4], text[4:6], text[6:8], text[8:10], text[10:12], text[12:14], text[14:]
    year, month, day, hour, minute, second, milli = (int(part or 0) for part in parts)
    try:
        when = datetime(year, month, day, hour, minute, second, milli * 1000)  # noqa: DTZ001 - local time, as the message has it
    except ValueError:
        return None, told
    return (when.date() if field.type == "date" else when), None


READERS: Mapping[str, Callable[[Field, str], tuple[Value, Told | None]]] = {
    "decimal": _number,
    "quantity": _number,
    "integer": _integer,
    "time": _time,
    "moment": _time,
    "date": _time,
}

EXPECTED: Mapping[str, str] = {
    "decimal": "a number of at most 14 digits before and 5 after the point",
    "quantity": "a number of at most 13 digits before and 5 after the point",
    "integer": "a whole number",
    "time": "a time as yyyyMMddHHmmss",
    "moment": "a time as yyyyMMddHHmmssfff",
    "date": "a date as yyyyMMdd",
}
