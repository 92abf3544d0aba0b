"""Terms are dated figures with a source: which of them count on a day, and their digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

import rfc8785

from tradeloop.kit import money
from tradeloop.kit.money import Money, Rounding

T = TypeVar("T", bound="Dated")

PLAIN = frozenset({str, int, bool, type(None)})
"""What JSON has as it is."""


class NoTermsYet(LookupError):
    """The day lies before the first version of the terms."""


class TermsContradictory(ValueError):
    """Two figures of one block of terms cannot both hold."""


class Rounds(StrEnum):
    """How an amount is rounded to the minor unit, once, at the end."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    DOWN = "down"
    UP = "up"

    @property
    def by(self) -> Rounding:
        """The rule itself, as `Money.part` takes it."""
        return _ROUNDINGS[self]


_ROUNDINGS: Mapping[Rounds, Rounding] = {
    Rounds.HALF_UP: money.half_up,
    Rounds.HALF_EVEN: money.half_even,
    Rounds.DOWN: money.down,
    Rounds.UP: money.up,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What every block of terms says of itself; it counts until the next one of its section."""

    scheme: str
    from_date: date  # inclusive
    source: str  # the wording, notice or press report that states it, and what was assumed


def in_force(versions: Iterable[T], on: date) -> T:
    """Return the terms of a day: the last that began on it or before.

    Raises:
        NoTermsYet: The day lies before all of them; the message names the first day.
    """
    given = tuple(versions)
    latest: T | None = None
    for one in given:
        if one.from_date <= on and (latest is None or latest.from_date < one.from_date):
            latest = one
    if latest is None:
        first = min(
            (f"the first are of {one.from_date}" for one in given), default="there are none"
        )
        raise NoTermsYet(f"No terms are in force on {on}; {first}. Name a later day.")
    return latest


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a kind of facts; what is none has none."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - whatever JSON can say, kind by kind
    """Return facts, terms and results as JSON says them.

    Amounts are whole minor units as text, so that no reader can lose digits.
    """
    if type(value) in PLAIN:  # most of what there is
        return value
    if isinstance(value, Money):
        return {"currency": value.currency, "minor": str(value.minor)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a time is one too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    kind: type = type(value)
    if names := _names(kind):
        return {
            name: one if type(one := getattr(value, name)) in PLAIN else plain(one)
            for name in names
        }
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return value


_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def written(value: object) -> str:
    """Return the same as text, where no name leaves ASCII and no number 2**53.

    A decision on each of a hundred thousand trades is written twice, and the library's own writer
    takes twenty times as long; a test lays both side by side.
    """
    return _WRITER.encode(plain(value))


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes: equal for equal facts, on every machine."""
    return rfc8785.dumps(plain(value))


@cache  # every decision keeps it, and a scheme has a few versions
def digest(terms: Dated) -> str:
    """Return the SHA-256 of the terms and the step they are for; a decision keeps it for replay."""
    return sha256(canonical({"for": type(terms).__name__, "terms": terms})).hexdigest()


def used(terms: Dated, *names: str) -> tuple[tuple[str, str], ...]:
    """Return the named terms with their values as text, for one line of an explanation."""
    return tuple((name, str(getattr(terms, name))) for name in names)
