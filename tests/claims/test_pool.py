"""A scheme pays no more in a year than its pool, whoever claims, and in whatever order."""

from __future__ import annotations

import json
import threading
from datetime import date

import pytest

from claims.town import (
    ANNA,
    BO,
    CLERK,
    OVER,
    SCHEME,
    SELLER,
    a_claim,
    approve,
    at,
    bring,
    complete,
    offer,
    paid,
    pay,
    sign,
    sold,
    tell,
    usd,
)
from claims.town import file as claim_it
from tradeloop.claims import actions, queries
from tradeloop.claims.fixing import MaximumUsedUp
from tradeloop.claims.lifecycle import State
from tradeloop.claims.pools import open_pool
from tradeloop.claims.replays import replays
from tradeloop.claims.rows import named
from tradeloop.cover.policies import LIABILITY, liability_paper
from tradeloop.cover.pool import PoolUnfit, pool_paper, set_pool
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Taken, Value
from tradeloop.store.database import leave

pytestmark = pytest.mark.usefixtures("database")


def pool(minor: int, year: int = 2026) -> Taken:
    return set_pool(scheme=SCHEME, year=year, amount=usd(minor), like=usd(0), at=at(OVER))


def maximum(minor: int) -> None:
    value = Value(
        paper=liability_paper(f"P-{SELLER}"), unit="USD", purpose=LIABILITY, amount_minor=minor
    )
    registry.take_in(values=[value], now=at(OVER), because="a test")


def book(paper: str) -> tuple[int, int]:
    """Return what is committed and what is spent of a value."""
    (row,) = named(
        "select b.committed_minor, b.spent_minor from registry_paper as p "
        "join registry_book as b on b.capacity_id = p.capacity_id where p.key = %s",
        paper,
    )
    return row["committed_minor"], row["spent_minor"]


def bounds(claim: str = "K-1") -> list[str]:
    """Return the codes of the lines of the figure that counts."""
    kept = queries.decision(queries.case(claim).decision or 0)
    return [line["code"] for line in json.loads(kept["said"])["indemnity"]["explained"]["lines"]]


def test_the_smaller_of_maximum_and_pool_bounds_the_figure_and_is_named() -> None:
    maximum(600_000)
    pool(500_000)
    a_claim("K-1", 2_000_000)
    complete("K-1")

    assert approve("K-1").pay == usd(500_000)
    assert bounds()[-1] == "pool"
    assert book(pool_paper(SCHEME, 2026)) == (500_000, 0)
    assert book(liability_paper(f"P-{SELLER}")) == (500_000, 0)
    offer()
    sign()
    assert pay() is State.PAID
    assert book(pool_paper(SCHEME, 2026)) == (0, 500_000)
    assert book(liability_paper(f"P-{SELLER}")) == (0, 500_000)
    assert all(one.is_same for one in replays())


def test_a_pool_that_does_not_bound_is_taken_of_and_leaves_other_figures_alone() -> None:
    pool(5_000_000)
    for claim in ("K-1", "K-2"):
        a_claim(claim, 2_000_000, buyer=f"buyer:{claim}")
        bring(claim, buyer=f"buyer:{claim}")
        actions.assess(claims=[claim], at=at(OVER), by=CLERK)
    assert approve("K-1").pay == usd(900_000)
    second = approve("K-2")

    assert (second.is_new, second.pay) == (False, usd(900_000))
    assert "pool" not in bounds("K-1")
    assert book(pool_paper(SCHEME, 2026)) == (1_800_000, 0)


def test_what_one_claim_took_is_not_there_for_the_next() -> None:
    pool(1_000_000)
    for claim in ("K-1", "K-2"):
        a_claim(claim, 2_000_000)
        complete(claim)
    assert approve("K-1").pay == usd(900_000)
    assert approve("K-2", people=[ANNA]).is_new
    assert approve("K-2").pay == usd(100_000)


def test_a_claim_that_is_withdrawn_gives_back_to_both() -> None:
    maximum(600_000)
    pool(500_000)
    a_claim()
    complete()
    approve()
    actions.withdraw(claim="K-1", because="settled", by=CLERK, at=at(OVER))

    assert book(pool_paper(SCHEME, 2026)) == (0, 0)
    assert book(liability_paper(f"P-{SELLER}")) == (0, 0)


def test_a_payment_before_the_payout_makes_the_part_of_the_pool_smaller() -> None:
    pool(5_000_000)
    trade = a_claim()
    complete()
    approve()
    paid(trade, 1_000_000, OVER)
    assert offer().is_new
    assert book(pool_paper(SCHEME, 2026)) == (0, 0)
    assert approve().pay == usd(450_000)
    assert book(pool_paper(SCHEME, 2026)) == (450_000, 0)


def test_small_claims_in_one_pass_share_the_pool_by_their_order() -> None:
    pool(100_000)
    for number in range(1, 4):
        a_claim(f"K-{number}", 100_000, buyer=f"buyer:{number}")
        bring(f"K-{number}", buyer=f"buyer:{number}")
    found = actions.assess(at=at(OVER), by=CLERK)

    assert [one.pay for one in found] == [usd(45_000), usd(45_000), usd(10_000)]
    assert all(one.is_fast for one in found)
    assert book(pool_paper(SCHEME, 2026)) == (100_000, 0)


def test_claims_that_are_approved_at_once_never_take_more_than_the_pool() -> None:
    pool(1_000_000)
    claims = [f"K-{number}" for number in range(1, 5)]
    for claim in claims:
        buyer = f"buyer:{claim}"
        a_claim(claim, 2_000_000, buyer=buyer)
        bring(claim, buyer=buyer)
        actions.assess(claims=[claim], at=at(OVER), by=CLERK)
        approve(claim, people=[ANNA])
    ready = threading.Barrier(len(claims))

    def second(claim: str) -> None:
        try:
            ready.wait()
            approve(claim, people=[BO])
        except MaximumUsedUp:
            pass
        finally:
            leave()

    threads = [threading.Thread(target=second, args=(claim,)) for claim in claims]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert named("select sum(pay_minor)::bigint as minor from claims_decision as d "
                 "join claims_claim as c on c.decision_id = d.id where c.state = 'approved'") == [
        {"minor": 900_000}
    ]  # fmt: skip
    assert book(pool_paper(SCHEME, 2026)) == (900_000, 0)


def test_the_pool_is_that_of_the_year_of_the_earliest_covered_shipment() -> None:
    pool(100, year=2025)
    trade = sold(minor=2_000_000, shipped_on=date(2025, 12, 31), due_on=date(2026, 3, 6))
    tell("K-1", trade)
    claim_it("K-1")
    complete()

    assert approve().pay == usd(100)


def test_a_pool_is_amended_and_says_what_was_taken_beyond_it() -> None:
    assert (pool(900_000).outcome, pool(900_000).outcome) == ("opened", "unchanged")
    a_claim()
    complete()
    approve()
    less = pool(500_000)
    assert (less.outcome, less.over_minor) == ("adjusted", 400_000)
    a_claim("K-2")
    complete("K-2")
    with pytest.raises(actions.NothingToPay, match="pool"):
        approve("K-2")


def test_a_pool_counts_what_was_fixed_before_it_was_opened() -> None:
    for claim in ("K-1", "K-2", "K-3"):
        a_claim(claim, 2_000_000, buyer=f"buyer:{claim}")
        bring(claim, buyer=f"buyer:{claim}")
        actions.assess(claims=[claim], at=at(OVER), by=CLERK)
    approve("K-1")
    approve("K-2")
    offer("K-2")
    sign("K-2")

    for _ in range(2):
        opened = open_pool(
            scheme=SCHEME, year=2026, amount=usd(2_000_000), like=usd(0), at=at(OVER)
        )

    assert (opened.outcome, opened.over_minor) == ("unchanged", 0)
    assert book(pool_paper(SCHEME, 2026)) == (1_800_000, 0)
    assert approve("K-3", people=[ANNA]).is_new
    assert approve("K-3").pay == usd(200_000)
    smaller = open_pool(scheme=SCHEME, year=2026, amount=usd(1_000_000), like=usd(0), at=at(OVER))
    assert smaller.over_minor == 1_000_000
    assert pay("K-2") is State.PAID  # what was fixed stays
    assert book(pool_paper(SCHEME, 2026)) == (1_100_000, 900_000)


def test_a_pool_that_is_less_than_what_was_paid_is_over_used_and_says_so() -> None:
    a_claim("K-1", 2_000_000)
    complete("K-1")
    approve("K-1")
    offer()
    sign()
    pay()

    opened = open_pool(scheme=SCHEME, year=2026, amount=usd(500_000), like=usd(0), at=at(OVER))

    assert opened.over_minor == 400_000
    assert book(pool_paper(SCHEME, 2026)) == (0, 900_000)


def test_a_pool_in_another_currency_is_refused() -> None:
    from tradeloop.kit.money import Money  # noqa: PLC0415 - for one line

    before = named("select from registry_capacity")
    for amount in (Money(5, "CNY"), usd(-1)):
        with pytest.raises(PoolUnfit, match="zero or more"):
            set_pool(scheme=SCHEME, year=2026, amount=amount, like=usd(0), at=at(OVER))
    assert named("select from registry_capacity") == before
