"""Many small parts of a lake become few large ones; what they say stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tradeloop.bulk.disk import as_disk_full
from tradeloop.bulk.engine import engine
from tradeloop.documents.facts import COUNTS, TOLD, tables
from tradeloop.store.folder import Manifest, Part, day_of
from tradeloop.trades.judge import source_of
from tradeloop.trades.lake.opened import Lake

PART_BYTES = 512 * 1024 * 1024
# The parts of `files` stay apart: their names say with which batch a file came.
APART = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """How many parts there were, and how many there are."""

    before: int
    after: int


def compact(lake: Lake, *, made_at: datetime) -> Compacted:
    """Merge the parts of each table; readers see either the old or the new ones.

    Raises:
        LakeMissing: There is no lake.
        DiskFull: There was no room; the lake is as it was before.
    """
    lake.folder.manifests()
    try:
        with lake.folder.locked():
            lake.catch_up()
            before = lake.folder.parts()
            if all(len(paths) < 2 for table, paths in lake.parts().items() if table != APART):  # noqa: PLR2004 - one part is as few as can be
                return Compacted(before=len(before), after=len(before))
            _merge(lake, made_at)
            lake.folder.remove_replaced()
            lake.catch_up()
            return Compacted(before=len(before), after=len(lake.folder.parts()))
    except OSError as error:
        raise as_disk_full(error, lake.path) from error


def _merge(lake: Lake, made_at: datetime) -> None:
    kept = [part for part in lake.folder.parts() if part.table == APART]
    with lake.folder.incoming() as (number, made):
        parts: list[Part] = []
        with engine(made, on_disk=False, memory_bytes=lake.memory_bytes) as con:
            for table in sorted(lake.parts().keys() - {APART}):
                for path in _written(con, lake, table, made / table):
                    rows = pq.read_metadata(path).num_rows
                    parts.append(
                        lake.folder.take_in(
                            path, table=table, number=number, day=day_of(made_at), rows=rows
                        )
                    )
        lake.folder.commit(
            Manifest(
                number=number,
                made_at=made_at.isoformat(),
                parts=(*parts, *kept),
                replaces=number - 1,
            )
        )


def _written(con: duckdb.DuckDBPyConnection, lake: Lake, table: str, into: Path) -> list[Path]:
    """Write all rows of a table as a few files."""
    schema = {**tables(), "told": TOLD, "counts": COUNTS}[table]
    con.register(f"no_{table}", schema.empty_table())
    source = source_of(table, schema, lake.parts()[table])
    where = str(into).replace("'", "''")
    con.execute(
        f"copy (select * from {source} as given) to '{where}' "
        f"(format parquet, compression zstd, file_size_bytes {PART_BYTES})"
    )
    return sorted(into.glob("*.parquet"))
