"""What the tests of tables share: a folder is read as `verify` reads it, and files are made."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

from tradeloop.documents.gather import gather
from tradeloop.documents.outcome import Batch
from tradeloop.documents.read import read
from tradeloop.trades import terms

Cells = Sequence[object]


@dataclass(frozen=True)
class FolderRead:
    """What the files of a folder came to."""

    batch: Batch
    facts: Mapping[str, list[dict[str, object]]]

    def told(self) -> list[str]:
        """Return the codes that were told."""
        return [str(one["code"]) for one in self.batch.told]

    def one(self, code: str) -> dict[str, object]:
        """Return the only finding of a code."""
        [found] = [one for one in self.batch.told if one["code"] == code]
        return found


def read_folder(folder: Path) -> FolderRead:
    """Read every file of a folder into facts."""
    with tempfile.TemporaryDirectory() as into:
        batch = read(gather([folder]), into=Path(into), workers=1)
        facts = {
            path.name: [
                row
                for part in sorted(path.glob("*.parquet"))
                for row in pq.read_table(part).to_pylist()
            ]
            for path in Path(into).iterdir()
        }
    return FolderRead(batch, facts)


def read_files(folder: Path, files: Mapping[str, bytes]) -> FolderRead:
    """Write files and read them."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return read_folder(folder)


def facts_of(read: FolderRead, table: str) -> list[dict[str, object]]:
    """Return the rows of one table of facts."""
    return read.facts.get(table, [])


@cache
def weights() -> Mapping[str, str]:
    """Return the weight of each finding's code."""
    return {
        row["code"]: row["weight"]
        for package in terms.CATALOGUES
        for row in terms.rows("findings.csv", package)
    }


def workbook(sheets: Mapping[str, Sequence[Cells]], merged: Sequence[str] = ()) -> bytes:
    """Return a workbook of these sheets; `merged` are areas of the first."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
