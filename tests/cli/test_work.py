"""`tradeloop work` does what is due once, and ends cleanly when it is told to."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import psycopg
import pytest
from procrastinate.exceptions import AlreadyEnqueued
from typer.testing import CliRunner

from tradeloop.cli.main import app
from tradeloop.jobs import schedule, turn
from tradeloop.jobs.actions import set_deadline
from tradeloop.jobs.facts import Due
from tradeloop.journal.actions import record
from tradeloop.store import cluster
from tradeloop.store.database import use

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture
def _due(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    entry = record(kind="test.seen", at=NOON, fact={}).entry_id
    set_deadline(
        subject="claim:1", kind="remind", due=Due(at=NOON, rule="R7", source="Wording"), at=NOON,
        made_by=entry,
    )  # fmt: skip


@pytest.mark.usefixtures("_due")
def test_what_is_due_by_a_day_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    doers: dict[str, schedule.Doer] = {"remind": lambda due, _: done.append(due.subject)}
    monkeypatch.setattr(turn, "DOERS", doers)

    def run(day: str) -> object:
        words = ["work", "--once", "--now", day, "--json"]
        return json.loads(CliRunner().invoke(app, words).stdout)["due"]

    assert [run("2026-03-10"), run("2026-03-11"), run("2026-03-12")] == [0, 1, 0]
    assert done == ["claim:1"]


@pytest.mark.usefixtures("_due")
def test_what_failed_is_told_and_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("no such buyer")

    monkeypatch.setattr(turn, "DOERS", {"remind": broken})
    ran = CliRunner().invoke(app, ["work", "--once"])

    assert ran.exit_code == 2
    assert "remind of claim:1: LookupError: no such buyer" in ran.stderr


def test_a_time_without_once_is_refused() -> None:
    assert CliRunner().invoke(app, ["work", "--now", "2026-03-10"]).exit_code == 2


def test_a_worker_is_woken_and_ends_cleanly_on_sigterm(database: str) -> None:
    use(database)
    from tradeloop.jobs.tasks import wake  # noqa: PLC0415 - Django is set up now

    worker = subprocess.Popen(
        [sys.executable, "-m", "tradeloop", "work"],
        env={**os.environ, "DATABASE_URL": database},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with psycopg.connect(database, autocommit=True) as con:
            deadline = time.monotonic() + 30
            while con.execute("select from procrastinate_workers").fetchone() is None:
                assert worker.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
            with contextlib.suppress(AlreadyEnqueued):
                wake.defer(timestamp=0)
            while con.execute("select from procrastinate_jobs where status = 'todo'").fetchone():
                assert time.monotonic() < deadline
                time.sleep(0.1)
            failed = "select from procrastinate_jobs where status = 'failed'"
            assert con.execute(failed).fetchone() is None
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=20)
    finally:
        worker.kill()

    assert worker.returncode == 0
    assert "Ended." in said
    assert "Traceback" not in said


def test_a_worker_starts_postgresql_again_that_was_killed_under_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tradeloop", "work", "--home", str(home)],
        env=env, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said: list[str] = []
    try:
        assert worker.stderr is not None
        heard(worker.stderr, "Working.", said)
        killed = postmaster(home)
        os.kill(killed, signal.SIGKILL)
        heard(worker.stderr, "Working.", said)
        assert postmaster(home) != killed
        wait_for_another_worker(home)
        worker.send_signal(signal.SIGTERM)
        said += worker.communicate(timeout=60)[1].splitlines()
    finally:
        worker.kill()

    assert worker.returncode == 0
    assert [line for line in said if line.startswith("The database went away")] == [
        "The database went away; work goes on when it is there again."
    ]
    assert said[-1] == "Ended."
    assert not any("Traceback" in line for line in said)


def wait_for_another_worker(home: Path) -> None:
    """Wait until the worker works on the server that was started again."""
    address = cluster.address(home / "postgres")
    assert address is not None
    asked = "select from procrastinate_workers where last_heartbeat > pg_postmaster_start_time()"
    with psycopg.connect(address, autocommit=True) as con:
        until = time.monotonic() + 30
        while con.execute(asked.encode()).fetchone() is None:
            assert time.monotonic() < until
            time.sleep(0.1)


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def heard(stream: TextIO, word: str, said: list[str]) -> None:
    """Read lines until one begins with a word."""
    for line in stream:
        said.append(line.rstrip())
        if line.startswith(word):
            return
    raise AssertionError("\n".join(said))
