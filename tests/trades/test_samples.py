"""The official sample of 2018 is one trade, and it contradicts itself."""

from __future__ import annotations

from datetime import date

import pytest

import papers
from tradeloop.trades.actions import explain, verify
from tradeloop.trades.facts import Report

pytestmark = pytest.mark.skipif(not papers.EXPORT_SAMPLES.is_dir(), reason=papers.NO_SHARED)
ON = date(2026, 9, 1)
NOTES = ("paper-repeated",)
REFUSED = (
    "unit-malformed", "currency-malformed", "direction-malformed", "line-total-differs",
    "goods-value-differs", "answer-differs",
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return verify([papers.EXPORT_SAMPLES], purpose="customs", on=ON)


def test_every_file_of_the_sample_is_read(report: Report) -> None:
    assert (report.files, report.read, report.kept) == (19, 19, 0)
    assert not report.unreadable


def test_the_sample_is_one_contradicted_trade(report: Report) -> None:
    assert report.trades == 1
    assert report.grades == {"proven": 0, "incomplete": 0, "contradicted": 1}
    assert report.verified == {}


@pytest.mark.parametrize("code", [*NOTES, *REFUSED, "collection-part", "orphan-waybill"])
def test_what_is_wrong_with_the_sample_is_told(code: str, report: Report) -> None:
    weight = "refuse" if code in REFUSED else "note"

    assert report.findings[code] > 0
    assert next(one.weight for one in report.examples if one.code == code) == weight


def test_amounts_beyond_what_a_float_holds_keep_their_last_digit() -> None:
    [trade] = [one.trade for one in verify(
        [papers.EXPORT_SAMPLES], purpose="customs", on=ON
    ).examples if one.code == "collection-part"]  # fmt: skip
    assert trade is not None

    told = explain(trade, [papers.EXPORT_SAMPLES], purpose="customs", on=ON)

    [part] = [one for one in told.findings if one.code == "collection-part"]
    assert part.seen == "200.50000"
    assert part.expected == "12345678912345.12345"
