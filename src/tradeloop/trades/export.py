"""The results leave as Parquet and CSV for programs, and as a workbook for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from tradeloop.bulk.disk import as_disk_full
from tradeloop.kit.money import Money
from tradeloop.trades.facts import Report

ORDERS = {
    "verdicts": "trade",
    "findings": "trade nulls last, code, file nulls first, position, field, seen, expected",
    "links": "trade, link",
    "records": "kind",
}
SHEET_ROWS_MAX = 100_000  # a workbook is for reading; the CSV beside it holds all
BAD = frozenset("=+-@\t\r")


def write_tables(con: duckdb.DuckDBPyConnection, into: Path) -> list[Path]:
    """Write each result as Parquet and as CSV, sorted; each file whole or not at all.

    Raises:
        DiskFull: There was no room; files written before stay, the cut one does not.
    """
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, order in ORDERS.items():
        for suffix, options in (("parquet", "format parquet"), ("csv", "format csv, header")):
            path = into / f"{name}.{suffix}"
            beginning = path.with_suffix(f".{suffix}.beginning")
            where = str(beginning).replace("'", "''")
            try:
                con.execute(
                    f"copy (select * from {name} order by {order}) to '{where}' ({options})"
                )
                beginning.replace(path)
            except (duckdb.IOException, OSError) as error:
                beginning.unlink(missing_ok=True)
                raise as_disk_full(error, path) from error
            written.append(path)
    return written


def write_workbook(con: duckdb.DuckDBPyConnection, report: Report, path: Path) -> Path:
    """Write the workbook that an exporter works from: what was found, and what to do about it.

    Raises:
        DiskFull: There was no room; no half-written workbook stays.
    """
    book = Workbook(write_only=True)
    _sheet(
        book, "Summary 概要", ("", ""),
        [
            ("purpose 用途", report.purpose), ("as of 截至", report.on.isoformat()),
            ("files 文件", report.files), ("read 已读", report.read), ("kept 留存", report.kept),
            ("unreadable 无法读取", len(report.unreadable)), ("trades 贸易", report.trades),
            *((f"{grade}", count) for grade, count in report.grades.items()),
            *(
                ("verified 已核实", str(Money(minor, code)))
                for code, minor in report.verified.items()
            ),
        ],
    )  # fmt: skip
    _sheet(
        book, "What was found 发现",
        ("code", "weight", "count", "meaning", "what to do", "example trade", "file", "position",
         "field", "seen", "expected"),
        (
            (one.code, one.weight, one.count, one.meaning, one.remedy, one.trade, one.file,
             one.position, one.field, one.seen, one.expected)
            for one in report.examples
        ),
    )  # fmt: skip
    for title, table in (("Verdicts 结论", "verdicts"), ("Findings 明细", "findings")):
        where = "where weight <> 'note'" if table == "findings" else ""
        found = con.execute(
            f"select * from {table} {where} order by {ORDERS[table]} limit {SHEET_ROWS_MAX}"
        )
        _sheet(book, title, tuple(column[0] for column in found.description or ()), _rows(found))
    beginning = path.with_suffix(".xlsx.beginning")
    try:
        book.save(beginning)
        beginning.replace(path)
    except OSError as error:
        beginning.unlink(missing_ok=True)
        raise as_disk_full(error, path) from error
    return path


def _rows(found: duckdb.DuckDBPyConnection) -> Iterable[tuple[object, ...]]:
    while row := found.fetchone():
        yield row


def _sheet(
    book: Workbook, title: str, heading: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    bold = []
    for name in heading:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([_plain(sheet, value) for value in row])


def _plain(sheet: WriteOnlyWorksheet, value: object) -> object:
    """Return a cell that a spreadsheet shows and never computes, whatever a paper contained."""
    if isinstance(value, str) and value[:1] in BAD:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    return value
