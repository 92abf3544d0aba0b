"""The verbs of money that arrives and leaves; each stands in the file named after what it does."""

from __future__ import annotations

from tradeloop.settlement.accounts import AccountOfAnother, AccountUnreadable, add_account
from tradeloop.settlement.booked import match_open
from tradeloop.settlement.decided import DecisionImpossible, decide, set_aside, take_back
from tradeloop.settlement.orders import (
    AccountBound,
    MessageReused,
    OrderIdReused,
    OrderUnknown,
    OrderUnreadable,
    mend_order,
    order_payment,
    pay_otherwise,
    send_orders,
    settle_order,
)
from tradeloop.settlement.pain import OrderRefused
from tradeloop.settlement.taken import BankFileUnreadable, take_in_bank_file

__all__ = [
    "REFUSED", "add_account", "decide", "match_open", "mend_order", "order_payment",
    "pay_otherwise", "send_orders", "set_aside", "settle_order", "take_back", "take_in_bank_file",
]  # fmt: skip

REFUSED = (
    AccountBound, AccountOfAnother, AccountUnreadable, BankFileUnreadable, DecisionImpossible,
    MessageReused, OrderIdReused, OrderRefused, OrderUnknown, OrderUnreadable,
)  # fmt: skip
"""What the verbs refuse."""
