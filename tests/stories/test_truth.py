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


# Each town, the purpose that its trades are for, and its catalogue of faults.
PARCELS = ("hangzhou", "customs", "faults.toml")
MARKET = ("yiwu", "insurance", "faults_yiwu.toml")
STOCK = ("shenzhen", "insurance", "faults_shenzhen.toml")
TOWNS = pytest.mark.parametrize("place", [PARCELS, MARKET, STOCK], ids=lambda place: place[0])
Place = tuple[str, str, str]


def town(place: Place, into: Path, *, trades: int, form: str, faults: float = 0.03) -> Path:
    papers.generate(town=place[0], trades=trades, seed=SEED, faults=faults, form=form, into=into)
    return into


def found(place: Place, folder: Path) -> tuple[Mapping[str, set[tuple[str, str]]], Verdicts]:
    """Return each trade's (code, weight) pairs, and all verdicts."""
    codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with judged([folder], purpose=place[1], on=ON) as done:
        for trade, code, weight in done.con.execute(
            "select trade, code, weight from findings where trade is not null"
        ).fetchall():
            codes[trade].add((code, weight))
        verdicts = done.con.execute("select * from verdicts order by trade").fetchall()
    return codes, verdicts


def assert_truth_holds(place: Place, folder: Path) -> Verdicts:
    faults = tomllib.loads(files("tradeloop.economy.papers").joinpath(place[2]).read_text("utf-8"))[
        "fault"
    ]
    also = {fault["name"]: {*fault.get("also", ()), fault["code"]} for fault in faults}
    codes, verdicts = found(place, folder)
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


@TOWNS
def test_twenty_thousand_trades_as_tables(place: Place, tmp_path: Path) -> None:
    folder = town(place, tmp_path / "town", trades=20_000, form="parquet")

    verdicts = assert_truth_holds(place, folder)

    assert len(verdicts) >= 20_000
    assert sum(grade == "proven" for _, _, grade, _, _ in verdicts) > 19_000


@TOWNS
def test_two_thousand_trades_as_papers_and_as_tables_are_judged_alike(
    place: Place, tmp_path: Path
) -> None:
    as_papers, as_tables = (
        assert_truth_holds(place, town(place, tmp_path / form, trades=2_000, form=form))
        for form in ("papers", "parquet")
    )

    assert as_papers == as_tables


@TOWNS
def test_clean_trades_are_all_proven(place: Place, tmp_path: Path) -> None:
    folder = town(place, tmp_path / "town", trades=1_500, form="papers", faults=0)

    codes, verdicts = found(place, folder)

    assert {grade for _, _, grade, _, _ in verdicts} == {"proven"}
    assert all(weight == "note" for told in codes.values() for _, weight in told)


@pytest.mark.soak
@TOWNS
@pytest.mark.parametrize("seed", range(20))
def test_many_towns(seed: int, place: Place, tmp_path: Path) -> None:
    papers.generate(
        town=place[0], trades=3_000, seed=seed, faults=0.4, form="parquet", into=tmp_path / "t"
    )

    assert_truth_holds(place, tmp_path / "t")
