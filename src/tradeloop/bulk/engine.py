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
    folder: Path,
    *,
    on_disk: bool,
    memory_bytes: int = MEMORY_BYTES_DEFAULT,
    threads: int | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in `folder` for the length of a `with` block.

    What a question needs beyond `memory_bytes` is spilled to the folder. With `on_disk` the tables
    lie there too and are read through that memory: slower for a few papers, and the only way for
    many. The order of rows means nothing.

    Raises:
        DiskFull: There was no room for a table or for what is spilled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(
        str(folder / "judging.duckdb") if on_disk else ":memory:",
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
