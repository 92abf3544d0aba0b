"""What is open with a buyer on any day, and how much room the limit has without hurting anybody."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass, field
from datetime import date

from tradeloop.cover.arrears import due_before, stops
from tradeloop.cover.facts import Clearing, Grant, Shipment, Standing
from tradeloop.cover.terms import CapBasis, CapPer, CapUse, CoverTerms, StopShipment
from tradeloop.kit.money import WHOLE, Money

Scope = tuple[str, int | None]
"""Who shares a limit: a policyholder or everybody (empty), in a period or at any time (None)."""


@dataclass(slots=True, kw_only=True)
class Open:
    """A shipment while its history is played: what was granted of it and what was paid."""

    shipment: Shipment
    terms: CoverTerms
    standing: Standing
    period: int | None
    refused: str = ""
    is_insured: bool = False  # or takes room as if it were, although refused
    grants: list[Grant] = field(default_factory=list)
    clearings: list[Clearing] = field(default_factory=list)
    granted_minor: int = 0
    owed_minor: int = 0
    steps: list[tuple[date, int]] = field(default_factory=list)  # what it changes in the usage

    @property
    def limit(self) -> Money:
        """The limit of its day."""
        return self.standing.limit

    @property
    def scope(self) -> Scope:
        """Whose limit it uses."""
        alone = self.terms.cap_per is CapPer.POLICYHOLDER_AND_BUYER
        return (self.shipment.policyholder if alone else "", self.period)

    @property
    def weight(self) -> int:
        """How much of the limit a minor unit uses, in basis points."""
        by_payout = self.terms.cap_basis is CapBasis.PAYOUT
        return self.standing.insured_share_bp if by_payout else WHOLE

    @property
    def payee(self) -> tuple[str, str]:
        """To whom it is owed, and in which book: whose payments clear it."""
        return self.shipment.policyholder, self.shipment.book

    @property
    def place(self) -> tuple[date, str]:
        """The order in which payments clear and room is given: the oldest first."""
        return self.shipment.shipped_on, self.shipment.id

    def granted_by(self, day: date) -> int:
        """What was granted up to a day."""
        return sum(one.amount.minor for one in self.grants if one.on <= day)

    def owed_on(self, day: date) -> int:
        """What no payment has cleared by a day."""
        cleared = sum(one.amount.minor for one in self.clearings if one.on <= day)
        return self.shipment.amount.minor - cleared

    def bearing_on(self, day: date) -> int:
        """How much could weigh on the limit on a day: what is owed, or all if nothing revolves."""
        if self.terms.cap_use is CapUse.PER_PERIOD:
            return self.shipment.amount.minor
        # A payment clears the uncovered part first: what is owed above the limit is uninsured.
        return self.owed_on(day)

    def weighing_on(self, day: date) -> int:
        """What weighs on the limit on a day, in minor units times basis points."""
        return self.weight * min(self.granted_by(day), self.bearing_on(day))


@dataclass(slots=True)
class Usage:
    """How much of one limit is used on each day, and which limit held when something was granted.

    All in minor units times basis points. A change of the usage is a step on its day.
    """

    days: list[date] = field(default_factory=list)
    changes: dict[date, int] = field(default_factory=dict)
    held: dict[date, int] = field(default_factory=dict)
    held_days: list[date] = field(default_factory=list)

    def step(self, day: date, change: int) -> None:
        """Change the usage from a day on."""
        if day not in self.changes:
            insort(self.days, day)
            self.changes[day] = 0
        self.changes[day] += change

    def hold(self, day: date, bound: int) -> None:
        """Remember that a limit held on a day."""
        if day not in self.held:
            insort(self.held_days, day)
        self.held[day] = min(self.held.get(day, bound), bound)

    def free(self, on: date, bound: int) -> list[tuple[date, int]]:
        """Return what is free on a day within a bound, and on each later day that was held."""
        found = []
        place = bisect_right(self.days, on)
        used = sum(self.changes[day] for day in self.days[:place])
        later = self.held_days[bisect_right(self.held_days, on) :]
        found.append((on, min(bound, self.held.get(on, bound)) - used))
        for day in later:
            while place < len(self.days) and self.days[place] <= day:
                used += self.changes[self.days[place]]
                place += 1
            found.append((day, self.held[day] - used))
        return found


@dataclass(slots=True)
class Books:
    """All that is open with one buyer."""

    opened: list[Open] = field(default_factory=list)
    owing: dict[tuple[str, str], list[Open]] = field(default_factory=dict)
    """By policyholder and book, oldest first."""
    _usages: dict[Scope, Usage] = field(default_factory=dict)

    def add(self, one: Open) -> None:
        """Take in a shipment."""
        one.owed_minor = one.shipment.amount.minor
        self.opened.append(one)
        insort(self.owing.setdefault(one.payee, []), one, key=_place)

    def clear(self, one: Open, clearing: Clearing) -> None:
        """Take in that a payment cleared a part of a shipment."""
        one.clearings.append(clearing)
        one.owed_minor -= clearing.amount.minor
        if not one.owed_minor:
            self.owing[one.payee].remove(one)
        self._weigh(one)

    def grant(self, one: Open, grant: Grant, cap: Money) -> None:
        """Take in that a part of a shipment came under cover, within a limit."""
        one.grants.append(grant)
        one.granted_minor += grant.amount.minor
        self._usage(one).hold(grant.on, cap.minor * WHOLE)
        self._weigh(one)

    def room(self, one: Open, on: date, cap: Money) -> int:
        """Return how many minor units of a shipment can be granted from a day on.

        No more than the limit has room for on that day, and on every later day on which others
        were granted something: their certificates stay, and the limit holds all the same.
        """
        found = min(
            one.bearing_on(on) - one.granted_by(on),
            one.shipment.amount.minor - one.granted_minor,
        )
        if found <= 0 or one.weight == 0:
            return max(found, 0)
        for day, free in self._usage(one).free(on, cap.minor * WHOLE):
            # Free beside all others; what is paid by then weighs nothing, however much is granted.
            most = (free + one.weighing_on(day)) // one.weight
            if one.bearing_on(day) > most:
                found = min(found, most - one.granted_by(day))
        return max(found, 0)

    def has_room(self, one: Open, on: date, cap: Money) -> bool:
        """Say quickly whether `room` could be above zero for a shipment that is still owed."""
        free = self._usage(one).free(on, cap.minor * WHOLE)
        return one.weight == 0 or min(left for _, left in free) >= one.weight

    def overdue(self, policyholder: str, on: date, terms: CoverTerms) -> Money | None:
        """Return what stops further shipments on a day, or None if nothing does."""
        if terms.stop_shipment is StopShipment.NEVER:
            return None
        late = due_before(on, terms)
        owed = sum(
            one.owed_on(on)
            for one in self.opened
            if one.shipment.policyholder == policyholder and one.shipment.due_on < late
        )
        if not owed:
            return None
        found = Money(owed, self.opened[0].shipment.amount.currency)
        return found if stops(found, terms) else None

    def _usage(self, one: Open) -> Usage:
        return self._usages.setdefault(one.scope, Usage())

    def _weigh(self, one: Open) -> None:
        """Put what a shipment weighs on each day into the usage, in place of what it did."""
        usage = self._usage(one)
        for day, change in one.steps:
            usage.step(day, -change)
        one.steps, before = [], 0
        for day in sorted(
            {*(each.on for each in one.grants), *(each.on for each in one.clearings)}
        ):
            now = one.weighing_on(day)
            one.steps.append((day, now - before))
            usage.step(day, now - before)
            before = now


def _place(one: Open) -> tuple[date, str]:
    return one.place
