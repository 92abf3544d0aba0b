"""One call of a function of the database: its refusals come as facts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from tradeloop.registry.asked import CallUnreadable, wrong_with_time
from tradeloop.registry.facts import Change
from tradeloop.store.database import kept_cursor

CLOCK_WRONG = "TL002"
ISOLATION_WRONG = "TL003"


class ClockWrong(Exception):
    """The caller's time is too far from the database's; nothing was written."""


class IsolationWrong(Exception):
    """The open transaction looks at the past and would not see what others did; nothing written."""


def called(sql: LiteralString, now: datetime, *values: object) -> list[tuple[Any, ...]]:
    """Call a function of the database, `now` first; return its rows.

    Raises:
        CallUnreadable: `now` is no time that can be kept.
        ClockWrong: `now` is too far from the database's clock.
        IsolationWrong: The open transaction looks at the past.
    """
    if said := wrong_with_time("now", now):
        raise CallUnreadable(f"{said} Nothing of the call was done.")
    try:
        cur = kept_cursor()
        cur.execute(sql, (now, *values))
        return cur.fetchall()
    except psycopg.Error as error:
        if error.sqlstate == CLOCK_WRONG:
            raise ClockWrong(error.diag.message_primary) from None
        if error.sqlstate == ISOLATION_WRONG:
            raise IsolationWrong(error.diag.message_primary) from None
        raise


def changed(sql: LiteralString, now: datetime, *values: object) -> Change:
    """Call a function that changes a value itself; it answers in JSON."""
    ((answer,),) = called(sql, now, *values)
    return Change(**json.loads(answer))
