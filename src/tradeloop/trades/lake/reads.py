"""The reads over a lake: the report over all its trades, the story of one, its batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tradeloop.trades import queries
from tradeloop.trades.actions import UNWATCHED, Watch, results
from tradeloop.trades.facts import Report, Story
from tradeloop.trades.lake import keys
from tradeloop.trades.lake.neighbours import Neighbours, TooManyNeighbours
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.subset import judged_rows
from tradeloop.trades.queries import TradeUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One batch of a lake: when it came, what was in it, what it did to the verdicts."""

    number: int
    made_at: str
    files: Mapping[str, int]
    records: Mapping[str, int]
    replaces: int  # a compaction of all batches up to this one; 0 for papers that came in
    judged: Mapping[str, Mapping[str, int | str]]  # by purpose: day, trades judged and changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A verdict of one trade from a batch on; without a grade it was a trade no more."""

    batch: int
    made_at: str
    purpose: str
    on: str
    grade: str | None
    currency: str | None
    verified_minor: int


def verify(
    lake: Lake, *, purpose: str, on: date, out: Path | None = None, watch: Watch = UNWATCHED
) -> Report:
    """Judge every trade of the lake, as if all its papers had come in one batch.

    Raises:
        LakeMissing: There is no lake.
        DiskFull: There was no room for the results.
    """
    with lake.judged(purpose=purpose, on=on, watch=watch) as done:
        return results(done, purpose=purpose, on=on, out=out)


def explain(lake: Lake, trade: str, *, purpose: str, on: date, watch: Watch = UNWATCHED) -> Story:
    """Return why one trade of the lake has its grade.

    Raises:
        LakeMissing: There is no lake.
        TradeUnknown: No trade, or more than one, bears this name.
    """
    found = Neighbours(lake.ready())
    try:
        number = trade.partition("/")[2] or trade
        found.of(keys.trade_keys(number))
        rows = found.tables()
        with judged_rows(lake, rows, purpose=purpose, on=on, number=number) as con:
            return queries.story(con, trade, on=on)
    except (TooManyNeighbours, TradeUnknown):
        # Among all trades: what comes near can be named.
        with lake.judged(purpose=purpose, on=on, watch=watch) as done:
            return queries.story(done.con, trade, on=on)


@contextmanager
def judged_around(
    lake: Lake, kind: str, number: str, *, purpose: str, on: date
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Judge the trades that a paper bears on, and keep the database open for a `with` block.

    Args:
        lake: The papers.
        kind: order, list, declaration, record, contract, invoice or trade.
        number: The paper's.
        purpose: What the verdicts are for.
        on: The day as of which to judge.

    Raises:
        LakeMissing: There is no lake.
    """
    found = Neighbours(lake.ready())
    try:
        found.of(keys.paper_keys(kind, number))
        with judged_rows(lake, found.tables(), purpose=purpose, on=on) as con:
            yield con
    except TooManyNeighbours:
        with lake.judged(purpose=purpose, on=on) as done:
            yield done.con


def batches(lake: Lake) -> Sequence[BatchLine]:
    """Return the batches of a lake, oldest first.

    Raises:
        LakeMissing: There is no lake.
    """
    known = lake.folder.manifests()
    judged = lake.standing.judged()
    return [
        BatchLine(
            number=one.number,
            made_at=one.made_at,
            files=one.files,
            records=one.records,
            replaces=one.replaces,
            judged={
                purpose: {"on": on, "trades": trades, "changed": changed}
                for purpose, on, trades, changed in judged.get(one.number, ())
            },
        )
        for one in known
    ]


def history(lake: Lake, trade: str) -> Sequence[Step]:
    """Return what became of one trade, from batch to batch.

    Raises:
        LakeMissing: There is no lake.
        TradeUnknown: The lake keeps no verdict of a trade of this name.
    """
    made_at = {one.number: one.made_at for one in lake.folder.manifests()}
    steps = [
        Step(
            batch=batch, made_at=made_at[batch], purpose=purpose, on=on, grade=grade,
            currency=currency, verified_minor=minor,
        )
        for batch, purpose, on, grade, currency, minor in lake.standing.history(trade)
    ]  # fmt: skip
    if not steps:
        raise TradeUnknown(
            f"The lake keeps no verdict of a trade named {trade}. Name it in full, as "
            "firm/order number; tradeloop verify --lake --out DIR lists them all."
        )
    return steps
