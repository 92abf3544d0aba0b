"""The same questions as one statement, for a handful of papers: PostgreSQL answers it in ms.

Each question becomes a part of one `WITH`, its text unchanged; each table of facts comes as JSON
and nothing is written anywhere. A bulk engine needs about a millisecond for each operator, whatever
the number of rows; here one plan, made once, serves every call. What the planner itself can prove
to be without rows (no declaration is here, so nothing that joins one) is left out of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pyarrow as pa

from tradeloop.bulk.questions import Question

SQL_TYPES = {
    "bool": "boolean",
    "int32": "integer",
    "int64": "bigint",
    "string": "text",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
}
# Nodes of a plan that give no rows if their only input gives none.
PASSING = frozenset(
    {"WindowAgg", "Sort", "Incremental Sort", "Subquery Scan", "Unique", "Limit", "Materialize",
     "Hash", "Memoize", "Group"}
)  # fmt: skip
# Which inputs of a join must all be empty for it to be empty; of an inner join either is enough.
JOINS: Mapping[str, Sequence[Sequence[int]]] = {
    "Inner": ((0,), (1,)),
    "Semi": ((0,), (1,)),
    "Left": ((0,),),
    "Anti": ((0,),),
    "Right": ((1,),),
    "Full": ((0, 1),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One table that is made on the way: its name and the SELECT that makes it."""

    name: str
    sql: str
    is_view: bool = False


def sql_type(given: pa.DataType) -> str:
    """Return the type of a column in PostgreSQL.

    >>> sql_type(pa.decimal128(19, 5))
    'decimal(19, 5)'
    """
    if pa.types.is_dictionary(given):
        return sql_type(given.value_type)
    if pa.types.is_decimal(given):
        return f"decimal({given.precision}, {given.scale})"
    return SQL_TYPES[str(given)]


def columns(schema: pa.Schema) -> str:
    """Return the columns of a table as PostgreSQL declares them."""
    return ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in schema)


def steps(questions: Iterable[Question]) -> list[Step]:
    """Return each question as a step."""
    return [
        Step(name=one.table, sql=one.sql, is_view=one.header.get("as") == "view")
        for one in questions
    ]


def all_of(name: str, schema: pa.Schema, checks: Iterable[Question]) -> Step:
    """Return one table of what all checks give, whatever each calls its columns."""
    names = ", ".join(schema.names)
    found = [
        f"select {names} from (\n{check.sql}\n) as check_{place} ({names})"
        for place, check in enumerate(checks)
    ]
    return Step(name=name, sql="\nunion all\n".join(found))


def prepare(
    con: psycopg.Connection[Any], given: Mapping[str, pa.Schema], asked: Sequence[Step]
) -> None:
    """Make every table once, without rows, so that the planner knows its columns."""
    for name, schema in given.items():
        con.execute(f"create temp table {name} ({columns(schema)})".encode())
    for step in asked:
        con.execute(f"create temp table {step.name} as\n{step.sql}\nwith no data".encode())


def one_statement(
    con: psycopg.Connection[Any],
    given: Mapping[str, pa.Schema],
    asked: Sequence[Step],
    *,
    present: Sequence[str],
    wish: str,
) -> str:
    """Return all steps as one statement; its parameters are JSON lists of the rows of `present`.

    Args:
        con: A connection for which `prepare` was called.
        given: The tables that may come.
        asked: The steps, in order.
        present: The tables that do come, in order; the others are taken to be empty.
        wish: The SELECT at the end.
    """
    numbers = {name: number for number, name in enumerate(present, 1)}
    parts = []
    empty: dict[str, str] = {}
    for name, schema in given.items():
        if name in numbers:
            rows = f"json_to_recordset(${numbers[name]}::json)"
            parts.append(
                f"{name} as materialized (select * from {rows} as given ({columns(schema)}))"
            )
        else:
            empty[name] = _empty(name)
    for step in asked:
        if _gives_nothing(con, step, empty):
            empty[step.name] = _empty(step.name)
        else:
            how = "not materialized" if step.is_view else "materialized"
            parts.append(f"{step.name} as {how} (\n{step.sql}\n)")
    return "with\n" + ",\n".join((*empty.values(), *parts)) + f"\n{wish}"


def _empty(name: str) -> str:
    return f"{name} as not materialized (select * from pg_temp.{name} where false)"


def _gives_nothing(con: psycopg.Connection[Any], step: Step, empty: Mapping[str, str]) -> bool:
    """Whether the planner proves that a step has no rows."""
    if not empty:
        return False
    text = (
        f"explain (format json) with {', '.join(empty.values())} "
        f"select * from (\n{step.sql}\n) as asked"
    )
    [plan] = con.execute(text.encode()).fetchone() or ([],)
    return is_empty(plan[0]["Plan"] if isinstance(plan, list) else plan["Plan"], {})


def is_empty(plan: Mapping[str, Any], above: Mapping[str, bool]) -> bool:
    """Whether a part of a plan gives no rows, by the planner's word that its inputs have none.

    >>> is_empty({"Node Type": "Result", "One-Time Filter": "false"}, {})
    True
    """
    if plan.get("One-Time Filter") == "false":
        return True
    named = dict(above)
    inputs = []
    for one in plan.get("Plans", ()):
        name = one.get("Subplan Name", "")
        if name.startswith("CTE "):
            named[name.removeprefix("CTE ")] = is_empty(one, named)
        elif one.get("Parent Relationship") not in {"InitPlan", "SubPlan"}:
            inputs.append(one)
    empty = [is_empty(one, named) for one in inputs]
    kind = plan["Node Type"]
    if kind == "CTE Scan":
        return named.get(plan["CTE Name"], False)
    if kind in PASSING or (kind == "Aggregate" and plan.get("Strategy") != "Plain"):
        return empty == [True]
    if kind in {"Append", "Merge Append"}:
        return all(empty)
    if "Join Type" in plan:
        return any(all(empty[one] for one in some) for some in JOINS.get(plan["Join Type"], ()))
    return False
