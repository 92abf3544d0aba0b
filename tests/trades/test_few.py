"""A few papers are judged by PostgreSQL as the bulk engine judges them, to the last finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tradeloop.economy import papers
from tradeloop.trades.actions import judged
from tradeloop.trades.judge import PURPOSES
from tradeloop.trades.lake import few as few_papers
from tradeloop.trades.lake.few import Few
from tradeloop.trades.lake.few_session import given_schemas

ON = date(2026, 9, 1)
RESULTS = ("verdicts", "findings", "links")
TOWNS = {"hangzhou": 20, "yiwu": 30, "shenzhen": 30}


@pytest.fixture(scope="module")
def few() -> Iterator[Few]:
    with few_papers.few() as judge:
        yield judge


def as_text(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str | None, ...]]]:
    """Return the facts of a batch as rows of text."""
    found = {}
    for table, schema in given_schemas().items():
        columns = ", ".join(f"cast({name} as varchar)" for name in schema.names)
        found[table] = con.execute(f"select {columns} from {table}").fetchall()  # noqa: S608 - our own words
    return found


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("town", TOWNS)
def test_both_engines_say_the_same(town: str, purpose: str, few: Few, tmp_path: Path) -> None:
    seed = 10 * PURPOSES.index(purpose) + len(town)
    papers.generate(
        town=town, trades=TOWNS[town], seed=seed, faults=0.7, form="papers", into=tmp_path / "in"
    )
    with judged([tmp_path / "in"], purpose=purpose, on=ON, workers=1) as done:
        bulk = {
            name: Counter(done.con.execute(f"select * from {name}").fetchall())  # noqa: S608 - the same
            for name in RESULTS
        }
        facts = as_text(done.con)

    found = few.judge(facts, purpose=purpose, on=ON)

    for name in RESULTS:
        assert Counter(tuple(row.values()) for row in getattr(found, name)) == bulk[name]


def test_nothing_comes_of_nothing(few: Few) -> None:
    found = few.judge({}, purpose="customs", on=ON)

    assert not [*found.verdicts, *found.findings, *found.links]
