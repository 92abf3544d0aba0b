"""Official code tables: countries, currencies, units, modes, offices and answers of customs."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

TABLES = (
    "answer_errors",
    "countries",
    "currencies",
    "customs_offices",
    "packages",
    "trade_modes",
    "transport_modes",
    "units",
)


class TableUnknown(LookupError):
    """There is no code table of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency of ISO 4217."""

    iso: str
    customs_code: str | None  # three digits; None if customs' table gives it none
    minor_digits: int  # digits after the point
    name_zh: str | None  # None if customs' table lacks it
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory as customs counts them."""

    iso3: str | None  # None only for "Africa, other", whose letters would be South Africa's
    customs_code: str  # three digits; small territories share one with their region
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code and what it says."""

    code: str
    customs_code: str  # the older code of the same thing; equals `code` where nothing changed
    name_zh: str


def currency(code: str) -> Currency | None:
    """Return the currency for ISO letters (USD) or customs digits (502), or None if unknown.

    The digits are those of customs. The numbers of ISO 4217 (840) are another table.
    """
    return _currencies().get(code)


def country(code: str) -> Country | None:
    """Return the country for ISO letters (USA) or customs digits (502), or None if unknown.

    Where territories share digits, the answer is the row the digits themselves mean: 326 is
    Norway, 699 is the rest of Oceania. Compare two papers by `customs_code`, not by letters.
    """
    return _countries().get(code)


def unit(code: str) -> Code | None:
    """Return the unit of quantity for three digits (035 is the kilogram), or None if unknown."""
    return _coded("units").get(code)


def customs_office(code: str) -> Code | None:
    """Return the customs office for four digits, or None if unknown."""
    return _coded("customs_offices").get(code)


def trade_mode(code: str) -> Code | None:
    """Return the supervision mode for four digits (9610), or None if unknown."""
    return _coded("trade_modes").get(code)


def transport_mode(code: str) -> Code | None:
    """Return the mode of transport for one digit or letter, or None if unknown."""
    return _coded("transport_modes").get(code)


def package(code: str) -> Code | None:
    """Return the kind of package for two national or one older digit, or None if unknown."""
    return _coded("packages").get(code)


def answer_error(code: str) -> str | None:
    """Return what a negative code in a customs answer says, or None if unknown.

    An asterisk stands for a value that the answer itself fills in. Two messages that the
    official table lists under one code are both given, with a stroke between them.
    """
    return _answer_errors().get(code)


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return all rows of a code table, in its order; an absent value is an empty text.

    Raises:
        TableUnknown: `name` is not one of `TABLES`.
    """
    with path(name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def path(name: str) -> Path:
    """Return where the table lies as a CSV file (UTF-8, one heading line), for SQL to read.

    Raises:
        TableUnknown: `name` is not one of `TABLES`.
    """
    if name not in TABLES:
        raise TableUnknown(f"There is no code table {name!r}. Use one of: {', '.join(TABLES)}.")
    return Path(str(files("tradeloop.kit") / "codes" / f"{name}.csv"))


@cache
def _currencies() -> Mapping[str, Currency]:
    known = [
        Currency(
            iso=row["iso"],
            customs_code=row["customs_code"] or None,
            minor_digits=int(row["minor_digits"]),
            name_zh=row["name_zh"] or None,
            name_en=row["name_en"],
        )
        for row in table("currencies")
    ]
    return {key: each for each in known for key in (each.iso, each.customs_code) if key}


@cache
def _countries() -> Mapping[str, Country]:
    known: dict[str, Country] = {}
    for row in table("countries"):
        each = Country(
            iso3=row["iso3"] or None,
            customs_code=row["customs_code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
        )
        # The table puts the row that shared digits mean before the others that use them.
        known.setdefault(each.customs_code, each)
        if each.iso3:
            known[each.iso3] = each
    return known


@cache
def _coded(name: str) -> Mapping[str, Code]:
    return {
        row["code"]: Code(
            code=row["code"],
            customs_code=row.get("customs_code", row["code"]),
            name_zh=row["name_zh"],
        )
        for row in table(name)
    }


@cache
def _answer_errors() -> Mapping[str, str]:
    return {row["code"]: row["message"] for row in table("answer_errors")}
