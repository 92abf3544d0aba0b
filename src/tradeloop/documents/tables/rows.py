"""The rows of a table, as people fill them: merged cells, totals, empty rows, a second table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tradeloop.documents.tables.find import Table, looks_like_headings
from tradeloop.documents.tables.headings import Column
from tradeloop.documents.tables.sheet import Area, Cell, is_empty, text_of
from tradeloop.documents.tables.values import read_cell
from tradeloop.documents.told import Told
from tradeloop.documents.values import excerpt

TOTAL = re.compile(r"(本页)?(合\s*计|总\s*计|累\s*计)|(grand\s+)?totals?|sum", re.IGNORECASE)
SUBTOTAL = re.compile(r"小\s*计|sub-?\s*totals?", re.IGNORECASE)
SUMMED = ("decimal", "quantity")
FEW_COLUMNS = 3
TOTAL_LENGTH_MAX = 16


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its number as its user sees it, and its cells."""

    number: int
    cells: Sequence[Cell]

    def cell(self, column: Column) -> Cell:
        """Return what stands in a column."""
        return self.cells[column.index] if column.index < len(self.cells) else None


@dataclass(slots=True)
class Sums:
    """What the amounts of a table add up to, in all and since the last subtotal."""

    whole: dict[int, Decimal] = field(default_factory=dict)
    part: dict[int, Decimal] = field(default_factory=dict)

    def add(self, column: Column, value: object) -> None:
        """Add one value of a column."""
        if isinstance(value, Decimal):
            self.whole[column.index] = self.whole.get(column.index, Decimal()) + value
            self.part[column.index] = self.part.get(column.index, Decimal()) + value


class Rows:
    """Goes through the rows of a table that hold papers; the others are told or passed over."""

    def __init__(self, table: Table) -> None:
        """Begin at the first row below the headings."""
        self.table = table
        self.sums = Sums()
        self.told: list[tuple[Told, int, str]] = []  # with row and place; the caller empties it
        self._keys = [column for column in table.fit.columns if column.field.is_key]
        self._merged = _Merged(table.sheet.merged)
        headings = [text for text in table.headings if text]
        self._narrow = len(headings) < FEW_COLUMNS
        self._totalled = False  # what stands below the total in two cells is a remark, no paper

    def __iter__(self) -> Iterator[TableRow]:
        """Yield each row that may be a paper or a line."""
        width = len(self.table.headings)
        for number, given in self.table.sheet.rows():
            cells = self._merged.filled(number, given)
            if number <= self.table.row:
                continue
            cells = cells[:width]
            filled = [cell for cell in cells if not is_empty(cell)]
            if not filled:
                continue
            row = TableRow(number, cells)
            if total := self._total(TableRow(number, given)):
                self._compare(row, subtotal=total == "part")
                self._totalled = self._totalled or total == "whole"
            elif len(filled) < (FEW_COLUMNS if self._totalled else 2) and not self._narrow:
                seen = excerpt(" ".join(map(text_of, filled)))
                told = Told("text-stray", None, seen, "rows of papers only")
                self.told.append((told, number, self.table.place(number)))
            elif looks_like_headings(cells):
                if self._other_table(row):
                    return
            else:
                self._tell_wide(row, given)
                yield row

    def _tell_wide(self, row: TableRow, given: Sequence[Cell]) -> None:
        """Tell cells behind the last heading: in CSV an amount with a comma makes such."""
        width = len(self.table.headings)
        beyond = [text for text in map(text_of, given[width:]) if text]
        if beyond and not self.table.sheet.in_workbook:
            told = Told("row-too-wide", None, excerpt(", ".join(beyond)), f"{width} cells")
            self.told.append((told, row.number, self.table.place(row.number)))

    def _other_table(self, row: TableRow) -> bool:
        """Whether another table begins; the same headings again, as on each page, are none."""
        texts = [" ".join(text_of(cell).split()) for cell in row.cells]
        own = list(self.table.headings)
        if texts[: len(own)] == own[: len(texts)]:
            return False
        told = Told("tables-several", None, "a second table below", "one table on a sheet")
        self.told.append((told, row.number, self.table.place(row.number)))
        return True

    def _total(self, row: TableRow) -> str:
        """Return `whole` or `part` if the row is a total, as its words and its empty key say."""
        kind = ""
        for cell in row.cells:
            if not isinstance(cell, str) or not 1 < len(cell) < TOTAL_LENGTH_MAX:
                continue
            word = cell.strip().rstrip(":：")
            if TOTAL.fullmatch(word):
                kind = "whole"
            elif SUBTOTAL.fullmatch(word):
                kind = "part"
        if not kind:
            return ""
        keys = [text_of(row.cell(column)).rstrip(":：") for column in self._keys]
        own = [
            key for key in keys if key and not TOTAL.fullmatch(key) and not SUBTOTAL.fullmatch(key)
        ]
        return "" if own else kind

    def _compare(self, row: TableRow, *, subtotal: bool) -> None:
        sums = self.sums.part if subtotal else self.sums.whole
        for column in self.table.fit.columns:
            if column.field.type not in SUMMED or column.field.name == "price":
                continue
            given = read_cell(column.field, row.cell(column)).value
            if given is None or given == sums.get(column.index, Decimal()):
                continue
            there = format(sums.get(column.index, Decimal()).normalize(), "f")
            told = Told("totals-differ", column.field.name, str(given), f"{there}, the sum above")
            self.told.append((told, row.number, self.table.place(row.number, column)))
        if subtotal:
            self.sums.part.clear()


class _Merged:
    """Fills the lower cells of a merged area with what its first cell holds."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._from: dict[int, list[tuple[int, int, int]]] = {}  # by first row: columns, last row
        for (top, left), (bottom, right) in areas:
            if bottom > top:
                self._from.setdefault(top + 1, []).append((left, right, bottom + 1))
        self._active: dict[int, tuple[Cell, int]] = {}  # by column: the value, and the last row

    def filled(self, number: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Return a row with its merged cells filled; rows must come in their order."""
        begun = self._from.get(number, ())
        if not begun and not self._active:
            return cells
        filled = list(cells)
        for column, (value, last) in list(self._active.items()):
            if number > last:
                del self._active[column]
            elif column < len(filled) and not text_of(filled[column]):
                filled[column] = value
        for left, _, last in begun:
            if left < len(cells):
                self._active[left] = (cells[left], last)
        return filled
