"""A worker that is killed in the middle has done nothing; another does it once."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from tradeloop.jobs.actions import run_due, set_deadline
from tradeloop.jobs.facts import Due
from tradeloop.journal.actions import record
from tradeloop.store.database import cursor

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
WORKER = """
import sys, time
from datetime import UTC, datetime
from tradeloop.site.start import start
start(sys.argv[1], clock_skew_s_max=None)
from tradeloop.jobs.actions import run_due
from tradeloop.journal.actions import record
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
def doer(due, now):
    record(kind="test.half", at=now, fact={})
    print("half done", flush=True)
    time.sleep(60)
run_due(now=NOON, doers={"remind": doer})
"""


def count(kind: str) -> int:
    with cursor() as cur:
        cur.execute("select count(*) from journal_entry where kind = %s", (kind,))
        return int((cur.fetchone() or (0,))[0])


def test_a_killed_worker_leaves_nothing_and_another_does_it_once(database: str) -> None:
    made_by = record(kind="test.seen", at=NOON, fact={}).entry_id
    set_deadline(
        subject="claim:1", kind="remind", due=Due(at=NOON, rule="R7", source="Wording"),
        made_by=made_by, at=NOON,
    )  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, database], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "half done\n"
    done: list[str] = []

    while_it_works = run_due(now=NOON, doers={"remind": lambda due, _: done.append(due.subject)})
    worker.kill()
    worker.communicate()
    with cursor() as cur:  # the server notices within moments that its client is gone
        cur.execute("set lock_timeout = '70s'")
        cur.execute("select from jobs_deadline for update")
    run_due(now=NOON, doers={"remind": lambda due, _: done.append(due.subject)})

    assert while_it_works.done == 0
    assert done == ["claim:1"]
    assert (count("test.half"), count("jobs.deadline-done")) == (0, 1)
