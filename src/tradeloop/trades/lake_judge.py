"""What a batch touches is judged: a few trades through the index, all of them if it is too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from tradeloop.store.index import Row
from tradeloop.trades import keys
from tradeloop.trades.actions import UNWATCHED, Watch
from tradeloop.trades.few import VERDICTS, Results
from tradeloop.trades.lake import Lake
from tradeloop.trades.neighbours import Neighbours, TooManyNeighbours
from tradeloop.trades.standing import Judgement, Verdict
from tradeloop.trades.subset import judge_rows

FETCH_ROWS = 100_000


def judge_batch(
    lake: Lake, rows: Sequence[Row], *, purpose: str, on: date, watch: Watch = UNWATCHED
) -> Judgement | None:
    """Judge the trades that the last batch touches, and keep their verdicts.

    Args:
        lake: A lake whose index is caught up.
        rows: Those of the last batch; none if they are too many to be judged apart.
        purpose: What the verdicts are for.
        on: The day as of which to judge.
        watch: Who hears of the questions, when all trades are judged.

    Returns:
        What changed; nothing if the verdicts were up to date.
    """
    batch = lake.index.batches
    done = lake.standing.up_to(purpose)
    if done == batch:
        return None
    # Nothing is known of what came between, or a firm may have another name from now on.
    apart = done == batch - 1 and done and rows and all(table != "firms" for table, _ in rows)
    if apart:
        found = Neighbours(lake.index)
        try:
            found.changed_by(rows)
        except TooManyNeighbours:
            return _judge_all(lake, purpose, on, batch, watch)
        results = judge_rows(lake, found.tables(), purpose=purpose, on=on, wanted=VERDICTS)
        return lake.standing.put_some(
            _verdicts(results), _numbers(found), purpose=purpose, on=on, batch=batch
        )
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
