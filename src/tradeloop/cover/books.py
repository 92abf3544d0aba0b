"""What is open with a buyer on any day, and how much room the limit has without hurting anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

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
    takes_room: bool = False  # although refused
    is_insured: bool = False  # or takes room as if it were
    grants: list[Grant] = field(default_factory=list)
    clearings: list[Clearing] = field(default_factory=list)

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
    def granted_minor(self) -> int:
        """All that was granted, whenever."""
        return sum(one.amount.minor for one in self.grants)

    @property
    def owed_minor(self) -> int:
        """What no payment has cleared."""
        return self.shipment.amount.minor - sum(one.amount.minor for one in self.clearings)

    def owed_on(self, day: date) -> int:
        """What no payment has cleared by a day."""
        cleared = sum(one.amount.minor for one in self.clearings if one.on <= day)
        return self.shipment.amount.minor - cleared

    def granted_by(self, day: date) -> int:
        """What was granted up to a day."""
        return sum(one.amount.minor for one in self.grants if one.on <= day)

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
class Books:
    """All that is open with one buyer, and the limits that were found to hold on past days."""

    opened: list[Open] = field(default_factory=list)
    _held: dict[Scope, dict[date, int]] = field(default_factory=dict)

    def add(self, one: Open) -> None:
        """Take in a shipment."""
        self.opened.append(one)

    def note(self, one: Open, on: date, cap: Money) -> None:
        """Remember that the limit held on a day on which something was granted."""
        held = self._held.setdefault(one.scope, {})
        held[on] = min(held.get(on, cap.minor * WHOLE), cap.minor * WHOLE)

    def room(self, one: Open, on: date, cap: Money) -> int:
        """Return how many minor units of a shipment can be granted from a day on.

        No more than the limit has room for on that day, and on every later day on which others
        were granted something: their certificates stay, and the limit holds all the same.
        """
        first = one.bearing_on(on) - one.granted_by(on)
        rest = one.shipment.amount.minor - one.granted_minor
        found = min(first, rest)
        if one.weight == 0:
            return max(found, 0)
        bounds = {on: cap.minor * WHOLE}
        for day, bound in self._held.get(one.scope, {}).items():
            if day >= on:
                bounds[day] = min(bound, bounds.get(day, bound))
        for day, bound in bounds.items():
            free = (bound - self._used(one, day)) // one.weight
            if one.bearing_on(day) > free:
                found = min(found, free - one.granted_by(day))
        return max(found, 0)

    def overdue(self, policyholder: str, on: date, terms: CoverTerms) -> Money | None:
        """Return what stops further shipments on a day, or None if nothing does."""
        if terms.stop_shipment is StopShipment.NEVER:
            return None
        late = on - timedelta(days=terms.stop_overdue_days)
        owed = sum(
            one.owed_on(on)
            for one in self.opened
            if one.shipment.policyholder == policyholder and one.shipment.due_on < late
        )
        if not owed:
            return None
        found = Money(owed, self.opened[0].shipment.amount.currency)
        return None if found <= terms.stop_overdue_above else found

    def _used(self, but: Open, day: date) -> int:
        """Return what all others of the same limit weigh on a day."""
        return sum(
            one.weighing_on(day)
            for one in self.opened
            if one is not but and one.scope == but.scope and one.shipment.shipped_on <= day
        )
