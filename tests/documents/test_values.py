"""A field's text becomes its value to the last digit, or null and a word on what was expected."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from tradeloop.documents.layout import Field
from tradeloop.documents.values import (
    TEXT_LENGTH_MAX,
    excerpt,
    missing,
    read_value,
    shortened,
)


def field(kind: str, *, required: bool = True, **bounds: int) -> Field:
    """Return a field of a type; lengths without bounds are 0 to 30 in both editions."""
    low, high = bounds.get("low", 0), bounds.get("high", 30)
    return Field(
        name="name", column="name", type=kind, required=required, length_min=low, length_max=high,
        length_min_either=bounds.get("low_either", low),
        length_max_either=bounds.get("high_either", high),
    )  # fmt: skip


def code(kind: str, text: str, **bounds: int) -> str | None:
    """Return the code that is told of a text."""
    told = read_value(field(kind, **bounds), text)[1]
    return told.code if told else None


NUMBERS = {
    ("decimal", "99999999999999.99999"): Decimal("99999999999999.99999"),
    ("decimal", "12345678912345.12345"): Decimal("12345678912345.12345"),
    ("decimal", "-0.00001"): Decimal("-0.00001"),
    ("decimal", "+5"): Decimal(5),
    ("decimal", ".5"): Decimal("0.5"),
    ("decimal", "5."): Decimal(5),
    ("decimal", " 1.50 \n"): Decimal("1.50"),
    ("decimal", "0000000000000000001"): Decimal(1),
    ("decimal", "1.5000000"): Decimal("1.5"),
    ("quantity", "9999999999999.99999"): Decimal("9999999999999.99999"),
}


@pytest.mark.parametrize(("kind", "text"), NUMBERS)
def test_a_number_keeps_every_digit(kind: str, text: str) -> None:
    value, told = read_value(field(kind), text)

    assert value == NUMBERS[kind, text]
    assert told is None


BAD_NUMBERS = {
    ("decimal", "100000000000000"): "number-out-of-range",
    ("decimal", "99999999999999.999990"): None,
    ("decimal", "0.123456"): "number-out-of-range",
    ("quantity", "10000000000000"): "number-out-of-range",
    ("quantity", "9999999999999"): None,
    ("quantity", "0.000001"): "number-out-of-range",
    ("decimal", "1,000.00"): "number-malformed",
    ("decimal", "1e5"): "number-malformed",
    ("decimal", "NaN"): "number-malformed",
    ("decimal", "Infinity"): "number-malformed",
    ("decimal", "１２"): "number-malformed",
    ("decimal", "1.2.3"): "number-malformed",
    ("decimal", "."): "number-malformed",
    ("decimal", "--1"): "number-malformed",
    ("decimal", "30.OO"): "number-malformed",
}


@pytest.mark.parametrize(("kind", "text"), BAD_NUMBERS)
def test_a_number_out_of_form_or_range_is_null_and_told(kind: str, text: str) -> None:
    value, told = read_value(field(kind), text)

    assert (told.code if told else None) == BAD_NUMBERS[kind, text]
    assert (value is None) == (told is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("99999", None), ("100000", "number-out-of-range"), ("0000000001", None), ("0", None),
        ("-1", "number-malformed"), ("1.0", "number-malformed"), ("٣", "number-malformed"),
    ],
)  # fmt: skip
def test_a_whole_number_has_at_most_its_digits(text: str, expected: str | None) -> None:
    assert code("integer", text, high=5) == expected


TIMES = {
    ("date", "20240229"): date(2024, 2, 29),
    ("date", "20000229"): date(2000, 2, 29),
    ("time", "20260801000000"): datetime(2026, 8, 1),  # noqa: DTZ001 - local, as the message has it
    ("time", "20260801235959"): datetime(2026, 8, 1, 23, 59, 59),  # noqa: DTZ001 - the same
    ("moment", "20260801235959999"): datetime(2026, 8, 1, 23, 59, 59, 999_000),  # noqa: DTZ001 - the same
}


@pytest.mark.parametrize(("kind", "text"), TIMES)
def test_a_time_of_the_calendar_is_read(kind: str, text: str) -> None:
    assert read_value(field(kind), text) == (TIMES[kind, text], None)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "20230229"), ("date", "19000229"), ("date", "20260230"), ("date", "20261301"),
        ("date", "20260100"), ("date", "2026-08-01"), ("date", "00000101"), ("date", "2026080"),
        ("time", "20260801240000"), ("time", "20260801236000"), ("time", "20260801235960"),
        ("time", "20260801"), ("time", "20260801100000000"), ("moment", "20260801100000"),
        ("moment", "2026080110000000x"), ("date", "２０２６０８０１"),
    ],
)  # fmt: skip
def test_a_time_of_no_calendar_is_null_and_told(kind: str, text: str) -> None:
    value, told = read_value(field(kind), text)

    assert value is None
    assert told is not None
    assert (told.code, told.seen) == ("date-impossible", text)


def test_white_space_around_a_text_goes_and_a_full_width_space_stays() -> None:
    assert read_value(field("text"), " \t\r\n　贸 易　\n")[0] == "　贸 易　"


@pytest.mark.parametrize("text", ["", " ", "\r\n\t"])
@pytest.mark.parametrize("kind", ["text", "decimal", "integer", "date"])
def test_nothing_is_null(kind: str, text: str) -> None:
    assert read_value(field(kind, required=False), text) == (None, None)


def test_a_required_field_that_is_empty_is_told_by_what_the_editions_say() -> None:
    assert code("decimal", "") == "field-missing"
    assert code("text", "", low=1, low_either=1) == "field-missing"
    assert code("text", "", low=1, low_either=0) == "field-empty"
    assert code("text", "", low=0) is None
    assert missing(field("text")).code == "field-missing"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, "field-length"), (2, "field-length-edition"), (3, None), (5, None),
        (6, "field-length-edition"), (9, "field-length-edition"), (10, "field-length"),
    ],
)  # fmt: skip
def test_a_length_is_held_against_both_editions(length: int, expected: str | None) -> None:
    bounds = {"low": 3, "high": 5, "low_either": 2, "high_either": 9}

    value, told = read_value(field("text", **bounds), "贸" * length)

    assert value == "贸" * length
    assert (told.code if told else None) == expected


def test_a_text_longer_than_any_field_is_kept_apart_from_every_other() -> None:
    one, two = "x" * TEXT_LENGTH_MAX + "1", "x" * TEXT_LENGTH_MAX + "2"

    assert shortened("x" * TEXT_LENGTH_MAX) == "x" * TEXT_LENGTH_MAX
    assert shortened(one) != shortened(two)
    assert len(shortened(one * 9)) <= TEXT_LENGTH_MAX
    assert excerpt("y" * 121).endswith("(121 characters)")
    assert excerpt("y" * 120) == "y" * 120
