"""What cover is asked for and what is answered: trades, histories of buyers, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tradeloop.kit.explained import Explained
from tradeloop.kit.findings import Finding
from tradeloop.kit.money import BasisPoints, Money


class HistoryUnsound(ValueError):
    """A buyer's history says something that cannot be."""


class Grade(StrEnum):
    """What judging found of a trade, for the purpose of insurance."""

    PROVEN = "proven"
    INCOMPLETE = "incomplete"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One trade for which cover is asked, as its papers and the registers show it."""

    id: str
    grade: Grade
    mode: str  # 1039
    value: Money
    shipped_on: date
    insured_from: date  # of the policy, inclusive
    insured_to: date  # inclusive
    merchant_filed: bool
    buyer_identified: bool
    due_on: date | None = None  # None: the papers agree no day of payment
    recorded_on: date | None = None  # entered on the market's platform
    declaration: Money | None = None  # worth of the whole customs declaration it is on
    declared_on: date | None = None  # to the insurer; None: not yet
    loss_known_on: date | None = None
    unpaid_since: date | None = None  # its day, extended or not, if past and open when declared
    collected: Money | None = None  # before shipment
    overdue: Money | None = None  # what the buyer owes past due for too long, in all
    overdue_days: int = 0  # of the oldest
    disputed: Money | None = None  # what the buyer disputes, in all
    by_cash: bool = False
    buyer_blacklisted: bool = False
    parties_related: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """What was sold in a period of insurance, and what was expected of it."""

    declared: Money
    covered: Money | None = None
    estimated: Money | None = None  # at the beginning
    paid: Money | None = None  # premium paid so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """What is due for a period; subsidy and merchant's part add up to it."""

    explained: Explained
    subsidy: Money
    merchant: Money
    adjustment: Money  # still to pay; below zero, to give back

    @property
    def due(self) -> Money:
        """The premium of the period."""
        return self.explained.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods delivered to a buyer on credit, in the currency of the limit."""

    id: str
    policyholder: str
    amount: Money
    shipped_on: date
    due_on: date
    declared: bool = True  # to the insurer
    eligible: bool = True  # no rule speaks against it; if not, it is a debt like others, uninsured
    arrival: int = 0  # its place in the order in which we heard of things
    book: str = (
        ""  # payments clear debts of their own book: the buyer's key and the debt's currency
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that the buyer paid to a policyholder, in the currency of the limit."""

    id: str
    policyholder: str
    amount: Money
    paid_on: date
    names: str | None = None  # the shipment that the buyer says it is for
    arrival: int = 0
    book: str = ""
    only: str | None = None  # clears this shipment and no other, as a credit does


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDecision:
    """The insurer sets a buyer's limit, up, down, or to nothing."""

    id: str
    amount: Money
    told_on: date
    from_date: date | None = None  # None: the day it was told
    policyholder: str | None = None  # None: for all of them
    at_once: bool = False  # a cut without the days of notice, for a special cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A policyholder is on the white list from a day to a day, both inclusive."""

    policyholder: str
    from_date: date
    to_date: date | None = None  # None: until further notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A part of a shipment comes under cover on a day."""

    on: date
    amount: Money
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything dated about one buyer."""

    shipments: tuple[Shipment, ...]
    payments: tuple[Payment, ...] = ()
    limits: tuple[LimitDecision, ...] = ()
    listings: tuple[Listing, ...] = ()
    loss_on: date | None = None  # from this day nothing is added to cover
    insured_from: date | None = None  # from which periods are counted, for `per-period`
    granted: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    """What was granted of shipments already; it stays, whatever is known by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What counts for one policyholder and one buyer on a day."""

    limit: Money
    insured_share_bp: BasisPoints
    white_listed: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """A part of a payment clears a part of a shipment, from a day on."""

    payment: str
    on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How far one shipment is covered. What was granted is never taken back."""

    shipment: str
    shipped_on: date
    amount: Money
    insured_share_bp: BasisPoints
    limit: Money  # in force on the day of shipment
    grants: tuple[Grant, ...]
    covered: Money  # the sum of the grants
    clearings: tuple[Clearing, ...]  # before the loss
    covered_unpaid: Money
    uncovered_unpaid: Money
    white_listed: bool
    because: str  # why this much, and what would change it
    terms: str  # digest of the terms used


class Outcome(StrEnum):
    """What an insurer answers to an offer."""

    CERTIFIED = "certified"
    REFUSED = "refused"
    WAITING = "waiting"  # a person has to decide something first


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policyholder under one scheme, for a period of insurance; both days are inclusive."""

    id: str
    scheme: str
    policyholder: str
    insured_from: date
    insured_to: date
    period_to: date  # last day of the period it began for; a person may have ended it before
    state: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One offer and its answer, with all reasons at once."""

    trade: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    number: str | None = None  # of the certificate
    covered: Money | None = None
    uncovered: Money | None = None  # the part above the limit, named so that nobody is surprised


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredShipment:
    """One receivable of a pair at the date of a loss; all but `amount` in the currency of cover.

    `open_before_loss` is what no payment and no credit had cleared by then; the oldest grants are
    taken to stand for what is still open. Without a certificate nothing is covered.
    """

    trade: str
    certificate: str | None
    policy: str | None
    shipped_on: date
    due_on: date
    extended_to: date | None
    amount: Money  # as owed, in the currency of the debt
    covered: Money
    open_before_loss: Money
    covered_unpaid: Money
    uncovered_unpaid: Money
    credits_since: Money
    insured_share_bp: BasisPoints
    limit: Money
    terms: str | None  # digest
    white_listed: bool = False  # the limit is that of the white list
