"""Times as whole numbers: milliseconds since 1970 on the clock of Shanghai, and days since 1970."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = date(1970, 1, 1)


def day_of(on: date) -> int:
    """Return the days from 1970 to `on`."""
    return (on - EPOCH).days


@cache
def day_text(day: int) -> str:
    """Return a day as customs writes it: `20260701`."""
    return f"{EPOCH + timedelta(days=day):%Y%m%d}"


@cache
def year(day: int) -> str:
    """Return the year of a day."""
    return day_text(day)[:4]


@cache
def month(day: int) -> str:
    """Return the month of a day as `202607`."""
    return day_text(day)[:6]


@cache
def next_month(day: int) -> int:
    """Return the first day of the month after `day`."""
    on = EPOCH + timedelta(days=day)
    return day_of(date(on.year + on.month // 12, on.month % 12 + 1, 1))


@cache
def _seconds() -> tuple[str, ...]:
    return tuple(
        f"{hour:02}{minute:02}{second:02}"
        for hour in range(24)
        for minute in range(60)
        for second in range(60)
    )


def time_text(at: int) -> str:
    """Return a time as `20260701153001`."""
    day, rest = divmod(at, DAY)
    return day_text(day) + _seconds()[rest // SECOND]


def moment_text(at: int) -> str:
    """Return a time of an answer, with its milliseconds: `20260701153001123`."""
    return f"{time_text(at)}{at % SECOND:03}"
