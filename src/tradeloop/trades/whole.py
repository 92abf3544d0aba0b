"""A result is written whole or not at all: under a temporary name, then renamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tradeloop.bulk.disk import as_disk_full


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; rename it when all went well, else remove it.

    Raises:
        DiskFull: There was no room.
    """
    beginning = path.with_suffix(f"{path.suffix}.beginning")
    try:
        yield beginning
        beginning.replace(path)
    except (duckdb.Error, OSError) as error:
        beginning.unlink(missing_ok=True)
        raise as_disk_full(error, path) from error
