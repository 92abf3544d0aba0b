"""Some rows of the lake are judged by themselves, by whichever engine is quicker for so many."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from tradeloop.bulk.engine import engine
from tradeloop.documents import facts
from tradeloop.documents.sink import write_part
from tradeloop.trades.judge import Facts, judge
from tradeloop.trades.lake.few_session import RESULTS, VERDICTS, Results, given_schemas
from tradeloop.trades.lake.opened import Lake

FEW_ROWS_MAX = 1_500  # beyond this, plans made for a handful of rows lose to the bulk engine
Rows = Mapping[str, Sequence[Sequence[str | None]]]


def judge_rows(
    lake: Lake, rows: Rows, *, purpose: str, on: date, wanted: Sequence[str] = RESULTS
) -> Results:
    """Return the verdicts, findings and links of all trades among `rows`.

    Args:
        lake: Where the rows are from; knows the files' paths, and has a judge of few papers or not.
        rows: By table, as text, with the columns of its schema.
        purpose: What the verdicts are for.
        on: The day as of which to judge.
        wanted: Which of the three.
    """
    return judging(lake, rows, purpose=purpose, on=on, wanted=wanted)()


def judging(
    lake: Lake, rows: Rows, *, purpose: str, on: date, wanted: Sequence[str] = VERDICTS
) -> Callable[[], Results]:
    """Begin what `judge_rows` does, if it can go on beside other work; return what ends it."""
    if lake.few is not None and sum(len(found) for found in rows.values()) <= FEW_ROWS_MAX:
        given = {**rows, "files": [] if wanted == VERDICTS else _files(lake, rows)}
        return lake.few.begin(given, purpose=purpose, on=on, wanted=wanted)

    def by_bulk_engine() -> Results:
        with judged_rows(lake, rows, purpose=purpose, on=on) as con:
            return Results(**{name: _rows(con, name) for name in wanted})

    return by_bulk_engine


@contextmanager
def judged_rows(
    lake: Lake, rows: Rows, *, purpose: str, on: date, number: str = ""
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Judge some rows in the bulk engine, and keep its database open for a `with` block.

    With the number of a trade, the files that are kept for it are there too.
    """
    files = _files(lake, rows)
    if number:
        place = facts.tables()["evidence"].names.index("path")
        indexed = {path for row in rows.get("evidence", ()) if (path := row[place])}
        files += lake.index.kept(number, sorted(indexed))
    given = {**rows, "files": files}
    with tempfile.TemporaryDirectory(prefix="tradeloop-") as folder:
        work = Path(folder)
        for table, schema in given_schemas().items():
            write_part(work, table, "some", typed(given.get(table, ()), schema))
        with engine(work / "database", on_disk=False, memory_bytes=lake.memory_bytes) as con:
            judge(con, Facts(folder=work, tables={}), purpose=purpose, on=on)
            yield con


def typed(rows: Sequence[Sequence[str | None]], schema: pa.Schema) -> pa.Table:
    """Return rows of text as a table of facts."""
    arrays = []
    for place, field in enumerate(schema):
        texts = pa.array([row[place] for row in rows], pa.string())
        if pa.types.is_dictionary(field.type):
            arrays.append(texts.dictionary_encode().cast(field.type))
        else:
            arrays.append(texts.cast(field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _files(lake: Lake, rows: Rows) -> list[list[str | None]]:
    """Return what findings need of the files that the rows came from: their paths."""
    names = facts.FILES.names
    wanted = sorted({str(row[0]) for found in rows.values() for row in found})
    listed = []
    for file in wanted:
        for digest, path, _ in lake.index.files(int(file)):
            known = {"path": path, "file": file, "digest": digest, "status": "read"}
            listed.append([known.get(name) for name in names])
    return listed


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, object]]:
    found = con.execute(f"select * from {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
