"""One DuckDB, with a bound on its memory and a folder to spill to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tradeloop.bulk.disk import as_disk_full

MEMORY_BYTES_DEFAULT = 1_200 * 1024 * 1024


@contextmanager
def engine(
    folder: Path, *, memory_bytes: int = MEMORY_BYTES_DEFAULT, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in `folder` for the length of a `with` block.

    Tables live on disk there and are read through a cache of `memory_bytes`; what a question needs
    beyond that is spilled to the same folder. The order of rows means nothing.

    Raises:
        DiskFull: There was no room for a table or for what is spilled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(
        str(folder / "judging.duckdb"),
        config={
            "memory_limit": f"{memory_bytes // (1024 * 1024)}MB",
            "threads": threads or os.cpu_count() or 1,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
            "enable_external_access": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        yield con
    except duckdb.Error as error:
        raise as_disk_full(error, folder) from error
    finally:
        con.close()
