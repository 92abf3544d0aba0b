"""One cell becomes one value of its field, or a finding that says what was seen and expected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tradeloop.documents.papers import PaperField, choices
from tradeloop.documents.tables import dates, forms
from tradeloop.documents.tables.sheet import EXCEL_EPOCH, Cell, plain, text_of
from tradeloop.documents.told import Told
from tradeloop.documents.values import Value, excerpt, shortened

WHOLE_DIGITS_MAX = {"decimal": 14, "quantity": 13}
FRACTION_DIGITS_MAX = 5
SMALLEST = Decimal("0.00001")
INTEGER_DIGITS_MAX = 12
EXPONENT_MAX = 40  # of a number that came in a program's own notation
EXACT_TO = 1e15  # a spreadsheet keeps fifteen digits of a number

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
COUNTED = "天|日|days?|件|箱|ctns?|cartons?|pkgs?|packages?"
COUNT = re.compile(rf"(\d+)\s*({COUNTED})?", re.ASCII | re.IGNORECASE)
KILOGRAMS = re.compile(r"\s*(kgs?|千克|公斤)$", re.IGNORECASE)
FORMULA = re.compile(r"[=@]|[+-]\s*[A-Za-z_]+\s*\(")
WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B), 0xFF0D)}
WIDE |= {0x3000: 0x20, 0xA0: 0x20}

EXPECTED: Mapping[str, str] = {
    "decimal": "a number such as 1234.50, of at most 14 digits before and 5 after the point",
    "quantity": "a number such as 500.5, of at most 13 digits before and 5 after the point",
    "integer": "a whole number such as 60",
    "rate": "a tax rate such as 13%",
}


class Reading(NamedTuple):
    """The value of a cell, what must be told of it, and the currencies that its mark allows."""

    value: Value = None
    told: tuple[Told, ...] = ()
    mark: frozenset[str] | None = None


EMPTY = Reading()


def read_cell(field: PaperField, cell: Cell, epoch: date = EXCEL_EPOCH) -> Reading:
    """Return what a cell holds for its field; an empty one holds nothing, and nothing raises."""
    if cell is None or cell == "":
        return EMPTY
    if isinstance(cell, str):
        cell = cell.strip()
        if not cell.isascii():
            cell = cell.translate(WIDE).strip()
        if not cell:
            return EMPTY
    return READERS[field.type](field, cell, epoch)


def _text(field: PaperField, cell: Cell, _: date) -> Reading:
    told: tuple[Told, ...] = ()
    if isinstance(cell, float) and abs(cell) >= EXACT_TO:
        expected = "all digits: the spreadsheet kept 15; format the column as text"
        return Reading(plain(cell), (Told("number-rounded", field.name, plain(cell), expected),))
    text = shortened(text_of(cell))
    if FORMULA.match(text):
        told = (Told("formula-text", field.name, excerpt(text), "a plain text"),)
    if not field.form:
        return Reading(text, told)
    found = forms.read_form(field.form, text, isinstance(cell, (int, float)))
    if found.code:
        seen = excerpt(text)
        told = (*told, Told(found.code, field.name, seen, found.expected))
    return Reading(found.value, told)


def _choice(field: PaperField, cell: Cell, _: date) -> Reading:
    text = unicodedata.normalize("NFKC", text_of(cell))
    words = choices()[field.form]
    if (value := words.get(text.lower())) is not None:
        return Reading(value)
    expected = "one of " + ", ".join(dict.fromkeys(words.values()))
    told = (Told("choice-unknown", field.name, excerpt(text), expected),)
    # What was agreed on payment is looked for in words too, so they are kept.
    return Reading(text if field.form == "payment_method" else None, told)


def _number(field: PaperField, cell: Cell, _: date) -> Reading:
    mark = None
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell)
        if field.name.endswith("_kg"):
            text = KILOGRAMS.sub("", text)
        text, mark = forms.without_mark(text)
        text = _signed(text)
        if GROUPED.fullmatch(text):
            text = text.replace(",", "")
    elif isinstance(cell, bool | date | time | timedelta):
        text = ""
    else:
        text = _digits(cell)
    expected = EXPECTED[field.type]
    if not NUMBER.fullmatch(text):
        seen = excerpt(text_of(cell))
        return Reading(None, (Told("number-malformed", field.name, seen, expected),))
    whole, _point, fraction = text.lstrip("+-").partition(".")
    decimals = len(fraction.rstrip("0"))
    if len(whole.lstrip("0")) > WHOLE_DIGITS_MAX[field.type] or (
        decimals > FRACTION_DIGITS_MAX and field.form != "rounded"
    ):
        return Reading(None, (Told("number-out-of-range", field.name, excerpt(text), expected),))
    value = Decimal(text)
    if decimals <= FRACTION_DIGITS_MAX:
        return Reading(value, (), mark)
    # The price of an invoice is its amount divided by the quantity: up to thirteen places.
    told = (Told("price-rounded", field.name, excerpt(text), "five decimals"),)
    return Reading(value.quantize(SMALLEST, ROUND_HALF_UP), told, mark)


def _digits(number: float | Decimal | None) -> str:
    """Return a number without a power of ten; one that no amount can be stays as it is."""
    if isinstance(number, float):
        return plain(number)
    exact = Decimal(number or 0)
    return format(exact, "f") if abs(exact.adjusted()) < EXPONENT_MAX else str(exact)


def _signed(text: str) -> str:
    """Return a number with its sign in front: books write -5 as (5) or 5- too.

    >>> _signed("(1,200.00)"), _signed("5-")
    ('-1,200.00', '-5')
    """
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        return "-" + text[1:-1].strip()
    if text.endswith("-"):
        return "-" + text[:-1].strip()
    return text


def _integer(field: PaperField, cell: Cell, _: date) -> Reading:
    if field.form == "rate":
        return _rate(field, cell)
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "")
    found = COUNT.fullmatch(text.removesuffix(".0"))
    if not found or isinstance(cell, bool):
        told = Told("number-malformed", field.name, excerpt(text_of(cell)), EXPECTED["integer"])
        return Reading(None, (told,))
    if len(found[1].lstrip("0")) > INTEGER_DIGITS_MAX:
        told = Told("number-out-of-range", field.name, text, EXPECTED["integer"])
        return Reading(None, (told,))
    return Reading(int(found[1]))


def _rate(field: PaperField, cell: Cell) -> Reading:
    basis_points = forms.basis_points(text_of(cell))
    if basis_points is None:
        told = Told("number-malformed", field.name, excerpt(text_of(cell)), EXPECTED["rate"])
        return Reading(None, (told,))
    return Reading(basis_points)


def _time(field: PaperField, cell: Cell, epoch: date) -> Reading:
    when, code = dates.read_time(cell, epoch)
    told: tuple[Told, ...] = ()
    if code:
        told = (Told(code, field.name, excerpt(text_of(cell)), dates.EXPECTED[field.type]),)
    if when is None:
        return Reading(None, told)
    return Reading(when.date() if field.type == "date" else when, told)


READERS: Mapping[str, Callable[[PaperField, Cell, date], Reading]] = {
    "text": _text,
    "choice": _choice,
    "decimal": _number,
    "quantity": _number,
    "integer": _integer,
    "time": _time,
    "date": _time,
}
