"""Every code is told by something, everything told is in a catalogue, and SQL is as portable."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as sql

from tradeloop.bulk.questions import Question, questions
from tradeloop.kit.identifiers import Standing
from tradeloop.trades import terms
from tradeloop.trades.judge import PACKAGE, checks

FOLDERS = (
    "1_stand", "2_join", "3_checks", "4_links", "5_judge", "6_count", "7_register", "8_offer",
)  # fmt: skip
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
ALL = {f"{folder}/{one.name}": one for folder in FOLDERS for one in questions(PACKAGE, folder)}
CHECKS = {one.name: one for one in checks()}
HEADER_LINES = {"finding", "asks", "gives", "as", "source", "reads", "blind to"}
NOT_PORTABLE = re.compile(
    r"\?|\$1|::|\b(qualify|ilike|unnest|exclude|arg_(max|min)|(list|array|struct|regexp)_\w+\()"
)
WEIGHTS = {"note", "review", "refuse"}


def body(question: Question) -> str:
    """Return the text without its comments and without what stands in quotes."""
    lines = [line.partition("--")[0] for line in question.sql.splitlines()]
    return re.sub(r"'[^']*'", "''", "\n".join(lines))


def parsed(question: Question) -> sql.Expression:
    """Return the one statement of a question."""
    [statement] = sqlglot.parse(question.sql, dialect="spark")
    assert statement is not None
    return statement


def literals(question: Question) -> set[str]:
    """Return every text in quotes that looks like a code."""
    found = parsed(question).find_all(sql.Literal)
    return {one.this for one in found if one.is_string and CODE.fullmatch(one.this)}


def given(name: str) -> set[str]:
    """Return the codes that a check can give, by its text."""
    if name in {"codes", "paper_codes"}:
        standings = (Standing.MALFORMED, Standing.UNKNOWN)
        kinds = [kind for kind in terms.STANDINGS if f"'{kind}'" in CHECKS[name].sql]
        return {f"{kind}-{standing.value}" for kind in kinds for standing in standings}
    return literals(CHECKS[name])


def gap_codes() -> set[str]:
    """Return the codes that stand for a link's gap."""
    gaps = {row["code"] for row in terms.rows("link_gaps.csv")}
    return gaps | {one for one in literals(ALL["5_judge/550_gaps"]) if one == "no-credit-given"}


def modules() -> list[Path]:
    """Return the modules of the readers."""
    return sorted(Path(str(files("tradeloop.documents"))).rglob("*.py"))


def told_by_readers() -> tuple[set[str], set[str]]:
    """Return the codes that stand first in a `Told(…)`, and all texts that look like codes."""
    first, every = set(), set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                every |= {node.value} if CODE.fullmatch(node.value) else set()
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Told":
                head = node.args[0]
                first |= {str(head.value)} if isinstance(head, ast.Constant) else set()
    return first, every


def listed(package: str) -> set[str]:
    """Return the codes of one catalogue."""
    return {row["code"] for row in terms.rows("findings.csv", package)}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_names_in_its_header_the_codes_that_it_gives(name: str) -> None:
    assert set(CHECKS[name].codes) == given(name)


def test_every_code_of_a_trade_is_given_by_some_check_or_gap() -> None:
    emitted = {code for name in CHECKS for code in given(name)} | gap_codes()

    assert emitted == listed("tradeloop.trades")


def test_every_code_of_a_reader_is_told_by_some_reader() -> None:
    first, every = told_by_readers()

    assert first <= listed("tradeloop.documents")
    assert listed("tradeloop.documents") <= every


def test_no_code_stands_in_two_catalogues() -> None:
    assert not listed("tradeloop.trades") & listed("tradeloop.documents")


def test_a_code_of_the_catalogue_says_what_it_means_and_what_to_do() -> None:
    links = {row["link"] for row in terms.rows("requirements.csv")}
    apart = {"answers", "codes", "credit", "resubmission", "returns"}  # nothing asks for these
    for package in terms.CATALOGUES:
        for row in terms.rows("findings.csv", package):
            assert row["weight"] in WEIGHTS, row
            assert row["meaning"].endswith("."), row
            assert row["remedy"].endswith("."), row
            assert row["meaning_zh"].endswith("。"), row
            assert row["remedy_zh"].endswith("。"), row
            assert row["source"], row
            assert not row["link"] or row["link"] in links | apart, row


def test_a_gap_is_about_a_link_that_something_requires() -> None:
    required = {row["link"] for row in terms.rows("requirements.csv") if row["need"] == "R"}

    gaps = terms.rows("link_gaps.csv")

    assert {row["link"] for row in gaps} <= required
    assert {row["status"] for row in gaps} == {"missing", "stale", "unavailable"}


def test_every_required_link_that_is_missing_has_a_code() -> None:
    required = {row["link"] for row in terms.rows("requirements.csv") if row["need"] == "R"}
    # either side that is missing is told by its own code
    follows = {"order-list", "parties", "declaration-limit"}

    missing = {row["link"] for row in terms.rows("link_gaps.csv") if row["status"] == "missing"}

    assert required - follows == missing


@pytest.mark.parametrize("name", ALL)
def test_a_question_has_its_header(name: str) -> None:
    header = ALL[name].header

    wanted = {"source", "reads"}
    if name in {f"3_checks/{check}" for check in CHECKS}:
        wanted |= {"finding", "asks", "blind to"}
    else:
        wanted |= {"gives"}
    assert wanted <= header.keys()
    assert all(header[key] for key in wanted)


@pytest.mark.parametrize("name", ALL)
def test_a_header_is_read_line_by_line(name: str) -> None:
    assert ALL[name].header.keys() <= HEADER_LINES


@pytest.mark.parametrize("name", ALL)
def test_a_question_reads_the_tables_that_it_names(name: str) -> None:
    statement = parsed(ALL[name])
    own = {one.alias for one in statement.find_all(sql.CTE)}

    read = {one.name for one in statement.find_all(sql.Table)} - own

    named = [one.strip() for one in ALL[name].header["reads"].split(",") if one.strip()]
    assert set(named) == read
    assert len(named) == len(set(named))


@pytest.mark.parametrize("name", ALL)
def test_a_question_is_one_select_without_what_one_engine_alone_has(name: str) -> None:
    statement = parsed(ALL[name])

    assert isinstance(statement, sql.Query)
    assert not NOT_PORTABLE.search(body(ALL[name]).lower())


@pytest.mark.parametrize("name", ALL)
def test_a_question_divides_nothing_and_knows_no_floats(name: str) -> None:
    statement = parsed(ALL[name])

    assert not list(statement.find_all(sql.Div, sql.IntDiv))
    text = body(ALL[name]).lower()
    assert not [word for word in ("double", "float", " real", "now()", "current_") if word in text]


def test_the_tables_come_in_an_order_in_which_each_is_there_when_it_is_read() -> None:
    made: set[str] = set()
    steps = {one.table for name, one in ALL.items() if not name.startswith("3_checks")}
    for folder in FOLDERS:
        for one in questions(PACKAGE, folder):
            own = {cte.alias for cte in parsed(one).find_all(sql.CTE)}
            read = {table.name for table in parsed(one).find_all(sql.Table)} - own
            assert not (read & steps) - made, one.name
            made |= {one.table} if folder != "3_checks" else set()
