"""What is known of a buyer, and what a comparison of two of them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
