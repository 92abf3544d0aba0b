"""Facts leave the readers as Parquet parts, a folder for each table, each written whole or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tradeloop.bulk.disk import as_disk_full

FEW_ROWS_MAX = 100


def write_part(into: Path, table: str, part: str, rows: pa.Table) -> Path | None:
    """Write one part of a table under a temporary name, then rename it; nothing for no rows.

    Raises:
        DiskFull: No room, or a limit on file sizes; the half-written part has been removed.
    """
    if rows.num_rows == 0:
        return None
    folder = into / table
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{part}.parquet"
    beginning = path.with_suffix(".beginning")
    try:
        # A few rows in forty columns: to pack each takes longer than all the rest.
        packed = rows.num_rows > FEW_ROWS_MAX
        pq.write_table(
            rows,
            beginning,
            compression="zstd" if packed else "none",
            compression_level=1 if packed else None,
            use_dictionary=packed,
            write_statistics=False,
        )
        beginning.replace(path)
    except OSError as error:
        beginning.unlink(missing_ok=True)
        raise as_disk_full(error, path) from error
    return path


def table_of(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """Return `rows` as a table of `schema`; keys that the schema lacks are left out."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
