"""Every fault of the towns on credit is made, and the truth says what was made."""

import csv
from itertools import product
from pathlib import Path

import pytest

from tradeloop.economy.papers import generate
from tradeloop.economy.papers.catalogue import Fault, combine, faults
from tradeloop.economy.papers.credit.generate import TOWNS, lots, truths
from tradeloop.economy.papers.credit.place import load
from tradeloop.economy.papers.credit.run import new_run
from tradeloop.economy.papers.credit.shenzhen.faults import FAULTS as OF_STOCK
from tradeloop.economy.papers.credit.yiwu.faults import FAULTS as OF_MARKET

FAULTS = {"yiwu": OF_MARKET, "shenzhen": OF_STOCK}
EVERY = [(town, fault) for town in TOWNS for fault in faults(f"faults_{town}")]
TRADES = 4_000


def names(case: tuple[str, Fault]) -> str:
    return f"{case[0]}-{case[1].name}"


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]


@pytest.fixture(scope="module")
def planned() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for town in TOWNS:
        run = new_run(
            town=load(town), faults=faults(f"faults_{town}"), seed=3, fault_rate=0.4,
            lines_min=1, lines_max=8,
        )  # fmt: skip
        every = list(lots(run, TRADES))
        found[town] = {fault.name for lot in every for fault in lot.plan.faults}
        for lot in every:
            rows = truths(lot)
            assert bool(rows) == bool(lot.plan.faults)
            assert all(trade and "/" in trade for trade, *_ in rows)
    return found


def test_both_towns_together_know_thirty_kinds_of_fault() -> None:
    assert len({fault.code for _, fault in EVERY}) >= 30
    assert len(faults("faults_yiwu")) >= 17
    assert len(faults("faults_shenzhen")) >= 13


@pytest.mark.parametrize("town", TOWNS)
def test_the_catalogue_and_the_functions_name_the_same_faults(town: str) -> None:
    assert {fault.name for fault in faults(f"faults_{town}")} == set(FAULTS[town])


@pytest.mark.parametrize("case", EVERY, ids=names)
def test_every_fault_happens(case: tuple[str, Fault], planned: dict[str, set[str]]) -> None:
    town, fault = case

    assert fault.name in planned[town]
    assert fault.says.endswith(".")
    assert fault.code not in fault.also
    assert set(fault.masked_by) <= {one.name for one in faults(f"faults_{town}")} - {fault.name}


@pytest.mark.parametrize("town", TOWNS)
def test_two_faults_share_a_trade_only_if_both_show_or_one_is_known_to_hide_the_other(
    town: str,
) -> None:
    for one, other in product(faults(f"faults_{town}"), repeat=2):
        both = combine(one, other)
        if both is not None:
            first, last = both
            assert first.name not in last.masked_by
            assert last.name in first.masked_by or not set(first.touches) & set(last.touches)


@pytest.mark.parametrize("town", TOWNS)
def test_the_truth_is_sorted_and_no_clean_trade_stands_in_it(town: str, tmp_path: Path) -> None:
    told: list[int] = []
    made = generate(
        town=town, trades=1_201, seed=3, faults=0.3, form="parquet", into=tmp_path / "out",
        progress=told.append,
    )  # fmt: skip

    truth, odd = table(made.truth), table(made.hard_negatives)
    assert truth == sorted(truth)
    assert odd == sorted(odd)
    assert not {row[0] for row in truth} & {row[0] for row in odd}
    assert sum(told) == 1_201
    assert made.odd == len({row[0] for row in odd})
    assert 0.27 * 1_201 < made.faulty < 0.4 * 1_201


@pytest.mark.parametrize("town", TOWNS)
def test_without_faults_the_truth_is_empty(town: str, tmp_path: Path) -> None:
    made = generate(
        town=town, trades=300, seed=3, faults=0.0, form="parquet", into=tmp_path / "out"
    )

    assert made.faulty == 0
    assert made.truth.read_text(encoding="utf-8") == "trade,fault,code,masked_by\n"
    assert {row[1] for row in table(made.hard_negatives)} > {"part-payment", "payment-after-due"}


@pytest.mark.parametrize("town", TOWNS)
def test_every_planned_oddity_happens(town: str, tmp_path: Path) -> None:
    made = generate(
        town=town, trades=3_000, seed=5, faults=0.0, form="parquet", into=tmp_path / "out"
    )

    assert {row[1] for row in table(made.hard_negatives)} >= set(load(town).negatives)
