"""A batch's parts go into the index of the lake: rows in blocks, and the keys that lead to them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tradeloop.bulk.engine import engine
from tradeloop.documents.facts import FILES
from tradeloop.store.index import BLOCK_ROWS, Index, Row
from tradeloop.trades import keys
from tradeloop.trades.judge import source_of

FETCH_ROWS = BLOCK_ROWS * 1024
ROWS_KEPT_MAX = 5_000  # a batch of more is judged with all the rest anyway
STAGED = """
create or replace temp table staged as
select {values} as payload, {keys} as keys from {source} as given
"""
KEYS = """
insert into all_keys
select one, {first} + place
from (select rowid as place, unnest(keys) as one from staged) as rows
"""


class Indexer:
    """Puts parts into an index; keeps an engine for it, which takes a while to start."""

    def __init__(self, con: duckdb.DuckDBPyConnection, index: Index) -> None:
        """Use a database of its own, whose rows keep their order."""
        self._con = con
        self._index = index
        con.execute("set preserve_insertion_order = true")
        for name, schema in {**keys.schemas(), "files": FILES}.items():
            con.register(f"no_{name}", schema.empty_table())

    def add(self, number: int, parts: Mapping[str, Sequence[Path]]) -> list[Row]:
        """Index one batch; return its rows, or nothing where they are many.

        Args:
            number: The batch.
            parts: The Parquet files of each table.
        """
        rows: list[Row] = []
        with self._index.adding(number):
            self._con.execute("create or replace temp table all_keys (hash bigint, place bigint)")
            for table in keys.schemas():
                if parts.get(table):
                    rows += self._add_table(table, parts[table], ROWS_KEPT_MAX + 1 - len(rows))
            sorted_keys = self._con.execute("select hash, place from all_keys order by all")
            for piece in _pieces(sorted_keys):
                self._index.add_keys(piece)
            for path in parts.get("files", ()):
                self._add_files(path)
        return rows if len(rows) <= ROWS_KEPT_MAX else []

    def _add_table(self, table: str, parts: Sequence[Path], keep: int) -> list[Row]:
        source = source_of(table, keys.schemas()[table], parts)
        self._con.execute(
            STAGED.format(values=keys.values_sql(table), keys=keys.keys_sql(table), source=source)
        )
        kept: list[str] = []

        def payloads() -> Iterator[list[str]]:
            for piece in _pieces(self._con.execute("select payload from staged")):
                texts = [text for (text,) in piece]
                kept.extend(texts[: max(keep - len(kept), 0)])
                yield texts

        first = self._index.add_rows(table, payloads())
        self._con.execute(KEYS.format(first=first))
        for piece in _pieces(self._con.execute(f"select distinct file from {source} as given")):
            self._index.add_origins(piece)
        return [(table, json.loads(text)) for text in kept]

    def _add_files(self, path: Path) -> None:
        number = int(path.name.partition("-")[0])  # parts are named by their batch
        found = self._con.execute(
            f"select digest, file, path, {number} "
            f"from {source_of('files', FILES, [path])} as given where digest is not null"
        )
        for piece in _pieces(found):
            self._index.add_files(piece)


def rebuild(
    path: Path, number: int, parts: Mapping[str, Sequence[Path]], memory_bytes: int
) -> None:
    """Make the index anew from all parts that count, whole or not at all."""
    beginning = path.with_suffix(".beginning")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{beginning}{suffix}").unlink(missing_ok=True)
    index = Index(beginning, lasting=False)
    with engine(path.parent / "incoming" / "index", on_disk=True, memory_bytes=memory_bytes) as con:
        Indexer(con, index).add(number, parts)
    index.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    beginning.replace(path)


def _pieces(found: duckdb.DuckDBPyConnection) -> Iterator[list[Any]]:
    while piece := found.fetchmany(FETCH_ROWS):
        yield piece
