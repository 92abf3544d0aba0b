"""The same seed gives the same bytes: anywhere, again, and however many trades there are."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tradeloop
from tradeloop.economy.papers import GenerationRefused, TownUnknown, generate
from tradeloop.economy.papers.generate import trade_of
from tradeloop.economy.papers.town import load
from tradeloop.economy.papers.world import World

SOURCE = Path(tradeloop.__file__).parents[1]
PROGRAM = """
import sys
from pathlib import Path
from tradeloop.economy.papers import generate
generate(town="hangzhou", trades=260, seed=5, faults=0.3, form=sys.argv[1], into=Path(sys.argv[2]))
"""


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("form", ["papers", "parquet"])
def test_two_processes_write_the_same_bytes(tmp_path: Path, form: str) -> None:
    for hash_seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", PROGRAM, form, str(tmp_path / hash_seed)],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(SOURCE)},
            check=True,
        )

    first = digests(tmp_path / "1")
    assert len(first) > 20
    assert first == digests(tmp_path / "2")


def test_another_seed_gives_other_orders() -> None:
    keys = {
        trade_of(World(load("hangzhou"), seed, 0.0, 1, 5), 3).deal.order_no for seed in range(20)
    }

    assert len(keys) > 15


def test_a_trade_does_not_depend_on_how_many_there_are(tmp_path: Path) -> None:
    for trades in (40, 400):
        generate(
            town="hangzhou",
            trades=trades,
            seed=5,
            faults=0.3,
            form="papers",
            into=tmp_path / str(trades),
        )

    few, many = (orders(tmp_path / str(trades)) for trades in (40, 400))
    assert len(few) >= 35
    assert many[: len(few)] == few


def orders(folder: Path) -> list[str]:
    """Return the orders that were sent once, without those repeated at the end."""
    records = [
        record
        for path in sorted((folder / "CEB303").iterdir())
        for record in path.read_text(encoding="utf-8").split("<ceb:Order>")[1:]
    ]
    bodies = [
        record.split("</ceb:Order>")[0].replace("\t\t<ceb:note></ceb:note>\n", "")
        for record in records
    ]
    return list(dict.fromkeys(bodies))


def test_an_order_has_as_many_lines_as_were_asked_for() -> None:
    world = World(load("hangzhou"), 1, 0.0, 2, 2)

    assert {len(trade_of(world, number).orders[0].lines) for number in range(200)} == {2}


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"trades": 0}, "Ask for one or more"),
        ({"faults": 1.5}, "Give 0 to 1"),
        ({"lines_min": 3, "lines_max": 2}, "Give a least and a most"),
        ({"form": "clay"}, "Choose papers or parquet"),
    ],
)
def test_a_wish_without_sense_is_refused(
    tmp_path: Path, wish: dict[str, object], says: str
) -> None:
    wishes = {"town": "hangzhou", "trades": 1, "seed": 1, "faults": 0.0, "form": "papers"}

    with pytest.raises(GenerationRefused, match=says):
        generate(**(wishes | {"into": tmp_path / "out"} | wish))  # type: ignore[arg-type]

    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    tmp_path.joinpath("mine.txt").write_text("mine")

    with pytest.raises(GenerationRefused, match="Name another folder"):
        generate(town="hangzhou", trades=1, seed=1, faults=0.0, form="papers", into=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_town_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(TownUnknown, match="hangzhou"):
        generate(
            town="atlantis", trades=1, seed=1, faults=0.0, form="papers", into=tmp_path / "out"
        )
