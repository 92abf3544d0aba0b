"""What a buyer owes a seller, and everything that makes it less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tradeloop.kit.money import Money


class CreditKind(StrEnum):
    """Why less is owed although nothing was paid."""

    SET_OFF = "set-off"  # against what the seller owes the buyer
    GOODS_RETURNED = "goods-returned"
    PRICE_REDUCED = "price-reduced"


class Applied(StrEnum):
    """By which rule a payment came to a receivable."""

    OLDEST_FIRST = "oldest-first"  # before the loss, whatever the payer says
    AS_NAMED = "as-named"  # before the loss, where the scheme's switch says so
    PRO_RATA = "pro-rata"  # from the day of the loss on


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One receivable as it stands on a day."""

    trade: str  # name of the trade, `firm/number`
    seller: str
    buyer: str  # key of the buyer in `parties`
    amount: Money  # as first owed
    open: Money  # what no payment and no credit has cleared
    shipped_on: date
    due_on: date  # as first agreed: it stays the reference
    extended_to: date | None
    assignee: str | None  # who is to be paid in the seller's place
