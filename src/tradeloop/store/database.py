"""The one connection to PostgreSQL: Django's tables and the database's own functions share it."""

from __future__ import annotations

import threading
from typing import Any

import django.db
import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.conninfo import conninfo_to_dict

from tradeloop.store import arrays

DJANGO_NAMES = {
    "dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT",
}  # fmt: skip

PREPARED_AFTER = 5  # calls with the same text

CLOCK_SKEW_S_MAX = 300
"""How far a caller's clock may be from the database's; a season that is played sets no bound."""


OF_THE_SERVER = ("08", "53", "57", "58")
"""Classes of SQLSTATE that say nothing about the request: the connection, the machine's means, and
those who run the server. A connection that breaks has none."""

BREAKS = (
    psycopg.OperationalError, psycopg.InterfaceError, django.db.OperationalError,
    django.db.InterfaceError,
)  # fmt: skip

ISOLATION = r"-c default_transaction_isolation=read\ committed"
"""A server of one's own may say otherwise; who waited for a lock must see what was done."""


def use(
    address: str,
    *,
    clock_skew_s_max: int | None = CLOCK_SKEW_S_MAX,
    pool: dict[str, int] | None = None,
) -> None:
    """Let Django and ours work on the database at `address` from now on.

    Args:
        address: As libpq writes it, `postgresql://…` or `host=… dbname=…`.
        clock_skew_s_max: Beyond it a caller's time is refused; None where time is played.
        pool: Sizes of a pool of connections (`min_size`, `max_size`), for a server of many threads.
    """
    given = conninfo_to_dict(address)
    skew = "" if clock_skew_s_max is None else str(clock_skew_s_max)
    server_options = (
        f"{given.pop('options', '')} -c tradeloop.clock_skew_s_max={skew} {ISOLATION}".strip()
    )
    settings: dict[str, Any] = {
        name: str(given.pop(key, "") or "") for key, name in DJANGO_NAMES.items()
    }
    # Calls are parsed once for a connection: that is half of what one line of the registry costs.
    # Behind a pooler that shares connections between transactions, it must keep such statements.
    settings["OPTIONS"] = {
        "prepare_threshold": PREPARED_AFTER, **given, "options": server_options,
    }  # fmt: skip
    if pool:
        settings["OPTIONS"]["pool"] = pool
    arrays.register()
    leave()
    _wrapper().close_pool()  # its connections lead to the database of before
    connections.databases["default"].update(settings)
    del connections["default"]


def is_of_the_server(error: BaseException) -> bool:
    """Say whether an error is of the server or the way to it, and not of what was asked."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__ or error
    if not isinstance(cause, BREAKS):
        return False
    return (getattr(cause, "sqlstate", None) or OF_THE_SERVER[0]).startswith(OF_THE_SERVER)


def leave() -> None:
    """Close this thread's connection, or give it back to the pool; the next use takes a new one."""
    connections["default"].close()
    del connections["default"]


def close_pool() -> None:
    """Close every connection of the pool, if there is one; threads must have left."""
    leave()
    _wrapper().close_pool()


def link() -> psycopg.Connection[Any]:
    """Return this thread's connection: what is done on it belongs to Django's transaction."""
    wrapper = _wrapper()
    wrapper.ensure_connection()
    connection: psycopg.Connection[Any] = wrapper.connection
    return connection


def _wrapper() -> DatabaseWrapper:
    wrapper = connections["default"]
    assert isinstance(wrapper, DatabaseWrapper)  # noqa: S101 - the settings say so
    return wrapper


def cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """Return a cursor that binds values on the server, where calls are prepared once."""
    return psycopg.Cursor(link())


def plan_for_few() -> None:
    """Let what this transaction asks from now on be planned once, and go through indexes.

    For work on a few rows by many questions: to plan each anew takes longer than to answer it.
    """
    with cursor() as cur:
        cur.execute(
            "select set_config('plan_cache_mode', 'force_generic_plan', true), "
            "set_config('enable_seqscan', 'off', true)"
        )


_kept = threading.local()


def kept_cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """Return this thread's lasting cursor; read it out before the next call.

    It knows how to write and read the values of its earlier calls. A new cursor learns that anew,
    which is a fifth of what one line of the registry costs its caller.
    """
    connection = link()
    kept: psycopg.Cursor[tuple[Any, ...]] | None = getattr(_kept, "cursor", None)
    if kept is None or kept.connection is not connection:
        kept = _kept.cursor = psycopg.Cursor(connection)
    return kept
