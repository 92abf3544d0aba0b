"""The bytes of a file of tables become facts: a workbook, CSV with or without lines, JSON lines."""

from __future__ import annotations

from tradeloop.documents.tables.delimited import Delimited, read_delimited
from tradeloop.documents.tables.facts import Collector, TablesRead
from tradeloop.documents.tables.jsonl import read_json_lines
from tradeloop.documents.tables.read import SheetsReading
from tradeloop.documents.tables.workbook import open_workbook
from tradeloop.documents.told import Placed


def read_workbook(data: bytes, *, file: int, digest: str, name: str) -> TablesRead:
    """Read the papers of a workbook.

    Raises:
        Unreadable: It is locked, damaged or larger than we take.
    """
    book = open_workbook(data)
    collector = Collector(file, digest)
    reading = SheetsReading(collector, name)
    reading.run(book.sheets())
    if reading.found:
        collector.tell_all(book.told, reading.kind)
    return reading.done()


def read_csv(
    data: bytes, *, file: int, digest: str, name: str, lines: tuple[str, bytes] | None = None
) -> TablesRead:
    """Read the papers of a CSV file and, where they come in one of their own, their lines."""
    parts = [read_delimited(data, name=name)]
    if lines is not None:
        parts.append(read_delimited(lines[1], name=lines[0], prefix=f"{lines[0]} "))
    collector = Collector(file, digest)
    reading = SheetsReading(collector, name)
    reading.run([part.sheet for part in parts])
    if reading.found or reading.refused:
        for place, part in enumerate(parts):
            _tell_of_file(collector, part, reading.kind, of_lines=place > 0)
    return reading.done()


def read_jsonl(data: bytes, *, file: int, digest: str, name: str) -> TablesRead:
    """Read papers that come as JSON lines."""
    collector = Collector(file, digest)
    read_json_lines(data, collector, name)
    return collector.done()


def _tell_of_file(collector: Collector, part: Delimited, kind: str, *, of_lines: bool) -> None:
    collector.tell_all(part.told, kind)
    for row, told in part.stray:
        where = (0, row) if of_lines else (row, 0)
        collector.tell(Placed(told, kind, 1, *where, part.sheet.place(row)))
