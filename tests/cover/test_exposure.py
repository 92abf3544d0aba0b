"""An insurer knows what it stands for at every moment, buyer by buyer."""

from __future__ import annotations

from datetime import date

import pytest

from cover.counter import DAY, OTHER_MERCHANT, SCHEME, buyer_of, noon, offer, pay, terms, trade
from tradeloop.cover import actions
from tradeloop.cover.exposure import Exposure, exposure
from tradeloop.cover.terms import CapPer
from tradeloop.kit.money import Money
from tradeloop.parties import actions as parties

pytestmark = pytest.mark.usefixtures("database")
MAY = date(2026, 5, 10)


def usd(major: int) -> Money:
    return Money(major * 100, "USD")


def exposed(on: date = MAY + 10 * DAY, **changed: object) -> tuple[Exposure, ...]:
    return exposure(SCHEME, terms=terms(**changed), on=on)


def test_what_is_covered_and_unpaid_of_a_buyer_is_told_with_the_insurers_part() -> None:
    offer(trade("A", 100_000), trade("B", 80_000, seller=OTHER_MERCHANT))

    (one,) = exposed()

    assert (one.buyer, one.trades, one.policyholders) == (buyer_of("A"), 2, 2)
    assert (one.exposed, one.insured) == (usd(150_000), usd(67_500))
    assert (one.limit, one.free, one.overdue) == (usd(150_000), usd(0), usd(0))


def test_payments_make_it_less_and_days_make_it_late() -> None:
    offer(trade("A", 100_000))
    pay(30_000, buyer_of("A"), on=MAY + 5 * DAY)

    (one,) = exposed(on=MAY + 61 * DAY)

    assert (one.exposed, one.free, one.overdue) == (usd(70_000), usd(80_000), usd(70_000))


def test_a_limit_that_was_cut_leaves_nothing_free_once_it_counts() -> None:
    offer(trade("A", 100_000))
    actions.set_limit(
        id="L-1", scheme=SCHEME, buyer=buyer_of("A"), amount=usd(60_000), told_on=MAY + DAY,
        because="a test", at=noon(MAY + DAY),
    )  # fmt: skip

    assert [(one.limit, one.free) for one in exposed()] == [(usd(150_000), usd(50_000))]
    assert [(one.limit, one.free) for one in exposed(on=MAY + 31 * DAY)] == [(usd(60_000), usd(0))]


def test_buyers_that_a_person_joined_are_one_and_policyholders_apart_where_each_has_a_limit() -> (
    None
):
    offer(trade("A", 100_000), trade("B", 80_000, seller=OTHER_MERCHANT))
    other = trade("C", 10_000, buyer="ANOTHER SYNTHETIC BUYER", buyer_number="SYN-ID-5")
    offer(other)
    parties.decide(
        buyer=buyer_of("A"), other=buyer_of("C"), same=True, because="a test", by="a person",
        at=noon(MAY + 5 * DAY),
    )  # fmt: skip

    assert len(exposed()) == 1
    pairs = exposed(cap_per=CapPer.POLICYHOLDER_AND_BUYER)
    assert {(one.policyholder, one.trades) for one in pairs} == {
        (trade("A").seller, 2), (OTHER_MERCHANT, 1),
    }  # fmt: skip
