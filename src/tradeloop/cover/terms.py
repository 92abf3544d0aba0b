"""The figures and switches that a scheme sets for premium and cover."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tradeloop.kit.money import BasisPoints, Money
from tradeloop.kit.terms import Dated, Rounds, TermsContradictory


class Rule(StrEnum):
    """What a trade must satisfy; a scheme lists those it asks for."""

    TRADE_IS_PROVEN = "trade-is-proven"
    MODE_IS_COVERED = "mode-is-covered"
    MERCHANT_IS_FILED = "merchant-is-filed"
    BUYER_IS_IDENTIFIED = "buyer-is-identified"
    BUYER_IS_NOT_BLACKLISTED = "buyer-is-not-blacklisted"
    PARTIES_ARE_UNRELATED = "parties-are-unrelated"
    RECORDED_BEFORE_SHIPMENT = "recorded-before-shipment"
    DECLARATION_WITHIN_VALUE = "declaration-within-value"
    DECLARED_IN_TIME = "declared-in-time"
    PAYMENT_IS_NOT_CASH = "payment-is-not-cash"
    CREDIT_IS_GIVEN = "credit-is-given"
    CREDIT_WITHIN_TERMS = "credit-within-terms"
    SHIPPED_WHILE_INSURED = "shipped-while-insured"
    SHIPMENTS_NOT_STOPPED = "shipments-not-stopped"
    DISPUTES_WITHIN_TERMS = "disputes-within-terms"


class PremiumBase(StrEnum):
    """What the rate is applied to."""

    DECLARED = "declared"  # all that was declared, also above a limit
    COVERED = "covered"  # only what is covered


class Refund(StrEnum):
    """What comes back when cover ends early."""

    NONE = "none-back"
    PRO_RATA = "pro-rata"  # by days not run, down to the minimum premium


class CapBasis(StrEnum):
    """What a buyer's limit is a limit of."""

    LOSS = "loss"  # the percentage is taken of what lies within the limit
    PAYOUT = "payout"  # the limit is put on what the percentage gives


class CapPer(StrEnum):
    """Who shares one limit."""

    BUYER = "buyer"  # all policyholders of the programme together
    POLICYHOLDER_AND_BUYER = "policyholder-and-buyer"


class CapUse(StrEnum):
    """Whether payment gives the limit back."""

    REVOLVING = "revolving"  # it bounds what is outstanding
    PER_PERIOD = "per-period"  # it is used up until the next period of insurance


class WhiteList(StrEnum):
    """What being on the white list on the day of shipment means."""

    ABSENT = "absent"  # no such list: everybody has the standard percentage
    COMMON_LIMIT = "common-limit"  # a higher percentage within the same limit
    OWN_LIMIT = "own-limit"  # a higher percentage within a limit of its own


class LateArrival(StrEnum):
    """What a shipment does that is reported after others, but was shipped before them."""

    KEEPS_CERTIFICATES = "keeps-certificates"  # it takes what is free, and reduces nobody
    BY_SHIPMENT_DATE = "by-shipment-date"  # the order of shipment decides, whatever was certified


class Undeclared(StrEnum):
    """What a shipment does that was never declared to the insurer."""

    IGNORED = "ignored"  # it is uninsured, and leaves the limit alone
    USES_LIMIT = "uses-limit"  # it is uninsured, and takes its place within the limit


class BeforeLoss(StrEnum):
    """Which shipments a payment clears before the loss."""

    OLDEST_FIRST = "oldest-first"  # whatever the buyer says
    AS_NAMED = "as-named"  # what the buyer names, then the oldest


class StopShipment(StrEnum):
    """Whether later deliveries to a buyer in arrears stay uninsured."""

    NEVER = "never"
    WHILE_OVERDUE = "while-overdue"


class LateDeclaration(StrEnum):
    """What it means that a shipment was declared after its last day."""

    ACCEPTED = "accepted"
    REFUSED_IF_LOSS_KNOWN = "refused-if-loss-known"
    REFUSED = "refused"


class LossKnown(StrEnum):
    """From when a loss counts as known to who declares a shipment late."""

    TOLD = "told"  # from the day that a notice names, or on which the loss began
    TOLD_OR_OVERDUE = "told-or-overdue"  # also while this very debt is unpaid past its day


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumTerms(Dated):
    """What cover costs, and who bears it."""

    rate_bp: BasisPoints  # of the base
    base: PremiumBase
    minimum: Money | None  # for a period of insurance
    minimum_share_bp: BasisPoints  # of the premium on the estimated turnover
    subsidy_share_bp: BasisPoints  # of the premium, borne by the public purse
    refund: Refund
    rounding: Rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverTerms(Dated):
    """Whom and what a scheme covers, and how far."""

    rules: tuple[Rule, ...]
    modes: tuple[str, ...]  # supervision modes of customs
    credit_days_max: int  # from shipment to due date
    declaration_max: Money  # worth of one customs declaration
    declared_days_max: int  # from shipment to the declaration to the insurer
    late_declaration: LateDeclaration
    loss_known: LossKnown  # for `refused-if-loss-known`
    insured_share_bp: BasisPoints
    buyer_limit: Money
    white_list: WhiteList
    white_listed_share_bp: BasisPoints
    white_listed_limit: Money | None  # with `own-limit` only
    cap_basis: CapBasis
    cap_per: CapPer
    cap_use: CapUse
    period_months: int  # of insurance, for `per-period`
    limit_notice_days: int  # from telling to effect of a cut
    late_arrival: LateArrival
    undeclared: Undeclared
    payments_before_loss: BeforeLoss
    stop_shipment: StopShipment
    stop_overdue_days: int  # past due for longer than this
    stop_overdue_above: Money  # and owing more than this in total
    dispute_tolerated_share_bp: BasisPoints  # of the limit; disputes below it change nothing
    maximum_liability: Money | None  # for a period of insurance
    maximum_liability_times: int  # of the premium; 0 if there is no such bound
    rounding: Rounds

    def __post_init__(self) -> None:
        """Refuse figures that contradict one another."""
        if (self.white_list is WhiteList.OWN_LIMIT) != (self.white_listed_limit is not None):
            raise TermsContradictory(
                f"white_list is {self.white_list}, white_listed_limit {self.white_listed_limit}. "
                "Give an amount with own-limit, and none otherwise."
            )
        if self.period_months < 1:
            raise TermsContradictory("period_months is 0. Give the months of a period, 1 or more.")
