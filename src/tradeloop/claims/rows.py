"""Rows of the database by name, as the claims read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradeloop.store.database import cursor


def named(sql: str, *values: object) -> list[dict[str, Any]]:
    """Return the rows of a question, each by the names of its columns."""
    with cursor() as cur:
        cur.execute(sql.encode(), values or None)
        names = [column.name for column in cur.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cur.fetchall()]


def one(sql: str, *values: object) -> dict[str, Any] | None:
    """Return the only row, or None."""
    return next(iter(named(sql, *values)), None)


def do(sql: str, *values: object) -> int:
    """Run a statement; return how many rows it touched."""
    with cursor() as cur:
        cur.execute(sql.encode(), values or None)
        return cur.rowcount


def put(table: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows, as many as there are, in one go."""
    if not rows:
        return
    with cursor() as cur, cur.copy(f"copy {table} ({columns}) from stdin".encode()) as copy:
        for row in rows:
            copy.write_row(row)
