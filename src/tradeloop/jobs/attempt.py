"""One attempt at something that may fail: its effect is there whole, or its error is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tradeloop.store.database import cursor

FIRST_RETRY_S, LAST_RETRY_S = 60, 3600
"""After a failure we wait a minute, then twice as long each time, at most an hour."""

ERROR_LENGTH_MAX = 1000


def attempt(action: Callable[[], None]) -> str | None:
    """Run `action` within the open transaction; undo it and return its error if it fails.

    Constraints that are checked at commit are checked here, so that they fail this action alone.
    """
    try:
        with transaction.atomic(), cursor() as cur:
            action()
            cur.execute("set constraints all immediate")
    except Exception as error:  # noqa: BLE001 - whatever fails here must not stop the others
        return f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX]
    return None


def retry_at(now: datetime, tries: int) -> datetime:
    """Return when to try again after `tries` failures."""
    return now + timedelta(seconds=min(FIRST_RETRY_S * 2 ** min(tries - 1, 20), LAST_RETRY_S))
