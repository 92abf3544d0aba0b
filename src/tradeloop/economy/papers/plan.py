"""What chance has in store for a trade, before any paper is made."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tradeloop.economy.papers.catalogue import Fault, faults
from tradeloop.economy.papers.dice import dice
from tradeloop.economy.papers.odds import PERCENT, drawn_faults, drawn_negative
from tradeloop.economy.papers.world import World

NUMBER_AGAIN = "waybill-number-again"  # the one oddity that takes two trades


@dataclass(frozen=True, slots=True)
class Plan:
    """How a trade will be odd, if at all."""

    faults: tuple[Fault, ...]  # in the order in which they happen
    negative: str | None  # a clean trade that looks odd
    paid: str  # full, part, none
    simplified: bool  # statisticsFlag A
    returned: bool
    paired: bool  # leans on the trade before it

    @property
    def plain(self) -> bool:
        """Whether nothing at all is odd about it, so that another trade may lean on it."""
        odd = self.negative is not None or self.paid == "part" or self.returned
        return not self.faults and not odd

    def has(self, name: str) -> bool:
        """Say whether a fault or an oddity of that name is planned."""
        return self.negative == name or any(fault.name == name for fault in self.faults)


def plan(world: World, trade: int, r: Random) -> Plan:
    """Draw the plan of a trade; `r` is the trade's own generator, not used before."""
    habits = world.town.habits
    faulty = r.random() < world.fault_rate
    odd, payment, simple, back = (r.random() * PERCENT for _ in range(4))
    part = payment - habits["paid_percent"]
    paid = "full" if part < 0 else "part" if part < habits["paid_in_part_percent"] else "none"
    simplified = simple < habits["simplified_percent"]
    if faulty:
        return _faulty(world, trade, paid=paid, simplified=simplified)
    negative = drawn_negative(world.town.negatives, odd)
    if negative == NUMBER_AGAIN and _partner(world, trade) is None:
        negative = None
    return Plan(
        faults=(),
        negative=negative,
        paid=paid,
        simplified=simplified,
        returned=negative is None and back < habits["returned_percent"],
        paired=negative == NUMBER_AGAIN,
    )


def _faulty(world: World, trade: int, *, paid: str, simplified: bool) -> Plan:
    chosen = _faults(world, trade)
    needs = {need for fault in chosen for need in fault.needs}
    return Plan(
        faults=chosen,
        negative=None,
        paid="full" if "collection" in needs or paid == "part" else paid,
        simplified="simplified" in needs or (simplified and "summary" not in needs),
        returned=False,
        paired="partner" in needs,
    )


def _partner(world: World, trade: int) -> Plan | None:
    """Return the plan of the trade before, if this one may lean on it: only odd numbers may."""
    if trade % 2 == 0:
        return None
    before = plan(world, trade - 1, dice(world.seed, trade - 1))
    return before if before.plain else None


def _faults(world: World, trade: int) -> tuple[Fault, ...]:
    r = dice(world.seed, trade, "faults")
    partner = _partner(world, trade)
    able = tuple(fault for fault in faults() if not fault.paired or _leans(fault, partner))
    return drawn_faults(r, able, two_percent=world.town.habits["two_faults_percent"])


def _leans(fault: Fault, partner: Plan | None) -> bool:
    return partner is not None and ("collection" not in fault.needs or partner.paid != "none")
