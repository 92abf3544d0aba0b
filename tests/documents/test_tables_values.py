"""Each way in which people write a value in a cell gives one value, or is told and left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from tradeloop.documents.papers import PaperField, paper_kinds
from tradeloop.documents.tables.sheet import MAC_EPOCH, Cell
from tradeloop.documents.tables.values import read_cell


def short(value: object) -> str:
    """Return the beginning of a value, to name a test by."""
    return repr(value)[:24]


def field(kind: str, form: str = "") -> PaperField:
    first = paper_kinds()["MP.trade"].head_fields[0]
    return replace(first, name="field", type=kind, form=form, need="")


NUMBERS: list[tuple[Cell, object]] = [
    (12.5, "12.5"), ("12.50", "12.50"), ("1,234.50", "1234.50"), ("１２３．５", "123.5"),
    (0.1 + 0.2, "0.3"), (1e5, "100000"), ("US$ 1,200.00", "1200.00"), ("USD 12", "12"),
    ("12 USD", "12"), ("¥100", "100"), ("100元", "100"), ("(5.00)", "-5.00"), ("5-", "-5"),
    ("-5", "-5"), (-5, "-5"), (Decimal("1.5"), "1.5"), ("1,234,567", "1234567"), (0, "0"),
    ("12,5", "number-malformed"), ("1.200,00", "number-malformed"), ("abc", "number-malformed"),
    ("1e5", "number-malformed"), (True, "number-malformed"), ("--5", "number-malformed"),
    (date(2026, 1, 1), "number-malformed"), ("=1+1", "number-malformed"),
    ("0.123456", "number-out-of-range"), ("123456789012345", "number-out-of-range"),
    (float("inf"), "number-malformed"), (Decimal("1e999999"), "number-malformed"),
    (10**400, "number-out-of-range"), ("", None), ("  ", None), (None, None), ("\u3000", None),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), NUMBERS, ids=short)
def test_an_amount(cell: Cell, expected: str | None) -> None:
    reading = read_cell(field("decimal"), cell)

    if expected is None or expected[0] in "-0123456789":
        assert (reading.value, reading.told) == (
            None if expected is None else Decimal(expected),
            (),
        )
    else:
        assert reading.value is None
        assert [told.code for told in reading.told] == [expected]


def test_what_is_expected_is_said_as_people_may_write_it() -> None:
    for form, cell, expected in (
        ("country", "迪拜", "a country such as ARE or 阿联酋"),
        ("currency", "刀", "a currency such as USD or 美元"),
        ("mode", "集市", "a customs code of four digits, or its name"),
    ):
        assert read_cell(field("text", form), cell).told[0].expected == expected


def test_a_weight_may_bear_its_unit() -> None:
    gross = next(one for one in paper_kinds()["packing_list"].head_fields if one.name == "gross_kg")

    for cell in ("210KG", "210 千克", "２１０公斤", "210kgs"):
        assert read_cell(gross, cell).value == Decimal(210)
    assert read_cell(gross, "210 lb").told[0].code == "number-malformed"


def test_the_words_of_the_tax_office_are_invoice_kinds() -> None:
    for cell, kind in (
        ("数电发票（增值税专用发票）", "special"),
        ("数电发票（普通发票）", "ordinary"),
    ):
        assert read_cell(field("choice", "invoice_kind"), cell).value == kind


@pytest.mark.parametrize(
    ("cell", "value"),
    [("8.849557522124", "8.84956"), (0.123456, "0.12346"), ("0.123455", "0.12346"), ("1.5", "1.5")],
)
def test_the_price_of_an_invoice_may_have_more_decimals(cell: Cell, value: str) -> None:
    reading = read_cell(field("quantity", "rounded"), cell)

    assert reading.value == Decimal(value)
    codes = [told.code for told in reading.told]
    assert codes == ([] if str(cell) == value else ["price-rounded"])


DATES: list[tuple[Cell, date | None, str]] = [
    ("2026-09-01", date(2026, 9, 1), ""), ("2026/9/1", date(2026, 9, 1), ""),
    ("2026.9.1", date(2026, 9, 1), ""), ("2026年9月1日", date(2026, 9, 1), ""),
    ("20260901", date(2026, 9, 1), ""), (20260901.0, date(2026, 9, 1), ""),
    ("２０２６-０９-０１", date(2026, 9, 1), ""), ("2026-09-01 10:30", date(2026, 9, 1), ""),
    ("2026-09-01T10:30:00", date(2026, 9, 1), ""), ("1 Sep 2026", date(2026, 9, 1), ""),
    ("31/12/2026", date(2026, 12, 31), ""), ("12/31/2026", date(2026, 12, 31), ""),
    ("09/09/2026", date(2026, 9, 9), ""), (46266.0, date(2026, 9, 1), "date-as-number"),
    (datetime.fromisoformat("2026-09-01 10:00"), date(2026, 9, 1), ""),
    (date(2026, 9, 1), date(2026, 9, 1), ""),
    ("09/01/2026", None, "date-ambiguous"), ("26/9/1", None, "date-ambiguous"),
    ("2026-02-30", None, "date-impossible"), ("soon", None, "date-impossible"),
    ("1026-09-01", None, "date-impossible"), (True, None, "date-impossible"),
    (-3.0, None, "date-impossible"), (1e300, None, "date-impossible"),
    (float("nan"), None, "date-impossible"), (10**400, None, "date-impossible"),
    (Decimal("1e999999"), None, "date-impossible"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected", "code"), DATES, ids=short)
def test_a_date(cell: Cell, expected: date | None, code: str) -> None:
    reading = read_cell(field("date"), cell)

    assert reading.value == expected
    assert [told.code for told in reading.told] == ([code] if code else [])


def test_a_time_with_a_zone_is_a_time_of_shanghai() -> None:
    assert read_cell(field("time"), "2026-09-01T02:30:00Z").value == datetime.fromisoformat(
        "2026-09-01 10:30"
    )


def test_days_of_an_old_mac_count_from_1904() -> None:
    assert read_cell(field("date"), 44804.0, MAC_EPOCH).value == date(2026, 9, 1)


FORMS: list[tuple[str, Cell, object, str]] = [
    ("uscc", "91330782MA2000001K", "91330782MA2000001K", ""),
    ("uscc", "９１330782MA2000001K", "91330782MA2000001K", ""),
    ("uscc", "91330782MA2000001X", "91330782MA2000001X", "firm-code-malformed"),
    ("entry_id", "292120260000000001", "292120260000000001", ""),
    ("entry_id", "29212026000000001", "29212026000000001", "declaration-number-malformed"),
    ("entry_id", 292120260000000001.0, "292120260000000000", "number-rounded"),
    ("invoice_number", "2" * 20, "2" * 20, ""),
    ("invoice_number", "2" * 19, "2" * 19, "invoice-number-malformed"),
    ("currency", "USD", "USD", ""), ("currency", "usd", "USD", ""),
    ("currency", "美元", "USD", ""), ("currency", "RMB", "CNY", ""),
    ("currency", "502", "USD", ""), ("currency", "XQX", "XQX", "currency-unknown"),
    ("currency", "dollars", "dollars", "currency-malformed"),
    ("country", "ARE", "ARE", ""), ("country", "阿联酋", "ARE", ""), ("country", "138", "ARE", ""),
    ("country", "United Arab Emirates", "ARE", ""),
    ("country", "Atlantis", "Atlantis", "country-malformed"),
    ("unit", "件", "011", ""), ("unit", "011", "011", ""), ("unit", 11.0, "011", ""),
    ("unit", "pallet", "pallet", ""),
    ("hs", "9503", "9503", ""), ("hs", "9503.00.89.00", "9503008900", ""),
    ("hs", 304110000.0, "0304110000", ""), ("hs", "95", "95", "hs-malformed"),
    ("hs10", "9503", "9503", "hs-malformed"), ("hs10", "9503008900", "9503008900", ""),
    ("mode", "1039", "1039", ""), ("mode", 1039.0, "1039", ""), ("mode", "市场采购", "1039", ""),
    ("mode", 110.0, "0110", ""), ("mode", "9999", "9999", "trade-mode-unknown"),
    ("mode", "x", "x", "trade-mode-malformed"), ("office", "2921", "2921", ""),
    ("mode", "市场采购(1039)", "1039", ""), ("mode", "1039 市场采购", "1039", ""),
    ("mode", "市场采购(9610)", "市场采购(9610)", "trade-mode-malformed"),
    ("office", "义乌海关2921", "2921", ""),
    ("customs_code", "3318SYN001", "3318SYN001", ""),
]  # fmt: skip


@pytest.mark.parametrize(("form", "cell", "value", "code"), FORMS, ids=short)
def test_a_code(form: str, cell: Cell, value: str, code: str) -> None:
    reading = read_cell(field("text", form), cell)

    assert reading.value == value
    assert [told.code for told in reading.told][:1] == ([code] if code else [])


RATES: list[tuple[Cell, int | None]] = [
    ("13%", 1300), (0.13, 1300), (13, 1300), ("1300", 1300), ("免税", 0), ("1%", 100), (0, 0),
    ("1.5%", 150), ("high", None), ("-3%", None),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), RATES, ids=short)
def test_a_tax_rate_is_basis_points(cell: Cell, expected: int | None) -> None:
    assert read_cell(field("integer", "rate"), cell).value == expected


TEXTS: list[tuple[Cell, str, str]] = [
    ("ＡＢ１２", "AB12", ""), (12.0, "12", ""), (True, "TRUE", ""),
    ("=HYPERLINK(1)", "=HYPERLINK(1)", "formula-text"), ("@SUM(1)", "@SUM(1)", "formula-text"),
    ("-cmd(1)", "-cmd(1)", "formula-text"), ("-5", "-5", ""), ("+86 1", "+86 1", ""),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "code"), TEXTS, ids=short)
def test_a_text(cell: Cell, value: str, code: str) -> None:
    reading = read_cell(field("text"), cell)

    assert reading.value == value
    assert [told.code for told in reading.told] == ([code] if code else [])


def test_a_word_that_no_list_has_is_told() -> None:
    unknown = read_cell(field("choice", "price_basis"), "EXW")
    kept = read_cell(field("choice", "payment_method"), "barter")

    assert (unknown.value, unknown.told[0].code) == (None, "choice-unknown")
    assert (kept.value, kept.told[0].code) == ("barter", "choice-unknown")
    assert read_cell(field("choice", "payment_method"), "电汇").value == "T/T"
    assert read_cell(field("integer"), "60天").value == 60
