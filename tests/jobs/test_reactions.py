"""Every reaction hears each fact of its kinds in order; one that fails stops only itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tradeloop.jobs import queries
from tradeloop.jobs.reactions import ReactionNamesClash, name_of, react
from tradeloop.journal.actions import record
from tradeloop.journal.facts import Sequenced
from tradeloop.store.database import cursor, leave

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _notes(database: str) -> None:
    assert database
    with cursor() as cur:
        cur.execute("create table note (number bigserial, text text)")


def happen(*kinds: str) -> None:
    """Record facts, and give each its place in the log."""
    with cursor() as cur:
        for kind in kinds:
            entry = record(kind=kind, at=NOON, fact={}).entry_id
            cur.execute("select count(*) from journal_leaf")
            count = (cur.fetchone() or (0,))[0]
            cur.execute(
                "insert into journal_leaf (leaf_index, entry_id) values (%s, %s)", (count, entry)
            )


def note(text: str) -> None:
    with cursor() as cur:
        cur.execute("insert into note (text) values (%s)", (text,))


def notes() -> list[str]:
    with cursor() as cur:
        cur.execute("select text from note order by number")
        return [row[0] for row in cur.fetchall()]


def paid(fact: Sequenced) -> None:
    note(f"paid {fact.kind} {fact.leaf_index}")


def late(fact: Sequenced) -> None:
    note(f"late {fact.leaf_index}")


def broken(fact: Sequenced) -> None:
    note(f"broken {fact.leaf_index}")
    if fact.leaf_index == 1:
        raise ValueError("the buyer has no address")


def test_each_reaction_hears_its_kinds_in_order_once() -> None:
    happen("buyer.paid", "buyer.late", "other", "buyer.paid")
    table = {"buyer.paid": (paid,), "buyer.late": (late, paid)}

    first, again = react(now=NOON, table=table), react(now=NOON, table=table)

    assert (first.done, again.done) == (4, 0)
    assert [text for text in notes() if text.startswith("paid")] == [
        "paid buyer.paid 0", "paid buyer.late 1", "paid buyer.paid 3",
    ]  # fmt: skip
    assert "late 1" in notes()
    happen("buyer.late")
    assert react(now=NOON, table=table).done == 2


def test_a_failing_reaction_stops_at_its_fact_and_the_others_go_on() -> None:
    happen("a", "a", "a")
    table = {"a": (broken, late)}

    ran = react(now=NOON, table=table)

    assert notes() == ["broken 0", "late 0", "late 1", "late 2"]
    (failure,) = ran.failed
    assert failure.what.endswith("broken at leaf 1 (a)")
    assert failure.error == "ValueError: the buyer has no address"
    assert failure.retry_at == NOON + timedelta(minutes=1)
    assert [one.tries for one in queries.stuck()] == [1]


def test_a_failing_reaction_waits_longer_each_time_and_goes_on_once_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happen("a", "a", "a")
    table = {"a": (broken,)}

    react(now=NOON, table=table)
    soon = react(now=NOON + timedelta(seconds=59), table=table)
    (second,) = react(now=NOON + timedelta(minutes=1), table=table).failed

    assert soon.failed == ()
    assert (second.tries, second.retry_at) == (2, NOON + timedelta(minutes=3))

    def mended(fact: Sequenced) -> None:
        note(f"mended {fact.leaf_index}")

    monkeypatch.setattr(mended, "__qualname__", broken.__qualname__)
    assert name_of(mended) == name_of(broken)
    react(now=NOON + timedelta(minutes=3), table={"a": (mended,)})

    assert notes() == ["broken 0", "mended 1", "mended 2"]
    assert queries.stuck() == ()


def test_what_is_refused_only_at_commit_fails_its_reaction_alone() -> None:
    happen("a")

    def orphan(_: Sequenced) -> None:
        with cursor() as cur:
            cur.execute(  # the fact that it names does not exist
                "insert into jobs_deadline (subject, kind, due_at, rule, source, is_provisional, "
                "made_by_id) values ('s', 'k', now(), 'r', 's', false, 999)"
            )

    ran = react(now=NOON, table={"a": (orphan, late)})

    assert notes() == ["late 0"]
    assert "ForeignKeyViolation" in ran.failed[0].error


def test_two_workers_react_to_each_fact_once() -> None:
    happen(*["a"] * 60)
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        for _ in range(30):
            react(now=NOON, table={"a": (late,)})
        leave()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert notes() == [f"late {leaf}" for leaf in range(60)]


def test_two_reactions_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    happen("a")
    monkeypatch.setattr(late, "__qualname__", paid.__qualname__)

    with pytest.raises(ReactionNamesClash):
        react(now=NOON, table={"a": (paid, late)})

    assert notes() == []
