"""Sixteen connections at once: the right ones win, all are answered, and nobody waits for ever."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from registry.shop import DECLARATION, LATER, LIST, NOON, ORDER, ask, line, stands, worth
from tradeloop.jobs.schedule import run_recurring
from tradeloop.registry import actions, queries
from tradeloop.registry.facts import Ask, MoveAsk, Value
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
RACERS = 16
T = TypeVar("T")


def race(deeds: Sequence[Callable[[], T]]) -> list[T]:
    """Do all deeds from sixteen connections; return what each gave, in their order."""
    ready = threading.Barrier(min(RACERS, len(deeds)))

    def run(mine: Sequence[Callable[[], T]]) -> list[T]:
        try:
            ready.wait()
            return [deed() for deed in mine]
        finally:
            leave()

    shares = [deeds[place::RACERS] for place in range(min(RACERS, len(deeds)))]
    with ThreadPoolExecutor(len(shares)) as pool:
        done = list(pool.map(run, shares))
    return [done[place % RACERS][place // RACERS] for place in range(len(deeds))]


def asked(one: Ask) -> Callable[[], str | int]:
    """Return the deed of asking for one line; it gives what was granted, or why not."""

    def deed() -> str | int:
        (answer,) = ask(one)
        return answer.refusal or answer.granted_minor

    return deed


def every_grant_was_free() -> None:
    """From the raw rows: the grants of each book follow one another down from its amount.

    Each says what it left free; so sorted they form a chain without a gap or an overlap.
    """
    with cursor() as cur:
        cur.execute(
            "select capacity_id, h.purpose, amount_minor, granted_minor, free_minor "
            "from registry_hold as h join registry_book as b using (capacity_id, purpose) "
            "where refusal is null order by 1, 2, free_minor desc, granted_minor"
        )
        rows = cur.fetchall()
    assert rows
    for before, after in pairwise([(None,) * 5, *rows]):
        free = before[4] if before[:2] == after[:2] else after[2]
        assert free is not None
        assert free - after[3] == after[4] >= 0


def test_a_thousand_ask_at_once_for_one_of_a_hundred() -> None:
    worth(100)

    said = Counter(race([asked(line(1, holder=f"bank-{n % 40}")) for n in range(1000)]))

    assert said == {1: 100, "not-enough": 900}
    assert stands() == (100, 100, 0, 0)
    every_grant_was_free()


def test_hot_and_cold_values_in_batches_that_cross_each_other() -> None:
    chance = random.Random(7)
    hot = [f"order:CN.1:hot-{n}" for n in range(100)]
    cold = [f"order:CN.1:{n}" for n in range(50_000)]
    actions.take_in(
        values=[
            Value(paper=paper, unit="USD", purpose="finance", amount_minor=10_000)
            for paper in hot + cold
        ],
        now=NOON, because="a test",
    )  # fmt: skip

    def batch() -> list[Ask]:
        return [
            line(chance.randrange(1, 900), chance.choice(hot if chance.random() < 0.2 else cold),
                 holder=f"bank-{chance.randrange(9)}", least=chance.choice((None, 1)))
            for _ in range(chance.choice((1, 1, 30, 200)))
        ]  # fmt: skip

    batches = [batch() for _ in range(160)]
    race([lambda lines=lines: ask(*lines) for lines in batches])

    every_grant_was_free()
    assert queries.disagreements() == ()
    with cursor() as cur:
        cur.execute("select count(*) from registry_hold")
        assert cur.fetchall() == [(sum(map(len, batches)),)]


def test_by_order_by_list_and_by_declaration_the_value_is_taken_once() -> None:
    worth(100, names=(LIST, DECLARATION))

    said = race([asked(line(60, paper)) for paper in (ORDER, LIST, DECLARATION) * 5])

    assert Counter(said) == {60: 1, "not-enough": 14}


def test_lists_are_folded_while_their_value_is_asked_for() -> None:
    lists = [f"list:CN.customs:2924{n:014}" for n in range(20)]
    for n, paper in enumerate(lists):
        worth(100, f"order:CN.1:{n}", names=(paper,))

    def fold(part: str) -> Callable[[], str | int]:
        def deed() -> str | int:
            done = actions.fold(id=uuid4(), into=DECLARATION, parts=[part], now=NOON)
            return done.refusal or "folded"

        return deed

    deeds = [asked(line(7, paper)) for paper in lists for _ in range(20)]
    deeds += [fold(paper) for paper in lists]
    random.Random(3).shuffle(deeds)
    said = Counter(race(deeds))

    assert said["folded"] == 20
    assert stands(DECLARATION)[:2] == (2000, 7 * said[7])
    assert said[7] + said["not-enough"] == 400
    assert queries.disagreements() == ()


def test_one_request_sent_sixteen_times_at_once_is_one_hold() -> None:
    worth(100)
    one = line(60)

    assert set(race([asked(one)] * 16)) == {60}
    assert stands() == (100, 60, 0, 0)


def test_two_batches_with_one_id_for_different_values_hold_once() -> None:
    for n in range(40):
        worth(100, f"order:CN.1:{n}")
    chance = random.Random(5)
    ids = [UUID(int=chance.getrandbits(128)) for _ in range(30)]

    def batch() -> Callable[[], list[str | int]]:
        lines = [
            line(10, f"order:CN.1:{chance.randrange(40)}", id=id)
            for id in chance.sample(ids, 12)
        ]  # fmt: skip
        return lambda: [answer.refusal or answer.granted_minor for answer in ask(*lines)]

    said = race([batch() for _ in range(64)])

    assert {one for answers in said for one in answers} == {10, "id-reused"}
    assert queries.disagreements() == ()
    with cursor() as cur:
        cur.execute("select count(*), sum(granted_minor)::int from registry_hold")
        ((count, granted),) = cur.fetchall()
    assert granted == 10 * count == 10 * len(ids)


def test_sweepers_at_once_end_each_hold_once() -> None:
    worth(1000)
    ask(*[line(1) for _ in range(200)])

    assert sum(race([lambda: actions.expire(now=LATER) for _ in range(8)])) == 200
    assert stands() == (1000, 0, 0, 0)
    with cursor() as cur:
        cur.execute("select count(*) from registry_move")
        assert cur.fetchall() == [(200,)]


def test_a_sweep_in_parts_beside_batches_of_lines_waits_for_nobody_in_a_circle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "SWEPT_AT_ONCE", 3)
    papers = [f"order:CN.1:{n}" for n in range(60)]
    chance = random.Random(5)
    for paper in papers:
        worth(10_000, paper)
    ask(*[
        line(1, chance.choice(papers), expires_at=NOON + timedelta(seconds=n + 1))
        for n in range(900)
    ])  # fmt: skip

    def sweep() -> list[str]:
        return [one.error for one in run_recurring(now=LATER).failed]

    def batch() -> list[str]:
        lines = [line(1, paper, expires_at=LATER + timedelta(days=1)) for paper in papers]
        return [one.refusal for one in ask(*lines, now=LATER) if one.refusal]

    assert race([sweep, sweep, *[batch] * 60]) == [[]] * 62
    assert actions.expire(now=LATER) == 0
    assert queries.disagreements() == ()


def while_uncommitted(first: Callable[[], object], second: Callable[[], T]) -> T:
    """Do `second` from another connection between `first` and its commit; it must wait for that."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            later = pool.submit(in_own_connection, second)
            with cursor() as cur:
                waiting = 0
                while not waiting:
                    assert not later.done(), "it did not wait"
                    cur.execute("select count(*) from pg_locks where not granted")
                    ((waiting,),) = cur.fetchall()
        return later.result()


def in_own_connection(deed: Callable[[], T]) -> T:
    """Do it, and leave."""
    try:
        return deed()
    finally:
        leave()


@pytest.mark.parametrize("more", [(), (1,)])
def test_a_line_asked_while_its_list_is_folded_is_answered_from_the_declaration(
    more: tuple[int, ...],
) -> None:
    worth(100, names=(LIST,))

    said = while_uncommitted(
        lambda: actions.fold(id=uuid4(), into=DECLARATION, parts=[LIST], now=NOON),
        lambda: ask(line(60, LIST), *map(line, more)),
    )

    assert said[0].refusal is None
    assert stands(DECLARATION) == (100, 60 + sum(more), 0, 0)
    assert queries.disagreements() == ()


def test_a_line_asked_while_its_value_is_opened_is_granted_or_unknown_and_nothing_else() -> None:
    with cursor() as cur:  # the first look at papers takes long, and what comes meanwhile is late
        cur.execute("alter table registry_paper rename to kept")
        cur.execute(
            "create view registry_paper as select kept.* from (select pg_sleep(0.5)) as slow, kept"
        )
        with ThreadPoolExecutor(1) as pool:
            said = pool.submit(in_own_connection, lambda: ask(line(60)))
            asking = 0
            while not asking:
                cur.execute(
                    "select count(*) from pg_stat_activity "
                    "where wait_event = 'PgSleep' and datname = current_database()"
                )
                ((asking,),) = cur.fetchall()
            cur.execute(
                "with opened as (insert into registry_capacity (paper, unit, opened_at) "
                "values (%s, 'USD', %s) returning id, paper), "
                "named as (insert into kept (key, capacity_id) select paper, id from opened) "
                "insert into registry_book (capacity_id, purpose, amount_minor) "
                "select id, 'finance', 100 from opened",
                (ORDER, NOON),
            )

    (answer,) = said.result()
    assert (answer.refusal, answer.granted_minor) == (None, 60)


def test_a_hold_moved_while_its_list_is_folded_moves_in_the_declaration() -> None:
    worth(100, names=(LIST,))
    (held,) = ask(line(60, LIST))
    commit = [MoveAsk(id=uuid4(), hold=held.id, event="commit")]

    (done,) = while_uncommitted(
        lambda: actions.fold(id=uuid4(), into=DECLARATION, parts=[LIST], now=NOON),
        lambda: actions.move(lines=commit, now=NOON),
    )

    assert done.refusal is None
    assert stands(DECLARATION) == (100, 0, 60, 0)
    assert queries.disagreements() == ()


def test_a_freeze_waits_for_who_is_being_granted_something() -> None:
    worth(100)

    frozen = while_uncommitted(
        lambda: ask(line(60)),
        lambda: actions.freeze(id=uuid4(), paper=ORDER, now=NOON, because="a test"),
    )

    assert frozen.refusal is None
    assert stands() == (100, 60, 0, 0)


def test_an_amendment_sees_what_was_granted_before_it() -> None:
    worth(100)
    fewer = [Value(paper=ORDER, unit="USD", purpose="finance", amount_minor=50)]

    (taken,) = while_uncommitted(
        lambda: ask(line(60)),
        lambda: actions.take_in(values=fewer, now=NOON, because="a test"),
    )

    assert taken.over_minor == 10
    assert stands() == (50, 60, 0, 0)


def test_batches_with_the_same_ids_in_opposite_orders_do_not_wait_for_one_another() -> None:
    worth(10_000)
    worth(10_000, LIST)

    for _ in range(20):
        ids = [uuid4() for _ in range(200)]
        one = [line(1, ORDER, id=id) for id in ids]
        other = [line(1, LIST, id=id) for id in reversed(ids)]
        said = race([lambda lines=lines: ask(*lines) for lines in (one, other)])
        assert sorted({answer.refusal or "" for answers in said for answer in answers}) == [
            "", "id-reused",
        ]  # fmt: skip


def test_values_amended_in_any_order_beside_batches_of_lines_do_not_wait_for_one_another() -> None:
    papers = [f"order:CN.1:{n}" for n in range(60)]
    chance = random.Random(13)

    def amend(amount: int) -> Callable[[], object]:
        values = [
            Value(paper=paper, unit="USD", purpose="finance", amount_minor=amount)
            for paper in chance.sample(papers, len(papers))
        ]
        return lambda: actions.take_in(values=values, now=NOON, because="a test")

    amend(10_000)()
    deeds: list[Callable[[], object]] = [amend(10_001 + n) for n in range(24)]
    for _ in range(60):
        lines = [line(1, paper) for paper in chance.sample(papers, len(papers))]
        deeds.append(lambda lines=lines: ask(*lines))
    chance.shuffle(deeds)
    race(deeds)

    assert queries.disagreements() == ()


def test_all_verbs_at_once_leave_every_sum_whole() -> None:
    papers = [f"order:CN.1:{n}" for n in range(12)]
    for paper in papers:
        worth(100, paper)
    chance = random.Random(11)
    holds = [line(chance.randrange(1, 30), chance.choice(papers)) for _ in range(600)]

    def move(of: UUID, event: str) -> Callable[[], object]:
        amount = chance.choice((None, 3))
        to = "Eastbank" if event == "hand-over" else None
        lines = [MoveAsk(id=uuid4(), hold=of, event=event, amount_minor=amount, to=to)]
        return lambda: actions.move(lines=lines, now=NOON)

    def adjust(paper: str, amount: int) -> Callable[[], object]:
        return lambda: actions.adjust(
            id=uuid4(), paper=paper, purpose="finance", unit="USD", amount_minor=amount, now=NOON,
            because="a test",
        )  # fmt: skip

    deeds: list[Callable[[], object]] = [asked(one) for one in holds]
    deeds += [
        move(chance.choice(holds).id, chance.choice(("commit", "release", "spend", "hand-over")))
        for _ in range(900)
    ]
    deeds += [adjust(chance.choice(papers), chance.randrange(40, 160)) for _ in range(60)]
    deeds += [lambda: actions.expire(now=LATER, limit=5) for _ in range(20)]
    deeds += [
        lambda paper=paper: actions.freeze(id=uuid4(), paper=paper, now=NOON, because="a test")
        for paper in papers[:2]
    ]
    chance.shuffle(deeds)
    race(deeds)

    assert queries.disagreements() == ()


def test_a_hold_moved_while_it_is_being_granted_is_unknown_or_moved_and_nothing_else() -> None:
    worth(1_000_000)
    holds = [line(1) for _ in range(1500)]

    def move(of: UUID) -> Callable[[], str | int]:
        def deed() -> str | int:
            asked_for = [MoveAsk(id=uuid4(), hold=of, event="commit") for _ in range(2)]
            return actions.move(lines=asked_for, now=NOON)[0].refusal or "moved"

        return deed

    # The sixteen go through their shares in step, so an id is asked for and moved at one moment.
    deeds = [deed for one in holds for deed in (asked(one), move(one.id))]
    said = Counter(race(deeds))

    assert said[1] == len(holds)
    assert set(said) <= {1, "moved", "unknown-hold", "move-not-allowed"}
    assert queries.disagreements() == ()
