"""Whatever happens in whatever order, a buyer is never covered beyond its limit, on any day."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from cover.counter import (
    DAY,
    MERCHANT,
    OTHER_MERCHANT,
    SCHEME,
    noon,
    offer,
    terms,
    trade,
)
from tradeloop.cover import actions
from tradeloop.cover.buyers import certify
from tradeloop.cover.queries import buyers_of, certificates, insured_debt
from tradeloop.cover.recorded import histories
from tradeloop.kit.money import Money
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import NewPayment
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")
START = date(2026, 3, 1)
LIMIT = 150_000


def play(chance: random.Random) -> None:
    """Let trades be offered, paid and looked at anew for some months, by day."""
    number = 0
    for step in range(40):
        today = START + step * 3 * DAY
        what = chance.random()
        if what < 0.6:
            some = []
            for _ in range(chance.randrange(1, 4)):
                number += 1
                some.append(trade(
                    f"T-{number}", chance.randrange(5, 90) * 1_000,
                    seller=chance.choice([MERCHANT, OTHER_MERCHANT]),
                    shipped_on=today - chance.randrange(12) * DAY, credit_days=120,
                ))  # fmt: skip
            offer(*some, on=today)
        elif found := buyers_of(SCHEME):
            receivables.pay(
                payments=[NewPayment(
                    id=f"P-{step}", seller=chance.choice([MERCHANT, OTHER_MERCHANT]),
                    buyer=found[0], amount=Money(chance.randrange(1, 80) * 100_000, "USD"),
                    paid_on=today - chance.randrange(4) * DAY,
                )],
                at=noon(today),
            )  # fmt: skip
            actions.give_room(scheme=SCHEME, buyers=found, terms=terms(), at=noon(today))


@pytest.mark.parametrize("seed", range(6))
def test_the_covered_part_of_what_is_owed_never_exceeds_the_limit(seed: int) -> None:
    play(random.Random(seed))
    (buyer,) = buyers_of(SCHEME)
    history = histories(SCHEME, {buyer: [buyer]}, currency="USD")[buyer]
    found = {one.shipment: one for one in certify(history, terms=terms())}

    granted: dict[str, list[tuple[date, int]]] = defaultdict(list)
    with cursor() as cur:
        cur.execute(
            "select r.trade, g.counts_on, g.amount_minor from cover_grant as g "
            "join cover_certificate as c on c.number = g.certificate_id "
            "join receivables_receivable as r on r.id = c.receivable_id"
        )
        for name, on, minor in cur.fetchall():
            granted[name].append((on, minor))
    days = {on for some in granted.values() for on, _ in some}
    for day in sorted(days):
        exposed = sum(
            min(
                sum(minor for on, minor in granted[one.shipment] if on <= day),
                one.amount.minor - sum(c.amount.minor for c in one.clearings if c.on <= day),
            )
            for one in found.values()
            if one.shipped_on <= day
        )
        assert exposed <= LIMIT * 100, day


@pytest.mark.parametrize("seed", range(6))
def test_what_was_written_step_by_step_is_what_the_whole_history_comes_to(seed: int) -> None:
    play(random.Random(seed))
    (buyer,) = buyers_of(SCHEME)

    history = histories(SCHEME, {buyer: [buyer]}, currency="USD", keep=False)[buyer]
    again = {one.shipment: one.covered for one in certify(history, terms=terms())}

    assert {one.trade: one.covered for one in certificates(SCHEME)} == {
        one.trade: again[one.trade] for one in certificates(SCHEME)
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_debt_at_a_loss_is_what_the_books_say_was_open_then(seed: int) -> None:
    play(random.Random(seed))
    (buyer,) = buyers_of(SCHEME)
    loss_on = START + timedelta(days=200)

    debt = insured_debt(scheme=SCHEME, policyholder=MERCHANT, buyer=buyer, loss_on=loss_on)

    with cursor() as cur:
        cur.execute(
            "select sum(amount_minor - paid_minor - credited_minor)::bigint "
            "from receivables_receivable where seller = %s and buyer = %s",
            (MERCHANT, buyer),
        )
        ((open_minor,),) = cur.fetchall()
    assert sum(one.open_before_loss.minor for one in debt) == open_minor
    for one in debt:
        assert one.covered_unpaid + one.uncovered_unpaid == one.open_before_loss
        assert one.covered_unpaid <= one.covered
    assert [one.shipped_on for one in debt] == sorted(one.shipped_on for one in debt)
