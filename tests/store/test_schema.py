"""Tables are made once and whole, by one process at a time, and never by an older program."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tradeloop.site.start import start
from tradeloop.store.home import RestoreUnfinished

START = """
import sys
from tradeloop.site.start import start
from tradeloop.store.database import leave
start(sys.argv[1])
leave()
"""


@pytest.fixture
def bare(database: str) -> Iterator[str]:
    """Give the address of a database with nothing in it."""
    with psycopg.connect(database, autocommit=True) as con:
        con.execute("drop database if exists bare")
        con.execute("create database bare template template0 locale 'C'")
    yield make_conninfo(database, dbname="bare")
    from tradeloop.store.database import leave  # noqa: PLC0415 - Django is set up now

    leave()


def tables(address: str) -> set[str]:
    with psycopg.connect(address) as con:
        found = con.execute("select tablename from pg_tables where schemaname = 'public'")
        return {row[0] for row in found}


def test_processes_that_start_together_make_it_once(bare: str) -> None:
    words = [sys.executable, "-c", START, bare]
    both = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(3)]

    for one in both:
        _, said = one.communicate()
        assert one.returncode == 0, said
    assert {"journal_entry", "tradeloop_version"} <= tables(bare)


@pytest.mark.usefixtures("database")
def test_migrations_make_the_tables_that_the_models_say() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up now

    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


def test_a_migration_that_fails_leaves_nothing_half(
    bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tradeloop.store import schema  # noqa: PLC0415 - Django is set up now

    def fail() -> None:
        raise ValueError("no such function")

    monkeypatch.setattr(schema, "_replace_functions", fail)
    with pytest.raises(ValueError, match="no such function"):
        start(bare)
    monkeypatch.undo()
    assert not {name for name in tables(bare) if name.startswith(("journal_", "tradeloop_"))}

    start(bare)
    assert "journal_entry" in tables(bare)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("update tradeloop_version set version = '99.0.1', digest = 'x'", "tradeloop 99.0.1;"),
        (
            """insert into django_migrations (app, name, applied)
            values ('journal', '0099_more', now()); update tradeloop_version set digest = 'x'""",
            "journal.0099_more, which is unknown here",
        ),
    ],
)
def test_what_a_newer_version_made_is_refused_by_name(
    database: str, change: str, told: str
) -> None:
    from tradeloop.store import schema  # noqa: PLC0415 - Django is set up now

    with psycopg.connect(database, autocommit=True) as con:
        con.execute(change.encode())

        with pytest.raises(schema.SchemaNewer, match=told):
            schema.make_ready()

        assert con.execute("select digest from tradeloop_version").fetchone() == ("x",)


def test_an_older_version_is_brought_up(database: str) -> None:
    from tradeloop.store import schema  # noqa: PLC0415 - Django is set up now

    with psycopg.connect(database, autocommit=True) as con:
        con.execute("update tradeloop_version set version = '0.0.1', digest = 'x'")
        con.execute("drop function journal_append")

        schema.make_ready()

        assert con.execute("select to_regproc('journal_append') is not null").fetchone() == (True,)
    assert schema.is_ready()


def test_a_database_of_a_restore_that_did_not_end_is_refused(database: str) -> None:
    from tradeloop.store import schema  # noqa: PLC0415 - Django is set up now

    with psycopg.connect(database, autocommit=True) as con:
        con.execute("create table tradeloop_restoring ()")

    with pytest.raises(RestoreUnfinished, match="Drop the database"):
        schema.make_ready()


def test_threads_share_a_pool_and_another_address_leaves_it(
    database: str, empty_database: Callable[[], str]
) -> None:
    from tradeloop.store.database import close_pool, cursor, leave, use  # noqa: PLC0415

    use(database, pool={"min_size": 1, "max_size": 4})
    sessions: set[int] = set()
    names: set[str] = set()

    def ask() -> None:
        for _ in range(10):
            with cursor() as cur:
                cur.execute("select pg_backend_pid(), current_database()")
                session, name = cur.fetchone() or (0, "")
            sessions.add(session)
            names.add(name)
            leave()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert 1 <= len(sessions) <= 4
    assert len(names) == 1

    other = empty_database()
    use(other)
    with cursor() as cur:
        cur.execute("select current_database()")
        assert cur.fetchone() == (psycopg.conninfo.conninfo_to_dict(other)["dbname"],)
    close_pool()


def test_the_address_may_come_with_options(database: str) -> None:
    from tradeloop.store.database import cursor, use  # noqa: PLC0415 - Django is set up now

    use(make_conninfo(database, options="-c work_mem=8MB"))

    with cursor() as cur:
        cur.execute("show work_mem")
        assert cur.fetchone() == ("8MB",)
