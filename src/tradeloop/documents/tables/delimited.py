"""CSV becomes rows; a stray quote costs its own row its quotes, and never the rows behind it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

from tradeloop.documents.encoding import decode
from tradeloop.documents.tables.sheet import Row, Sheet
from tradeloop.documents.told import Told
from tradeloop.documents.values import excerpt

DELIMITERS = ",;\t"
FIELD_LINES_MAX = 20  # a quoted cell over more lines than this is a quote that was not closed


@dataclass(slots=True)
class Delimited:
    """The rows of a CSV file, and what must be told of it: of the whole, and of its rows."""

    sheet: Sheet
    told: tuple[Told, ...]
    stray: list[tuple[int, Told]] = field(default_factory=list)


def read_delimited(data: bytes, *, name: str, prefix: str = "") -> Delimited:
    """Return the rows of a CSV file in any encoding; nothing raises."""
    decoded = decode(data)
    lines = decoded.text.lstrip("\ufeff").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    delimiter = _delimiter(lines)
    stray: list[tuple[int, Told]] = []
    rows = list(_rows(lines, delimiter, stray))
    return Delimited(Sheet(1, name, lambda: iter(rows), prefix), decoded.told, stray)


def _delimiter(lines: list[str]) -> str:
    """Return the sign that the first lines have most of."""
    first = "\n".join(lines[:20])
    return max(DELIMITERS, key=first.count)


def _rows(lines: list[str], delimiter: str, stray: list[tuple[int, Told]]) -> Iterator[Row]:
    at, number, width = 0, 0, 0
    while at < len(lines):
        number += 1
        cells, used = _row(lines, at, delimiter, width)
        if cells is None:
            told = Told("quote-stray", None, excerpt(lines[at]), "quotes in pairs around a cell")
            stray.append((number, told))
            cells, used = lines[at].split(delimiter), 1
        at += used
        width = max(width, len(cells))
        yield number, [cell.strip() for cell in cells]


def _row(lines: list[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """Return the cells that begin at a line, and how many lines they take; None if none fit."""
    text = lines[at]
    if '"' not in text:
        return text.split(delimiter), 1
    for used in range(1, FIELD_LINES_MAX + 1):
        if used > 1:
            if at + used > len(lines):
                break
            text += "\n" + lines[at + used - 1]
        try:
            [cells] = csv.reader([text], delimiter=delimiter, strict=True)
        except csv.Error as error:
            if "unexpected end" in str(error):
                continue
            break
        if used == 1 or len(cells) == width:
            return cells, used
        break
    return None, 1
