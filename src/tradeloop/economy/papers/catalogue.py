"""The catalogue of faults and frauds, as `faults.toml` tells it, and which two go together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

PAIRED_WEIGHT = 3
WEIGHT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which the papers of a trade can be wrong."""

    name: str
    code: str  # the finding that must come of it
    says: str  # how it happens, or what the fraudster gains
    touches: tuple[str, ...]  # the links that it disturbs
    needs: tuple[str, ...] = ()  # collection, summary, simplified, partner …
    masked_by: tuple[str, ...] = ()  # faults that hide it on the same trade
    also: tuple[str, ...] = ()  # further findings that come of it

    @property
    def paired(self) -> bool:
        """Whether it takes the trade before it as well."""
        return "partner" in self.needs

    @property
    def weight(self) -> int:
        """How often it is drawn: paired ones oftener, for few trades can have them."""
        return PAIRED_WEIGHT if self.paired else WEIGHT


@cache
def faults(name: str = "faults") -> tuple[Fault, ...]:
    """Return all faults of a catalogue, in the order of its file."""
    path = files("tradeloop.economy.papers").joinpath(f"{name}.toml")
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
    return tuple(_fault(row) for row in rows)


def _fault(row: Mapping[str, Any]) -> Fault:
    several = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Fault(**(dict(row) | several))


def combine(one: Fault, other: Fault) -> tuple[Fault, Fault] | None:
    """Return the two in the order in which they happen, or None if they do not go together.

    Two go together if they disturb different links, so that both are found, or if one is known
    to hide the other: then it happens last.
    """
    if one.name == other.name or one.paired or other.paired:
        return None
    if {"summary", "simplified"} <= {*one.needs, *other.needs}:
        return None
    if one.name in other.masked_by:
        return other, one
    if other.name in one.masked_by or not set(one.touches) & set(other.touches):
        return one, other
    return None
