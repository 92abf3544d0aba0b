"""A batch's parts go into the index of the lake: rows in blocks, and the keys that lead to them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tradeloop.bulk.engine import engine
from tradeloop.documents.facts import FILES, TOLD
from tradeloop.store.index import BLOCK_ROWS, Index, Row, remove
from tradeloop.trades.judge import source_of
from tradeloop.trades.lake import keys

FETCH_ROWS = BLOCK_ROWS * 1024
FEW_ROWS_MAX = 5_000  # a batch of more is judged with all the rest anyway
STAGED = """
create or replace temp table staged as
select {values} as payload, {keys} as keys from {source} as given
"""
KEYS = """
insert into all_keys
select one, {first} + place from (select rowid as place, unnest(keys) as one from staged) as rows
"""
Parts = Mapping[str, Sequence[Path]]  # the Parquet files of each table
Notes = Mapping[str, Sequence[Mapping[str, Any]]]  # rows that come without a part


def few_rows(parts: Parts, notes: Notes) -> list[Row]:
    """Return the rows of a batch as text, or none if there are more than `FEW_ROWS_MAX`."""
    paths = [path for table in keys.schemas() for path in parts.get(table, ())]
    if sum(pq.read_metadata(path).num_rows for path in paths) > FEW_ROWS_MAX:
        return []
    return [
        (table, row)
        for table, schema in keys.schemas().items()
        for row in (
            *(row for path in parts.get(table, ()) for row in _as_text(path, schema)),
            *([_text(note.get(name)) for name in schema.names] for note in notes.get(table, ())),
        )
    ]


def index_few(index: Index, number: int, rows: Sequence[Row], parts: Parts, notes: Notes) -> None:
    """Index a batch of few rows.

    Args:
        index: Where to.
        number: The batch.
        rows: Its rows, as `few_rows` gives them.
        parts: Its parts.
        notes: Its rows that come without a part.
    """
    with index.adding(number):
        for table, some in groupby(rows, key=lambda row: row[0]):
            _add_rows(index, table, [row for _, row in some])
        for path in parts.get("files", ()):
            _add_files(index, path)
        _add_file_notes(index, number, notes)


def _add_rows(index: Index, table: str, rows: Sequence[list[str | None]]) -> None:
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    first = index.add_rows(table, iter([texts]))
    index.add_keys(
        (key, place) for place, row in enumerate(rows, first) for key in keys.own(table, row)
    )
    index.add_origins((int(file),) for file in {row[0] for row in rows} if file)


def index_many(
    con: duckdb.DuckDBPyConnection, index: Index, parts: Parts, notes: Mapping[int, Notes]
) -> None:
    """Index batches of any size, through an engine: their rows never come together in memory.

    Args:
        con: A database to stage them in.
        index: Where to.
        parts: The parts of all these batches.
        notes: The rows that come without a part, by batch.
    """
    # The place of a row is counted, so the rows must come as they were staged.
    con.execute("set preserve_insertion_order = true")
    con.execute("create or replace temp table all_keys (hash bigint, place bigint)")
    with index.adding(max(notes)):
        for table, schema in keys.schemas().items():
            if not parts.get(table):
                continue
            con.register(f"no_{table}", schema.empty_table())
            source = source_of(table, schema, parts[table])
            con.execute(
                STAGED.format(
                    values=keys.values_sql(table), keys=keys.keys_sql(table), source=source
                )
            )
            payloads = _pieces(con.execute("select payload from staged"))
            first = index.add_rows(table, ([text for (text,) in piece] for piece in payloads))
            con.execute(KEYS.format(first=first))
            for piece in _pieces(con.execute(f"select distinct file from {source} as given")):
                index.add_origins(piece)
        for piece in _pieces(con.execute("select hash, place from all_keys order by all")):
            index.add_keys(piece)
        for path in parts.get("files", ()):
            _add_files(index, path)
        for number, some in notes.items():
            told = [[_text(note.get(name)) for name in TOLD.names] for note in some.get("told", ())]
            if told:
                _add_rows(index, "told", told)
            _add_file_notes(index, number, some)


def rebuild(path: Path, parts: Parts, notes: Mapping[int, Notes], memory_bytes: int) -> None:
    """Make the index anew from all parts that count, whole or not at all."""
    beginning = path.with_suffix(".beginning")
    remove(beginning)
    index = Index(beginning, form=keys.form(), lasting=False)
    with (
        tempfile.TemporaryDirectory(dir=path.parent / "incoming") as folder,
        engine(Path(folder), on_disk=True, memory_bytes=memory_bytes) as con,
    ):
        index_many(con, index, parts, notes)
    index.close()
    remove(path)
    beginning.replace(path)


def _add_files(index: Index, path: Path) -> None:
    number = int(path.name.partition("-")[0])  # parts are named by their batch
    for batch in pq.ParquetFile(path).iter_batches():
        _add_file_notes(index, number, {"files": batch.to_pylist()})


def _add_file_notes(index: Index, number: int, notes: Notes) -> None:
    # What could not be read is no paper that we have; perhaps it can be the next time.
    index.add_files(
        (row["digest"], row["file"], row["path"], number)
        for row in notes.get("files", ())
        if row["digest"] and row["status"] != "unreadable"
    )
    index.add_kept(
        (
            str(row["path"]).rpartition("/")[2],
            str(row["path"]),
            json.dumps([_text(row.get(name)) for name in FILES.names], ensure_ascii=False),
        )
        for row in notes.get("files", ())
        if row["status"] == "kept"
    )


def _as_text(path: Path, schema: pa.Schema) -> Iterator[list[str | None]]:
    """Return the rows of a part, their columns as text in the order of the schema."""
    with pq.ParquetFile(path) as part:
        table = part.read(use_threads=False)
    names = set(table.column_names)
    nothing = [None] * table.num_rows
    columns = [
        table.column(name).to_pylist() if name in names else nothing for name in schema.names
    ]
    for row in zip(*columns, strict=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _pieces(found: duckdb.DuckDBPyConnection) -> Iterator[list[Any]]:
    while piece := found.fetchmany(FETCH_ROWS):
        yield piece
