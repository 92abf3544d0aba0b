"""A sheet: rows of cells with the numbers that its user sees, whatever file it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | int | float | bool | Decimal | date | datetime | time | timedelta | None
Row = tuple[int, Sequence[Cell]]
Area = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), counted from 0

EXCEL_EPOCH = date(1899, 12, 30)
MAC_EPOCH = date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, or one CSV file; `rows` may be gone through more than once."""

    number: int  # of the sheet in its workbook, from 1
    name: str  # of the sheet, or of the file
    rows: Callable[[], Iterator[Row]]
    prefix: str = ""  # what a place begins with: `sheet 交易, ` or the name of a file of lines
    in_workbook: bool = False
    merged: Sequence[Area] = ()
    unvalued: Mapping[tuple[int, int], str] = field(default_factory=dict)  # formulas, errors
    epoch: date = EXCEL_EPOCH

    def place(self, row: int, column: int | None = None, heading: str = "") -> str:
        """Return where a cell is, as one who opens the file finds it.

        >>> Sheet(1, "x", lambda: iter(())).place(15, 5, "金额")
        'row 15, column F (金额)'
        """
        if column is None:
            return f"{self.prefix}row {row}"
        if self.in_workbook:
            return f"{self.prefix}cell {letters(column)}{row}"
        named = f" ({heading})" if heading else ""
        return f"{self.prefix}row {row}, column {letters(column)}{named}"


def letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def text_of(cell: Cell) -> str:
    """Return a cell as its user would read it.

    >>> text_of(12.0), text_of(0.1 + 0.2), text_of(None), text_of(date(2026, 9, 1))
    ('12', '0.3', '', '2026-09-01')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return plain(cell)
    if isinstance(cell, datetime):
        return str(cell.date() if cell.time() == time() else cell)
    return str(cell)


def plain(number: float) -> str:
    """Return a number with the fifteen digits that a spreadsheet keeps, never as a power of ten.

    >>> plain(2.9212026e17), plain(1.1 + 2.2)
    ('292120260000000000', '3.3')
    """
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN alone differs from itself
        return str(number)
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
