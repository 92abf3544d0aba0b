"""Papers as the tables of facts: the rows that a reader would have made of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tradeloop.documents.facts import tables
from tradeloop.documents.papers import PaperField, PaperKind, paper_kinds
from tradeloop.economy.papers.columns import column
from tradeloop.economy.papers.paper import Paper, Row

ROWS_PER_GROUP = 100_000
FILE_OF_KIND = 1 << 40  # far from the files of customs messages


@dataclass(slots=True)
class _Waiting:
    """Rows of one table that have not been written yet."""

    rows: list[Row] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class Tables:
    """Writes each table of facts as one Parquet file, a bounded number of rows at a time."""

    def __init__(self, into: Path, seed: int) -> None:
        """Write below `into`; the seed leaves no trace but the papers' own."""
        del seed
        into.mkdir(parents=True, exist_ok=True)
        self._into = into
        self._places = {kind: FILE_OF_KIND + place for place, kind in enumerate(paper_kinds())}
        self._records = dict.fromkeys(paper_kinds(), 0)
        self._waiting: dict[str, _Waiting] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    @property
    def files(self) -> int:
        """How many files were written."""
        return len(self._writers)

    def write(self, paper: Paper, day: int) -> None:
        """Add the facts of one paper; its `day` has no place in them."""
        del day
        kind = paper_kinds()[paper.kind]
        self._records[paper.kind] = record = self._records[paper.kind] + 1
        heads = self._waiting.setdefault(kind.table, _Waiting())
        heads.rows.append(paper.head)
        heads.records.append(record)
        if not kind.line_table:
            return
        lines = self._waiting.setdefault(kind.line_table, _Waiting())
        count = len(paper.lines)
        lines.rows += paper.lines
        lines.records += [record] * count
        lines.lines += range(1, count + 1)
        if len(lines.rows) >= ROWS_PER_GROUP:
            self._flush(kind)

    def keep(self, name: str, content: bytes) -> None:
        """Leave evidence out: only its index is a table."""

    def close(self) -> None:
        """Write all that waits, and the tables that stayed empty."""
        for kind in paper_kinds().values():
            self._flush(kind)
        for writer in self._writers.values():
            writer.close()

    def _flush(self, kind: PaperKind) -> None:
        file = self._places[kind.kind]
        self._write(kind.table, kind.head_fields, file)
        if kind.line_table:
            self._write(kind.line_table, kind.line_fields, file)

    def _write(self, table: str, fields: tuple[PaperField, ...], file: int) -> None:
        named = tables()[table].with_metadata({"tradeloop.table": table})
        if table not in self._writers:
            path = self._into / f"{table}.parquet"
            self._writers[table] = pq.ParquetWriter(path, named, compression="snappy")
        waiting = self._waiting.pop(table, _Waiting())
        if waiting.rows:
            self._writers[table].write_batch(_batch(named, fields, waiting, file))


def _batch(
    schema: pa.Schema, fields: tuple[PaperField, ...], waiting: _Waiting, file: int
) -> pa.RecordBatch:
    count = len(waiting.rows)
    types: Mapping[str, str] = {field.name: field.type for field in fields}
    places = {
        "file": lambda: [file] * count,
        "message": lambda: [1] * count,
        "record": lambda: waiting.records,
        "line": lambda: waiting.lines,
    }
    arrays = [
        pa.array(places[one.name](), one.type) if one.name in places
        else column(types[one.name], [row.get(one.name) for row in waiting.rows], one.type)
        if one.name in types
        else pa.nulls(count, one.type)  # no file was read, so there is no digest and no guid
        for one in schema
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
