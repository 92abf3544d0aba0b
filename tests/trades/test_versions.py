"""A paper that comes again is a repeat, a new version or a contradiction; one version counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from trade_cases.build import Judgement, Trade, Verdict, customs_code, judge, judge_cases, write
from trade_cases.versions import CASES

import papers


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    return judge_cases(tmp_path_factory.mktemp("versions"), CASES)


@pytest.mark.parametrize("name", CASES)
def test_one_version_counts_and_the_others_are_told(
    name: str, verdicts: dict[str, Verdict]
) -> None:
    expected, found = CASES[name], verdicts[name]

    assert found.codes == expected.codes
    assert found.grade == expected.grade
    assert found.orphans == expected.orphans
    assert found.verified_minor == (3000 if expected.grade == "proven" else 0)


def alone(folder: Path, trade: Trade) -> Judgement:
    """Judge one trade by itself."""
    return judge(write(folder, [trade]))


@pytest.mark.parametrize(("kind", "answer"), [("CEB605", "CEB606"), ("CEB701", "CEB702")])
def test_an_answer_found_by_another_key_than_its_copno_is_no_orphan(
    kind: str, answer: str, tmp_path: Path
) -> None:
    trade = Trade(1)
    number = {"sumNo": trade.own(kind)["sumNo"]} if kind == "CEB701" else {}
    trade.add(kind, **number).add(answer, copNo=None, **number)

    told = alone(tmp_path, trade).findings[None]

    assert [one for one in told if one["code"] == "orphan-answer"] == []


def test_a_firm_that_no_row_joins_is_one_trade_and_not_two(tmp_path: Path) -> None:
    trade = Trade(1).change("CEB303", ebcCode=customs_code(1)).change("CEB505", ebcCode=None)

    found = alone(tmp_path, trade)

    assert list(found.verdicts) == [f"{customs_code(1)}/A1"]
    assert found.links[f"{customs_code(1)}/A1"]["parties"] == "unavailable"


def test_a_list_that_two_firms_may_have_sent_contradicts_neither(tmp_path: Path) -> None:
    trade = Trade(1).change("CEB303", ebcCode=customs_code(1)).change("CEB505", ebcCode=None)
    trade.add("CEB303", ebcCode=customs_code(2))

    found = alone(tmp_path, trade)

    assert {grade for grade, _, _ in found.verdicts.values()} == {"incomplete"}


def test_without_an_order_the_trade_has_the_credit_code(tmp_path: Path) -> None:
    trade = Trade(1).drop("CEB303").add("CEB403", ebcCode=customs_code(1))

    found = alone(tmp_path, trade)

    assert list(found.verdicts) == [f"{papers.SELLER}/A1"]


def test_a_repeat_is_told_once_for_each_copy(tmp_path: Path) -> None:
    trade = Trade(1).add("CEB303").add("CEB303")

    told = alone(tmp_path, trade).of(f"{papers.SELLER}/A1")

    assert [one["code"] for one in told.findings] == ["paper-repeated"] * 2
    assert {one["seen"] for one in told.findings} == {"A1"}
