"""The results leave as Parquet and CSV for programs, and as a workbook for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from pyarrow.csv import CSVWriter

from tradeloop.bulk.disk import as_disk_full
from tradeloop.kit.money import Money
from tradeloop.trades.facts import Report

ORDERS = {
    "verdicts": "trade",
    "findings": "trade nulls last, code, file nulls first, position, field, seen, expected",
    "records": "kind",
    "files": "path",
}
# There are some fifteen links for each trade: they are joined, sorted and written so many trades
# at a time. Trades are numbered in the order of their names.
LINKS = """
select t.trade, l.link, l.status, l.left_seen as left, l.right_seen as right, l.tolerance
from trade_links as l
join trade as t on t.trade_id = l.trade_id
where l.trade_id > ? and l.trade_id <= ?
order by t.trade, l.link
"""
TRADES_A_CHUNK = 50_000
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
            with _whole(into / f"{name}.{suffix}") as beginning:
                where = str(beginning).replace("'", "''")
                con.execute(
                    f"copy (select * from {name} order by {order}) to '{where}' ({options})"
                )
            written.append(into / f"{name}.{suffix}")
    with _whole(into / "links.parquet") as parquet, _whole(into / "links.csv") as csv:
        _write_links(con, parquet, csv)
    return [*written, into / "links.parquet", into / "links.csv"]


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; rename it when all went well, else remove it."""
    beginning = path.with_suffix(f"{path.suffix}.beginning")
    try:
        yield beginning
        beginning.replace(path)
    except (duckdb.Error, OSError) as error:
        beginning.unlink(missing_ok=True)
        raise as_disk_full(error, path) from error


def _write_links(con: duckdb.DuckDBPyConnection, parquet: Path, csv: Path) -> None:
    last = con.execute("select coalesce(max(trade_id), 0) from trade").fetchall()[0][0]
    names = ("trade", "link", "status", "left", "right", "tolerance")
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(parquet, schema) as tables, CSVWriter(csv, schema) as texts:
        for start in range(0, last, TRADES_A_CHUNK):
            asked = con.sql(LINKS, params=[start, start + TRADES_A_CHUNK])
            chunk: pa.Table = asked.to_arrow_table()
            tables.write_table(chunk.cast(schema))
            texts.write_table(chunk.cast(schema))


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
    with _whole(path) as beginning:
        book.save(beginning)
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
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    if isinstance(value, str) and value[:1] in BAD:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    return value
