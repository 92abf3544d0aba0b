"""A worker: reacts each second, is woken each minute, and ends cleanly when it is told to."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from tradeloop.jobs.facts import Failure, Ran
from tradeloop.jobs.reactions import REACTIONS, react
from tradeloop.jobs.turn import SEQUENCER
from tradeloop.store.database import leave

EVERY_S = 1.0
log = logging.getLogger(__name__)


def run(*, clock: Callable[[], datetime], told: Callable[[Failure], None]) -> None:
    """Work until SIGTERM or SIGINT; what has begun is finished first.

    Args:
        clock: Gives the time.
        told: Hears of each reaction that failed.
    """
    from procrastinate.contrib.django import app  # noqa: PLC0415 - real once Django is set up
    from procrastinate.contrib.django.django_connector import (  # noqa: PLC0415 - the same
        DjangoConnector,
    )

    stop = threading.Event()
    loop = threading.Thread(target=_react_until, args=(stop, clock, told), name="reactions")
    loop.start()
    try:
        with app.replace_connector(DjangoConnector().get_worker_connector()) as worker_app:
            worker_app.run_worker(concurrency=1, delete_jobs="successful")
    finally:
        stop.set()
        loop.join()


def _react_until(
    stop: threading.Event, clock: Callable[[], datetime], told: Callable[[Failure], None]
) -> None:
    try:
        while not stop.is_set():
            for failure in _react(clock()).failed:
                told(failure)
            stop.wait(EVERY_S)
    finally:
        leave()


def _react(now: datetime) -> Ran:
    """Give new facts their place and react to them; a server that is away is waited for."""
    try:
        if SEQUENCER is not None:
            SEQUENCER(now)
        return react(now=now, table=REACTIONS)
    except Exception:
        log.exception("No reaction ran; trying again.")
        leave()
        return Ran(done=0, failed=())
