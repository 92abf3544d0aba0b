"""One sheet of a workbook for people: what a paper said is shown and never computed.

A sheet is for reading: beyond `SHEET_ROWS_MAX` rows the CSV files hold the rest, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SHEET_ROWS_MAX = 100_000
BAD = frozenset("=+-@\t\r")
HEAD_FILL = PatternFill("solid", fgColor="DCE6F1")
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its heading and its width in characters."""

    heading: str
    width: int = 16


def add_sheet(
    book: Workbook, title: str, columns: tuple[Column, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    """Add a sheet to a workbook being written: headings that stay, filters, wrapped text."""
    sheet = book.create_sheet(title)
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    if any(column.heading for column in columns):
        sheet.freeze_panes = "A2"
        sheet.append([_heading(sheet, column.heading) for column in columns])
    count = 0
    for row in rows:
        if count == SHEET_ROWS_MAX:
            sheet.append([f"… {SHEET_ROWS_MAX:,} 行之后见 CSV 文件 the CSV files hold the rest"])
            break
        sheet.append([_plain(sheet, value) for value in row])
        count += 1
    if any(column.heading for column in columns):
        last = get_column_letter(len(columns))
        sheet.auto_filter.ref = f"A1:{last}{max(count, 1) + 1}"


def _heading(sheet: WriteOnlyWorksheet, text: str) -> object:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = HEAD_FILL
    cell.alignment = WRAPPED
    return cell


def _plain(sheet: WriteOnlyWorksheet, value: object) -> object:
    """Return a cell that a spreadsheet shows and never computes, whatever a paper contained."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
        cell = WriteOnlyCell(sheet, value)
        cell.alignment = WRAPPED
        if value[:1] in BAD:
            cell.data_type = "s"
            cell.quotePrefix = True
        return cell
    return value
