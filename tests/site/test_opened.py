"""A home is opened whole, left in order, and what its server does wrong is one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import django.db
import psycopg
import pytest

from tradeloop.site.opened import DatabaseLost, opened
from tradeloop.store.database import cursor
from tradeloop.store.lasting import is_running


@pytest.fixture
def home(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home whose database is a server of one's own."""
    monkeypatch.setenv("DATABASE_URL", database)
    return tmp_path


def work(home: Path, error: Exception) -> None:
    with opened(home):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.DiskFull("no space left"),
        psycopg.errors.AdminShutdown("terminating connection"),
        psycopg.OperationalError("the connection is closed"),
        django.db.OperationalError("the connection is closed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_fails_is_told_in_one_sentence(home: Path, error: Exception) -> None:
    with pytest.raises(DatabaseLost, match="could not go on"):
        work(home, error)


@pytest.mark.parametrize(
    "error", [psycopg.errors.DeadlockDetected("wait"), psycopg.errors.UniqueViolation("twice")]
)
def test_what_is_wrong_with_a_request_stays_what_it_is(home: Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        work(home, error)


def test_threads_may_work_from_a_pool_and_leave_nothing_running(tmp_path: Path) -> None:
    with opened(tmp_path / "home", pool={"min_size": 1, "max_size": 2}) as home, cursor() as cur:
        cur.execute("select count(*) from journal_entry")
        assert cur.fetchone() == (0,)

    assert not is_running(home.postgres)


def test_django_wakes_without_all_that_happens_by_itself() -> None:
    words = (
        "import sys; from tradeloop.site.start import wake; wake(); "
        "print(*{'duckdb', 'tradeloop.jobs.turn', 'tradeloop.claims.actions'} & {*sys.modules})"
    )

    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)

    assert done.stdout == "\n", "each command would wait for these imports"
