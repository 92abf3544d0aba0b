"""What is paid between the loss and the claim counts once, and nobody is paid twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claims.town import (
    ACCOUNTS,
    CLERK,
    OVER,
    SELLER,
    approve,
    at,
    complete,
    file,
    offer,
    paid,
    sign,
    sold,
    tell,
)
from tradeloop.claims import actions, queries
from tradeloop.claims.pay import PayoutRefused
from tradeloop.settlement.actions import order_payment
from tradeloop.settlement.queries import orders

pytestmark = pytest.mark.usefixtures("database")


def test_what_was_paid_between_the_loss_and_the_claim_is_deducted_once() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade)
    paid(trade, 500_000, OVER + timedelta(days=2))
    file("K-1", OVER + timedelta(days=5), **{trade: 1_500_000})
    complete("K-1", on=OVER + timedelta(days=5))

    row = queries.decision(queries.case("K-1").decision)
    assert row["pay_minor"] == 1_500_000 * 45 // 100


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
