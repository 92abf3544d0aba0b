"""The dated figures of the registry."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinTerms:
    """When two values may be the same goods: how near amounts are, and how much must agree."""

    from_date: date
    amount_tolerance_bp: int
    agree_min: int  # of number, amount and parties
    source: str


@cache
def twin_terms(on: date) -> TwinTerms:
    """Return the terms of a day: the last that began on it or before.

    Raises:
        LookupError: The day lies before the first terms.
    """
    text = files("tradeloop.registry").joinpath("twins.csv").read_text(encoding="utf-8")
    rows = [
        TwinTerms(
            from_date=date.fromisoformat(row["from_date"]), source=row["source"],
            amount_tolerance_bp=int(row["amount_tolerance_bp"]), agree_min=int(row["agree_min"]),
        )
        for row in csv.DictReader(text.splitlines())
    ]  # fmt: skip
    begun = [row for row in rows if row.from_date <= on]
    if not begun:
        raise LookupError(f"{on} lies before the first terms for twins, of {rows[0].from_date}.")
    return max(begun, key=lambda row: row.from_date)
