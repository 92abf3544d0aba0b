"""A small table that a user brings, as CSV or workbook, becomes numbered rows of texts."""

from __future__ import annotations

from pathlib import Path

from tradeloop.documents.gather import Unreadable
from tradeloop.documents.tables.delimited import read_delimited
from tradeloop.documents.tables.sheet import text_of
from tradeloop.documents.tables.workbook import open_workbook

WORKBOOKS = {".xlsx", ".xlsm", ".xls"}


def rows_of(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of a CSV file, or of the first sheet of a workbook, with their numbers.

    Raises:
        Unreadable: There is no such file; or the workbook is locked, damaged or too large.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{error.strerror}. Name a file that can be read.") from None
    if path.suffix.lower() in WORKBOOKS:
        sheet = next(open_workbook(data).sheets(), None)
        if sheet is None:
            raise Unreadable("a workbook without a sheet of cells; save the table into one")
    else:
        sheet = read_delimited(data, name=path.name).sheet
    return [(number, [text_of(cell) for cell in cells]) for number, cells in sheet.rows()]
