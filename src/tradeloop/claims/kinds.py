"""Which papers a claim needs, as data: who brings each, and which papers in the system fill it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class EvidenceKindUnknown(LookupError):
    """No kind of evidence has that code."""


class Required(StrEnum):
    """When a paper must be there."""

    ALWAYS = "always"
    IF_INSOLVENT = "if-insolvent"
    IF_HELD = "if-held"  # signs of fraud were seen
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of paper; `key_fields` must agree with what is covered before it counts."""

    code: str
    zh: str
    en: str
    each: str  # trade: one for each; claim: one for all
    required: Required
    brought_by: str
    filled_by: tuple[str, ...]  # proven, or kinds of names that the registry knows a value by
    key_fields: tuple[str, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by its code, in the order of the table."""
    text = files("tradeloop.claims").joinpath("evidence.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Kind(
            code=row["code"], zh=row["zh"], en=row["en"], each=row["each"],
            required=Required(row["required"]), brought_by=row["brought_by"],
            filled_by=tuple(row["filled_by"].split()), key_fields=tuple(row["key_fields"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def kind(code: str) -> Kind:
    """Return one kind.

    Raises:
        EvidenceKindUnknown: There is none; the message names those there are.
    """
    try:
        return kinds()[code]
    except KeyError:
        raise EvidenceKindUnknown(
            f"{code!r} is no kind of evidence. There are: {', '.join(kinds())}."
        ) from None
