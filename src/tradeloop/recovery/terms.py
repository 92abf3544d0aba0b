"""The figures and switches that a scheme sets for what comes back after a claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tradeloop.kit.money import BasisPoints
from tradeloop.kit.terms import Dated, Rounds


class Sharing(StrEnum):
    """How much of what comes back is the insurer's."""

    PAID_TO_DEBT = "paid-to-debt"  # as the claim paid is to the whole debt
    COVERED_TO_DEBT = "covered-to-debt"  # as the covered part is to the whole debt
    COVERED_THEN_SHARE = "covered-then-share"  # of the covered part, its percentage


class Costs(StrEnum):
    """Who bears the costs of recovery."""

    FROM_PROCEEDS = "from-proceeds"  # they are taken from what comes back first
    REIMBURSED = "reimbursed"  # the insurer gives back a share of approved ones
    BY_INTEREST = "by-interest"  # each side as much as it has in the debt


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryTerms(Dated):
    """Who gets what comes back, and who pays for getting it."""

    sharing: Sharing
    costs: Costs
    reimbursed_share_bp: BasisPoints  # of approved costs that the buyer did not bear
    payover_days: int  # to hand on what the insured receives
    rounding: Rounds
