"""A home is opened for one command: its database runs, is ready, and is left in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tradeloop.site.start import start
from tradeloop.store.home import Home
from tradeloop.store.lasting import lasting_server


@contextmanager
def opened(folder: Path | None = None, *, clock_skew_s_max: int | None = 300) -> Iterator[Home]:
    """Open the home in `folder`; inside the block actions and queries work.

    Raises:
        psycopg.OperationalError: The server of `DATABASE_URL` cannot be reached.
    """
    home = Home.found(folder)
    with ExitStack() as stack:
        address = home.database_url or stack.enter_context(lasting_server(home.postgres))
        start(address, clock_skew_s_max=clock_skew_s_max)
        from tradeloop.store.database import leave  # noqa: PLC0415 - Django is set up now

        stack.callback(leave)
        yield home
