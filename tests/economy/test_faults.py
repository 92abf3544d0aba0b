"""Every fault that the catalogue tells of is made, and the truth says what was made."""

import csv
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import tradeloop
from tradeloop.economy.papers import generate
from tradeloop.economy.papers.catalogue import Fault, combine, faults
from tradeloop.economy.papers.faults import FAULTS
from tradeloop.economy.papers.generate import trade_of
from tradeloop.economy.papers.town import load
from tradeloop.economy.papers.trade import PartnerMissing, Trade
from tradeloop.economy.papers.truth import truths
from tradeloop.economy.papers.world import World

FINDINGS = Path(tradeloop.__file__).parent / "trades" / "findings.csv"


@cache
def codes() -> frozenset[str]:
    rows = csv.DictReader(FINDINGS.read_text(encoding="utf-8").splitlines())
    return frozenset(row["code"] for row in rows)


@cache
def links() -> frozenset[str]:
    rows = csv.DictReader(FINDINGS.read_text(encoding="utf-8").splitlines())
    return frozenset(row["link"] for row in rows)


@cache
def trades() -> tuple[Trade, ...]:
    world = World(load("hangzhou"), 3, 0.3, 1, 5)
    return tuple(trade_of(world, number) for number in range(3000))


def test_the_catalogue_and_the_functions_name_the_same_faults() -> None:
    assert [fault.name for fault in faults()] == sorted(
        FAULTS, key=[fault.name for fault in faults()].index
    )
    assert len(faults()) >= 30


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_every_fault_speaks_the_language_of_the_findings(fault: Fault) -> None:
    names = {other.name for other in faults()}

    assert {fault.code, *fault.also} <= codes()
    assert fault.code not in fault.also
    assert set(fault.touches) <= links()
    assert set(fault.masked_by) <= names - {fault.name}
    assert fault.says.endswith(".")


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_every_fault_happens(fault: Fault) -> None:
    assert any(fault in trade.plan.faults for trade in trades())


def test_about_as_many_trades_are_faulty_as_were_asked_for() -> None:
    share = sum(bool(trade.plan.faults) for trade in trades()) / len(trades())
    double = sum(len(trade.plan.faults) > 1 for trade in trades()) / len(trades()) / share

    assert 0.27 < share < 0.33
    assert 0.05 < double < 0.15


def test_two_faults_share_a_trade_only_if_both_show_or_one_is_known_to_hide_the_other() -> None:
    for one, other in product(faults(), repeat=2):
        both = combine(one, other)
        if both is None:
            continue
        first, last = both
        assert first.name not in last.masked_by
        assert last.name in first.masked_by or not set(first.touches) & set(last.touches)


def test_the_truth_names_what_hides_a_fault() -> None:
    rows = [row for trade in trades() for row in truths(trade)]
    hidden = [row for row in rows if row[3]]
    own = {(trade.key, fault.name) for trade in trades() for fault in trade.plan.faults}

    assert hidden
    assert all((trade, by) in own for trade, _, _, by in hidden)


def test_a_fault_of_two_trades_stands_in_the_truth_for_both() -> None:
    paired = [trade for trade in trades() if trade.plan.paired and trade.plan.faults]

    assert paired
    for trade in paired:
        assert [row[0] for row in truths(trade)] == [trade.key, trade.before.key]
        assert trade.before.plan.plain


def test_a_fault_of_two_trades_cannot_be_done_to_one() -> None:
    alone = next(trade for trade in trades() if trade.partner is None)

    with pytest.raises(PartnerMissing, match="Say in"):
        FAULTS["payment-reused"](alone)


def test_a_list_under_another_name_opens_a_trade_that_the_truth_knows() -> None:
    for trade in trades():
        if not trade.plan.has("seller-differs"):
            continue
        (ghost,) = trade.ghosts
        rows = truths(trade)
        assert (ghost[0], "seller-differs", "order-missing", "") in rows
        assert (trade.key, "seller-differs", "seller-differs", "") in rows


def test_without_faults_the_truth_is_empty(tmp_path: Path) -> None:
    made = generate(
        town="hangzhou", trades=300, seed=3, faults=0.0, form="parquet", into=tmp_path / "out"
    )

    assert made.faulty == 0
    assert made.truth.read_text(encoding="utf-8") == "trade,fault,code,masked_by\n"


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]


def test_the_truth_is_sorted_and_no_clean_trade_stands_in_it(tmp_path: Path) -> None:
    told: list[int] = []
    made = generate(
        town="hangzhou",
        trades=400,
        seed=3,
        faults=0.3,
        form="parquet",
        into=tmp_path / "out",
        progress=told.append,
    )

    truth, odd = (table(path) for path in (made.truth, made.hard_negatives))
    assert truth == sorted(truth)
    assert odd == sorted(odd)
    assert not {row[0] for row in truth} & {row[0] for row in odd}
    assert sum(told) == 400
    assert made.odd == len({row[0] for row in odd})
