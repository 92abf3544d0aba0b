"""The pool of a scheme: the most that it pays in a year, for all its policies together."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tradeloop.cover.policies import LIABILITY
from tradeloop.kit.money import Money
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Taken, Value


class PoolUnfit(ValueError):
    """A pool cannot be as it was asked for; nothing was written."""


def pool_paper(scheme: str, year: int) -> str:
    """Return the name under which the registry knows the pool of a year."""
    return f"pool:{scheme}:{year}"


def pool_year(shipped_on: date) -> int:
    """Return the year whose pool bears a claim: that of its earliest covered shipment.

    It is the year whose terms count, and stays whatever the claim's other days become.
    """
    return shipped_on.year


@transaction.atomic
def set_pool(*, scheme: str, year: int, amount: Money, like: Money, at: datetime) -> Taken:
    """Open the pool of a year, or amend it; the same again changes nothing.

    A pool below what claims took of it already is over-used, and the answer says by how much: what
    was fixed stays, and nothing more is.

    Args:
        scheme: Its code.
        year: Of the earliest covered shipment.
        amount: The most that is paid.
        like: An amount in the currency of the scheme's limits.
        at: The caller's clock.

    Raises:
        PoolUnfit: The amount is below zero, in another currency, or the name is taken.
    """
    if amount.currency != like.currency or amount.minor < 0:
        raise PoolUnfit(
            f"The pool of {scheme} cannot be {amount}: its limits are in {like.currency}. "
            "Give zero or more of that currency."
        )
    value = Value(
        paper=pool_paper(scheme, year), unit=amount.currency, purpose=LIABILITY,
        amount_minor=amount.minor,
    )  # fmt: skip
    (taken,) = registry.take_in(values=[value], now=at, because="the most that a year pays")
    if taken.outcome not in {"opened", "adjusted", "unchanged"}:
        raise PoolUnfit(
            f"{value.paper} cannot be {amount}: {taken.outcome}. See tradeloop registry show."
        )
    return taken
