"""The figures by which names and buyers are compared, dated and with their source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessTerms:
    """What counts how much, in basis points of a full score (10,000)."""

    same_at_bp: int  # names from here on are the same name
    possible_at_bp: int  # from here on a person must look
    country_conflict_bp: int  # taken off
    number_conflict_bp: int  # taken off
    form_conflict_bp: int  # taken off
    unequal_bp: int  # at least so much is taken off where words or their order differ
    extra_word_bp: int  # weight of a word that only one name has
    other_word_bp: int  # weight of two words that stand against one another
    source: str


def terms_on(on: date) -> LikenessTerms:
    """Return the terms that count on a day.

    Raises:
        LookupError: No terms are that old.
    """
    text = files("tradeloop.parties").joinpath("terms.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines())
            if date.fromisoformat(row["effective_from"]) <= on]  # fmt: skip
    if not rows:
        raise LookupError(f"No terms for names count on {on}. Name a later day.")
    last = max(rows, key=lambda row: row["effective_from"])
    del last["effective_from"]
    source = last.pop("source")
    return LikenessTerms(source=source, **{name: int(figure) for name, figure in last.items()})
