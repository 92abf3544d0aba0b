"""When goods go through customs, and what a declaration looks like at each step."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tradeloop.economy.papers.clock import DAY, HOUR, SECOND
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import Paper

NOT_KNOWN_YET = {"declared": ("released_at", "left_at"), "released": ("left_at",)}


@dataclass(frozen=True, slots=True)
class Clearance:
    """When the steps at customs happen, each after the one before."""

    declared_day: int
    released_at: int
    left_at: int

    @classmethod
    def drawn(cls, r: Random, declared_day: int) -> Clearance:
        """Draw the steps after a declaration; the goods are gone nine days later at the most."""
        released_at = (declared_day + between(r, 0, 2)) * DAY + _daytime(r)
        left_at = (released_at // DAY + between(r, 1, 6)) * DAY + _daytime(r)
        return cls(declared_day, released_at, left_at)


def seen_at(paper: Paper, status: str, at: int) -> Paper:
    """Return a declaration as it was looked up at that time, with what was known by then."""
    unknown = dict.fromkeys(NOT_KNOWN_YET.get(status, ()))
    return paper.again(**unknown, status=status, updated_at=at)


def _daytime(r: Random) -> int:
    return between(r, 8 * HOUR, 20 * HOUR) // SECOND * SECOND
