"""A card of whole points, set by hand: who scores what, and for which reason."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


class MeasureUnrated(ValueError):
    """No row of the card rates a measure: it is missing, or lies between two rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """So many points if a measure lies within, both ends inclusive; no end is no bound."""

    side: str  # seller or buyer
    code: str
    measure: str
    least: int
    most: int | None
    points: int
    says: str
    says_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The sum of the points, and every row that gave some, or none."""

    points: int
    of: int  # the most that the card gives
    reasons: tuple[Row, ...]


def score(side: str, measures: Mapping[str, int], card: Sequence[Row] | None = None) -> Scored:
    """Score a seller or a buyer; whole numbers only, so that everybody can add them up.

    The card is ours: no insurer publishes one. It advises who sets a limit, and refuses nobody.

    Args:
        side: `seller` or `buyer`.
        measures: Each measure of the card for that side.
        card: Another card; none is the one that comes with us.

    Raises:
        MeasureUnrated: A measure of the card is not given, or no row rates it.
    """
    rows = [one for one in (card or shipped_card()) if one.side == side]
    found = []
    for measure in dict.fromkeys(one.measure for one in rows):
        value = measures.get(measure)
        fits = [
            one
            for one in rows
            if one.measure == measure
            and value is not None
            and one.least <= value
            and (one.most is None or value <= one.most)
        ]
        if len(fits) != 1:
            raise MeasureUnrated(
                f"{measure} of {side} is {value}; {len(fits)} rows of the card rate it. "
                "Give the measure, or let the rows of the card meet without a gap."
            )
        found += fits
    most = sum(
        max(one.points for one in rows if one.measure == measure)
        for measure in {one.measure for one in rows}
    )
    return Scored(points=sum(one.points for one in found), of=most, reasons=tuple(found))


@cache
def shipped_card() -> tuple[Row, ...]:
    """Return the card that comes with us: `scorecard.csv`."""
    text = files(__package__).joinpath("scorecard.csv").read_text(encoding="utf-8")
    return tuple(
        Row(
            side=row["side"], code=row["code"], measure=row["measure"], least=int(row["from"]),
            most=int(row["to"]) if row["to"] else None, points=int(row["points"]),
            says=row["says"], says_zh=row["says_zh"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip
