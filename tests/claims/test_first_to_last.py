"""A claim goes from the first notice to the money, and every step is in its history."""

from __future__ import annotations

import pytest

from claims.town import (
    BUYER,
    CLERK,
    MERCHANT,
    OVER,
    SELLER,
    a_claim,
    approve,
    at,
    bring,
    complete,
    file,
    offer,
    order,
    pay,
    sign,
    sold,
    tell,
    usd,
)
from tradeloop.claims import actions, queries
from tradeloop.claims.lifecycle import State
from tradeloop.claims.moves import history
from tradeloop.claims.rows import named
from tradeloop.ledger.queries import balance

pytestmark = pytest.mark.usefixtures("database")


def test_a_loss_is_told_claimed_proven_approved_agreed_and_paid() -> None:
    trade = sold(minor=2_000_000)
    assert tell("K-1", trade) is State.WAITING
    assert file("K-1") is State.CLAIMED
    assert complete("K-1") is State.CALCULATED
    assert approve("K-1").pay == usd(900_000)
    assert offer("K-1").state is State.OFFERED
    assert sign("K-1") is State.SIGNED
    bank: list[dict[str, object]] = []
    assert order("K-1", bank=bank).state is State.ORDERED
    state = actions.confirm_paid(claim="K-1", payout="K-1/1", paid_on=OVER, by=CLERK, at=at(OVER))

    assert state is State.PAID
    assert [(one["payee"], one["amount"]) for one in bank] == [(SELLER, usd(900_000))]
    events = [one["event"] for one in history("K-1")]
    assert events == [
        "complete-notice", "file", "complete", "calculate", "approve", "offer", "sign", "order",
        "pay",
    ]  # fmt: skip
    insurer = "insurer:yiwu-market-procurement"
    assert balance(f"{insurer}:claims", on=OVER, currency="USD") == usd(900_000)
    assert balance(f"{insurer}:cash", on=OVER, currency="USD") == usd(-900_000)


def test_a_small_claim_with_all_papers_is_approved_by_the_rules() -> None:
    a_claim(minor=100_000)
    bring()
    (found,) = actions.assess(at=at(OVER), by=CLERK)

    assert found.is_fast
    assert (found.state, found.pay) == (State.APPROVED, usd(45_000))
    assert named("select amount_minor from claims_used") == [{"amount_minor": 100_000}]


def test_what_is_missing_is_asked_for_once_and_in_full() -> None:
    a_claim()
    bring(kinds=["communication"])
    (found,) = actions.assess(at=at(OVER), by=CLERK)

    assert found.state is State.SUPPLEMENT_ASKED
    assert [one.kind for one in found.missing] == [
        "proof-of-debt", "collection", "merchant-account",
    ]  # fmt: skip
    bring(kinds=["proof-of-debt", "collection", "merchant-account"])
    assert queries.case("K-1").state is State.CLAIMED
    assert len(named("select from claims_supplement")) == 1


def test_each_step_again_changes_nothing() -> None:
    trade = sold(minor=2_000_000)
    for _ in range(2):
        tell("K-1", trade)
    for _ in range(2):
        file("K-1")
    complete("K-1")
    approve("K-1")
    for _ in range(2):
        offer("K-1")
    for _ in range(2):
        sign("K-1")
    bank: list[dict[str, object]] = []
    for _ in range(2):
        order("K-1", bank=bank)
    for _ in range(2):
        pay("K-1")

    assert len(bank) == 1
    assert len(history("K-1")) == 9
    assert queries.case("K-1").buyer == BUYER
    assert queries.case("K-1").filed_by == MERCHANT
