"""A worker: reacts each second, is woken each minute, and ends cleanly when it is told to."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from psycopg_pool import AsyncConnectionPool

from tradeloop.jobs.facts import Failure, Ran
from tradeloop.jobs.reactions import REACTIONS, react
from tradeloop.jobs.sequencing import sequence_or_wait
from tradeloop.store.database import is_of_the_server, leave

if TYPE_CHECKING:
    from procrastinate import App

EVERY_S = 1.0
CONNECTS_S_MAX = 5.0  # then the server is away; the library alone would wait for half a minute
ENDS_S_MAX = 10.0  # what waits for a server that is away is left alone after that
log = logging.getLogger(__name__)


def run(*, clock: Callable[[], datetime], told: Callable[[Failure], None]) -> bool:
    """Work until SIGTERM or SIGINT; what has begun is finished first.

    Return whether it was told to end; if not, the database went away, with nothing half done, and
    whoever called may open it again.

    Args:
        clock: Gives the time.
        told: Hears of each reaction that failed.
    """
    from procrastinate.contrib.django import app  # noqa: PLC0415 - real once Django is set up
    from procrastinate.contrib.django.django_connector import (  # noqa: PLC0415 - the same
        DjangoConnector,
    )

    stop, away = threading.Event(), threading.Event()
    loop = threading.Thread(target=_react_until, args=(stop, away, clock, told), name="reactions")
    loop.start()
    try:
        with (
            _without_traces_of_the_server(),
            app.replace_connector(DjangoConnector().get_worker_connector()) as worker_app,
        ):
            asyncio.run(_woken_until(away, worker_app))
    except Exception as error:
        if not (away.is_set() or is_of_the_server(error)):
            raise
        away.set()
    finally:
        stop.set()
        loop.join()
    return not away.is_set()


async def _woken_until(away: threading.Event, worker_app: App) -> None:
    """Be woken each minute until we are told to end, or the server is away."""
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415 - as above

    pool = AsyncConnectionPool(
        kwargs=connector_params(), timeout=CONNECTS_S_MAX, open=False,
        check=AsyncConnectionPool.check_connection,
    )  # fmt: skip
    async with pool, worker_app.open_async(pool):
        await pool.wait(timeout=CONNECTS_S_MAX)
        woken = asyncio.create_task(
            worker_app.run_worker_async(concurrency=1, delete_jobs="successful")
        )
        while not woken.done() and not away.is_set():
            await asyncio.wait({woken}, timeout=EVERY_S)
        if away.is_set():
            woken.cancel()
            await asyncio.wait({woken}, timeout=ENDS_S_MAX)
        elif woken.done():
            await woken


def _react_until(
    stop: threading.Event, away: threading.Event, clock: Callable[[], datetime],
    told: Callable[[Failure], None],
) -> None:  # fmt: skip
    try:
        while not stop.is_set():
            try:
                for failure in _react(clock()).failed:
                    told(failure)
            except Exception as error:
                if is_of_the_server(error):
                    away.set()
                    return
                log.exception("No reaction ran; trying again.")
                leave()
            stop.wait(EVERY_S)
    finally:
        leave()


def _react(now: datetime) -> Ran:
    """Give new facts their place and react to them."""
    sequence_or_wait(now)
    return react(now=now, table=REACTIONS)


@contextmanager
def _without_traces_of_the_server() -> Iterator[None]:
    """Let the libraries say nothing of a server that is away: whoever called says it once."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.addFilter(lambda one: not (one.exc_info and _is_traced(one.exc_info[1])))
    pool, ours = logging.getLogger("psycopg.pool"), logging.getLogger("procrastinate")
    before = pool.level, ours.propagate
    pool.setLevel(logging.CRITICAL)
    ours.addHandler(handler)
    ours.propagate = False
    try:
        yield
    finally:
        pool.setLevel(before[0])
        ours.removeHandler(handler)
        ours.propagate = before[1]


def _is_traced(error: BaseException | None) -> bool:
    """Say whether an error, or what it came of, is of the server."""
    while error is not None:
        if is_of_the_server(error):
            return True
        error = error.__cause__ or error.__context__
    return False
