"""What the tests share."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tradeloop.site.start import start, wake
from tradeloop.store.server import passing_server

COPY = "template template_tradeloop strategy file_copy"
KEPT = 2  # databases at a time: a test has one, and may ask for another

# Modules with tables can be imported from now on, by doctests too.
wake()
sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("registry.histories", "receivables.books")


@pytest.fixture(scope="session")
def empty_database() -> Iterator[Callable[[], str]]:
    """Give what makes one more database with all tables and functions, and nothing in them.

    Those of earlier tests are dropped: hundreds would fill a disk, and take a minute to remove.
    """
    numbers = itertools.count(1)
    kept: list[str] = []
    with passing_server() as address:
        template = make_conninfo(address, dbname="template_tradeloop")
        with psycopg.connect(address, autocommit=True) as con:
            con.execute("create database template_tradeloop template template0 locale 'C'")
            start(template, clock_skew_s_max=None)
            from tradeloop.store.database import leave  # noqa: PLC0415 - Django is set up now

            leave()

            def make() -> str:
                kept.append(f"t{next(numbers)}")
                if len(kept) > KEPT:
                    con.execute(f"drop database {kept.pop(0)} with (force)".encode())
                con.execute(f"create database {kept[-1]} {COPY}".encode())
                return make_conninfo(address, dbname=kept[-1])

            yield make
            leave()


@pytest.fixture
def database(empty_database: Callable[[], str]) -> Iterator[str]:
    """Let Django and ours work on an empty database of this test's own; give its address.

    Time is played: any `now` will do. Other connections and threads may join by the address.
    """
    from tradeloop.store.database import leave, use  # noqa: PLC0415 - Django is set up now

    address = empty_database()
    use(address, clock_skew_s_max=None)
    yield address
    leave()
