"""What is pursued after a claim, what comes back, and who gets how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradeloop.kit.calendar import Deadline
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import BasisPoints, Money


class RecoveryUnsound(ValueError):
    """The figures of a recovery cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursued:
    """The debt as it stood when the claim was paid; one currency throughout."""

    debt: Money  # all that the buyer owed, the uncovered part too
    covered: Money  # what of it lay within cover
    paid: Money  # the indemnity; nothing before it is paid
    insured_share_bp: BasisPoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money that came from the buyer or its estate after the loss: at once, late or by parts."""

    id: str
    amount: Money
    received_on: date
    costs: Money | None = None  # approved costs of getting it, that the buyer did not bear


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """How one receipt is shared: the three parts add up to it."""

    receipt: str
    costs_repaid: Money  # taken from it first, to whoever bore them
    to_insurer: Money
    to_insured: Money
    insurer_bears: Money  # of its costs
    insured_bears: Money
    payover_by: Deadline
    explained: Explained  # of what goes to the insurer
