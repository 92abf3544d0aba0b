"""Room comes from what was cleared of the debts that weigh on a limit, in any currency."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from cover.counter import (
    DAY,
    MERCHANT,
    SCHEME,
    SECRET,
    buyer_of,
    covered,
    issued,
    noon,
    offer,
    pay,
    register,
    terms,
    trade,
)
from tradeloop.cover.zero_visit import Covering, cover
from tradeloop.kit.money import Money
from tradeloop.ledger.rate_import import import_rates
from tradeloop.ledger.rate_lines import named
from tradeloop.parties import actions as parties
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import CreditKind, NewReceivable
from tradeloop.receivables.queries import owed

pytestmark = pytest.mark.usefixtures("database")
MAY = date(2026, 5, 10)


def test_goods_that_come_back_from_an_uninsured_sale_make_no_room() -> None:
    offer(trade("A", 150_000))
    buyer = buyer_of("A")
    receivables.open_many(
        new=[NewReceivable(
            trade=f"{MERCHANT}/U", seller=MERCHANT, buyer=buyer, amount=Money(10_000_000, "USD"),
            shipped_on=MAY + DAY, due_on=MAY + 30 * DAY,
        )],
        at=noon(MAY + DAY),
    )  # fmt: skip
    receivables.credit(
        id=uuid4(), trade=f"{MERCHANT}/U", kind=CreditKind.GOODS_RETURNED,
        amount=Money(10_000_000, "USD"), counts_on=MAY + 2 * DAY, because="came back",
        at=noon(MAY + 2 * DAY),
    )  # fmt: skip
    offer(trade("B", 80_000, shipped_on=MAY + 3 * DAY), on=MAY + 4 * DAY)

    assert (covered("A"), covered("B")) == (150_000, 0)


def test_money_in_a_currency_in_which_nothing_is_owed_makes_no_room() -> None:
    import_rates(
        rows=named([(1, ["date", "base", "rate", "source"]), (2, [str(MAY), "USD", "7", "PBC"])]),
        at=noon(MAY),
    )
    yuan = trade("A", 700_000, currency="CNY")
    register([yuan], MAY)
    register([yuan], MAY)
    cover([[yuan]], Covering(
        scheme=SCHEME, terms=terms(), on=MAY + DAY, now=lambda: noon(MAY + DAY), secret=SECRET,
        source="a test", rates="PBC",
    ))  # fmt: skip
    assert (issued("A").amount, covered("A")) == (Money(10_000_000, "USD"), 100_000)
    pay(90_000, buyer_of("A"), on=MAY + 5 * DAY)  # dollars, of which the buyer owes none
    offer(trade("B", 150_000, shipped_on=MAY + 7 * DAY), on=MAY + 8 * DAY)

    assert (covered("A"), covered("B")) == (100_000, 50_000)


def test_a_payment_under_the_key_of_an_uninsured_debt_makes_no_room_after_a_join() -> None:
    offer(trade("A", 150_000))
    stranger = trade("U", 100_000, buyer_number="SYN-ID-5", buyer="ANOTHER NAME LLC", mode="0110")
    offer(stranger)
    (other,) = [one.buyer for one in owed(on=MAY + DAY) if one.trade.endswith("/U")]
    parties.decide(
        buyer=buyer_of("A"), other=other, same=True, by="anna", because="one person",
        at=noon(MAY + 5 * DAY),
    )  # fmt: skip
    pay(100_000, other, on=MAY + 6 * DAY)  # clears U in the books, and nothing else
    offer(trade("B", 80_000, shipped_on=MAY + 7 * DAY), on=MAY + 8 * DAY)

    assert (covered("A"), covered("B")) == (150_000, 0)
