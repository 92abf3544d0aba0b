"""Papers as files: workbooks, pairs of CSV files, JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from tradeloop.documents.papers import paper_kinds
from tradeloop.economy.papers.credit.cells import Cell, cell, grid
from tradeloop.economy.papers.paper import Paper

MADE_AT = datetime(2026, 11, 1)  # noqa: DTZ001 - what every workbook says of itself
Writer = Callable[[Path, Sequence[Paper], bool], int]


def write_workbook(path: Path, papers: Sequence[Paper], chinese: bool) -> int:  # noqa: FBT001 - one face
    """Write `path.xlsx`, heads in one sheet and lines in another; return how many files."""
    made = grid(papers, chinese=chinese)
    book = Workbook(write_only=True)
    book.properties.created = MADE_AT
    for name, rows in ((made.kind.kind, made.heads), (f"{made.kind.kind} lines", made.lines)):
        if rows:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
    book.save(path.with_name(f"{path.name}.xlsx"))
    return 1


def csv_writer(encoding: str) -> Writer:
    """Return what writes CSV files in that encoding."""

    def write(path: Path, papers: Sequence[Paper], chinese: bool) -> int:  # noqa: FBT001 - one face
        """Write `path.csv` and, where the kind has lines, `path-lines.csv`."""
        made = grid(papers, chinese=chinese)
        files = 0
        for name, rows in (
            (f"{path.name}.csv", made.heads),
            (f"{path.name}-lines.csv", made.lines),
        ):
            if rows:
                _write_csv(path.with_name(name), rows, encoding)
                files += 1
        return files

    return write


def write_json_lines(path: Path, papers: Sequence[Paper], chinese: bool) -> int:  # noqa: FBT001 - one face
    """Write `path.jsonl`, one paper a line; its names are the fields', in no language."""
    del chinese
    with path.with_name(f"{path.name}.jsonl").open("w", encoding="utf-8", newline="") as out:
        for paper in papers:
            out.write(json.dumps(_object(paper), ensure_ascii=False) + "\n")
    return 1


def _write_csv(path: Path, rows: Sequence[Sequence[Cell]], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        for row in rows:
            table.writerow(["" if one is None else _plain(one) for one in row])


def _object(paper: Paper) -> dict[str, object]:
    kind = paper_kinds()[paper.kind]
    found: dict[str, object] = {"paper": kind.kind}  # some papers have a field `kind`
    for one in kind.head_fields:
        if (value := cell(one, paper.head.get(one.name), chinese=False)) is not None:
            found[one.name] = _plain(value)
    if kind.line_table:
        found["lines"] = [
            {
                one.name: _plain(value)
                for one in kind.line_fields
                if (value := cell(one, row.get(one.name), chinese=False)) is not None
            }
            for row in paper.lines
        ]
    return found


def _plain(value: Cell) -> str | int | None:
    """Return a cell as text: days and times as ISO has them, amounts without an exponent."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


WRITERS: Mapping[str, Writer] = {
    "xlsx": write_workbook,
    "csv": csv_writer("utf-8-sig"),
    "csv-plain": csv_writer("utf-8"),
    "csv-gbk": csv_writer("gbk"),
    "jsonl": write_json_lines,
}
