"""The nouns of bank files: statements, payments, balances, what was noticed, and payment orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from tradeloop.kit.findings import Weight
from tradeloop.kit.money import Money
from tradeloop.settlement.lifecycle import OrderState

BOOKED = "BOOK"
NOT_PROVIDED = "NOTPROVIDED"


class Direction(StrEnum):
    """What a booking did to the account. A reversal bears the direction of its own booking."""

    CREDIT = "credit"
    DEBIT = "debit"


class Kind(StrEnum):
    """Which message of ISO 20022 a statement came in."""

    STATEMENT = "camt.053"
    NOTIFICATION = "camt.054"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: file, statement and entry count from 1; 0 is the whole."""

    file: str
    statement: int = 0
    entry: int = 0
    detail: int = 0
    line: int = 0

    def __str__(self) -> str:
        """Write it for people: bank.xml, statement 1, entry 2, line 31."""
        parts = ((name, getattr(self, name)) for name in ("statement", "entry", "detail", "line"))
        return ", ".join([self.file, *(f"{name} {number}" for name, number in parts if number)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something odd in a bank file: what was seen, where, what was expected, what to do."""

    code: str
    weight: Weight
    place: Place
    seen: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The references that a payment carries; the bank's own is `transaction`."""

    end_to_end: str | None = None
    transaction: str | None = None
    creditor: tuple[str, ...] = ()
    remittance: tuple[str, ...] = ()

    @property
    def exact(self) -> tuple[str, ...]:
        """Those that name something by themselves, without free text."""
        given = () if self.end_to_end in {None, NOT_PROVIDED} else (str(self.end_to_end),)
        return given + self.creditor


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The other side of a payment, as far as the bank says."""

    name: str | None = None
    account: str | None = None
    agent: str | None = None  # its bank: BIC, else clearing number, else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The rate that a bank applied, as it writes it: units of `target` for one of `source`."""

    source: str | None
    target: str | None
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The booking that a payment is part of: a batch is one booking of many payments."""

    place: Place
    reference: str | None  # the bank's own for this booking, never a number within a statement
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment, in the currency in which it was booked; the amount is never negative."""

    place: Place
    account: str | None
    booked_on: date | None
    value_on: date | None
    amount: Money
    direction: Direction
    is_reversal: bool
    status: str | None  # BOOK, PDNG, INFO, FUTR; only BOOK has happened
    references: References
    counterparty: Party
    original: Money | None  # what was instructed, where in another currency
    exchange: Exchange | None
    bank_code: str | None  # domain/family/sub-family, else the bank's own
    entry: Entry

    @property
    def is_booked(self) -> bool:
        """Whether the money has moved."""
        return self.status == BOOKED

    @property
    def signed_minor(self) -> int:
        """What it adds to the account."""
        return self.amount.minor if self.direction is Direction.CREDIT else -self.amount.minor

    @property
    def essence(self) -> tuple[object, ...]:
        """What makes it this payment, wherever it stands."""
        return (
            self.account, self.amount, self.direction, self.is_reversal, self.status,
            self.booked_on, self.references, self.counterparty,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A balance as stated: OPBD opening booked, CLBD closing booked; below zero is overdrawn."""

    code: str
    amount: Money
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement or notification of one account."""

    place: Place
    kind: Kind
    version: str | None
    id: str | None
    account: str | None
    created_at: str | None  # as written: banks leave out the zone
    balances: tuple[Balance, ...]
    payments: tuple[Payment, ...]

    def payments_alike(self, other: Statement) -> bool:
        """Whether both tell of the same bookings, wherever they stand."""
        return [one.essence for one in self.payments] == [one.essence for one in other.payments]


@dataclass(frozen=True, slots=True)
class Read:
    """What one file gave."""

    statements: tuple[Statement, ...] = ()
    noticed: tuple[Noticed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One payment that the bank is asked to make."""

    end_to_end: str
    amount: Money
    creditor: str
    account: str
    agent: str | None = None  # BIC
    remittance: tuple[str, ...] = ()
    creditor_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file of payments for one account on one day: written, never executed."""

    message: str
    created_at: datetime
    debtor: str
    account: str
    agent: str  # BIC
    execute_on: date
    charges: str = "SHAR"
    transfers: tuple[Transfer, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What one bank file gave: how many payments were new, told before, or not booked yet."""

    digest: str
    name: str
    is_new: bool
    payments: int
    repeated: int
    not_booked: int
    noticed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """So much of a payment was meant for a trade; `by` is who decided, None if all agreed."""

    payment: str
    trade: str
    amount: Money
    charge: Money
    agreed: tuple[str, ...]
    differed: tuple[str, ...]
    booked_as: str  # its id in `receivables`
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A payment that waits for a person."""

    payment: str
    account: str | None
    seller: str | None
    paid_on: date | None
    left: Money
    is_reversal: bool
    payer: str | None
    says: tuple[str, ...]  # its references and its remittance text
    because: str
    may_pay: tuple[str, ...]  # trades, or for a reversal the payments that it may take back


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What matching came to."""

    booked: tuple[Booked, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A payment that our bank is to make, as it stands."""

    id: UUID
    payee: str
    name: str
    account: str
    agent: str | None
    amount: Money
    what_for: str
    state: OrderState
    message: str | None  # the file it was sent in
    because: str | None
    is_bound: bool = False  # its account was agreed on elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A file of orders for a bank, and the orders that do not fit into one, with the reasons."""

    message: str
    content: bytes | None  # None: nothing was to be sent
    orders: tuple[UUID, ...]
    held: tuple[tuple[UUID, str], ...]
