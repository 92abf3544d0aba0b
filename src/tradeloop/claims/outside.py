"""What others do for a claim: the verbs of other steps, handed in by whoever acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias

from tradeloop.claims.case import Case
from tradeloop.kit.money import Money

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
        self, *, id: str, payee: str, name: str, account: str, agent: str | None, amount: Money,
        what_for: str, at: datetime,
    ) -> object:  # fmt: skip
        """Order one payment."""


Screen: TypeAlias = Callable[[Case, Collection[str], date], Sequence[str]]
"""Reasons against paying these payees on this claim today: none is as it should be."""


def nobody_listed(case: Case, payees: Collection[str], on: date) -> Sequence[str]:  # noqa: ARG001 - as asked
    """Answer for a home that keeps no lists."""
    return ()


def nobody_related(pairs: Collection[Pair], on: date) -> Collection[Pair]:  # noqa: ARG001 - as asked
    """Answer for a home that keeps no relations."""
    return ()


def no_circle(pairs: Collection[Pair], on: date) -> Mapping[Pair, str]:  # noqa: ARG001 - as asked
    """Answer for a home that traces no circles."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the registers say of sellers and buyers."""

    related: Callable[[Collection[Pair], date], Collection[Pair]] = nobody_related
    circles: Callable[[Collection[Pair], date], Mapping[Pair, str]] = no_circle
