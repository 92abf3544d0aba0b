"""A home is opened for one command: its database runs, is ready, and is left in order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import django.db
import psycopg
from django.conf import settings

from tradeloop.kit.calendar import SHANGHAI
from tradeloop.site.start import start
from tradeloop.store import own
from tradeloop.store.home import Home, HomeUnusable
from tradeloop.store.lasting import lasting_server
from tradeloop.store.waiting import Tell


class DatabaseLost(HomeUnusable):
    """The database went away, or had no room, while a command was at work."""


def to_standard_error(line: str) -> None:
    """Show a line of progress to who waits."""
    sys.stderr.write(f"{line}\n")


@contextmanager
def opened(
    folder: Path | None = None,
    *,
    clock_skew_s_max: int | None = 300,
    pool: dict[str, int] | None = None,
    tell: Tell = to_standard_error,
) -> Iterator[Home]:
    """Open the home in `folder`; inside the block actions and queries work.

    Args:
        folder: The home, or None for the one that the environment names.
        clock_skew_s_max: See `store.database.use`.
        pool: See `store.database.use`.
        tell: Called with a line of progress where the database takes long.

    Raises:
        HomeUnusable: The home or its database cannot be worked with; a sentence says why.
    """
    home = Home.found(folder)
    home.refuse_half_restored()
    with served(home, tell=tell) as address:
        start(address, clock_skew_s_max=clock_skew_s_max, pool=pool)
        from tradeloop.store.database import close_pool  # noqa: PLC0415 - Django is set up now

        settings.TRADELOOP_KEYS = str(home.keys)
        try:
            yield home
            _feed_log(tell)
        except (psycopg.OperationalError, django.db.OperationalError) as error:
            if lost := _lost(error):
                raise lost from error
            raise
        finally:
            close_pool()


def _feed_log(tell: Tell) -> None:
    """Give what the command recorded its place in the log, so that its proof is there at once."""
    from tradeloop.jobs.sequencing import sequence_or_wait  # noqa: PLC0415 - Django is set up now

    sequence_or_wait(datetime.now(SHANGHAI), tell)


@contextmanager
def served(home: Home, *, tell: Tell = to_standard_error) -> Iterator[str]:
    """Give the address of the home's server, one's own or the embedded one, while it is needed.

    Raises:
        HomeUnusable: There is none that can be used; a sentence says why.
    """
    if home.database_url:
        own.check(home.database_url)
        yield home.database_url
    else:
        with lasting_server(home.postgres, tell=tell) as address:
            yield address


def _lost(error: Exception) -> DatabaseLost | None:
    """Return the sentence for an error of the server, and None for one of the request."""
    from tradeloop.store.database import is_of_the_server  # noqa: PLC0415 - Django is set up now

    if not is_of_the_server(error):
        return None
    return DatabaseLost(
        f"The database could not go on: {' '.join(str(error).split())}. What was not answered may "
        "be done or not: look, or repeat it with the same id. `tradeloop doctor` looks at the rest."
    )
