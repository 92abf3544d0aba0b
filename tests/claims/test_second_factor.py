"""Wrong codes are counted whatever becomes of them, and too many lock the person for a while."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from claims.town import (
    ANNA,
    BO,
    CLERK,
    KEY,
    MERCHANT,
    OVER,
    SECRET,
    SELLER,
    a_claim,
    approve,
    at,
    code,
    complete,
    digest_of,
    offer,
)
from tradeloop.claims import actions, queries
from tradeloop.claims.lifecycle import State
from tradeloop.claims.people import (
    LOCKED_FOR,
    WRONG_CODES_MAX,
    WRONG_WITHIN,
    CodeUsed,
    CodeWrong,
    PersonLocked,
    SignsForItself,
)
from tradeloop.claims.rows import named
from tradeloop.store.database import leave

pytestmark = pytest.mark.usefixtures("offered")
NOON = at(OVER)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def offered(database: str) -> None:
    assert database
    a_claim()
    complete()
    approve()
    offer()
    enrol()


def enrol() -> None:
    actions.enrol(
        person=MERCHANT, party=SELLER, secret=SECRET, key=KEY, nonce=bytes(12), by=CLERK, at=NOON
    )


def show(moment: datetime, *, wrong: bool = False) -> State:
    right = code(moment)
    given = f"{(int(right) + 500_000) % 1_000_000:06}" if wrong else right
    return actions.sign(
        claim="K-1", person=MERCHANT, code=given, digest=digest_of(), key=KEY, at=moment
    )


def guess(times: int, *, start: datetime = NOON, every: timedelta = MINUTE) -> datetime:
    """Show wrong codes; return the time of the last."""
    for n in range(times):
        with pytest.raises(CodeWrong):
            show(start + n * every, wrong=True)
    return start + (times - 1) * every


def kinds() -> list[str]:
    return [
        row["kind"]
        for row in named(
            "select kind from journal_entry where kind in "
            "('claims.code-wrong', 'claims.person-locked') order by id"
        )
    ]


def test_after_five_wrong_codes_even_the_right_one_is_refused_for_a_quarter_of_an_hour() -> None:
    guess(WRONG_CODES_MAX - 1)
    fifth = NOON + (WRONG_CODES_MAX - 1) * MINUTE
    with pytest.raises(PersonLocked, match=rf"{MERCHANT} showed 5 .* locked until .* 12:19:00"):
        show(fifth, wrong=True)

    with pytest.raises(PersonLocked, match="12:19:00"):
        show(fifth + LOCKED_FOR - timedelta(seconds=1))
    assert queries.case("K-1").state is State.OFFERED
    assert kinds() == ["claims.code-wrong"] * WRONG_CODES_MAX + ["claims.person-locked"]
    assert show(fifth + LOCKED_FOR) is State.SIGNED


def test_a_try_while_locked_does_not_make_it_longer() -> None:
    last = guess(WRONG_CODES_MAX)
    for n in range(1, 10):
        with pytest.raises(PersonLocked):
            show(last + n * MINUTE, wrong=True)

    assert show(last + LOCKED_FOR) is State.SIGNED


def test_wrong_codes_further_apart_lock_nobody() -> None:
    last = guess(2 * WRONG_CODES_MAX, every=WRONG_WITHIN / (WRONG_CODES_MAX - 1))

    assert show(last + MINUTE) is State.SIGNED


def test_the_right_code_clears_the_count() -> None:
    last = guess(WRONG_CODES_MAX - 1)
    show(last + MINUTE)

    assert named("select from claims_wrongcode") == []
    assert named("select locked_until from claims_person") == [{"locked_until": None}]


def test_a_factor_that_is_renewed_is_not_locked() -> None:
    last = guess(WRONG_CODES_MAX)
    actions.forget(person=MERCHANT, by=CLERK, because="lost", at=last)
    enrol()

    assert show(last + MINUTE) is State.SIGNED


def test_who_forgets_a_factor_is_kept_and_does_not_sign_for_that_party() -> None:
    for given, match in (
        ({"person": MERCHANT, "by": MERCHANT}, "Ask a handler"),
        ({"person": "nobody", "by": BO}, "none to forget"),
        ({"person": MERCHANT, "by": BO, "because": " "}, "Say why"),
    ):
        with pytest.raises(actions.REFUSED, match=match):
            actions.forget(**{"because": "lost", "at": NOON, **given})
    actions.forget(person=MERCHANT, by=BO, because="lost", at=NOON)

    assert named("select person, party, by, because from claims_forgotten") == [
        {"person": MERCHANT, "party": SELLER, "by": BO, "because": "lost"}
    ]
    actions.enrol(
        person=BO, party=SELLER, secret=SECRET, key=KEY, nonce=bytes(12), by=CLERK, at=NOON
    )
    with pytest.raises(SignsForItself, match=f"bo .* took away the second factor of {MERCHANT}"):
        actions.sign(
            claim="K-1", person=BO, code=code(NOON), digest=digest_of(), key=KEY, at=NOON
        )  # fmt: skip
    with pytest.raises(SignsForItself, match="Ask a handler"):
        actions.enrol(
            person=ANNA, party=SELLER, secret=SECRET, key=KEY, nonce=bytes(12), by=ANNA, at=NOON
        )
    with pytest.raises(SignsForItself, match="clerk handed out"):
        actions.sign(
            claim="K-1", person=CLERK, code=code(NOON), digest=digest_of(), key=KEY, at=NOON
        )  # fmt: skip


def test_many_wrong_codes_at_once_are_counted_one_by_one() -> None:
    said: list[type[Exception]] = []
    ready = threading.Barrier(8)

    def run() -> None:
        try:
            ready.wait()
            show(NOON, wrong=True)
        except CodeWrong as error:
            said.append(type(error))
        finally:
            leave()

    _together(run, 8)

    assert sorted(one.__name__ for one in said) == ["CodeWrong"] * 4 + ["PersonLocked"] * 4
    assert kinds().count("claims.code-wrong") == WRONG_CODES_MAX


def test_one_code_shown_twice_at_once_signs_one_claim() -> None:
    a_claim("K-2", buyer="buyer:0f")
    assert complete_other() is State.CALCULATED
    approve("K-2")
    offer("K-2")
    outcomes: list[str] = []
    ready = threading.Barrier(2)
    claims = iter(("K-1", "K-2"))

    def run() -> None:
        claim = next(claims)
        digest = digest_of(claim)
        try:
            ready.wait()
            state = actions.sign(
                claim=claim, person=MERCHANT, code=code(NOON), digest=digest, key=KEY, at=NOON
            )
            outcomes.append(state)
        except CodeUsed:
            outcomes.append("used")
        finally:
            leave()

    _together(run, 2)

    assert sorted(outcomes) == ["signed", "used"]


def complete_other() -> State:
    from claims.town import bring  # noqa: PLC0415 - a short word of one test

    bring("K-2", buyer="buyer:0f")
    (found,) = actions.assess(claims=["K-2"], at=NOON, by=CLERK)
    return found.state


def _together(run: object, times: int) -> None:
    threads = [threading.Thread(target=run) for _ in range(times)]  # type: ignore[arg-type]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
