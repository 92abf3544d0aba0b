"""Papers become rows of cells: the heads in one table and the lines in another, as people do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from tradeloop.documents.papers import PaperField, PaperKind, choices, paper_kinds
from tradeloop.economy.papers.clock import EPOCH
from tradeloop.economy.papers.paper import Paper
from tradeloop.kit import codes

Cell: TypeAlias = str | int | Decimal | date | datetime | None
MIDNIGHT = datetime(1970, 1, 1)  # noqa: DTZ001 - local time, as papers have it
BASIS_POINTS_PER_CENT = 100
CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Grid:
    """Some papers of one kind as two tables; `lines` is empty where the kind has none."""

    kind: PaperKind
    heads: list[list[Cell]]  # the first row holds the headings
    lines: list[list[Cell]]


def grid(papers: Sequence[Paper], *, chinese: bool) -> Grid:
    """Return papers of one kind as tables with headings in Chinese or in English."""
    kind = paper_kinds()[papers[0].kind]
    heads: list[list[Cell]] = [[_heading(one, chinese=chinese) for one in kind.head_fields]]
    lines: list[list[Cell]] = []
    if kind.line_table:
        fields = (*kind.key, *kind.line_fields)
        lines.append([_heading(one, chinese=chinese) for one in fields])
    for paper in papers:
        heads.append(_cells(paper.head, kind.head_fields, chinese=chinese))
        key = _cells(paper.head, kind.key, chinese=chinese)
        lines += [key + _cells(row, kind.line_fields, chinese=chinese) for row in paper.lines]
    return Grid(kind, heads, lines)


def _heading(field: PaperField, *, chinese: bool) -> str:
    return (field.zh if chinese else field.en)[0]


def _cells(row: Mapping[str, Any], fields: Sequence[PaperField], *, chinese: bool) -> list[Cell]:
    return [cell(field, row.get(field.name), chinese=chinese) for field in fields]


def cell(field: PaperField, value: Any, *, chinese: bool) -> Cell:  # noqa: ANN401 - text or number
    """Return a value as its cell: amounts exact, days as days, words in the paper's language."""
    if value is None:
        return None
    match field.type:
        case "decimal" | "quantity":
            return _decimal(value)
        case "date":
            return EPOCH + timedelta(days=value)
        case "time":
            return MIDNIGHT + timedelta(milliseconds=value)
        case "integer":
            return f"{value // BASIS_POINTS_PER_CENT}%" if field.form == "rate" else int(value)
    return _word(field.form, value) if chinese else str(value)


def _decimal(value: int) -> Decimal:
    """Return a number of 0.00001 with as many decimals as it needs, and no fewer than two."""
    exact = Decimal(value).scaleb(-5)
    cents = exact.quantize(CENTS)
    return cents if cents == exact else exact.normalize()


@cache
def _word(form: str, value: str) -> str:
    """Return what people in China write for a value of few words, or for a unit."""
    if form == "unit":
        unit = codes.unit(value)
        return unit.name_zh if unit else value
    words = [word for word, means in choices().get(form, {}).items() if means == value]
    return next((word for word in words if not word.isascii()), value)
