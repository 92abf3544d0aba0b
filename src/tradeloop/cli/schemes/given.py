"""What each call of a worked example is given; the reference page says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradeloop.claims.facts import Events
from tradeloop.cover.facts import LimitDecision, Listing, Offer, Payment, Shipment
from tradeloop.kit.money import WHOLE, Money
from tradeloop.recovery.facts import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """What every call is given: the day whose terms count."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumGiven(Dating):
    """A turnover; and, if cover ends early, when."""

    declared: Money
    covered: Money | None = None
    estimated: Money | None = None
    paid: Money | None = None
    ends_on: date | None = None
    period_from: date | None = None
    period_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitGiven(Dating):
    """A policyholder and what bears on its limit; and what a bank needs to know."""

    policyholder: str = "merchant"
    white_list: tuple[Listing, ...] = ()
    limits: tuple[LimitDecision, ...] = ()
    used: Money | None = None
    premium: Money | None = None
    declared: Money | None = None
    invoice: Money | None = None
    bank_share_bp: int = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGiven(Dating):
    """One buyer's history, or one trade for which cover is asked."""

    shipments: tuple[Shipment, ...] = ()
    payments: tuple[Payment, ...] = ()
    limits: tuple[LimitDecision, ...] = ()
    white_list: tuple[Listing, ...] = ()
    loss_on: date | None = None
    insured_from: date | None = None
    trade: Offer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """A debt in the currency of cover, at the rates of three days."""

    shipment: Money
    loss: Money
    payment: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """What is unpaid of one shipment."""

    unpaid: Money
    white_listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndemnityGiven(Dating):
    """A loss; or `paid` alone, to ask which loss a payout stands for."""

    unpaid: Money | None = None
    shipments: tuple[Unpaid, ...] = ()
    worth: Worth | None = None
    paid: Money | None = None
    white_listed: bool = False
    limit: Money | None = None
    credits: Money | None = None
    resold: Money | None = None
    saved: Money | None = None
    used: Money | None = None
    unshipped: Money | None = None
    first_loss_left: Money | None = None
    liability_left: Money | None = None
    notice_late_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One insurer and its share."""

    insurer: str
    share_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitGiven(Dating):
    """What is split between whom; `failed` insurers do not pay theirs."""

    amount: Money
    insurers: tuple[Weight, ...]
    lead: str
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryGiven(Dating):
    """A debt after a claim, and what came back of it."""

    debt: Money
    covered: Money | None = None
    paid: Money | None = None
    white_listed: bool = False
    receipts: tuple[Receipt, ...] = ()
    costs: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineGiven(Events):
    """What happened, on the day whose terms count."""

    on: date
