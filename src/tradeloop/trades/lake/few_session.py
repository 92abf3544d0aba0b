"""One session of PostgreSQL that answers all questions about a few papers, again and again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from select import select
from typing import Any, NamedTuple

import psycopg
import pyarrow as pa
from psycopg.pq import ExecStatus

from tradeloop.bulk.questions import questions
from tradeloop.bulk.statement import Step, all_of, columns, one_statement, prepare, steps
from tradeloop.documents import facts
from tradeloop.trades import terms
from tradeloop.trades.judge import FOUND, PACKAGE, checks

Rows = Sequence[Mapping[str, Any]]
RESULTS = ("verdicts", "findings", "links")
VERDICTS = RESULTS[:1]
Given = dict[str, list[dict[str, str]]]  # rows by table, as objects
Tables = Mapping[str, Sequence[Sequence[str | None]]]
STANDINGS = {
    "code_standings": pa.schema(
        [(name, pa.string()) for name in ("kind", "code", "standing", "expected")]
    ),
    "firm_codes": pa.schema([(name, pa.string()) for name in ("code", "because")]),
}
SESSION = ("set jit = off", "set datestyle = 'ISO'", "set plan_cache_mode = force_generic_plan")
DOMAIN = """
do $$ begin create domain string as text; exception when duplicate_object then null; end $$
"""
STATEMENTS_MAX = 12  # beyond so many sets of tables, one statement serves all that are new
SPARE_TABLES_MAX = 4  # tables that a statement may expect and a call may lack


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The tables that judging makes, as rows."""

    verdicts: Rows = ()
    findings: Rows = ()
    links: Rows = ()


def given_schemas() -> Mapping[str, pa.Schema]:
    """Return the tables that the questions read before any is asked."""
    return {**facts.tables(), "told": facts.TOLD, "files": facts.FILES}


class Statement(NamedTuple):
    """A prepared statement, and the tables whose rows it takes."""

    name: bytes
    tables: tuple[str, ...]


class Session:
    """One connection, with the terms of a purpose and a day in tables of its own."""

    def __init__(self, address: str, purpose: str) -> None:
        """Connect; the tables are made when the first day is known."""
        self.con = psycopg.connect(address, autocommit=True, cursor_factory=psycopg.RawCursor)
        self.purpose = purpose
        self._on: date | None = None
        self._prepared: dict[tuple[str, ...], dict[frozenset[str], Statement]] = {}
        self._given = {**_asked_of(), **STANDINGS}
        self._steps = _steps()
        for line in (DOMAIN, *SESSION):
            self.con.execute(line.encode())

    def begin(self, tables: Tables, on: date, wanted: Sequence[str]) -> Callable[[], Results]:
        """Ask all questions, and return what waits for the answers; one call at a time."""
        if not any(tables.values()):
            return Results
        if on != self._on:
            self._put_terms(on)
        codes = _codes(tables)
        named = _named(tables)
        self._ask(named, codes, tuple(wanted))

        def results() -> Results:
            while True:
                seen, *found = self._answers()
                overlooked = {(row["kind"], row["code"]) for row in seen} - codes
                # Of a code that is in order there is nothing to say.
                overlooked = {one for one in overlooked if _standing(*one)[1]}
                if not overlooked:
                    return Results(**dict(zip(wanted, found, strict=True)))
                codes.update(overlooked)
                self._ask(named, codes, tuple(wanted))

        return results

    def _ask(self, named: Given, codes: set[tuple[str, str]], wanted: tuple[str, ...]) -> None:
        """Send a prepared statement, straight by the library: it is asked for each paper."""
        given = named | _standings(codes)
        server = self.con.pgconn
        while server.get_result():  # of an asking whose answers nobody fetched
            continue
        statement = self._statement(frozenset(name for name in given if given[name]), wanted)
        rows = [json.dumps(given[name], ensure_ascii=False).encode() for name in statement.tables]
        server.send_query_prepared(statement.name, rows)
        while server.flush():
            select([server.socket], [server.socket], [])
            server.consume_input()

    def _answers(self) -> list[list[dict[str, Any]]]:
        """Wait for what was asked last."""
        server = self.con.pgconn
        while server.is_busy():
            select([server.socket], [], [])
            server.consume_input()
        asked = server.get_result()
        if asked is None or asked.status != ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(asked) if asked else psycopg.OperationalError
        return [json.loads(asked.get_value(0, place) or b"[]") for place in range(asked.nfields)]

    def _statement(self, present: frozenset[str], wanted: tuple[str, ...]) -> Statement:
        """Return a statement for these tables: one that is there and expects few more, or a new."""
        there = self._prepared.setdefault(wanted, {})
        best = min((one for one in there if present <= one), key=len, default=None)
        if best is not None and len(best) <= len(present) + SPARE_TABLES_MAX:
            return there[best]
        if len(there) >= STATEMENTS_MAX:
            present = best or frozenset(self._given)
        if present not in there:
            tables = tuple(sorted(present))
            text = one_statement(
                self.con, self._given, self._steps, present=tables, wish=_wish(wanted)
            )
            name = f"asked_{len(self._prepared)}_{len(there)}".encode()
            made = self.con.pgconn.prepare(name, text.encode())
            if made.status != ExecStatus.COMMAND_OK:
                raise psycopg.errors.error_from_result(made)
            there[present] = Statement(name, tables)
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


@cache
def _steps() -> Sequence[Step]:
    """Return all that is asked, in order."""
    return (
        *steps(questions(PACKAGE, "1_stand")),
        *steps(questions(PACKAGE, "2_join")),
        all_of("found", FOUND, checks()),
        *steps(questions(PACKAGE, "4_links")),
        *steps(questions(PACKAGE, "5_judge")),
    )


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


def _standings(codes: set[tuple[str, str]]) -> Given:
    """Return what is to be said of codes, as the tables that the checks join."""
    found: Given = {name: [] for name in STANDINGS}
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


@cache
def _asked_of() -> Mapping[str, pa.Schema]:
    """Return the tables given with those columns alone that some question names."""
    words = {word for step in _steps() for word in re.findall(r"\w+", step.sql)}
    return {
        table: pa.schema([column for column in schema if column.name in words])
        for table, schema in given_schemas().items()
    }


@cache
def _places() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return for each table its columns asked of, with their places in a row."""
    return {
        table: tuple((name, given_schemas()[table].names.index(name)) for name in schema.names)
        for table, schema in _asked_of().items()
    }


def _named(tables: Tables) -> Given:
    """Return rows as objects, without what is null."""
    return {
        table: [
            {name: text for name, place in places if (text := row[place]) is not None}
            for row in tables.get(table, ())
        ]
        for table, places in _places().items()
    }
