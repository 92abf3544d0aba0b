"""The figures and switches that a scheme sets for claims: deadlines, and what is paid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tradeloop.kit.money import BasisPoints, Money
from tradeloop.kit.terms import Dated, Rounds, TermsContradictory


class RateDate(StrEnum):
    """Which day's exchange rate turns the debt into the currency of cover."""

    SHIPMENT = "shipment"
    LOSS = "loss"
    PAYMENT = "payment"  # by the insurer


class Retention(StrEnum):
    """What the insured bears beyond its percentage."""

    NOTHING = "nothing"
    FRANCHISE = "franchise"  # losses up to the amount are not paid, larger ones in full
    DEDUCTIBLE = "deductible"  # the amount is taken off every loss
    MINIMUM = "minimum"  # at least the amount, or its percentage if that is more


class Order(StrEnum):
    """Whether something is taken off before the percentage or after it."""

    BEFORE_SHARE = "before-share"
    AFTER_SHARE = "after-share"


class LateNotice(StrEnum):
    """What it means that a possible loss was told after its last day."""

    ACCEPTED = "accepted"
    REDUCED = "reduced"
    REFUSED = "refused"


class Unanswered(StrEnum):
    """What it means that the request for papers was not answered in its days."""

    TOLD = "told"  # the handlers hear of it, and decide
    REFUSED = "refused"  # decided on what there is: refused as incomplete


class NoticeFrom(StrEnum):
    """From when the days of notice are counted."""

    DUE_DATE = "due-date"
    EXTENSION_END = "extension-end"
    KNOWLEDGE = "knowledge"  # knew, or should have known


class WaitingFrom(StrEnum):
    """From when the waiting period is counted."""

    DUE_DATE = "due-date"
    EXTENSION_END = "extension-end"
    COMPLETE_NOTICE = "complete-notice"


class Residual(StrEnum):
    """Who takes the minor units that a division leaves over."""

    LEAD = "lead"
    LARGEST_REMAINDER = "largest-remainder"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTerms(Dated):
    """When a loss counts, and how the indemnity is worked out."""

    rate_date: RateDate
    retention: Retention
    retention_amount: Money | None
    deductible_order: Order
    first_loss: Money | None  # in a period, borne by the insured before anything is paid
    first_loss_order: Order
    unshipped_share_bp: BasisPoints  # of orders in hand with the defaulting buyer
    notice_from: NoticeFrom
    notice_days: int
    late_notice: LateNotice
    late_notice_share_bp: BasisPoints  # of the indemnity, lost by a late notice
    extension_days_max: int  # that the insured may allow by itself
    waiting_from: WaitingFrom
    waiting_months: int
    waiting_days: int  # added to the months
    claim_days: int  # from the original due date
    supplement_days: int  # to answer the one request for missing papers
    unanswered: Unanswered
    decision_days: int  # from complete papers
    fast_track_max: Money  # claims up to it
    fast_decision_days: int
    pay_days: int  # from the signed agreement
    residual: Residual
    rounding: Rounds

    def __post_init__(self) -> None:
        """Refuse figures that contradict one another."""
        if (self.retention is Retention.NOTHING) != (self.retention_amount is None):
            raise TermsContradictory(
                f"retention is {self.retention} and retention_amount {self.retention_amount}. "
                "Give an amount with franchise, deductible or minimum, and none with nothing."
            )
