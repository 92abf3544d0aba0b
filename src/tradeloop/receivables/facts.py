"""What a buyer owes a seller, and everything that makes it less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from tradeloop.kit.money import Money


class CreditKind(StrEnum):
    """Why less is owed although nothing was paid."""

    SET_OFF = "set-off"  # against what the seller owes the buyer
    GOODS_RETURNED = "goods-returned"
    PRICE_REDUCED = "price-reduced"
    BANK_CHARGES = "bank-charges"  # kept by banks on the way; the buyer has paid it


class Applied(StrEnum):
    """By which rule a payment came to a receivable."""

    OLDEST_FIRST = "oldest-first"  # before the loss, whatever the payer says
    AS_NAMED = "as-named"  # before the loss, where the scheme's switch says so
    PRO_RATA = "pro-rata"  # from the day of the loss on


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReceivable:
    """A trade sold on credit."""

    trade: str  # `firm/number`, where the firm is the seller
    seller: str
    buyer: str
    amount: Money
    shipped_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The answer for one receivable; `refusal` is a code, None if it stands in the books."""

    trade: str
    is_new: bool
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """Money from a buyer to a seller; `id`, a bank's reference or a file's, names it for ever."""

    id: str
    seller: str
    buyer: str
    amount: Money
    paid_on: date
    names: str | None = None  # the trade that the buyer says it is for


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So much of a payment clears so much of a receivable; below zero for what was taken back."""

    payment: str
    trade: str
    amount: Money
    counts_on: date
    rule: Applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """The answer for one payment: what it clears now, and what is left of it for debts to come.

    `refusal` is a code, None if the payment stands in the books.
    """

    id: str
    is_new: bool
    refusal: str | None = None
    parts: tuple[Part, ...] = ()
    left: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One payment as it stands; one that the bank took back clears nothing."""

    id: str
    seller: str
    buyer: str
    amount: Money
    left: Money
    paid_on: date
    names: str | None
    parts: tuple[Part, ...]
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """The answer for one credit, and what is open of the receivable now."""

    id: UUID
    trade: str
    is_new: bool
    open: Money


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

    @property
    def payable_on(self) -> date:
        """The day by which it is to be paid now."""
        return self.extended_to or self.due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of a statement; `amount` is below zero for what makes the debt less."""

    on: date
    what: str  # shipped, paid, or the kind of a credit
    name: str  # of the trade or of the payment
    amount: Money
    balance: Money  # after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a buyer and a seller have to do with each other in one currency, both days included.

    A balance below zero is money of the buyer that no debt has used yet.
    """

    seller: str
    buyer: str
    from_on: date
    to_on: date
    opening: Money
    movements: tuple[Movement, ...]
    closing: Money
