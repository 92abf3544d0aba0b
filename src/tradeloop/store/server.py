"""An embedded PostgreSQL that lives as long as its owner: a socket, no network, nothing left."""

from __future__ import annotations

import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from tradeloop.store import cluster, programs

# It keeps nothing that would have to last: what is asked of it comes with the question.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
LOOK_AGAIN_S = 0.01
# Ends the server when the pipe from its owner closes, however the owner ended.
WATCHER = 'read _; kill -INT "$0" 2>/dev/null; sleep 1; rm -rf "$1"'


class ServerEnded(RuntimeError):
    """A PostgreSQL for calculations did not start; the message has its last words."""


@contextmanager
def passing_server() -> Iterator[str]:
    """Start a PostgreSQL for calculations; give the address of a database sorted by bytes.

    It listens on a socket in a temporary folder only, and ends with the block, or with the process
    if that is killed.

    Raises:
        ServerEnded: It does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="tradeloop-pg-"))
    user = programs.owner(folder)
    try:
        programs.give(folder, user)
        programs.make_cluster(folder, user)
        with _serving(folder, user) as address:
            with psycopg.connect(address, autocommit=True) as con:
                con.execute(
                    "create database judging template template0 encoding 'UTF8' locale 'C' "
                    "strategy file_copy"
                )
            yield make_conninfo(address, dbname="judging")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(folder: Path, user: pwd.struct_passwd | None) -> Iterator[str]:
    sockets = cluster.sockets(folder, user)
    said = folder / "log"
    with said.open("wb") as log:
        server = subprocess.Popen(
            programs.server_words(folder, sockets, SETTINGS), stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, cwd="/", env=programs.environment(), start_new_session=True,
            **programs.as_user(user),
        )  # fmt: skip
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", WATCHER, str(server.pid), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        while not (address := cluster.address(folder)) or not cluster.answers(address):
            if server.poll() is not None:
                raise ServerEnded(
                    f"{folder}: PostgreSQL does not start: "
                    f"{programs.last_words(said.read_text(errors='replace'))}."
                )
            time.sleep(LOOK_AGAIN_S)
        yield address
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        server.wait()
        cluster.remove_sockets(sockets)
        watcher.terminate()
        watcher.communicate()
