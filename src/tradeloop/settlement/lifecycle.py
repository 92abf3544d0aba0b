"""What becomes of a payment order: sent, confirmed by the bank, rejected, or paid otherwise."""

from __future__ import annotations

from enum import StrEnum

from tradeloop.kit.lifecycle import Lifecycle


class OrderState(StrEnum):
    """Where an order stands."""

    ORDERED = "ordered"
    SENT = "sent"  # it is in a file for the bank
    CONFIRMED = "confirmed"  # the account was debited
    REJECTED = "rejected"  # never paid, or the money came back
    PAID_OTHERWISE = "paid-otherwise"  # never sent: the payee had the money by another way


class OrderEvent(StrEnum):
    """What happens to an order."""

    SEND = "send"
    CONFIRM = "confirm"
    REJECT = "reject"
    PAY_OTHERWISE = "pay-otherwise"


ORDER = Lifecycle(
    start=OrderState.ORDERED,
    moves={
        (OrderState.ORDERED, OrderEvent.SEND): OrderState.SENT,
        (OrderState.ORDERED, OrderEvent.REJECT): OrderState.REJECTED,
        (OrderState.ORDERED, OrderEvent.PAY_OTHERWISE): OrderState.PAID_OTHERWISE,
        (OrderState.SENT, OrderEvent.CONFIRM): OrderState.CONFIRMED,
        (OrderState.SENT, OrderEvent.REJECT): OrderState.REJECTED,
        (OrderState.CONFIRMED, OrderEvent.REJECT): OrderState.REJECTED,
        # Whoever paid by hand may have given the order's id to the bank.
        (OrderState.PAID_OTHERWISE, OrderEvent.CONFIRM): OrderState.CONFIRMED,
        (OrderState.PAID_OTHERWISE, OrderEvent.REJECT): OrderState.REJECTED,
    },
)
