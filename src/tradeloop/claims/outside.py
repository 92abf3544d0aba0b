"""What others do for a claim: the verbs of other steps, handed in by whoever acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from tradeloop.claims.case import Case
from tradeloop.claims.circles import traced
from tradeloop.kit.money import Money
from tradeloop.parties import queries as parties

Pair: TypeAlias = tuple[str, str]


class BeginLoss(Protocol):
    """From a day on what a buyer pays a seller is shared pro rata; safe to repeat."""

    def __call__(
        self, *, seller: str, buyer: str, loss_on: date, because: str, at: datetime
    ) -> object:
        """Record the day of the loss."""


class OrderPayment(Protocol):
    """Ask the bank to pay; safe to repeat under the same id."""

    def __call__(
        self, *, id: UUID, payee: str, name: str, account: str, agent: str | None, amount: Money,
        what_for: str, at: datetime, is_bound: bool,
    ) -> object:  # fmt: skip
        """Order one payment."""


Screen: TypeAlias = Callable[[Case, Collection[str], date], Sequence[str]]
"""Reasons against paying these payees on this claim today: none is as it should be."""


def listed(case: Case, payees: Collection[str], on: date) -> Sequence[str]:
    """Return what the lists of this home say against paying on a claim.

    Hits of the buyer that no person has cleared, a buyer that was not looked for yet, and payees
    that are on the black list by their own key.
    """
    reasons = [
        f"{hit.told} may be {hit.listed} of the list {hit.list_code} (hit {hit.id})"
        for hits in parties.screened([case.buyer], on=on).values() for hit in hits
    ]  # fmt: skip
    reasons += [
        f"{key} was not looked for on the lists yet" for key in parties.unscreened([case.buyer])
    ]
    reasons += [
        f"{one.subject} is on the list {one.list_code}: {one.source}"
        for one in parties.listed("black", [*payees], on=on).values()
    ]
    return reasons


def related(pairs: Collection[Pair], on: date) -> Collection[Pair]:
    """Return those sellers and buyers that belong together, as far as this home knows."""
    return parties.related(pairs, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the registers say of sellers and buyers."""

    related: Callable[[Collection[Pair], date], Collection[Pair]] = related
    circles: Callable[[Collection[Pair], date], Mapping[Pair, str]] = traced
