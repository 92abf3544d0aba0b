"""The home of a command that uses the registry, open; what goes wrong becomes one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tradeloop.cli.screen import fail
from tradeloop.registry.asked import CallUnreadable
from tradeloop.site.opened import opened
from tradeloop.store.home import Home


@contextmanager
def registry(home: Path | None) -> Iterator[Home]:
    """Open the home; what the world or the caller did wrong becomes one sentence."""
    try:
        with opened(home) as found:
            from tradeloop.registry.call import (  # noqa: PLC0415 - Django is set up now
                ClockWrong,
                IsolationWrong,
            )

            try:
                yield found
            except (CallUnreadable, ClockWrong, IsolationWrong) as error:
                raise fail(str(error)) from None
    except psycopg.OperationalError as error:
        raise fail(f"PostgreSQL: {error}".strip()) from None
