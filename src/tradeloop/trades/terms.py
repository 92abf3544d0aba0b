"""The dated figures that judging needs: tolerances, requirements, weights, tables of codes.

Each stands in a CSV beside this file or in `kit/codes`; a row counts from its `from_date` until the
next of its kind. Nothing here is a constant of the program.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files

import pyarrow as pa

from tradeloop.kit import codes
from tradeloop.kit.identifiers import (
    IdentifierInvalid,
    Standing,
    check_firm_code,
    country_standing,
    currency_standing,
    unit_standing,
)
from tradeloop.kit.money import MINOR_DIGITS

CATALOGUES = ("tradeloop.documents", "tradeloop.trades")
STANDINGS = {
    "unit": (unit_standing, "three digits, such as 007"),
    "currency": (currency_standing, "three capital letters or digits, such as USD or 502"),
    "country": (country_standing, "three capital letters or digits, such as USA or 502"),
}


class NoTermsYet(Exception):
    """The day of judging lies before the first tolerances that we have."""


def rows(name: str, package: str = "tradeloop.trades") -> list[dict[str, str]]:
    """Return the rows of a CSV of terms."""
    return list(csv.DictReader(files(package).joinpath(name).read_text("utf-8").splitlines()))


def catalogue(on: date) -> list[dict[str, str]]:
    """Return every finding code in force on a day: weight, link, meaning, remedy, source."""
    found: dict[str, dict[str, str]] = {}
    for package in CATALOGUES:
        for row in sorted(rows("findings.csv", package), key=lambda row: row["from_date"]):
            if date.fromisoformat(row["from_date"]) <= on:
                found[row["code"]] = row
    return list(found.values())


def tables(on: date, purpose: str) -> Mapping[str, pa.Table]:
    """Return the tables of terms that the questions join, as of the day of judging.

    Raises:
        NoTermsYet: There are no tolerances for so early a day.
    """
    return {
        "judging": pa.table({"on_date": pa.array([on], pa.date32()), "purpose": [purpose]}),
        "tolerances": _tolerances(on),
        "requirements": _requirements(),
        "finding_weights": _columns(
            [{**row, "link": row["link"] or None} for row in catalogue(on)],
            ("code", "weight", "link"),
        ),
        "link_gaps": _link_gaps(),
        "statuses": _statuses(),
        "currencies": _currencies(),
        "trade_modes": _columns(codes.table("trade_modes"), ("code",)),
        "customs_offices": _columns(codes.table("customs_offices"), ("code",)),
    }


def code_standings(seen: Iterable[tuple[str, str]]) -> pa.Table:
    """Return the codes among (kind, code) that are malformed or unknown, with what was expected."""
    found = []
    for kind, code in seen:
        if kind not in STANDINGS:
            continue
        ask, expected = STANDINGS[kind]
        standing = ask(code)
        if standing is not Standing.KNOWN:
            wanted = expected if standing is Standing.MALFORMED else "a code of the customs table"
            found.append(
                {"kind": kind, "code": code, "standing": standing.value, "expected": wanted}
            )
    return _columns(found, ("kind", "code", "standing", "expected"))


def malformed_firm_codes(seen: Iterable[tuple[str, str]]) -> pa.Table:
    """Return the firm codes among (kind, code) that cannot be right, and why."""
    found = []
    for kind, code in seen:
        if kind == "firm":
            try:
                check_firm_code(code)
            except IdentifierInvalid as error:
                found.append({"code": code, "because": str(error)})
    return _columns(found, ("code", "because"))


def _columns(rows_: Iterable[Mapping[str, str | None]], names: tuple[str, ...]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_pylist([{name: row[name] for name in names} for row in rows_], schema)


def _tolerances(on: date) -> pa.Table:
    in_force = [row for row in rows("tolerances.csv") if date.fromisoformat(row["from_date"]) <= on]
    if not in_force:
        first = min(row["from_date"] for row in rows("tolerances.csv"))
        raise NoTermsYet(f"No tolerances are in force on {on}. Judge as of {first} or later.")
    row = max(in_force, key=lambda one: one["from_date"])
    amounts = {"line_total", "collection", "declared_usd_max", "opening_stock"}
    return pa.table(
        {
            name: pa.array([value]).cast(pa.decimal128(19, 5) if name in amounts else pa.int64())
            for name, value in row.items()
            if name not in {"from_date", "source"}
        }
    )


def _requirements() -> pa.Table:
    found = rows("requirements.csv")
    text = _columns(found, ("purpose", "mode", "link", "need"))
    return text.append_column(
        "from_date", pa.array([date.fromisoformat(row["from_date"]) for row in found], pa.date32())
    )


def _link_gaps() -> pa.Table:
    found = rows("link_gaps.csv")
    text = _columns(found, ("link", "status", "code", "expected", "follows"))
    for name in ("needs_order", "needs_list"):
        text = text.append_column(name, pa.array([int(row[name]) for row in found], pa.int32()))
    return text


def _statuses() -> pa.Table:
    found = rows("statuses.csv")
    return pa.table(
        {
            name: pa.array([int(r[name]) for r in found], pa.int64())
            for name in ("low", "high", "decides")
        }
    )


def _currencies() -> pa.Table:
    """Return each currency under its ISO code and its customs code, with minor units in one."""
    found = []
    for row in codes.table("currencies"):
        scale = 10 ** MINOR_DIGITS[row["iso"]]
        names = (row["iso"], row["customs_code"])
        found += [{"code": name, "iso": row["iso"], "scale": scale} for name in names if name]
    schema = pa.schema([("code", pa.string()), ("iso", pa.string()), ("scale", pa.int64())])
    return pa.Table.from_pylist(found, schema)
