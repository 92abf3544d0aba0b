"""One run of a town that trades on credit: its seed and its wishes, and the numbers it gives."""

from __future__ import annotations

from dataclasses import dataclass

from tradeloop.economy.papers.catalogue import Fault
from tradeloop.economy.papers.clock import year
from tradeloop.economy.papers.credit.place import CreditTown
from tradeloop.economy.papers.dice import dice


@dataclass(frozen=True, slots=True)
class Run:
    """What every lot of a run has in common."""

    town: CreditTown
    faults: tuple[Fault, ...]  # those that the town knows
    seed: int
    fault_rate: float
    lines_min: int
    lines_max: int
    tag: int  # four digits that set the numbers of this seed apart


def new_run(  # noqa: PLR0913 - the wishes of one command, all by name
    *,
    town: CreditTown,
    faults: tuple[Fault, ...],
    seed: int,
    fault_rate: float,
    lines_min: int,
    lines_max: int,
) -> Run:
    """Return a run; the seed alone decides what sets its numbers apart."""
    tag = dice(seed, "tag").randrange(10_000)
    return Run(town, faults, seed, fault_rate, lines_min, lines_max, tag)


def number_of(run: Run, kind: str, trade: int, part: int = 0) -> str:
    """Return a number that says it is made up, such as `SYN-T-0042-0000007`."""
    more = f"-{part}" if part else ""
    return f"SYN-{kind}-{run.tag:04}-{trade:07}{more}"


def entry_id(office: str, day: int, trade: int, part: int = 0) -> str:
    """Return a declaration's number: office, year, 0 for export, and nine digits."""
    return f"{office}{year(day)}0{part}{trade % 10**8:08}"
