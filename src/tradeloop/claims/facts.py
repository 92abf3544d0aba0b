"""What a claim is made of: dates, the loss, the shares of insurers; and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradeloop.kit.calendar import Deadline
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import BasisPoints, Money


class LossUnsound(ValueError):
    """The figures of a loss cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What happened on which day, as far as it has happened."""

    due_on: date  # as first agreed: it stays the reference
    extended_to: date | None = None
    known_on: date | None = None  # the insured knew of the loss, or should have
    noticed_on: date | None = None
    notice_complete_on: date | None = None
    insolvent_on: date | None = None  # a court accepted the case
    supplement_asked_on: date | None = None
    papers_complete_on: date | None = None
    agreed_on: date | None = None  # the compensation agreement was signed
    claimed: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The last day for each thing; None as long as nothing has set it going."""

    notice_by: Deadline | None
    notice_late_days: int  # 0 if it is in time, or not given yet
    waiting_over: Deadline | None  # the loss counts from this day on
    claim_by: Deadline
    supplement_by: Deadline | None
    decide_by: Deadline | None
    pay_by: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is unpaid of one shipment, with the percentage of its own day."""

    unpaid: Money  # the covered part of it, principal only
    insured_share_bp: BasisPoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One buyer's debt at the date of loss, in the currency of cover.

    `parts` come in the order in which they were shipped: that is how they fill the limit.
    `limit` is the buyer's. `used` is what earlier losses with the same buyer took of it: insured
    losses where the limit is on the loss, payouts where it is on the payout.
    """

    parts: tuple[Part, ...]
    limit: Money
    credits: Money | None = None  # payments and set-offs since
    resold: Money | None = None  # what the goods still brought
    saved: Money | None = None  # costs that fell away
    used: Money | None = None
    unshipped: Money | None = None  # orders in hand
    first_loss_left: Money | None = None  # None: nothing of it was used yet
    liability_left: Money | None = None  # of the policy's maximum
    pool_left: Money | None = None  # of the scheme's pool of the year, where it bounds the figure
    notice_late_days: int = 0

    @property
    def unpaid(self) -> Money:
        """All parts together."""
        return sum((one.unpaid for one in self.parts), Money(0, self.limit.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class Indemnity:
    """What is paid, line by line; and what the next claim has to know."""

    explained: Explained
    used: Money  # of the buyer's limit, earlier losses included
    first_loss_left: Money | None

    @property
    def pay(self) -> Money:
        """The indemnity."""
        return self.explained.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One insurer's share of a premium or of a claim; each owes its own, and nobody else's."""

    insurer: str
    amount: Money
