"""What a batch touches is judged: a few trades through the index, all of them if it is too much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tradeloop.store.index import Row
from tradeloop.trades.actions import UNWATCHED, Watch
from tradeloop.trades.lake import keys
from tradeloop.trades.lake.few_session import Results
from tradeloop.trades.lake.neighbours import Neighbours, TooManyNeighbours
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.standing import Judgement, Verdict
from tradeloop.trades.lake.subset import judging

FETCH_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Begun:
    """The judging of a few trades: the numbers by which they may be named, and what it gives."""

    numbers: set[str]
    results: Callable[[], Results]


def begin(lake: Lake, rows: Sequence[Row], *, purpose: str, on: date) -> Begun | None:
    """Begin to judge the trades that a new batch touches; it goes on beside what comes next.

    Args:
        lake: A lake whose index is caught up; the new batch is not in it yet.
        rows: Those of the batch; none if they are too many.
        purpose: What the verdicts are for.
        on: The day as of which to judge.

    Returns:
        Nothing if the trades are better judged with all others.
    """
    done = lake.standing.up_to(purpose)
    behind = not done or any(not one.replaces for one in lake.folder.manifests()[done:])
    # By a row of the firm table any firm may have another name from now on.
    if behind or not rows or any(table == "firms" for table, _ in rows):
        return None
    found = Neighbours(lake.index)
    try:
        found.changed_by(rows)
    except TooManyNeighbours:
        return None
    tables = found.tables()
    return Begun(_numbers(found), judging(lake, tables, purpose=purpose, on=on))


def finish(
    lake: Lake, begun: Begun | None, *, purpose: str, on: date, watch: Watch = UNWATCHED
) -> Judgement | None:
    """Keep the verdicts of the last batch; all trades are judged if nothing was begun.

    Returns:
        What changed; nothing if the verdicts were up to date.
    """
    known = lake.folder.manifests()
    batch = known[-1].number
    if begun is not None:
        verdicts = _verdicts(begun.results())
        return lake.standing.put_some(verdicts, begun.numbers, purpose=purpose, on=on, batch=batch)
    if all(one.replaces for one in known[lake.standing.up_to(purpose) :]):
        return None
    return _judge_all(lake, purpose, on, batch, watch)


def _judge_all(lake: Lake, purpose: str, on: date, batch: int, watch: Watch) -> Judgement:
    with lake.judged(purpose=purpose, on=on, watch=watch) as done:
        found = done.con.execute(
            "select trade, grade, currency, verified_minor from verdicts order by trade"
        )

        def pieces() -> Iterator[Sequence[Verdict]]:
            while piece := found.fetchmany(FETCH_ROWS):
                yield piece

        return lake.standing.put_all(pieces(), purpose=purpose, on=on, batch=batch)


def _verdicts(results: Results) -> list[Verdict]:
    return [
        (row["trade"], row["grade"], row["currency"], row["verified_minor"])
        for row in results.verdicts
    ]


def _numbers(found: Neighbours) -> set[str]:
    """Return every number that may be in the name of a trade among the papers found."""
    return {
        number
        for table, values in found.rows.values()
        for number in keys.trade_numbers(table, values)
    }
