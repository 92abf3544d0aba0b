"""Django wakes on a database whose tables and functions are ready."""

from __future__ import annotations

import os

import django
from django.apps import apps


def wake() -> None:
    """Set Django up; no database is touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeloop.site.settings")
    if not apps.ready:
        django.setup()


def start(
    address: str, *, clock_skew_s_max: int | None = 300, pool: dict[str, int] | None = None
) -> None:
    """Set Django up on the database at `address`, and make its schema ready.

    Args:
        address: As libpq writes it.
        clock_skew_s_max: See `store.database.use`.
        pool: See `store.database.use`.

    Raises:
        psycopg.OperationalError: The server cannot be reached.
        HomeUnusable: The database is of a newer version, or of a restore that did not end.
    """
    wake()
    from tradeloop.store import database, schema  # noqa: PLC0415 - Django must be set up first

    database.use(address, clock_skew_s_max=clock_skew_s_max, pool=pool)
    schema.make_ready()
