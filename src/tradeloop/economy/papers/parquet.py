"""Messages as the tables of facts: the rows that a reader would have made of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tradeloop.documents.facts import tables
from tradeloop.documents.layout import Field, messages
from tradeloop.economy.papers.clock import day_of
from tradeloop.economy.papers.columns import column
from tradeloop.economy.papers.folders import LISTED_BY, LISTED_FROM
from tradeloop.economy.papers.messages import Message
from tradeloop.economy.papers.paper import Row
from tradeloop.economy.papers.town import Firm

ROWS_PER_BLOCK = 10_000  # turned into Arrow together
BLOCKS_PER_GROUP = 12  # written together, as one row group
FILES_PER_KIND_MAX = 1 << 32


@dataclass(slots=True)
class _Waiting:
    """Rows of one table that have not become Arrow yet."""

    rows: list[Row] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    guids: list[str] = field(default_factory=list)


class Tables:
    """Writes each table of facts as one Parquet file, a bounded number of rows at a time."""

    def __init__(self, into: Path, sender: Firm) -> None:
        """Write below `into`; `sender` leaves no trace in the facts."""
        del sender
        into.mkdir(parents=True, exist_ok=True)
        self._into = into
        self._waiting: dict[str, _Waiting] = {}
        self._blocks: dict[str, list[pa.RecordBatch]] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._kinds = {kind: place for place, kind in enumerate(messages())}

    @property
    def files(self) -> int:
        """How many files were written."""
        return len(self._writers)

    def write(self, message: Message) -> None:
        """Add the facts of one message."""
        layout = messages()[message.kind]
        file = self._kinds[message.kind] * FILES_PER_KIND_MAX + message.number
        heads = self._waiting.setdefault(layout.table, _Waiting())
        count = len(message.papers)
        heads.rows += [paper.head for paper in message.papers]
        heads.files += [file] * count
        heads.records += range(1, count + 1)
        heads.guids += [message.guid] * count
        heads.kinds += [message.kind] * count
        self._when_full(layout.table)
        if not layout.line_table:
            return
        lines = self._waiting.setdefault(layout.line_table, _Waiting())
        for record, paper in enumerate(message.papers, 1):
            count = len(paper.lines)
            lines.rows += paper.lines
            lines.files += [file] * count
            lines.records += [record] * count
            lines.lines += range(1, count + 1)
        self._when_full(layout.line_table)

    def close(self, firms: Sequence[Firm]) -> None:
        """Write all that waits, the firm table, and the tables that stayed empty."""
        for table in _fields():
            self._to_block(table)
            self._write_group(table)
        self._firms(firms)
        for writer in self._writers.values():
            writer.close()

    def _when_full(self, table: str) -> None:
        if len(self._waiting[table].rows) < ROWS_PER_BLOCK:
            return
        self._to_block(table)
        if len(self._blocks[table]) == BLOCKS_PER_GROUP:
            self._write_group(table)

    def _to_block(self, table: str) -> None:
        waiting = self._waiting.pop(table, _Waiting())
        self._blocks.setdefault(table, []).append(_block(table, waiting))

    def _write_group(self, table: str) -> None:
        if table not in self._writers:
            self._writers[table] = self._writer(table)
        whole = pa.Table.from_batches(self._blocks.pop(table)).combine_chunks()
        if whole.num_rows:
            self._writers[table].write_table(whole.replace_schema_metadata(_named(table)))

    def _writer(self, table: str) -> pq.ParquetWriter:
        schema = tables()[table].with_metadata(_named(table))
        return pq.ParquetWriter(self._into / f"{table}.parquet", schema, compression="snappy")

    def _firms(self, firms: Sequence[Firm]) -> None:
        schema, count = tables()["firms"], len(firms)
        columns = {
            "file": [len(self._kinds) * FILES_PER_KIND_MAX] * count,
            "message": [1] * count,
            "record": list(range(1, count + 1)),
            "customs_code": [firm.customs_code for firm in firms],
            "uscc": [firm.uscc for firm in firms],
            "name": [firm.name for firm in firms],
            "from_date": [day_of(LISTED_FROM)] * count,
            "source": [LISTED_BY] * count,
        }
        arrays = [pa.array(columns.get(one.name, [None] * count), one.type) for one in schema]
        self._writers["firms"] = self._writer("firms")
        self._writers["firms"].write_table(
            pa.Table.from_arrays(arrays, schema=schema.with_metadata(_named("firms")))
        )


def _named(table: str) -> Mapping[str, str]:
    return {"tradeloop.table": table}


def _block(table: str, waiting: _Waiting) -> pa.RecordBatch:
    schema, count = tables()[table], len(waiting.rows)
    fields = _fields()[table]
    arrays = []
    for place in schema:
        if place.name in fields and place.name != "kind":
            one = fields[place.name]
            arrays.append(column(one.type, [row.get(one.name) for row in waiting.rows], place.type))
        else:
            arrays.append(_place(place, waiting, count))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _place(place: pa.Field, waiting: _Waiting, count: int) -> pa.Array:
    """Return a column that says where its rows stand."""
    if place.name == "source_digest":
        return pa.nulls(count, place.type)
    if place.name == "message":
        return pa.array([1] * count, place.type)
    if place.name == "message_guid":
        return pa.array(waiting.guids, pa.string()).dictionary_encode()
    values = {"file": waiting.files, "record": waiting.records, "line": waiting.lines}
    return pa.array(values.get(place.name, waiting.kinds), place.type)


def _fields() -> Mapping[str, Mapping[str, Field]]:
    """Return the message field behind each column of each table."""
    found: dict[str, dict[str, Field]] = {}
    for message in messages().values():
        heads = found.setdefault(message.table, {})
        heads |= {one.column: one for one in message.head_fields}
        if message.line_table:
            found[message.line_table] = {one.column: one for one in message.line_fields}
    return found
