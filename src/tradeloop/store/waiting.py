"""Waiting that tells of itself where it takes long."""

from __future__ import annotations

import time
from collections.abc import Callable

Tell = Callable[[str], None]

QUIET_S = 2.0
EACH_S = 5.0


def nothing(_: str) -> None:
    """Tell nobody."""


class Waiting:
    """One wait: sleeps for short whiles, and says what for after two seconds and each five."""

    def __init__(self, tell: Tell, what: str) -> None:
        """Remember what is waited for; the time runs from the first sleep."""
        self._tell, self._what = tell, what
        self._began: float | None = None
        self._next = QUIET_S

    def __call__(self, seconds: float) -> None:
        """Sleep once."""
        now = time.monotonic()
        self._began = self._began or now
        passed = now - self._began
        if passed >= self._next:
            self._tell(f"{self._what} ({passed:.0f} s so far).")
            self._next = passed + EACH_S
        time.sleep(seconds)
