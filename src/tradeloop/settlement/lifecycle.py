"""What becomes of a payment order: sent, confirmed by the bank's statement, or rejected."""

from __future__ import annotations

from enum import StrEnum

from tradeloop.kit.lifecycle import Lifecycle


class OrderState(StrEnum):
    """Where an order stands."""

    ORDERED = "ordered"
    SENT = "sent"  # it is in a file for the bank
    CONFIRMED = "confirmed"  # the account was debited
    REJECTED = "rejected"  # never paid, or the money came back


class OrderEvent(StrEnum):
    """What happens to an order."""

    SEND = "send"
    CONFIRM = "confirm"
    REJECT = "reject"


ORDER = Lifecycle(
    start=OrderState.ORDERED,
    moves={
        (OrderState.ORDERED, OrderEvent.SEND): OrderState.SENT,
        (OrderState.ORDERED, OrderEvent.REJECT): OrderState.REJECTED,
        (OrderState.SENT, OrderEvent.CONFIRM): OrderState.CONFIRMED,
        (OrderState.SENT, OrderEvent.REJECT): OrderState.REJECTED,
        (OrderState.CONFIRMED, OrderEvent.REJECT): OrderState.REJECTED,
    },
)
