"""What stands on a paper: facts as they are; how they are written is the paper's affair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tradeloop.kit.calendar import Deadline
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import BasisPoints, Money


class Language(StrEnum):
    """In which language a paper speaks."""

    CHINESE = "zh"
    ENGLISH = "en"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A firm or a person, by name and by the key under which it is known."""

    name: str
    key: str
    country: str | None = None  # ISO alpha-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a paper rests on, and how anybody can check it."""

    made_at: datetime  # aware; the date of the paper, shown in Shanghai's time
    terms: str  # digest of the terms that were used
    proof: str = ""  # a link, or what names the entry in the journal; goes into the QR code
    synthetic: bool = False  # the paper says that all on it is made up


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePaper:
    """One shipment under cover. Amounts in the currency of cover, `limit` the buyer's."""

    number: str
    policy: str
    policyholder: Named
    buyer: Named
    trade: str
    amount: Money
    covered: Money
    insured_share_bp: BasisPoints
    limit: Money
    shipped_on: date
    due_on: date
    certified_at: datetime
    basis: Basis

    @property
    def uncovered(self) -> Money:
        """The part above the limit: uninsured until payments make room."""
        return self.amount - self.covered


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationPaper:
    """How a figure came about, line by line."""

    claim: str
    insured: Named
    buyer: Named
    calculation: Explained
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Where the money goes. Of the account a paper shows the last four characters."""

    name: str
    account: str
    bank: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPaper:
    """What insurer and insured agree on before a claim is paid; the sum is the calculation's."""

    number: str
    claim: str
    insurer: Named
    insured: Named
    buyer: Named
    certificates: tuple[str, ...]
    calculation: Explained
    payee: Payee
    pay_days: int  # after both have signed
    payover_days: int  # after anything came from the buyer
    basis: Basis

    @property
    def amount(self) -> Money:
        """What is paid."""
        return self.calculation.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened on a day. `what` is a code, or words."""

    what: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that has a last day, with the rule that made it. `what` is a code, or words."""

    what: str
    by: Deadline
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """One thing of the checklist. `what` and `status` are codes, or words."""

    what: str
    status: str  # found, missing, mismatch, kept
    says: str = ""  # where it was found, or what to bring
    by: date | None = None

    @property
    def is_there(self) -> bool:
        """Whether nobody has to bring it any more."""
        return self.status in {"found", "kept"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that was handed in, known by its SHA-256."""

    name: str
    digest: str
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A sign that a person has to look at. `what` is a code, or words."""

    what: str
    because: str
    raised_on: date
    cleared_on: date | None = None
    cleared_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was decided. `outcome` is a code, or a word."""

    outcome: str
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFile:
    """Everything about one claim as it stands; `state` is a code, or a word."""

    claim: str
    state: str
    insured: Named
    buyer: Named
    certificates: tuple[str, ...]
    claimed: Money | None  # None: only a possible loss was told so far
    events: tuple[Event, ...]
    deadlines: tuple[Due, ...]
    checklist: tuple[Needed, ...]
    evidence: tuple[Evidence, ...]
    signals: tuple[Signal, ...]
    decision: Ruling | None
    calculation: Explained | None
    basis: Basis
