"""Every planted fault is found under its code, and no clean trade is doubted."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from tradeloop.economy import papers
from tradeloop.trades.actions import judged

ON = date(2026, 11, 1)
SEED = 41
Verdicts = list[tuple[str, str, str, str | None, int]]


def town(into: Path, *, trades: int, form: str, faults: float = 0.03) -> Path:
    papers.generate(town="hangzhou", trades=trades, seed=SEED, faults=faults, form=form, into=into)
    return into


def found(folder: Path) -> tuple[Mapping[str, set[tuple[str, str]]], Verdicts]:
    """Return each trade's (code, weight) pairs, and all verdicts."""
    codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with judged([folder], purpose="customs", on=ON) as done:
        for trade, code, weight in done.con.execute(
            "select trade, code, weight from findings where trade is not null"
        ).fetchall():
            codes[trade].add((code, weight))
        verdicts = done.con.execute("select * from verdicts order by trade").fetchall()
    return codes, verdicts


def assert_truth_holds(folder: Path) -> Verdicts:
    faults = tomllib.loads(
        files("tradeloop.economy.papers").joinpath("faults.toml").read_text("utf-8")
    )["fault"]
    also = {fault["name"]: {*fault.get("also", ()), fault["code"]} for fault in faults}
    codes, verdicts = found(folder)
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    allowed: dict[str, set[str]] = defaultdict(set)
    for row in truth:
        allowed[row["trade"]] |= {row["code"], *also[row["fault"]]}

    missed = [
        row
        for row in truth
        if not row["masked_by"] and row["code"] not in {code for code, _ in codes[row["trade"]]}
    ]
    weighty = [
        (trade, code)
        for trade, told in codes.items()
        for code, weight in told
        if weight != "note" and code not in allowed[trade]
    ]

    assert truth
    assert not missed
    assert not weighty
    return verdicts


def test_twenty_thousand_trades_as_tables(tmp_path: Path) -> None:
    verdicts = assert_truth_holds(town(tmp_path / "town", trades=20_000, form="parquet"))

    assert len(verdicts) >= 20_000
    assert sum(grade == "proven" for _, _, grade, _, _ in verdicts) > 19_000


def test_two_thousand_trades_as_papers_and_as_tables_are_judged_alike(tmp_path: Path) -> None:
    as_papers = assert_truth_holds(town(tmp_path / "papers", trades=2_000, form="papers"))
    as_tables = assert_truth_holds(town(tmp_path / "tables", trades=2_000, form="parquet"))

    assert as_papers == as_tables


def test_clean_trades_are_all_proven(tmp_path: Path) -> None:
    codes, verdicts = found(town(tmp_path / "town", trades=1_500, form="papers", faults=0))

    assert {grade for _, _, grade, _, _ in verdicts} == {"proven"}
    assert all(weight == "note" for told in codes.values() for _, weight in told)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_many_towns(seed: int, tmp_path: Path) -> None:
    papers.generate(
        town="hangzhou", trades=3_000, seed=seed, faults=0.4, form="parquet", into=tmp_path / "t"
    )

    assert_truth_holds(tmp_path / "t")
