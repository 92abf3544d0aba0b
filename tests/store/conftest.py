"""What the tests of the store share: folders, and a server of the oldest version that will do."""

from __future__ import annotations

import itertools
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tradeloop.store import programs

OLDEST = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give a folder that another session of pytest does not close to the user of PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="tradeloop-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def oldest_server() -> Iterator[str]:
    """Start PostgreSQL 15; give its address."""
    if not OLDEST.exists():
        pytest.skip(f"no PostgreSQL 15 in {OLDEST}")
    with tempfile.TemporaryDirectory(prefix="tradeloop-15-") as name:
        folder = Path(name)
        user = programs.owner(folder)
        programs.give(folder, user)

        def run(program: str, *words: str) -> None:
            words = (str(OLDEST / program), "-D", f"{folder}/data", *words)
            subprocess.run(
                words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd="/",
                env=programs.environment(), **programs.as_user(user),
            )  # fmt: skip

        run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        sockets = f"-c listen_addresses= -c fsync=off -k {folder}"
        run("pg_ctl", "start", "-w", "-o", sockets, "-l", f"{folder}/log")
        yield make_conninfo(host=name, user="postgres", dbname="postgres")
        run("pg_ctl", "stop", "-m", "immediate")


@pytest.fixture
def own_database(oldest_server: str) -> Callable[[str], str]:
    """Give what makes one more database there; the words are those of `create database`."""
    numbers = itertools.count(1)

    def make(words: str = "") -> str:
        name = f"own{next(numbers)}"
        with psycopg.connect(oldest_server, autocommit=True) as con:
            con.execute(f"drop database if exists {name}".encode())
            con.execute(f"create database {name} template template0 {words}".encode())
        return make_conninfo(oldest_server, dbname=name)

    return make
