"""What is known of firms and buyers: names, numbers, decisions, standing, hits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a comparison comes to; only a person settles the middle one."""

    SAME = "same"
    POSSIBLY = "possibly-the-same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name made comparable: no case, no accents, no legal form."""

    text: str
    """As it was written."""
    tokens: tuple[str, ...]
    """In Latin letters, in their order."""
    native: tuple[str, ...] | None
    """The same in Chinese, Japanese or Korean letters; None where the name has none of them."""
    forms: frozenset[str]
    """Its legal forms, each by one word for all its spellings: `jsc` for OAO, OJSC, ПАО."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityNumber:
    """A number that a register gave to one firm only."""

    kind: str  # vat, lei, uscc, registration …
    text: str
    country: str | None = None  # of the register, ISO alpha-3; None if not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """What papers and people told of one buyer."""

    key: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    country: str | None = None  # ISO alpha-3
    numbers: tuple[IdentityNumber, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person looked at two buyers and said whether they are one."""

    pair: frozenset[str]  # the keys of both
    same: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesCompared:
    """How alike two names are, and why."""

    score_bp: int  # from 0 to 10,000
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two buyers are: a score of their names, what else speaks for or against."""

    verdict: Verdict
    score_bp: int  # from 0 to 10,000
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One name of a file or of a list, with its place."""

    line: int
    name: str
    country: str | None = None  # ISO alpha-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A name that is, or may be, one of the list."""

    asked: Party
    listed: Party
    verdict: Verdict
    score_bp: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What screening came to."""

    hits: tuple[Hit, ...]  # by line asked, the most alike first
    names: int
    listed: int
    compared: int  # pairs that were looked at closely
    cut: tuple[int, ...]
    """Lines with more names like them than are looked at: those that share least were left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A buyer as one paper tells of it."""

    name: str
    country: str | None  # ISO alpha-3; what is no country counts as not told
    number: str | None = None
    number_kind: str = "passport"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Which buyer was told of; `refused` says why it is none, and `buyer` is then empty."""

    buyer: str
    is_new: bool
    possibly: tuple[str, ...] = ()
    """Other buyers that may be the same, and on which no person has decided."""
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One way in which papers tell of a buyer; of its number only a masked form is known."""

    name: str
    country: str | None
    number_kind: str | None
    number_masked: str | None
    first_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBuyer:
    """A buyer with all that papers told of it; `joined` are other keys that lead to it."""

    key: str
    aliases: tuple[Alias, ...]
    joined: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PossiblePair:
    """Two buyers that may be one, for a person to decide."""

    first: str
    second: str
    score_bp: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealed:
    """Somebody says that an entry is wrong; `upheld` is None until that is decided."""

    noted_at: datetime
    by: str
    because: str
    upheld: bool | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a list says of a subject, from a day to a day, both inclusive."""

    list_code: str
    subject: str
    value: str
    from_date: date
    to_date: date | None  # None: until further notice
    source: str
    name: str | None = None
    appeal_until: date | None = None
    appeal: Appealed | None = None  # the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """One file of a list, as it was taken."""

    list_code: str
    number: int  # from 1
    from_date: date
    source: str
    is_screening: bool
    entries: int
    imported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenHit:
    """A buyer's name or number is, or may be, that of an entry; no person has cleared it."""

    id: int
    buyer: str
    list_code: str
    subject: str
    listed: str  # the name on the list
    told: str  # the name on the paper
    verdict: Verdict
    score_bp: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm on a day: its name, its number and the roles that it has then."""

    key: str
    name: str
    identifier: str | None
    identifier_kind: str | None
    roles: tuple[str, ...]
