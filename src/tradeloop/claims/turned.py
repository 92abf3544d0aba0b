"""A debt turned into the currency of cover, and a payout back into the loss that it stands for."""

from __future__ import annotations

from datetime import date

from tradeloop.claims.facts import LossUnsound
from tradeloop.claims.terms import ClaimTerms, RateDate
from tradeloop.kit.money import WHOLE, BasisPoints, Money


def implied_loss(paid: Money, *, insured_share_bp: BasisPoints, terms: ClaimTerms) -> Money:
    """Return the insured loss that a payout stands for, where nothing but the percentage applied.

    Returns:
        Rounded once, as the terms say.

    Raises:
        LossUnsound: Nothing is paid of any loss, so a payout stands for none.
    """
    if not insured_share_bp:
        raise LossUnsound(f"{paid} was paid at no percentage. Give the percentage it was paid at.")
    minor = terms.rounding.by(paid.minor * WHOLE, insured_share_bp)
    return Money(minor, paid.currency)


def rate_day(terms: ClaimTerms, *, shipped_on: date, loss_on: date, paid_on: date) -> date:
    """Return the day whose exchange rate turns the debt into the currency of cover."""
    return {
        RateDate.SHIPMENT: shipped_on, RateDate.LOSS: loss_on, RateDate.PAYMENT: paid_on
    }[terms.rate_date]  # fmt: skip
