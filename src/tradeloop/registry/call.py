"""One call of a function of the database: arrays go as texts, its refusals come as facts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import psycopg

from tradeloop.registry.asked import CallUnreadable, wrong_with_time
from tradeloop.registry.facts import Change
from tradeloop.store.database import cursor

CLOCK_WRONG = "TL002"
ISOLATION_WRONG = "TL003"


class ClockWrong(Exception):
    """The caller's time is too far from the database's; nothing was written."""


class IsolationWrong(Exception):
    """The open transaction looks at the past and would not see what others did; nothing written."""


def called(sql: str, now: datetime, *values: object) -> list[tuple[Any, ...]]:
    """Call a function of the database, `now` first; return its rows.

    Raises:
        CallUnreadable: `now` is no time that can be kept.
        ClockWrong: `now` is too far from the database's clock.
        IsolationWrong: The open transaction looks at the past.
    """
    if said := wrong_with_time("now", now):
        raise CallUnreadable(f"{said} Nothing of the call was done.")
    try:
        with cursor() as cur:
            cur.execute(sql.encode(), (now, *values))
            return cur.fetchall()
    except psycopg.Error as error:
        if error.sqlstate == CLOCK_WRONG:
            raise ClockWrong(error.diag.message_primary) from None
        if error.sqlstate == ISOLATION_WRONG:
            raise IsolationWrong(error.diag.message_primary) from None
        raise


def changed(sql: str, now: datetime, *values: object) -> Change:
    """Call a function that changes a value itself; it answers in JSON."""
    ((answer,),) = called(sql, now, *values)
    return Change(**json.loads(answer))


# Arrays go over the wire as the text that PostgreSQL writes them in: a fifth of the time that
# adapting each element takes.
def plain(values: Iterable[object]) -> str:
    """Write an array of numbers, ids or times; None is to be given as NULL."""
    return f"{{{','.join(map(str, values))}}}"


def quoted(values: Iterable[str | None]) -> str:
    """Write an array of texts."""
    return "{" + ",".join(
        "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in values
    ) + "}"  # fmt: skip
