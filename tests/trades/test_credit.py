"""Trades on credit: each code stands where it belongs, the grade and the value follow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from trade_cases import credit
from trade_cases.build import Verdict, judge
from trade_cases.deals import ON, Case, Deal, judge_deals, market, write

THEMES = {
    "market": credit.MARKET,
    "sale": credit.SALES,
    "purchase": credit.PURCHASES,
}
CASES: Mapping[str, Case] = {
    f"{theme}: {name}": one for theme, cases in THEMES.items() for name, one in cases.items()
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    return judge_deals(tmp_path_factory.mktemp("credit"), CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_trade_on_credit_has_these_codes_and_no_others(
    name: str, verdicts: dict[str, Verdict]
) -> None:
    expected, found = CASES[name], verdicts[name]

    assert found.codes == expected.codes
    assert found.orphans == expected.orphans


@pytest.mark.parametrize("name", CASES)
def test_its_grade_and_its_value_follow(name: str, verdicts: dict[str, Verdict]) -> None:
    expected, found = CASES[name], verdicts[name]

    assert found.grade == (expected.grade or None)
    if expected.minor is not None:
        assert found.verified_minor == expected.minor
    if expected.grade != "proven":
        assert not found.verified_minor


def test_trades_that_touch_one_another(tmp_path: Path) -> None:
    found = judge_deals(tmp_path, credit.TOGETHER)

    assert {name: one.codes for name, one in found.items()} == {
        name: one.codes for name, one in credit.TOGETHER.items()
    }


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ("merchant_id", "330782198001011234"),
        ("merchant_id", "330782800101123"),
        ("merchant_id", "E12345678"),
        ("merchant_uscc", "33078219800101123X"),
    ],
)
def test_no_identity_number_of_a_person_is_shown(tmp_path: Path, field: str, number: str) -> None:
    deal = market(Deal(1)).change("trade_records", merchant_uscc=None)
    deal.change("trade_records", **{field: number}).drop("payments")
    found = judge(write(tmp_path / "papers", [deal]), purpose="insurance", on=ON)

    assert found.verdicts
    assert number not in str((found.verdicts, found.findings, found.links))


def test_what_was_not_compared_is_no_match(tmp_path: Path) -> None:
    cases = {
        "no agent": credit.case(lambda d: market(d).change("trade_records", agent_uscc=None)),
        "no lines": credit.case(lambda d: credit.bare(market(d), "trade_records")),
    }
    found = judge_deals(tmp_path, cases)

    assert found["no agent"].links["parties"] == "missing"
    assert found["no lines"].links["lines"] == "missing"
