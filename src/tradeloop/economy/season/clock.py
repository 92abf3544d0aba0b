"""Played time: a day of the season, on which each deed has a second of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tradeloop.kit.calendar import SHANGHAI

OPENS = time(9)
CODE_S = 90
"""Seconds after which a telephone shows a code that it did not show before, with some to spare."""


@dataclass(slots=True)
class Clock:
    """What stands for the caller's clock; it never goes backwards."""

    day: date
    seconds: int = 0

    def turn(self, day: date) -> None:
        """Begin another day."""
        self.day, self.seconds = day, 0

    def now(self, seconds: int = 1) -> datetime:
        """Return the time in Shanghai, so many seconds after the last."""
        self.seconds += seconds
        return datetime.combine(self.day, OPENS, SHANGHAI) + timedelta(seconds=self.seconds)
