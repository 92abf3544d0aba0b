"""Chance that repeats itself: one generator for each subject, from the seed and its name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


def dice(*subject: object) -> Random:
    """Return the generator of `subject`: the same words, the same throws, in any process."""
    return Random(":".join(map(str, subject)))  # noqa: S311 - a made-up town, no secret


def pick(r: Random, things: Sequence[T]) -> T:
    """Return one of `things`, each as likely as the next."""
    return things[int(r.random() * len(things))]


def between(r: Random, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both inclusive."""
    return low + int(r.random() * (high - low + 1))


def steps(shares: Sequence[float]) -> tuple[float, ...]:
    """Return where each share ends, between 0 and 1: what `weighed` needs."""
    total = sum(shares)
    return tuple(end / total for end in accumulate(shares))


def weighed(r: Random, ends: Sequence[float]) -> int:
    """Return the position of the share that chance fell on."""
    chance = r.random()
    for position, end in enumerate(ends):
        if chance < end:
            return position
    return len(ends) - 1


def guid(r: Random) -> str:
    """Return a number of 36 places in capital letters, as customs asks."""
    text = f"{r.getrandbits(128):032X}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
