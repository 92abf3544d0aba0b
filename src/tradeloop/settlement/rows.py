"""One statement of the database, and the lock under which bank payments are booked."""

from __future__ import annotations

from typing import Any

from tradeloop.store.database import cursor


def lock() -> None:
    """Let nobody else book bank payments until the transaction ends.

    It comes before the locks of receivables: who pays and takes in a file in one transaction takes
    the file in first.
    """
    rows("select pg_advisory_xact_lock(7216102)")


def rows(sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Do one statement; return its rows, none if it has none to give."""
    with cursor() as cur:
        cur.execute(sql.encode(), given)
        return cur.fetchall() if cur.description else []
