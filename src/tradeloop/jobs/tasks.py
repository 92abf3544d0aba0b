"""The one task of procrastinate: it wakes us each minute; what to do stands in our tables."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from tradeloop.kit.calendar import SHANGHAI


@app.periodic(cron="* * * * *")
@app.task(name="tradeloop.wake", queueing_lock="tradeloop.wake")
def wake(timestamp: int) -> None:
    """Do what is due by now; the minute we were woken for does not matter."""
    # Procrastinate reads this file whenever Django wakes: all that a turn needs would come along.
    from tradeloop.jobs.turn import turn  # noqa: PLC0415 - as said

    del timestamp
    turn(now=datetime.now(SHANGHAI))
