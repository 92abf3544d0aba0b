"""What is paid between the loss and the claim counts once, and nobody is paid twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from claims.town import (
    ACCOUNTS,
    BUYER,
    CLERK,
    OVER,
    SELLER,
    approve,
    at,
    bring,
    complete,
    file,
    offer,
    paid,
    sign,
    sold,
    tell,
)
from tradeloop.claims import actions, queries
from tradeloop.claims.lifecycle import State
from tradeloop.claims.pay import PayoutRefused
from tradeloop.claims.rows import named
from tradeloop.settlement.actions import order_payment, send_orders
from tradeloop.settlement.lifecycle import OrderState
from tradeloop.settlement.queries import orders
from tradeloop.store.database import leave

pytestmark = pytest.mark.usefixtures("database")


def test_what_was_paid_between_the_loss_and_the_claim_is_deducted_once() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade)
    paid(trade, 500_000, OVER + timedelta(days=2))
    file("K-1", OVER + timedelta(days=5), **{trade: 1_500_000})
    complete("K-1", on=OVER + timedelta(days=5))

    row = queries.decision(queries.case("K-1").decision)
    assert row["pay_minor"] == 1_500_000 * 45 // 100


def ordered(claim: str, buyer: str = BUYER, hour: int = 11) -> None:
    tell(claim, sold(f"T-{claim}", minor=2_000_000, buyer=buyer), buyer=buyer)
    file(claim)
    bring(claim, buyer=buyer)
    actions.assess(claims=[claim], at=at(OVER), by=CLERK)
    approve(claim)
    offer(claim)
    sign(claim, hour=hour)
    actions.order_payout(
        claim=claim, accounts=ACCOUNTS, by=CLERK, at=at(OVER), order_payment=order_payment,
        screen=lambda *_: (),
    )  # fmt: skip


def send(message: str) -> tuple[UUID, ...]:
    return send_orders(
        message=message, debtor="Insurer", account="NL91ABNA0417164300", agent="ABNANL2A",
        execute_on=OVER, at=at(OVER),
    ).orders  # fmt: skip


def say_paid(claim: str) -> None:
    actions.confirm_paid(
        claim=claim, payout=f"{claim}/1", paid_on=OVER, by=CLERK, at=at(OVER)
    )  # fmt: skip


def test_what_a_handler_says_was_paid_is_not_sent_to_the_bank_and_alarms_nobody() -> None:
    ordered("K-1")

    say_paid("K-1")

    assert queries.case("K-1").state is State.PAID
    assert [one.state for one in orders()] == [OrderState.PAID_OTHERWISE]
    assert send("PAY-1") == ()
    assert named("select kind from journal_entry where kind like 'settlement.%%' order by id") == [
        {"kind": "settlement.ordered"}, {"kind": "settlement.paid-otherwise"}
    ]  # fmt: skip


def test_an_order_that_is_with_the_bank_stays_there_when_a_handler_says_paid() -> None:
    ordered("K-1")
    sent = send("PAY-1")

    say_paid("K-1")

    assert [one.id for one in orders(states=["sent"])] == [*sent]


def test_no_payout_is_both_sent_after_and_closed_when_all_happens_at_once() -> None:
    claims = [f"K-{number}" for number in range(1, 4)]
    for hour, claim in enumerate(claims, 9):
        ordered(claim, buyer=f"buyer:{claim}", hour=hour)
    ready = threading.Barrier(len(claims) + 1)

    def at_once(does: Callable[[], object]) -> object:
        try:
            ready.wait()
            return does()
        finally:
            leave()

    with ThreadPoolExecutor(len(claims) + 1) as pool:
        sending = pool.submit(at_once, lambda: send("PAY-1"))
        for claim in claims:
            pool.submit(at_once, partial(say_paid, claim))
    sent = sending.result()

    assert {queries.case(claim).state for claim in claims} == {State.PAID}
    assert {one.id for one in orders(states=["sent"])} == set(sent)
    assert len(orders(states=["paid-otherwise"])) == len(claims) - len(sent)
    assert send("PAY-2") == ()


def test_a_payout_is_not_ordered_again_while_its_first_order_may_be_paid() -> None:
    tell("K-1", sold(minor=2_000_000))
    for step in (file, complete, approve, offer, sign):
        step("K-1")
    asked = {
        "by": CLERK, "at": at(OVER), "order_payment": order_payment, "screen": lambda *_: (),
    }  # fmt: skip
    actions.order_payout(claim="K-1", accounts=ACCOUNTS, **asked)
    again = {"claim": "K-1", "payout": "K-1/1", "account": ACCOUNTS[SELLER], **asked}

    with pytest.raises(PayoutRefused, match="may still pay it"):
        actions.order_again(**again)
    assert len(orders()) == 1
