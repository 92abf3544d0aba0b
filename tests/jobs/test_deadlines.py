"""What is due is done once, in order of time, by the rule that asks for it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from tradeloop.jobs import queries
from tradeloop.jobs.actions import (
    DeadlineConflicts,
    cancel_deadline,
    run_due,
    set_deadline,
)
from tradeloop.jobs.facts import Deadline, Due
from tradeloop.jobs.schedule import Recurring, run_recurring
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI, within_days
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def an_entry() -> int:
    return record(kind="test.seen", at=NOON, fact={}).entry_id


def remind(
    subject: str, due_at: datetime = NOON, *, entry: int | None = None, replaces: bool = False
) -> Deadline:
    return set_deadline(
        subject=subject, kind="remind",
        due=Due(at=due_at, rule="R7", source="Wording 2026, 4.2"),
        made_by=entry or an_entry(), at=NOON, replaces=replaces,
    )  # fmt: skip


def kinds() -> list[str]:
    with cursor() as cur:
        cur.execute("select kind from journal_entry where kind like 'jobs.%' order by id")
        return [row[0] for row in cur.fetchall()]


def test_a_deadline_names_its_rule_its_source_and_the_fact_that_made_it() -> None:
    entry = an_entry()
    made = remind("claim:1", entry=entry)

    assert (made.rule, made.source, made.made_by) == ("R7", "Wording 2026, 4.2", entry)
    assert queries.open_deadlines() == (made,)
    assert kinds() == ["jobs.deadline-set"]


def test_the_same_call_again_gives_the_same_deadline_even_when_it_is_done() -> None:
    entry = an_entry()
    made = remind("claim:1", entry=entry)

    assert remind("claim:1", entry=entry) == made
    run_due(now=NOON, doers={"remind": lambda _, __: None})
    assert remind("claim:1", entry=entry).id == made.id
    assert queries.open_deadlines() == ()


def test_another_deadline_of_the_kind_is_refused_unless_it_replaces_the_first() -> None:
    entry = an_entry()
    first = remind("claim:1", entry=entry)

    with pytest.raises(DeadlineConflicts, match="open deadline"):
        remind("claim:1", NOON + DAY)
    with pytest.raises(DeadlineConflicts, match="One fact makes one deadline"):
        remind("claim:1", NOON + DAY, entry=entry)
    assert queries.open_deadlines() == (first,)

    second = remind("claim:1", NOON + DAY, replaces=True)
    assert queries.open_deadlines() == (second,)
    assert [bool(one.cancelled_at) for one in queries.deadlines("claim:1")] == [True, False]


def test_what_is_cancelled_is_not_done() -> None:
    remind("claim:1")

    assert cancel_deadline(subject="claim:1", kind="remind", why="Paid", at=NOON)
    assert not cancel_deadline(subject="claim:1", kind="remind", why="Paid", at=NOON)
    assert run_due(now=NOON + DAY, doers={"remind": lambda _, __: None}).done == 0
    assert kinds() == ["jobs.deadline-set", "jobs.deadline-cancelled"]


def test_a_last_day_has_passed_at_midnight_in_shanghai() -> None:
    due = Due.after(within_days(date(2026, 3, 1), 9, rule="R7", source="Wording 2026, 4.2"))

    assert due.at == datetime(2026, 3, 11, tzinfo=SHANGHAI)
    assert (due.rule, due.source, due.is_provisional) == ("R7", "Wording 2026, 4.2", False)


def test_what_is_due_is_done_in_order_and_nothing_before_its_time() -> None:
    done: list[str] = []
    for subject, due_at in (("c", NOON), ("a", NOON - DAY), ("d", NOON + DAY / 2), ("b", NOON)):
        remind(subject, due_at)

    ran = run_due(now=NOON, doers={"remind": lambda due, _: done.append(due.subject)})
    again = run_due(now=NOON, doers={"remind": lambda due, _: done.append(due.subject)})

    assert done == ["a", "c", "b"]
    assert (ran.done, again.done) == (3, 0)
    assert [one.subject for one in queries.open_deadlines()] == ["d"]


def test_a_failing_one_has_no_effect_is_told_and_does_not_stop_the_rest() -> None:
    for subject in ("good", "bad", "late"):
        remind(subject)

    def doer(due: Deadline, _: datetime) -> None:
        record(kind=f"test.{due.subject}", at=NOON, fact={})
        if due.subject == "bad":
            raise LookupError("no such buyer")

    ran = run_due(now=NOON, doers={"remind": doer})

    assert ran.done == 2
    assert [one.what for one in ran.failed] == ["remind of bad"]
    with cursor() as cur:
        cur.execute("select 1 from journal_entry where kind = 'test.bad'")
        assert cur.fetchone() is None
    (stuck,) = queries.stuck()
    assert (stuck.error, stuck.tries) == ("LookupError: no such buyer", 1)
    assert run_due(now=NOON, doers={"remind": doer}).failed == ()
    assert len(run_due(now=NOON + DAY, doers={"remind": doer}).failed) == 1


def test_a_kind_without_a_doer_waits() -> None:
    remind("claim:1")

    assert run_due(now=NOON, doers={}).done == 0
    assert len(queries.open_deadlines()) == 1


def test_a_year_of_monthly_deadlines_is_played_at_once() -> None:
    seen: list[datetime] = []

    def next_month(due: Deadline, _: datetime) -> None:
        seen.append(due.due_at)
        remind(due.subject, due.due_at + 30 * DAY)

    remind("policy:1")
    ran = run_due(now=NOON + 365 * DAY, doers={"remind": next_month})

    assert ran.done == 13
    assert seen == [NOON + 30 * n * DAY for n in range(13)]


def test_two_workers_do_each_once(database: str) -> None:
    for number in range(30):
        remind(f"claim:{number}")
    done: list[str] = []
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        run_due(now=NOON, doers={"remind": lambda due, _: done.append(due.subject)})
        leave()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert database
    assert sorted(done) == sorted(f"claim:{number}" for number in range(30))
    assert queries.open_deadlines() == ()


@pytest.mark.parametrize(
    "change",
    [
        "update jobs_deadline set due_at = due_at + interval '1 day'",
        "update jobs_deadline set done_at = null",
        "update jobs_deadline set rule = 'R8', done_at = null",
        "delete from jobs_deadline",
    ],
)
def test_a_deadline_is_never_changed_or_removed(change: str) -> None:
    remind("claim:1")
    run_due(now=NOON, doers={"remind": lambda _, __: None})

    with pytest.raises(psycopg.errors.RestrictViolation, match="kept as it was set"):
        cursor().execute(change.encode())

    assert [one.due_at for one in queries.deadlines("claim:1")] == [NOON]


def test_what_recurs_is_done_every_so_often_and_a_failing_one_stops_no_other() -> None:
    times: list[datetime] = []

    def fails(_: datetime) -> None:
        raise OSError("no room")

    table = (
        Recurring(name="fails", every_s=60, action=fails),
        Recurring(name="expire", every_s=60, action=times.append),
    )
    first = run_recurring(now=NOON, table=table)
    for seconds in (59, 60, 61, 119, 120):
        run_recurring(now=NOON + timedelta(seconds=seconds), table=table)

    assert (first.done, first.failed[0].error) == (1, "OSError: no room")
    assert times == [NOON, NOON + timedelta(seconds=60), NOON + timedelta(seconds=120)]
    assert [(one.what, one.tries) for one in queries.stuck()] == [("recurrence fails", 3)]


def test_what_recurs_in_parts_keeps_each_part_though_a_later_one_fails() -> None:
    parts: list[int] = []

    def act(_: datetime) -> bool:
        parts.append(an_entry())
        if len(parts) == 3:
            raise OSError("no room")
        return True

    ran = run_recurring(now=NOON, table=(Recurring(name="parts", every_s=60, action=act),))

    assert (ran.done, [one.error for one in ran.failed]) == (0, ["OSError: no room"])
    with cursor() as cur:
        cur.execute("select id from journal_entry order by id")
        assert cur.fetchall() == [(one,) for one in parts[:2]]


def test_a_number_is_no_sign_that_there_is_more_to_do() -> None:
    calls: list[datetime] = []

    def act(now: datetime) -> int:
        calls.append(now)
        return 1

    assert (
        run_recurring(now=NOON, table=(Recurring(name="counts", every_s=60, action=act),)).done == 1
    )
    assert calls == [NOON]
