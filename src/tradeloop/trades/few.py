"""A few papers are judged by the same questions, in milliseconds, by a PostgreSQL kept warm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

import psycopg
import pyarrow as pa

from tradeloop.bulk.questions import questions
from tradeloop.bulk.statement import Step, all_of, columns, one_statement, prepare, steps
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
RESULTS = ("verdicts", "findings", "links")
VERDICTS = RESULTS[:1]
SESSION = ("set jit = off", "set datestyle = 'ISO'", "set plan_cache_mode = force_generic_plan")
DOMAIN = """
do $$ begin create domain string as text; exception when duplicate_object then null; end $$
"""
STATEMENTS_MAX = 12  # beyond so many sets of tables, one statement serves all that are new
SPARE_TABLES_MAX = 4  # tables that a statement may expect and a call may lack
Tables = Mapping[str, Sequence[Sequence[str | None]]]


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
        self, tables: Tables, *, purpose: str, on: date, wanted: Sequence[str] = RESULTS
    ) -> Results:
        """Return what `trades.judge` would make of the same facts.

        Args:
            tables: Rows by table; each row has the columns of `given_schemas`, as text.
            purpose: One of `judge.PURPOSES`.
            on: The day as of which to judge.
            wanted: Which results; verdicts alone come sooner.
        """
        if purpose not in self._sessions:
            self._sessions[purpose] = _Session(self.address, purpose)
        return self._sessions[purpose].judge(tables, on, wanted)

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
        self._statements: dict[tuple[str, ...], dict[frozenset[str], bytes]] = {}
        self._given = {**given_schemas(), **STANDINGS}
        self._steps = _steps()
        for line in (DOMAIN, *SESSION):
            self.con.execute(line.encode())

    def judge(self, tables: Tables, on: date, wanted: Sequence[str]) -> Results:
        """Ask all questions; once more if a code stood where none was expected."""
        if not any(tables.values()):
            return Results()
        if on != self._on:
            self._put_terms(on)
        codes = _codes(tables)
        while True:
            given = _named(tables) | _standings(codes)
            present = frozenset(name for name, rows in given.items() if rows)
            statement = self._statement(present, tuple(wanted))
            parameter = json.dumps(given, ensure_ascii=False)
            asked = self.con.execute(statement, (parameter,), prepare=True)
            seen, *found = asked.fetchone() or ((),)
            unknown = {(row["kind"], row["code"]) for row in seen or ()} - codes
            if not unknown:
                named = zip(wanted, found, strict=True)
                return Results(**{name: rows or () for name, rows in named})
            codes |= unknown

    def _statement(self, present: frozenset[str], wanted: tuple[str, ...]) -> bytes:
        """Return a statement for these tables: one that is there and expects few more, or a new."""
        there = self._statements.setdefault(wanted, {})
        best = min((one for one in there if present <= one), key=len, default=None)
        if best is not None and len(best) <= len(present) + SPARE_TABLES_MAX:
            return there[best]
        if len(there) >= STATEMENTS_MAX:
            present = best or frozenset(self._given)
        if present not in there:
            text = one_statement(
                self.con, self._given, self._steps, present=present, wish=_wish(wanted)
            )
            there[present] = text.encode()
        return there[present]

    def _put_terms(self, on: date) -> None:
        """Have the terms of a day in tables; plans hold for every day."""
        for name, table in terms.tables(on, self.purpose).items():
            made = f"create temp table if not exists {name} ({columns(table.schema)})"
            self.con.execute(made.encode())
            self.con.execute(f"delete from {name}".encode())
            with self.con.cursor() as cursor, cursor.copy(f"copy {name} from stdin".encode()) as to:
                for row in table.to_pylist():
                    to.write_row(tuple(row.values()))
        if self._on is None:
            prepare(self.con, self._given, self._steps)
        self._on = on


def _wish(wanted: Sequence[str]) -> str:
    tables = ("codes_seen", *wanted)
    return "select " + ", ".join(f"(select json_agg({one}) from {one})" for one in tables)


def _steps() -> list[Step]:
    """Return all that is asked, in order."""
    return [
        *steps(questions(PACKAGE, "1_stand")),
        *steps(questions(PACKAGE, "2_join")),
        all_of("found", FOUND, checks()),
        *steps(questions(PACKAGE, "4_links")),
        *steps(questions(PACKAGE, "5_judge")),
    ]


def _codes(tables: Tables) -> set[tuple[str, str]]:
    """Return all that may be a code: looked up before the questions say which are."""
    coded = _coded_columns()
    texts = {
        text
        for table, rows in tables.items()
        for place in coded.get(table, ())
        for row in rows
        if (text := row[place]) is not None
    }
    return {(kind, text) for kind in (*terms.STANDINGS, "firm") for text in texts}


def _standings(codes: set[tuple[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return what is to be said of codes, as the tables that the checks join."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in STANDINGS}
    for kind, code in codes:
        table, row = _standing(kind, code)
        if row:
            found[table].append(row)
    return found


@lru_cache(maxsize=100_000)
def _standing(kind: str, code: str) -> tuple[str, dict[str, str] | None]:
    for name, said in (
        ("code_standings", terms.code_standings([(kind, code)])),
        ("firm_codes", terms.malformed_firm_codes([(kind, code)])),
    ):
        if said.num_rows:
            return name, said.to_pylist()[0]
    return "code_standings", None


@cache
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


def _named(tables: Tables) -> dict[str, list[dict[str, str]]]:
    """Return rows as objects, without what is null."""
    return {
        table: [
            {name: text for name, text in zip(schema.names, row, strict=True) if text is not None}
            for row in tables.get(table, ())
        ]
        for table, schema in given_schemas().items()
    }
