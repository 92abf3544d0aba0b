"""A sign of fraud stops the clock with its reason; a dispute stays the claim; people go on."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from claims.town import (
    ANNA,
    BO,
    BUYER,
    CLERK,
    MERCHANT,
    NOTICED,
    OVER,
    SELLER,
    a_claim,
    approve,
    at,
    bring,
    complete,
    judged,
    offer,
    order,
    sign,
    usd,
)  # fmt: skip
from tradeloop.claims import actions, queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.clock import deadlines_of
from tradeloop.claims.lifecycle import State
from tradeloop.claims.outside import Looks
from tradeloop.claims.rows import do, named
from tradeloop.claims.stop import ClearedBySelf, SignalUnknown

pytestmark = pytest.mark.usefixtures("database")


def codes(looks: Looks | None = None) -> list[str]:
    (found,) = actions.assess(at=at(OVER), by=CLERK, looks=looks or Looks())
    assert (found.state, found.pay) == (State.HELD, None)
    return [one.code for one in found.signals]


def test_a_trade_that_is_proven_no_more_is_a_sign() -> None:
    trade = a_claim()
    judged(trade, "contradicted", 0)
    bring()
    assert codes() == ["no-export"]


def test_an_over_used_value_and_twin_papers_are_signs() -> None:
    trade = a_claim()
    bring()
    (hold,) = named("select hold as id from cover_certificate where number = %s", f"C-{trade}")
    for paper in ("trade:a:1", "trade:a:2"):
        do(
            "insert into registry_capacity (paper, unit, opened_at) values (%s, 'USD', %s)",
            paper, at(OVER),
        )  # fmt: skip
    one, other = (row["id"] for row in named("select id from registry_capacity order by id"))
    do(
        "insert into registry_book (capacity_id, purpose, amount_minor, held_minor, "
        "over_used_since) values (%s, 'insurance', 1, 2, %s)",
        one, at(OVER),
    )  # fmt: skip
    do("insert into registry_twin values (%s, %s, 'amount', 'number', %s)", one, other, at(OVER))
    do(
        "insert into registry_hold (id, paper, purpose, holder, unit, asked_minor, least_minor, "
        "expires_at, asked_at, granted_minor, free_minor, others, twins, entry_id, line, state, "
        "capacity_id, held_by) values (%s, 'trade:a:1', 'insurance', 'x', 'USD', 2, 2, %s, %s, 2, "
        "0, 0, 0, 1, 1, 'held', %s, 'x')",
        hold["id"], at(OVER), at(OVER), one,
    )  # fmt: skip
    assert codes() == ["declaration-withdrawn", "twin-papers"]


def test_relations_circles_and_cash_are_signs() -> None:
    a_claim()
    bring()
    actions.add_evidence(
        id=uuid4(), claim="K-1", kind="other", name="note.txt", by=MERCHANT,
        body=b"paid in notes", at=at(OVER), says={"paid_by": "cash"},
    )  # fmt: skip
    looks = Looks(
        related=lambda pairs, _: set(pairs),
        circles=lambda pairs, _: dict.fromkeys(pairs, "The seller's own account paid the buyer."),
    )
    assert codes(looks) == ["cash", "related-party", "circular-trade"]


def test_a_cleared_sign_is_not_raised_again_and_ends_the_fast_track() -> None:
    trade = a_claim(minor=100_000)
    judged(trade, "incomplete", 0)
    bring(kinds=["proof-of-debt", "communication", "collection", "merchant-account"])
    assert codes() == ["no-export"]
    (signal,) = queries.case("K-1").signals
    assert signal.id is not None

    with pytest.raises(SignalUnknown, match="Open are"):
        actions.clear_signal(claim="K-1", signal=0, why="seen", by=ANNA, at=at(OVER))
    with pytest.raises(ClearedBySelf):
        actions.clear_signal(claim="K-1", signal=signal.id, why="x", by=MERCHANT, at=at(OVER))
    judged(trade, "proven", 100_000)
    state = actions.clear_signal(
        claim="K-1", signal=signal.id, why="the papers came late", by=ANNA, at=at(OVER)
    )
    assert state is State.CLAIMED
    (found,) = actions.assess(at=at(OVER), by=CLERK)
    assert (found.state, found.is_fast, found.pay) == (State.CALCULATED, False, usd(45_000))


def test_a_code_that_is_no_code_is_refused() -> None:
    a_claim()
    with pytest.raises(ValueError, match="'A tip!' is no code"):
        actions.raise_signal(claim="K-1", code="A tip!", because="a report", by=BO, at=at(OVER))
    assert queries.case("K-1").signals == ()


def test_the_clock_stands_still_while_a_claim_is_held() -> None:
    a_claim()
    complete()
    terms = terms_of("yiwu-market-procurement", queries.case("K-1").terms_on).claims
    before = deadlines_of(queries.case("K-1"), terms=terms, on=OVER)
    assert before.deadlines.decide_by is not None
    actions.raise_signal(claim="K-1", code="police", because="a report", by=BO, at=at(OVER))
    later = OVER + timedelta(days=9)
    held = deadlines_of(queries.case("K-1"), terms=terms, on=later)
    (signal,) = queries.case("K-1").signals
    assert signal.id is not None
    actions.clear_signal(claim="K-1", signal=signal.id, why="false", by=ANNA, at=at(later))
    after = deadlines_of(queries.case("K-1"), terms=terms, on=later)

    assert (held.deadlines.decide_by, held.stopped_since) == (None, OVER)
    assert after.deadlines.decide_by is not None
    assert after.deadlines.decide_by.on == before.deadlines.decide_by.on + timedelta(days=10)


def test_what_was_signed_is_held_and_agreed_anew() -> None:
    a_claim()
    complete()
    approve()
    offer()
    sign()
    state = actions.raise_signal(claim="K-1", code="tip", because="x", by=BO, at=at(OVER))

    assert state is State.HELD
    assert queries.agreement("K-1") is None
    assert named("select from claims_used") == []


def test_a_declaration_that_is_withdrawn_before_the_payout_holds_what_was_signed() -> None:
    trade = a_claim()
    complete()
    approve()
    offer()
    sign()
    judged(trade, "contradicted", 2_000_000)
    bank: list[dict[str, object]] = []

    assert order(bank=bank).state is State.HELD

    assert bank == []
    (sign_,) = queries.case("K-1").signals
    assert (sign_.code, sign_.raised_by) == ("no-export", "rules")
    assert named("select from claims_used") == []


def test_a_dispute_stays_a_claim_until_it_is_settled() -> None:
    a_claim()
    complete()
    approve()
    assert actions.stay(claim="K-1", because="quality", by=CLERK, at=at(OVER)) is State.STAYED
    assert named("select from claims_used") == []
    assert actions.resume(claim="K-1", because="judgment", by=CLERK, at=at(OVER)) is State.CLAIMED
    (found,) = actions.assess(at=at(OVER), by=CLERK)
    assert found.pay == usd(900_000)
    assert queries.case("K-1").pair == (SELLER, BUYER)


def test_cover_hears_of_a_loss_from_its_notice_and_of_a_dispute_as_long_as_it_lasts() -> None:
    def heard() -> list[tuple[object, ...]]:
        rows = named("select known_on, disputed_on, disputed_minor from cover_trouble")
        return [tuple(row.values()) for row in rows]

    a_claim()
    assert heard() == [(NOTICED, None, 0)]
    complete()
    actions.stay(claim="K-1", because="quality", by=CLERK, at=at(OVER))
    assert heard() == [(NOTICED, OVER, 2_000_000)]
    actions.resume(claim="K-1", because="judgment", by=CLERK, at=at(OVER))
    assert heard() == [(NOTICED, None, 0)]
    actions.withdraw(claim="K-1", because="paid", by=MERCHANT, at=at(OVER))
    assert heard() == []
