"""The same questions as one statement, for a handful of papers: PostgreSQL answers it in ms.

Each question becomes a part of one `WITH`, its text unchanged; the facts come as one JSON value and
nothing is written anywhere. A bulk engine needs about a millisecond for each operator, whatever the
number of rows; here one plan, made once, serves every call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def given_as_json(schemas: Mapping[str, pa.Schema]) -> list[str]:
    """Return the tables that come as members of the first parameter, one JSON object."""
    return [
        f"{name} as materialized (\nselect * from json_to_recordset($1::json -> '{name}') "
        f"as given ({columns(schema)})\n)"
        for name, schema in schemas.items()
    ]


def asked(questions: Iterable[Question]) -> list[str]:
    """Return each question as a table that later ones read."""
    return [
        f"{one.table} as {'not ' if one.header.get('as') == 'view' else ''}materialized (\n"
        f"{one.sql}\n)"
        for one in questions
    ]


def all_of(name: str, schema: pa.Schema, checks: Iterable[Question]) -> str:
    """Return one table of what all checks give, whatever each calls its columns."""
    names = ", ".join(schema.names)
    found = [
        f"select {names} from (\n{check.sql}\n) as check_{place} ({names})"
        for place, check in enumerate(checks)
    ]
    return f"{name} as materialized (\n" + "\nunion all\n".join(found) + "\n)"
