"""A question is one file: what it asks, what it gives and its text; an error names the file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import papers
from tradeloop.bulk.questions import Question, answer, questions

CHECK = """\
-- finding: one-thing, another-thing
-- asks:    Which are odd?
-- source:  somewhere: with a colon
-- reads:   numbers,
--          others
-- blind to: nothing

select n from numbers -- reads: not a header
"""
STEP = """\
-- gives:  doubled: every number twice
-- source: R1
-- reads:  numbers
select n * 2 as n from numbers
"""
SECOND = "-- gives: second: more\n-- as: view\nselect n + 1 as n from doubled\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    papers.write(tmp_path / "asking", {
        "__init__.py": "", "sql/1_steps/020_second.sql": SECOND, "sql/1_steps/010_first.sql": STEP,
        "sql/1_steps/notes.txt": "no question",
        "sql/2_checks/odd.sql": CHECK,
    })  # fmt: skip
    monkeypatch.syspath_prepend(tmp_path)
    yield "asking"
    sys.modules.pop("asking", None)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("create table numbers as select 21 as n")
        yield made


def test_questions_come_in_the_order_of_their_names(package: str) -> None:
    assert [one.name for one in questions(package, "1_steps")] == ["010_first", "020_second"]


def test_a_header_is_read_with_its_continuations(package: str) -> None:
    [check] = questions(package, "2_checks")

    assert check.header == {
        "finding": "one-thing, another-thing", "asks": "Which are odd?",
        "source": "somewhere: with a colon", "reads": "numbers, others", "blind to": "nothing",
    }  # fmt: skip
    assert check.codes == ("one-thing", "another-thing")
    assert check.sql == CHECK


def test_a_question_makes_the_table_that_it_gives(
    package: str, con: duckdb.DuckDBPyConnection
) -> None:
    first, second = questions(package, "1_steps")

    answer(con, first)
    answer(con, second)

    assert (first.table, second.table) == ("doubled", "second")
    assert con.execute("select n from second").fetchall() == [(43,)]
    views = con.execute("select view_name from duckdb_views() where not internal").fetchall()
    assert views == [("second",)]


def test_a_question_can_be_asked_again(package: str, con: duckdb.DuckDBPyConnection) -> None:
    first = questions(package, "1_steps")[0]

    answer(con, first)
    con.execute("insert into numbers values (1)")
    answer(con, first)

    assert con.execute("select count(*) from doubled").fetchone() == (2,)


@pytest.mark.parametrize("sql", ["select n from nowhere", "select m from numbers", "select from"])
def test_an_error_names_the_file_and_makes_no_table(
    sql: str, con: duckdb.DuckDBPyConnection
) -> None:
    question = Question("999_wrong", {"gives": "wrong"}, sql)

    with pytest.raises(duckdb.Error) as caught:
        answer(con, question)

    assert "in the question 999_wrong.sql" in caught.value.__notes__
    names = con.execute("select table_name from duckdb_tables()").fetchall()
    assert names == [("numbers",)]


def test_a_folder_that_is_not_there_is_an_error(package: str) -> None:
    with pytest.raises((FileNotFoundError, NotADirectoryError)):
        questions(package, "9_nothing")
