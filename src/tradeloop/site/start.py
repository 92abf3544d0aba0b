"""Django wakes on a database whose tables and functions are ready."""

from __future__ import annotations

import os

import django
from django.apps import apps


def start(address: str, *, clock_skew_s_max: int | None = 300) -> None:
    """Set Django up on the database at `address`, and make its schema ready.

    Raises:
        psycopg.OperationalError: The server cannot be reached.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeloop.site.settings")
    if not apps.ready:
        django.setup()
    from tradeloop.store import database, schema  # noqa: PLC0415 - Django must be set up first

    database.use(address, clock_skew_s_max=clock_skew_s_max)
    schema.make_ready()
