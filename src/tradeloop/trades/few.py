"""A few papers are judged by the same questions, in milliseconds, by a PostgreSQL kept warm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg
import pyarrow as pa

from tradeloop.bulk import statement
from tradeloop.bulk.questions import questions
from tradeloop.documents import facts
from tradeloop.store.server import passing_server
from tradeloop.trades import terms
from tradeloop.trades.judge import PACKAGE, checks

Rows = Sequence[Mapping[str, Any]]
FOUND = pa.schema(
    [
        ("trade_id", pa.int64()), ("code", pa.string()), ("file", pa.int64()),
        ("message", pa.int32()), ("record", pa.int32()), ("line", pa.int32()),
        ("field", pa.string()), ("seen", pa.string()), ("expected", pa.string()),
    ]
)  # fmt: skip
STANDINGS = {
    "code_standings": pa.schema(
        [(name, pa.string()) for name in ("kind", "code", "standing", "expected")]
    ),
    "firm_codes": pa.schema([(name, pa.string()) for name in ("code", "because")]),
}
RESULTS = ("verdicts", "findings", "links", "codes_seen")
WISH = "select " + ", ".join(f"(select json_agg({one}) from {one}) as {one}" for one in RESULTS)
SESSION = """
create domain string as text;
set jit = off;
set datestyle = 'ISO';
set plan_cache_mode = force_generic_plan;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The tables that judging makes, as rows."""

    verdicts: Rows = ()
    findings: Rows = ()
    links: Rows = ()


@dataclass(slots=True)
class Few:
    """A session that judges a few papers for one purpose, as of one day at a time."""

    address: str
    _sessions: dict[str, _Session] = field(default_factory=dict)

    def judge(
        self, tables: Mapping[str, Sequence[Sequence[str | None]]], *, purpose: str, on: date
    ) -> Results:
        """Return what `trades.judge` would make of the same facts.

        Args:
            tables: Rows by table; each row has the columns of `given_schemas`, as text.
            purpose: One of `judge.PURPOSES`.
            on: The day as of which to judge.
        """
        if purpose not in self._sessions:
            self._sessions[purpose] = _Session(self.address, purpose)
        return self._sessions[purpose].judge(tables, on)

    def close(self) -> None:
        """End the sessions."""
        for session in self._sessions.values():
            session.con.close()
        self._sessions.clear()


@contextmanager
def few() -> Iterator[Few]:
    """Keep a judge of few papers warm for the length of a `with` block."""
    with ExitStack() as stack:
        judge = Few(stack.enter_context(passing_server()))
        stack.callback(judge.close)
        yield judge


def given_schemas() -> Mapping[str, pa.Schema]:
    """Return the tables that the questions read before any is asked."""
    return {**facts.tables(), "told": facts.TOLD, "files": facts.FILES}


class _Session:
    """One connection, with the terms of a purpose and a day in tables of its own."""

    def __init__(self, address: str, purpose: str) -> None:
        self.con = psycopg.connect(address, autocommit=True, cursor_factory=psycopg.RawCursor)
        self.purpose = purpose
        self._on: date | None = None
        self._seen: set[tuple[str, str]] = set()
        self._coded = _coded_columns()
        for line in SESSION.split(";")[:-1]:
            with_domain = "create domain" not in line or not self._has_domain()
            if with_domain:
                self.con.execute(line.encode())
        for name, schema in STANDINGS.items():
            self._make(name, schema.empty_table())
        self._text = _text()

    def judge(self, tables: Mapping[str, Sequence[Sequence[str | None]]], on: date) -> Results:
        if on != self._on:
            for name, table in terms.tables(on, self.purpose).items():
                self._make(name, table)
            self._on = on
        self._look_up(self._codes(tables))
        given = _as_json(tables)
        while True:
            asked = self.con.execute(self._text, (given,), prepare=True)
            verdicts, findings, links, seen = asked.fetchone() or ((), (), (), ())
            unknown = {(row["kind"], row["code"]) for row in seen or ()} - self._seen
            if not unknown:
                return Results(verdicts=verdicts or (), findings=findings or (), links=links or ())
            self._look_up(unknown)  # a code in a column that is not known to hold any

    def _codes(self, tables: Mapping[str, Sequence[Sequence[str | None]]]) -> set[tuple[str, str]]:
        """Return all that may be a code: looked up before the questions say which are."""
        texts = {
            text
            for table, rows in tables.items()
            for place in self._coded.get(table, ())
            for row in rows
            if (text := row[place]) is not None
        }
        return {(kind, text) for kind in (*terms.STANDINGS, "firm") for text in texts}

    def _look_up(self, codes: set[tuple[str, str]]) -> None:
        new = codes - self._seen
        if not new:
            return
        self._seen |= new
        for name, found in (
            ("code_standings", terms.code_standings(new)),
            ("firm_codes", terms.malformed_firm_codes(new)),
        ):
            self._fill(name, found)

    def _has_domain(self) -> bool:
        found = self.con.execute("select 1 from pg_type where typname = 'string'").fetchone()
        return found is not None

    def _make(self, name: str, table: pa.Table) -> None:
        self.con.execute(
            f"create temp table if not exists {name} ({statement.columns(table.schema)})".encode()
        )
        self.con.execute(f"delete from {name}".encode())
        self._fill(name, table)

    def _fill(self, name: str, table: pa.Table) -> None:
        if not table.num_rows:
            return
        with self.con.cursor() as cursor, cursor.copy(f"copy {name} from stdin".encode()) as copy:
            for row in table.to_pylist():
                copy.write_row(tuple(row.values()))


def _text() -> str:
    """Return all questions as one statement."""
    parts = [
        *statement.given_as_json(given_schemas()),
        *statement.asked(questions(PACKAGE, "1_stand")),
        *statement.asked(questions(PACKAGE, "2_join")),
        statement.all_of("found", FOUND, checks()),
        *statement.asked(questions(PACKAGE, "4_links")),
        *statement.asked(questions(PACKAGE, "5_judge")),
    ]
    return "with\n" + ",\n".join(parts) + "\n" + WISH


def _coded_columns() -> Mapping[str, tuple[int, ...]]:
    """Return the columns that the question about codes names, by table."""
    [asks] = [one for one in questions(PACKAGE, "2_join") if one.table == "codes_seen"]
    words = set(re.findall(r"\w+", asks.sql))
    return {
        table: tuple(
            place
            for place, column in enumerate(schema)
            if column.name in words and pa.types.is_string(column.type)
        )
        for table, schema in facts.tables().items()
    }


def _as_json(tables: Mapping[str, Sequence[Sequence[str | None]]]) -> str:
    named: dict[str, list[dict[str, str]]] = {}
    for table, schema in given_schemas().items():
        names = schema.names
        named[table] = [
            {name: text for name, text in zip(names, row, strict=True) if text is not None}
            for row in tables.get(table, ())
        ]
    return json.dumps(named, ensure_ascii=False)
