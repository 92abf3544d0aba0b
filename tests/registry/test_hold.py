"""Value is set aside exactly once, and every line hears one answer for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.db import transaction

from registry.shop import LATER, LIST, NOON, ORDER, ask, do, line, said, stands, worth
from tradeloop.registry import actions, queries
from tradeloop.registry.asked import CallUnreadable
from tradeloop.registry.call import IsolationWrong
from tradeloop.registry.facts import Ask
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")


def test_one_value_cannot_back_two_loans() -> None:
    worth(100)

    assert said(line(80), line(30, holder="Eastbank")) == [80, "not-enough"]
    assert stands() == (100, 80, 0, 0)


def test_a_refused_line_takes_nothing_from_the_next() -> None:
    worth(100)

    assert said(line(101), line(100)) == ["not-enough", 100]


def test_a_line_may_take_less_than_it_asked_for() -> None:
    worth(100)

    assert said(line(70), line(70, least=30), line(1, least=1)) == [70, 30, "not-enough"]


def test_all_or_nothing() -> None:
    worth(100)

    assert said(line(60), line(60), line(10), whole=True) == [
        "another-line-refused", "not-enough", "another-line-refused",
    ]  # fmt: skip
    assert stands() == (100, 0, 0, 0)
    assert said(line(60), line(40), whole=True) == [60, 40]


def test_a_retry_hears_the_first_answer_for_ever() -> None:
    worth(100)
    granted, refused = line(80), line(30)
    first = ask(granted, refused)
    do(granted.id, "release")

    again = ask(granted, refused, now=LATER)

    assert [
        (a.refusal, a.granted_minor, a.free_minor, a.entry_id, a.commitment) for a in again
    ] == [(a.refusal, a.granted_minor, a.free_minor, a.entry_id, a.commitment) for a in first]
    assert all(a.repeated for a in again)
    assert stands() == (100, 0, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 79}, {"paper": LIST}, {"purpose": "insurance"}, {"holder": "Eastbank"},
        {"unit": "EUR"}, {"at_least_minor": 1}, {"expires_at": LATER + timedelta(seconds=1)},
        {"expires_at": None}, {"rate": "7"},
    ],
)  # fmt: skip
def test_an_id_cannot_be_used_for_something_else(change: dict[str, object]) -> None:
    worth(100)
    first = line(80)
    ask(first)

    given = {name: getattr(first, name) for name in Ask.__dataclass_fields__}
    assert said(Ask(**{**given, **change})) == ["id-reused"]
    assert stands() == (100, 80, 0, 0)


def test_an_id_repeated_in_one_call_is_one_line() -> None:
    worth(100)
    one, other = line(150), line(60)

    assert said(one, other, one, other, line(40, id=other.id), line(40)) == [
        "not-enough", 60, "not-enough", 60, "id-reused", 40,
    ]  # fmt: skip


def test_the_one_refused_hears_how_many_others_hold_and_never_who() -> None:
    worth(100)
    ask(line(30), line(30), line(30, holder="Eastbank"))

    (answer,) = ask(line(20, holder="Eastbank"))

    assert (answer.refusal, answer.free_minor, answer.others) == ("not-enough", 10, 2)
    assert "Northbank" not in repr(answer)


def test_purposes_are_books_of_their_own() -> None:
    worth(100)
    worth(90, purpose="insurance")

    assert said(line(100), line(90, purpose="insurance"), line(1, purpose="tax")) == [
        100, 90, "no-such-purpose",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (line(0), "amount-not-positive"),
        (line(-5), "amount-not-positive"),
        (line(10, least=0), "least-not-within-amount"),
        (line(10, least=11), "least-not-within-amount"),
        (line(10, expires_at=NOON), "expires-too-early"),
        (line(10, "order:CN.1:none"), "unknown-capacity"),
        (line(10, unit="EUR"), "unit-differs"),
        (line(10, unit="pieces"), "unit-differs"),
        (line(10, purpose="tax"), "no-such-purpose"),
    ],
)
def test_what_cannot_be_granted_is_refused_by_name_and_takes_nothing(
    asked: Ask, refusal: str
) -> None:
    worth(100)

    assert said(asked, line(100)) == [refusal, 100]
    assert said(asked) == [refusal]


def test_what_ran_out_makes_room_for_the_one_who_needs_it() -> None:
    worth(100)
    ask(line(80))

    assert said(line(80, expires_at=LATER + timedelta(days=9)), now=LATER) == [80]
    assert stands() == (100, 80, 0, 0)


@pytest.mark.parametrize("more", [(), (line(10),)])
def test_what_has_no_end_is_committed_at_once_and_never_runs_out(more: tuple[Ask, ...]) -> None:
    worth(100)
    asked = line(60, expires_at=None)

    (first, *_) = ask(asked, *more)
    (again, *_) = ask(asked, *more, now=LATER + timedelta(days=9))

    assert (first.granted_minor, again.granted_minor, again.repeated) == (60, 60, True)
    assert stands() == (100, 10 * len(more), 60, 0)
    actions.expire(now=LATER + timedelta(days=9))
    assert said(line(50, expires_at=None), now=LATER + timedelta(days=9)) == ["not-enough"]
    assert stands() == (100, 0, 60, 0)
    assert do(asked.id, "commit").refusal == "move-not-allowed"
    assert do(asked.id, "spend", 20).state == "committed"
    assert do(asked.id, "release").state == "spent"
    assert stands() == (100, 0, 0, 20)
    assert queries.disagreements() == ()


@pytest.mark.parametrize("more", [(), (line(1, LIST),)])
def test_a_refusal_heard_again_frees_nothing(more: tuple[Ask, ...]) -> None:
    worth(100)
    first = line(60, expires_at=NOON + timedelta(hours=1))
    refused = line(60, holder="Eastbank")
    ask(first, refused)

    (again, *_) = ask(refused, *more, now=NOON + timedelta(hours=2))

    assert (again.refusal, again.repeated) == ("not-enough", True)
    assert stands() == (100, 60, 0, 0)


def test_the_same_goods_by_another_paper_are_the_same_value() -> None:
    worth(100, names=(LIST,))

    assert said(line(80, LIST), line(30, ORDER)) == [80, "not-enough"]


def test_a_paper_of_several_values_stands_for_none() -> None:
    worth(100, names=(LIST,))
    worth(50, "order:CN.2:2", names=(LIST,))

    assert said(line(10, LIST), line(100, ORDER)) == ["several-values", 100]


def test_an_empty_call_asks_nothing() -> None:
    assert ask() == ()


def test_goods_are_counted_in_their_own_unit() -> None:
    stock = "stock:bonded-store-1:item-7"
    worth(12, stock, unit="pieces", purpose="delivery")

    wanted = line(10, stock, unit="pieces", purpose="delivery", id=uuid4())
    assert said(wanted, line(3, stock, unit="pieces", purpose="delivery")) == [10, "not-enough"]


@pytest.mark.parametrize("more", [(), (line(1),)])
def test_who_uses_anothers_id_learns_nothing_of_the_first_request(more: tuple[Ask, ...]) -> None:
    worth(100)
    first = line(10)
    ask(first)

    answer = ask(replace(first, holder="Eastbank"), *more)[0]

    assert answer.refusal == "id-reused"
    assert (answer.free_minor, answer.others, answer.twins) == (0, 0, 0)
    assert (answer.entry_id, answer.commitment) == (None, None)


@pytest.mark.parametrize("more", [(), (line(1),)])
@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_transaction_that_looks_at_the_past_is_refused(level: str, more: tuple[Ask, ...]) -> None:
    worth(100)

    with transaction.atomic(), cursor() as cur:
        cur.execute(f"set transaction isolation level {level}".encode())
        with pytest.raises(IsolationWrong, match="read committed"), transaction.atomic():
            ask(line(10), *more)

    assert stands() == (100, 0, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12)))},
        {"expires_at": LATER.replace(tzinfo=None)},
        {"holder": "half a letter \ud800"}, {"holder": "a" * 201}, {"holder": ""},
        {"paper": "order:" + "x" * 10_000 + ":1"}, {"paper": 7}, {"unit": ["USD"]},
        {"purpose": None}, {"amount_minor": True}, {"amount_minor": 1.0},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_before_it_is_asked(change: dict[str, object]) -> None:
    worth(100)

    with pytest.raises(CallUnreadable, match="Line 1"):
        ask(replace(line(10), **change))  # type: ignore[arg-type]

    assert stands() == (100, 0, 0, 0)


def test_a_time_without_a_zone_is_none() -> None:
    worth(100)

    with pytest.raises(CallUnreadable, match="zone"):
        ask(line(10), now=NOON.replace(tzinfo=None))

    assert stands() == (100, 0, 0, 0)


def test_all_or_nothing_repeated_beside_a_new_line_keeps_what_was_granted() -> None:
    worth(100)
    granted = line(60)
    ask(granted)

    assert said(granted, line(60), line(10), whole=True) == [
        60, "not-enough", "another-line-refused",
    ]  # fmt: skip
    assert stands() == (100, 60, 0, 0)
