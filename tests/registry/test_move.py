"""A hold changes only as its table of moves says, once under each id, and its sums stay whole."""

from __future__ import annotations

import hashlib
from itertools import product
from uuid import UUID, uuid4

import pytest

from registry.shop import LATER, NOON, ask, do, line, said, stands, worth
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.registry import actions
from tradeloop.registry.facts import MoveAsk
from tradeloop.registry.lifecycle import HOLD, Event, State
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")


def held(amount: int = 60) -> UUID:
    """Hold some of a value of 100."""
    worth(100)
    (answer,) = ask(line(amount))
    return answer.id


def brought_to(state: State) -> UUID:
    """Return a hold in a state."""
    hold = held(101 if state is State.REFUSED else 60)
    if state in {State.COMMITTED, State.SPENT}:
        do(hold, "commit")
    if state is State.SPENT:
        do(hold, "spend")
    if state is State.RELEASED:
        do(hold, "release")
    if state is State.EXPIRED:
        actions.expire(now=LATER)
    return hold


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_the_database_moves_as_the_table_says(state: State, event: Event) -> None:
    hold = brought_to(state)

    done = do(
        hold, event, to="Eastbank" if event is Event.HAND_OVER else None,
        now=LATER if event is Event.EXPIRE else NOON,
    )  # fmt: skip

    try:
        expected = HOLD.after(state, event)
    except MoveNotAllowed:
        assert (done.refusal, done.state) == ("move-not-allowed", state)
    else:
        assert (done.refusal, done.state) == (None, expected)


def test_what_is_not_committed_of_a_hold_is_free_again() -> None:
    hold = held(60)

    assert do(hold, "commit", 40).moved_minor == 40
    assert stands() == (100, 0, 40, 0)


def test_repaid_from_own_funds_is_free_again_and_from_proceeds_is_spent() -> None:
    """Both worked examples: 3-B and 3-C of the cases on the financing balance."""
    hold = held(60)
    do(hold, "commit")

    assert do(hold, "release", 20).state == "committed"
    assert do(hold, "spend", 30).state == "committed"
    assert stands() == (100, 0, 10, 30)
    assert do(hold, "release").state == "spent"
    assert stands() == (100, 0, 0, 30)


def test_part_of_a_hold_may_be_released() -> None:
    hold = held(60)

    assert do(hold, "release", 20).state == "held"
    assert do(hold, "commit").moved_minor == 40


@pytest.mark.parametrize(
    ("event", "amount", "refusal"),
    [
        ("commit", 61, "more-than-held"), ("commit", 0, "amount-not-positive"),
        ("release", -1, "amount-not-positive"), ("release", 2**62, "more-than-held"),
        ("spend", 10, "move-not-allowed"), ("expire", None, "not-due"),
        ("hand-over", None, "no-new-holder"), ("double", None, "unknown-event"),
    ],
)  # fmt: skip
def test_a_move_that_does_not_fit_is_refused_and_moves_nothing(
    event: str, amount: int | None, refusal: str
) -> None:
    hold = held(60)

    done = do(hold, event, amount)

    assert (done.refusal, done.moved_minor, done.state) == (refusal, 0, "held")
    assert stands() == (100, 60, 0, 0)


def test_what_ran_out_cannot_be_committed_though_nobody_swept_it_yet() -> None:
    assert do(held(), "commit", now=LATER).refusal == "expired"


def test_a_retry_of_a_move_hears_the_first_answer() -> None:
    hold, id = held(60), uuid4()
    do(hold, "commit")
    first = do(hold, "release", 20, id=id)
    do(hold, "release")

    again = do(hold, "release", 20, id=id)

    assert (again.moved_minor, again.state, again.repeated) == (20, first.state, True)
    assert stands() == (100, 0, 0, 0)
    assert do(hold, "release", 21, id=id).refusal == "id-reused"


def test_another_holder_hears_nothing_of_a_hold_and_cannot_move_it() -> None:
    hold = held()

    strange = do(hold, "release", by="Eastbank")
    unknown = do(uuid4(), "release", by="Eastbank")

    assert (strange.refusal, strange.state) == (unknown.refusal, unknown.state)
    assert strange.refusal == "unknown-hold"
    assert stands() == (100, 60, 0, 0)


def test_a_hold_handed_over_is_the_next_holders_and_keeps_its_priority() -> None:
    hold = held()
    do(hold, "hand-over", to="Eastbank", by="Northbank")

    assert do(hold, "release", by="Northbank").refusal == "unknown-hold"
    assert do(hold, "commit", by="Eastbank").refusal is None
    with cursor() as cur:
        cur.execute("select holder, held_by, asked_at from registry_hold")
        assert cur.fetchall() == [("Northbank", "Eastbank", NOON)]


def test_moves_of_one_call_follow_one_another() -> None:
    hold = held(60)
    once = uuid4()
    lines = [
        MoveAsk(id=once, hold=hold, event="commit", amount_minor=50),
        MoveAsk(id=uuid4(), hold=hold, event="spend", amount_minor=20),
        MoveAsk(id=once, hold=hold, event="commit", amount_minor=50),
        MoveAsk(id=uuid4(), hold=hold, event="release", amount_minor=31),
        MoveAsk(id=uuid4(), hold=hold, event="release"),
    ]

    answers = actions.move(lines=lines, now=NOON)

    assert [(a.refusal, a.moved_minor, a.state) for a in answers] == [
        (None, 50, "committed"), (None, 20, "committed"), (None, 50, "committed"),
        ("more-than-held", 0, "committed"), (None, 30, "spent"),
    ]  # fmt: skip
    assert stands() == (100, 0, 0, 20)


def test_what_ran_out_is_swept_the_oldest_first() -> None:
    worth(100)
    ask(line(10), line(20), line(30, expires_at=LATER.replace(year=2030)))

    assert actions.expire(now=NOON) == 0
    assert actions.expire(now=LATER, limit=1) == 1
    assert actions.expire(now=LATER) == 1
    assert actions.expire(now=LATER) == 0
    assert stands() == (100, 30, 0, 0)


def test_a_hold_that_was_refused_is_none() -> None:
    worth(100)
    assert said(line(101)) == ["not-enough"]
    assert actions.expire(now=LATER.replace(year=2030)) == 0


def test_a_hold_is_handed_over_or_expires_in_whole() -> None:
    hold = held(60)

    assert do(hold, "hand-over", 10, to="Eastbank").refusal == "not-in-part"
    assert do(hold, "expire", 10, now=LATER).refusal == "not-in-part"
    assert do(hold, "release", by="Northbank").refusal is None


def test_nobody_can_keep_a_hold_from_expiring_by_using_up_an_id() -> None:
    hold = held(60)
    foreseen = UUID(hashlib.md5(f"expire{hold}".encode(), usedforsecurity=False).hexdigest())
    do(hold, "spend", id=foreseen)

    assert actions.expire(now=LATER) == 1
    assert stands() == (100, 0, 0, 0)


def test_who_uses_anothers_id_learns_nothing_of_the_first_move() -> None:
    hold, id = held(60), uuid4()
    do(hold, "release", 1, id=id, by="Northbank")

    answer = do(hold, "release", 1, id=id, by="Eastbank")

    assert (answer.refusal, answer.state) == ("id-reused", None)
    assert (answer.entry_id, answer.commitment) == (None, None)
