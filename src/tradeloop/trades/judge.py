"""Facts become verdicts: every question asked in its order, over one trade or twenty million.

The facts lie in Parquet files, the terms are small tables beside them; each question makes one
table that the next may read. A question that fails names its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from tradeloop.bulk.questions import Question, answer, questions
from tradeloop.documents import facts
from tradeloop.trades import terms

PACKAGE = "tradeloop.trades"
PURPOSES = ("customs", "finance", "insurance")
PLACE = ("file", "message", "record")
# What each check gives: a finding, before it is weighed.
FOUND = pa.schema(
    [
        ("trade_id", pa.int64()), ("code", pa.string()), ("file", pa.int64()),
        ("message", pa.int32()), ("record", pa.int32()), ("line", pa.int32()),
        ("field", pa.string()), ("seen", pa.string()), ("expected", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Where the facts lie: a folder that `documents.read` filled, and Parquet files beside it."""

    folder: Path
    tables: Mapping[str, Iterable[str]]
    may_repeat: bool = True  # whether one row may stand in several files of `tables`

    def files(self, table: str) -> list[str]:
        """Return the Parquet files of one table, sorted."""
        parts = sorted(str(path) for path in (self.folder / table).glob("*.parquet"))
        return parts + sorted(self.tables.get(table, ()))

    def bytes(self) -> int:
        """Return how much the facts take on disk."""
        return sum(
            Path(path).stat().st_size for table in facts.tables() for path in self.files(table)
        )


def judge(
    con: duckdb.DuckDBPyConnection,
    given: Facts,
    *,
    purpose: str,
    on: date,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Make the tables `verdicts`, `findings` and `links` of all trades in `given`.

    Args:
        con: An empty database.
        given: The facts of all papers.
        purpose: One of `PURPOSES`.
        on: The day as of which to judge; nothing here reads a clock.
        progress: Called with the name of each question before it is asked.

    Raises:
        NoTermsYet: `on` lies before the first tolerances.
    """
    load(con, given)
    for name, table in terms.tables(on, purpose).items():
        _register(con, name, table)
    for folder in ("1_stand", "2_join"):
        _ask(con, questions(PACKAGE, folder), progress)
    seen = con.execute("select kind, code from codes_seen").fetchall()
    _register(con, "code_standings", terms.code_standings(seen))
    _register(con, "firm_codes", terms.malformed_firm_codes(seen))
    _register(con, "found", FOUND.empty_table())
    for check in questions(PACKAGE, "3_checks"):
        progress(check.name)
        try:
            con.execute(f"insert into found\n{check.sql}")
        except duckdb.Error as error:
            error.add_note(f"in the check {check.name}.sql")
            raise
    for folder in ("4_links", "5_judge"):
        _ask(con, questions(PACKAGE, folder), progress)


def load(con: duckdb.DuckDBPyConnection, given: Facts) -> None:
    """Give every table of facts a view over its Parquet files; an absent table has no rows."""
    schemas = {**facts.tables(), "told": facts.TOLD, "files": facts.FILES, "counts": facts.COUNTS}
    for name, schema in schemas.items():
        con.register(f"no_{name}", schema.empty_table())
        parts = given.files(name)
        # The same facts may come as Parquet twice, or beside the messages they were made of.
        once = given.may_repeat and len(parts) > 1 and name in given.tables
        con.execute(
            f"create or replace temp view {name} as {source_of(name, schema, parts, once=once)}"
        )


def source_of(
    name: str, schema: pa.Schema, parts: Iterable[str | Path], *, once: bool = False
) -> str:
    """Return a query over the Parquet files of a table; `no_…` must be registered as its like.

    Args:
        name: The table.
        schema: Its columns.
        parts: Its files; columns that one lacks are null.
        once: Whether the same row may stand in several of them.
    """
    listed = ", ".join("'" + str(part).replace("'", "''") + "'" for part in parts)
    if not listed:
        return f"(select * from no_{name})"
    source = f"select * from read_parquet([{listed}], union_by_name = true)"
    place = [field for field in (*PLACE, "line") if field in schema.names]
    if once and place[:3] == list(PLACE):
        source = f"select distinct on ({', '.join(place)}) * from ({source})"
    return f"(select * from no_{name} union all by name {source})"


def checks() -> tuple[Question, ...]:
    """Return every check, for the reference and for tests."""
    return questions(PACKAGE, "3_checks")


def _ask(
    con: duckdb.DuckDBPyConnection, asked: Iterable[Question], progress: Callable[[str], None]
) -> None:
    for question in asked:
        progress(question.name)
        answer(con, question)


def _register(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register(f"given_{name}", table)
    con.execute(f"create or replace table {name} as select * from given_{name}")
    con.unregister(f"given_{name}")
