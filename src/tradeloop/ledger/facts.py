"""What a ledger is made of: postings between two accounts, entries, and what is read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tradeloop.kit.money import Money

ACCOUNT = re.compile(r"[^\s:]+:[a-z][a-z0-9_-]*(:\S+)?")
"""`owner:what` or `owner:what:detail`, as in `nb-bank:cash` and `91330:owes:advance-7`."""

NAME_LENGTH_MAX = 200
WHY_LENGTH_MAX = 500
POSTINGS_MAX = 1000
MINOR_MAX = 2**63 - 1
"""The largest amount of one posting; sums of postings have no such bound."""


class AccountMalformed(ValueError):
    """The text is no name of an account."""


class PostingImpossible(ValueError):
    """A posting moves nothing, less than nothing, too much, or from an account to itself."""


class EntryIncomplete(ValueError):
    """An entry lacks its key, its reason or its postings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One amount that goes to the debit of one account and to the credit of another.

    It cannot be unbalanced: balance is its shape.
    """

    debit: str
    credit: str
    amount: Money

    def __post_init__(self) -> None:
        """Refuse what no bookkeeper would write."""
        for name in (self.debit, self.credit):
            check_account(name)
        if self.debit == self.credit:
            raise PostingImpossible(
                f"{self.amount} from {self.debit} to itself moves nothing. Name two accounts."
            )
        if not 0 < self.amount.minor <= MINOR_MAX:
            raise PostingImpossible(
                f"{self.amount} from {self.credit} to {self.debit} cannot be posted: an amount is "
                f"from 1 to {MINOR_MAX} minor units. To go the other way, swap debit and credit."
            )

    def mirrored(self) -> Posting:
        """Return the posting that takes this one back."""
        return Posting(debit=self.credit, credit=self.debit, amount=self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Postings that stand or fall together, possibly in several currencies.

    `key` is chosen by the caller before the first attempt and kept for every retry. `on` is the
    day it counts for, in Shanghai, which may be earlier than the day it is posted. `reverses` is
    the key of the entry that this one takes back.
    """

    key: str
    on: date
    why: str
    postings: tuple[Posting, ...]
    reverses: str | None = None

    def __post_init__(self) -> None:
        """Refuse an entry that could not be found, explained or stored."""
        for what, text, length_max in (
            ("key", self.key, NAME_LENGTH_MAX),
            ("reason (why)", self.why, WHY_LENGTH_MAX),
        ):
            if not text.strip() or len(text) > length_max or not text.isprintable():
                raise EntryIncomplete(
                    f"Entry {self.key[:NAME_LENGTH_MAX]!r} has {text[:50]!r} as its {what}. "
                    f"Give 1 to {length_max} characters that can be printed on one line."
                )
        if not 0 < len(self.postings) <= POSTINGS_MAX:
            raise EntryIncomplete(
                f"Entry {self.key!r} has {len(self.postings)} postings. "
                f"Give 1 to {POSTINGS_MAX}; divide a larger one."
            )

    def undone(self, *, key: str, on: date, why: str) -> Entry:
        """Return the entry that takes this one back, amount by amount."""
        mirrored = tuple(posting.mirrored() for posting in self.postings)
        return Entry(key=key, on=on, why=why, postings=mirrored, reverses=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The answer for one entry; a retry gets an equal one.

    `digest` is SHA-256 over the RFC 8785 bytes of the entry.
    """

    key: str
    digest: bytes
    posted_at: datetime
    is_new: bool = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What one account comes to in one currency: all its debits, all its credits."""

    account: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        """Debits less credits: above zero for what is owned or owed to the owner."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """Every account on one day; in each currency the debits equal the credits."""

    on: date
    balances: tuple[Balance, ...]

    def totals(self) -> Mapping[str, tuple[Money, Money]]:
        """Return for each currency the sum of debits and the sum of credits."""
        found: dict[str, tuple[Money, Money]] = {}
        for one in self.balances:
            currency = one.debit.currency
            debit, credit = found.get(currency, (Money(0, currency), Money(0, currency)))
            found[currency] = (debit + one.debit, credit + one.credit)
        return found

    @property
    def is_even(self) -> bool:
        """Whether debits equal credits in each currency; if not, the tables were tampered with."""
        return all(debit == credit for debit, credit in self.totals().values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One posting as one of its accounts sees it; `amount` is below zero for a credit."""

    on: date
    posted_at: datetime
    is_backdated: bool  # it was posted on a later day than the one it counts for
    key: str
    why: str
    other: str  # the account on the other side
    amount: Money
    balance: Money  # after it
    reverses: str | None
    reversed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What happened on one account in one currency, both days included."""

    account: str
    from_on: date
    to_on: date
    opening: Money
    movements: tuple[Movement, ...]
    closing: Money


def check_account(name: str) -> str:
    """Return the name of an account.

    Raises:
        AccountMalformed: It is not `owner:what` or `owner:what:detail`.
    """
    if ACCOUNT.fullmatch(name) and len(name) <= NAME_LENGTH_MAX and name.isprintable():
        return name
    raise AccountMalformed(
        f"{name[:NAME_LENGTH_MAX]!r} is no account. Write owner:what or owner:what:detail, as in "
        f"nb-bank:cash; no spaces, `what` in small letters, at most {NAME_LENGTH_MAX} characters."
    )
