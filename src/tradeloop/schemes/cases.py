"""Worked examples as data: what is called, with what, under which terms, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tradeloop.schemes.load import toml
from tradeloop.schemes.read import SchemeFileInvalid, check_keys, table, value

FILE = "cases.toml"


class Call(StrEnum):
    """Which calculation an example is about."""

    PREMIUM = "premium"
    LIMIT = "limit"
    COVER = "cover"
    INDEMNITY = "indemnity"
    SPLIT = "split"
    RECOVERY = "recovery"
    DEADLINE = "deadline"


KEYS = ("id", "says", "calls", "given", "terms", "expect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One worked example; its tables are read by whoever runs the call."""

    id: str
    says: str
    calls: Call
    given: Mapping[str, Any]
    terms: Mapping[str, Any]  # figures that differ from the scheme's
    expect: Mapping[str, Any]
    file: Path

    @property
    def where(self) -> str:
        """File and example, for messages."""
        return f"{self.file}, case {self.id}"


def read_cases(file: Path) -> tuple[Case, ...]:
    """Return the examples of a file, in their order.

    Raises:
        SchemeFileInvalid: A key is unknown or missing, an id stands twice, or there is no example.
    """
    content = toml(file)
    check_keys(content, {"case": None}, [] if "case" in content else ["case"], str(file))
    if not isinstance(content["case"], list):
        raise SchemeFileInvalid(f"{file}: case is no list of blocks. Write [[case]].")
    found: dict[str, Case] = {}
    for place, row in enumerate(content["case"], 1):
        one = _case(row, file, f"{file}, [[case]] {place}")
        if one.id in found:
            raise SchemeFileInvalid(f"{one.where} stands twice. Give each its own id.")
        found[one.id] = one
    return tuple(found.values())


def _case(row: object, file: Path, where: str) -> Case:
    given = table(row, where)
    missing = [name for name in KEYS if name not in given and name != "terms"]
    check_keys(given, dict.fromkeys(KEYS), missing, where)
    if not given["expect"]:
        raise SchemeFileInvalid(f"{where}: expects nothing. Write at least one figure.")
    return Case(
        id=value(given["id"], str, f"{where}, id"),
        says=value(given["says"], str, f"{where}, says"),
        calls=value(given["calls"], Call, f"{where}, calls"),
        given=table(given["given"], f"{where}, given"),
        terms=table(given.get("terms", {}), f"{where}, terms"),
        expect=table(given["expect"], f"{where}, expect"),
        file=file,
    )
