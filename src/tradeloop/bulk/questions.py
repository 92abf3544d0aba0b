"""A question is one SQL file: a header that says what is asked, and one SELECT.

The text is portable: no parameters, no statement but the SELECT, nothing that only one engine
has. What varies (the day of judging, tolerances, requirements) is joined as a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb

HEADER = re.compile(r"-- ?(\w[\w ]*?):\s*(.*)")
MORE = re.compile(r"--\s{2,}(.*)")


@dataclass(frozen=True, slots=True)
class Question:
    """One SQL file: its name, its header and its text."""

    name: str
    header: dict[str, str]
    sql: str

    @property
    def table(self) -> str:
        """The table that the answer makes; a check's is named after its file."""
        return self.header.get("gives", self.name).partition(":")[0].strip()

    @property
    def codes(self) -> tuple[str, ...]:
        """The findings that a check gives."""
        return tuple(
            code.strip() for code in self.header.get("finding", "").split(",") if code.strip()
        )


def questions(package: str, folder: str) -> tuple[Question, ...]:
    """Return the questions in one folder of a package's `sql`, in the order of their file names."""
    found = [
        one for one in files(package).joinpath("sql", folder).iterdir() if one.name.endswith(".sql")
    ]
    return tuple(_question(one) for one in sorted(found, key=lambda one: one.name))


def answer(con: duckdb.DuckDBPyConnection, question: Question) -> None:
    """Make the question's table, or its view where the header says `as: view` (asked once).

    Raises:
        duckdb.Error: A table or column that the header names is absent; the message names the file.
    """
    try:
        form = question.header.get("as", "table")
        con.execute(f"create or replace {form} {question.table} as\n{question.sql}")
    except duckdb.Error as error:
        error.add_note(f"in the question {question.name}.sql")
        raise


def _question(path: Traversable) -> Question:
    sql = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    key = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if found := HEADER.match(line):
            key = found[1]
            header[key] = found[2].strip()
        elif key and (more := MORE.match(line)):
            header[key] += " " + more[1].strip()
    return Question(path.name.removesuffix(".sql"), header, sql)
