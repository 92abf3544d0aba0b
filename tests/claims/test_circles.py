"""Goods that are sold back are seen as far as tables show it, and nothing else is called so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from claims.town import BUYER, CLERK, OVER, SELLER, SHIPPED, a_claim, at, bring, sold
from tradeloop.claims import actions
from tradeloop.claims.circles import traced
from tradeloop.claims.lifecycle import State
from tradeloop.claims.rows import do, named
from tradeloop.parties.actions import relate

pytestmark = pytest.mark.usefixtures("database")
PAIR = (SELLER, BUYER)
OTHER, SISTER = "91330782MA9", "buyer:9e9e"
LONG_AGO = date(2020, 1, 1)


def together(a: str, b: str, until: date | None = None) -> None:
    relate(
        a=a, b=b, from_date=LONG_AGO, to_date=until, because="one owner", source="register",
        at=at(SHIPPED),
    )  # fmt: skip


def back(number: str = "B-1") -> str:
    """Have the buyer's merchant sell to the seller's sister."""
    return sold(number, seller=OTHER, buyer=SISTER)


def test_a_trade_back_between_related_parties_is_a_circle_and_is_told() -> None:
    together(BUYER, OTHER)
    together(SELLER, SISTER)
    trade = back()
    a_claim()

    assert traced([PAIR, (OTHER, SISTER)], OVER) == {
        PAIR: f"{BUYER} belongs together with {OTHER}: trade {trade} is owed by {SISTER}, who "
        f"belongs to {SELLER}.",
        (OTHER, SISTER): f"{SISTER} belongs together with {SELLER}: trade {SELLER}/T-K-1 is owed "
        f"by {BUYER}, who belongs to {OTHER}.",
    }
    bring()
    (found,) = actions.assess(at=at(OVER), by=CLERK)
    assert found.state is State.HELD
    assert [one.code for one in found.signals] == ["circular-trade"]


def test_a_later_trade_back_says_nothing_new() -> None:
    together(BUYER, OTHER)
    together(SELLER, SISTER)
    back("B-1")
    before = traced([PAIR], OVER)
    back("B-2")

    assert traced([PAIR], OVER) == before


def test_half_a_circle_or_one_that_ended_is_none() -> None:
    together(BUYER, OTHER)
    back()
    assert traced([PAIR], OVER) == {}
    together(SELLER, SISTER, until=OVER - timedelta(days=1))
    assert traced([PAIR], OVER) == {}
    assert PAIR in traced([PAIR], OVER - timedelta(days=1))


def test_parties_that_only_belong_together_trade_in_no_circle() -> None:
    together(SELLER, BUYER)
    sold("T-1")
    sold("T-2", buyer=SISTER)

    assert traced([PAIR], OVER) == {}


def test_papers_that_may_be_of_the_same_goods_are_named() -> None:
    together(BUYER, OTHER)
    together(SELLER, SISTER)
    trade = back()
    mine = sold("T-9")
    numbers = [_value(mine), _value(trade)]
    assert "same goods" not in traced([PAIR], OVER)[PAIR]
    do(
        "insert into registry_twin (one_id, other_id, agree, differ, seen_at) "
        "values (%s, %s, 'number', '', %s)",
        *sorted(numbers), at(OVER),
    )  # fmt: skip

    assert traced([PAIR], OVER)[PAIR].endswith("may be of the same goods.")


def _value(trade: str) -> int:
    key = "trade:" + trade.replace("/", ":", 1)
    (row,) = named(
        "insert into registry_capacity (paper, unit, opened_at) values (%s, 'USD', %s) "
        "returning id",
        key, at(SHIPPED),
    )  # fmt: skip
    do("insert into registry_paper (key, capacity_id) values (%s, %s)", key, row["id"])
    found: int = row["id"]
    return found
