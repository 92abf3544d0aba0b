"""What is paid between the loss and the claim counts once, and nobody is paid twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claims.town import OVER, complete, file, paid, sold, tell
from tradeloop.claims import queries

pytestmark = pytest.mark.usefixtures("database")


def test_what_was_paid_between_the_loss_and_the_claim_is_deducted_once() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade)
    paid(trade, 500_000, OVER + timedelta(days=2))
    file("K-1", OVER + timedelta(days=5), **{trade: 1_500_000})
    complete("K-1", on=OVER + timedelta(days=5))

    row = queries.decision(queries.case("K-1").decision)
    assert row["pay_minor"] == 1_500_000 * 45 // 100
