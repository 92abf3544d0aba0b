"""Which faults and which oddity chance gives to a trade, in every town alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from tradeloop.economy.papers.catalogue import Fault, combine
from tradeloop.economy.papers.dice import steps, weighed

PERCENT = 100


def drawn_faults(r: Random, able: Sequence[Fault], *, two_percent: float) -> tuple[Fault, ...]:
    """Draw the one fault, or the two that go together, of a trade that chance made faulty.

    Args:
        r: The generator of this trade's faults.
        able: The faults that it may have.
        two_percent: How many of a hundred have two.
    """
    ends = steps([fault.weight for fault in able])
    first = able[weighed(r, ends)]
    if first.paired or r.random() * PERCENT >= two_percent:
        return (first,)
    for _ in able:
        both = combine(first, able[weighed(r, ends)])
        if both:
            return both
    return (first,)


def drawn_negative(negatives: Mapping[str, float], percent: float) -> str | None:
    """Return the oddity that a throw of 0 to 100 falls on; most fall on none."""
    for name, share in negatives.items():
        percent -= share
        if percent < 0:
            return name
    return None
