"""What chance has in store for a lot: how many trades it holds, and how they will be odd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tradeloop.economy.papers.catalogue import Fault
from tradeloop.economy.papers.credit.run import Run
from tradeloop.economy.papers.dice import dice
from tradeloop.economy.papers.odds import PERCENT, drawn_faults, drawn_negative


@dataclass(frozen=True, slots=True)
class Plan:
    """How a lot will be odd, if at all."""

    faults: tuple[Fault, ...]  # in the order in which they happen
    negative: str | None  # a clean lot that looks odd
    size: int  # how many trades

    @property
    def needs(self) -> frozenset[str]:
        """What the faults ask of the lot before they are done to it."""
        return frozenset(need for fault in self.faults for need in fault.needs)

    def has(self, name: str) -> bool:
        """Say whether a fault or an oddity of that name is planned."""
        return self.negative == name or any(fault.name == name for fault in self.faults)


def is_faulty(run: Run, trade: int) -> bool:
    """Say whether chance makes the trade faulty, whatever lot it falls into."""
    return run.fault_rate > 0 and dice(run.seed, trade, "faulty").random() < run.fault_rate


def clean_after(run: Run, first: int, most: int) -> int:
    """Return how many trades from `first` on are clean, `most` at the most."""
    count = 0
    while count < most and not is_faulty(run, first + count):
        count += 1
    return count


def faults_of(run: Run, trade: int, able: Sequence[Fault]) -> tuple[Fault, ...]:
    """Draw the one or two faults of a trade that chance made faulty."""
    r = dice(run.seed, trade, "faults")
    return drawn_faults(r, able, two_percent=run.town.habits["two_faults_percent"])


def negative_of(run: Run, r: Random) -> str | None:
    """Draw the oddity of a clean lot, if it has one."""
    return drawn_negative(run.town.negatives, r.random() * PERCENT)
