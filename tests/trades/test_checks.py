"""Every code is found where it belongs and nowhere else, and the grade follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from trade_cases import credit, customs, gaps, goods, parcels, parties
from trade_cases.build import ON, Case, Verdict, judge_cases

from tradeloop.trades import terms

THEMES = {
    "parties": parties.CASES,
    "parcels": parcels.CASES,
    "goods": goods.CASES,
    "customs": customs.CASES,
    "gaps": gaps.CASES,
}
CASES: Mapping[str, Case] = {
    f"{theme}: {name}": one for theme, cases in THEMES.items() for name, one in cases.items()
}
# Told elsewhere: other purposes, papers that were deleted or are drafts.
ELSEWHERE = frozenset({"payment-missing", "paper-deleted", "paper-draft"})


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    return judge_cases(tmp_path_factory.mktemp("checks"), CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_trade_has_these_codes_and_no_others(name: str, verdicts: dict[str, Verdict]) -> None:
    expected, found = CASES[name], verdicts[name]

    assert found.codes == expected.codes
    assert found.orphans == expected.orphans


@pytest.mark.parametrize("name", CASES)
def test_the_grade_follows_from_links_and_weights(name: str, verdicts: dict[str, Verdict]) -> None:
    expected, found = CASES[name], verdicts[name]

    assert found.grade == (expected.grade or None)
    if expected.grade != "proven":
        assert not found.verified_minor


@pytest.mark.parametrize("name", CASES)
def test_a_grade_is_explained_by_a_finding(name: str, verdicts: dict[str, Verdict]) -> None:
    found = verdicts[name]
    weights = {finding["weight"] for finding in found.findings}
    open_links = {"missing", "stale", "unavailable"} & set(found.links.values())

    if found.grade == "contradicted":
        assert "refuse" in weights
    if found.grade == "incomplete":
        # A mode without requirements has no links at all, and a finding that says so.
        codes = {finding["code"] for finding in found.findings}
        assert "review" in weights
        assert open_links or "trade-mode-not-judged" in codes
    if found.grade == "proven":
        assert "refuse" not in weights
        assert "mismatch" not in found.links.values()


def test_every_code_of_the_catalogue_has_a_case() -> None:
    on_credit = credit.MARKET | credit.SALES | credit.PURCHASES | credit.TOGETHER
    in_cases = {code for one in CASES.values() for code in one.codes | one.orphans}
    in_cases |= {code for one in on_credit.values() for code in one.codes | one.orphans}

    listed = {row["code"] for row in terms.rows("findings.csv")}

    assert listed - in_cases == ELSEWHERE


def test_a_finding_says_where_it_was_seen(verdicts: dict[str, Verdict]) -> None:
    [finding] = verdicts["parcels: weight just more than 5 % over"].findings

    assert str(finding["file"]).endswith("CEB603.xml")
    assert str(finding["position"]).startswith("1/")
    assert finding["field"] == "grossWeight"
    assert (finding["seen"], finding["expected"]) == ("2.10001", "2.00000")
    assert finding["weight"] == "refuse"


def test_there_are_no_terms_for_a_day_before_the_first(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("early")

    with pytest.raises(terms.NoTermsYet, match="2018-01-01 or later"):
        judge_cases(folder, {"clean": CASES["customs: released"]}, on=date(2017, 12, 31))

    assert date(2017, 12, 31) < ON
