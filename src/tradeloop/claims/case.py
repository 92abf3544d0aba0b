"""A claim as it is kept: its trades, papers, signals and stops, all that the rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tradeloop.claims.facts import Deadlines
from tradeloop.claims.lifecycle import State
from tradeloop.kit.money import BasisPoints, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One trade of a claim, with what the system knows of it."""

    trade: str
    certificate: str | None
    due_on: date  # as first agreed
    extended_to: date | None
    owed: Money  # as first owed
    claimed: Money | None
    grade: str | None  # of the verdict for insurance; None: none was registered
    verified: Money | None  # what that verdict proves
    names: frozenset[str]  # kinds of papers under which the registry knows its value
    is_over_used: bool = False  # its value was amended below what is used of it
    twins: int = 0  # values that may be the same goods under other numbers
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper that was brought; `says` are its key fields as stated."""

    id: UUID
    kind: str
    trade: str | None
    name: str
    digest: str
    size: int
    dated: date | None
    is_read: bool
    because: str
    says: Mapping[str, str]
    brought_by: str
    brought_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A sign of fraud."""

    code: str
    because: str
    raised_by: str
    raised_on: date
    id: int | None = None
    cleared_by: str | None = None
    cleared_on: date | None = None
    cleared_why: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has cleared it."""
        return self.cleared_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The clock stands still, both days inclusive."""

    kind: str
    from_on: date
    to_on: date | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim with everything about it."""

    id: str
    scheme: str
    policyholder: str
    buyer: str
    currency: str
    state: State
    because: str
    terms_on: date
    known_on: date
    noticed_on: date
    notice_complete_on: date | None
    insolvent_on: date | None
    loss_on: date | None
    claimed_on: date | None
    claimed: Money | None
    papers_complete_on: date | None
    agreed_on: date | None
    noticed_by: str
    filed_by: str | None
    decision: int | None
    supplement_asked_on: date | None
    lines: tuple[CaseLine, ...]
    papers: tuple[Paper, ...]
    signals: tuple[Signal, ...]
    stops: tuple[Stop, ...]
    buyer_names: tuple[str, ...] = ()  # under which papers tell of it, and of those one with it

    @property
    def pair(self) -> tuple[str, str]:
        """Seller and buyer."""
        return self.policyholder, self.buyer

    @property
    def claimants(self) -> frozenset[str]:
        """Who told the loss and who filed it: they decide nothing of it."""
        return frozenset({self.noticed_by, *([self.filed_by] if self.filed_by else [])})

    @property
    def trades(self) -> tuple[str, ...]:
        """The names of its trades."""
        return tuple(one.trade for one in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured:
    """What cover says of one claimed shipment; amounts in the currency of cover."""

    trade: str
    unpaid: Money  # the covered part, at the date of loss, no more than was claimed
    open: Money  # of the whole shipment, at the date of loss
    credits: Money  # of the whole shipment, since
    insured_share_bp: BasisPoints
    limit: Money
    is_white_listed: bool  # covered as of a firm on the white list


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the checklist."""

    kind: str
    trade: str | None
    is_required: bool
    status: str  # found, missing, mismatch, kept
    seen: str
    expected: str

    @property
    def is_missing(self) -> bool:
        """Whether somebody has to bring it."""
        return self.is_required and self.status != "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The last days of a claim; `stopped_since` if the clock stands still."""

    deadlines: Deadlines
    stopped_days: int
    stopped_since: date | None
