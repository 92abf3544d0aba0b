"""A buyer's shipments are covered as far as its limit has room, and keep what they were given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cover.buyer import day, payment, shipment, terms, usd
from tradeloop.cover.buyers import certify
from tradeloop.cover.facts import History, HistoryUnsound, LimitDecision, Listing
from tradeloop.cover.terms import CapBasis, CapPer, CapUse, CoverTerms, LateArrival, WhiteList
from tradeloop.kit.money import CurrencyMismatch, Money
from tradeloop.kit.terms import NoTermsYet, digest

OF_100 = terms(buyer_limit=usd(100))


def covered(history: History, *given: CoverTerms) -> dict[str, int]:
    made = certify(history, terms=given or (OF_100,))
    return {one.shipment: one.covered.minor for one in made}


def test_two_merchants_of_the_programme_share_a_buyers_limit() -> None:
    history = History(shipments=(shipment("a", 70, 1), shipment("b", 70, 2, policyholder="wang")))

    assert covered(history) == {"a": 70, "b": 30}
    alone = replace(OF_100, cap_per=CapPer.POLICYHOLDER_AND_BUYER)
    assert covered(history, alone) == {"a": 70, "b": 70}


def test_a_payment_makes_room_for_what_was_above_the_limit() -> None:
    shipments = (shipment("a", 80, 1), shipment("b", 50, 2))
    paid = History(shipments=shipments, payments=(payment("p", 40, 10),))

    (first, second) = certify(paid, terms=[OF_100])

    assert [one.amount.minor for one in second.grants] == [20, 30]
    assert second.grants[1].on == day(10)
    assert (first.covered_unpaid, second.covered_unpaid) == (usd(40), usd(50))
    assert (
        "if earlier shipments are paid"
        in certify(History(shipments=shipments), terms=[OF_100])[1].because
    )


def test_after_the_loss_payments_make_no_room() -> None:
    shipments = (shipment("a", 80, 1), shipment("b", 50, 2))

    for loss, seen in ((10, 20), (11, 50)):
        history = History(shipments=shipments, payments=(payment("p", 40, 10),), loss_on=day(loss))
        assert covered(history) == {"a": 80, "b": seen}


def test_what_is_shipped_from_the_day_of_the_loss_on_is_uninsured() -> None:
    history = History(
        shipments=(shipment("before", 10, 9), shipment("on", 10, 10)), loss_on=day(10)
    )

    assert covered(history) == {"before": 10, "on": 0}


def test_a_cut_in_between_leaves_delivered_goods_their_cover() -> None:
    cut = LimitDecision(id="cut", amount=usd(50), told_on=day(10))
    history = History(
        shipments=(
            shipment("delivered", 70, 1),
            shipment("last", 30, 39),
            shipment("after", 5, 40),
        ),
        limits=(cut,),
    )

    assert covered(history) == {"delivered": 70, "last": 30, "after": 0}
    at_once = replace(history, limits=(replace(cut, at_once=True),))
    assert covered(at_once) == {"delivered": 70, "last": 0, "after": 0}


def test_a_limit_that_was_cut_is_not_filled_up_by_payments() -> None:
    cut = LimitDecision(id="cut", amount=usd(40), told_on=day(10), at_once=True)
    history = History(
        shipments=(shipment("a", 80, 1), shipment("b", 50, 2)),
        payments=(payment("p", 60, 20),), limits=(cut,),
    )  # fmt: skip

    # 20 and 20 are left under cover: the cut limit of 40 is full, and 30 of b stay above it.
    assert covered(history) == {"a": 80, "b": 20}


def test_a_shipment_that_arrives_late_takes_only_what_is_free() -> None:
    history = History(
        shipments=(
            shipment("later", 80, 10, arrival=1), shipment("earlier", 50, 5, arrival=2)
        )
    )  # fmt: skip

    assert covered(history) == {"later": 80, "earlier": 20}
    by_day = replace(OF_100, late_arrival=LateArrival.BY_SHIPMENT_DATE)
    assert covered(history, by_day) == {"later": 50, "earlier": 50}


def test_what_was_paid_in_advance_needs_no_cover_and_leaves_room_for_a_late_shipment() -> None:
    history = History(
        shipments=(
            shipment("later", 100, 20, arrival=2), shipment("earlier", 60, 1, arrival=3)
        ),
        payments=(payment("in-advance", 60, 10, arrival=1),),
    )  # fmt: skip

    assert covered(history) == {"later": 40, "earlier": 60}


def test_money_that_comes_before_its_shipment_clears_it_when_it_arrives() -> None:
    history = History(
        shipments=(shipment("a", 60, 10, arrival=2),),
        payments=(payment("p", 100, 5, arrival=1),),
    )

    (one,) = certify(history, terms=[OF_100])

    assert [(part.on, part.amount) for part in one.clearings] == [(day(10), usd(60))]
    assert one.covered_unpaid == usd(0)


def test_what_is_not_eligible_is_a_debt_that_payments_clear_and_no_cover() -> None:
    history = History(
        shipments=(shipment("bad", 60, 1, eligible=False), shipment("good", 100, 2)),
        payments=(payment("p", 60, 10),),
    )

    bad, good = certify(history, terms=[OF_100])

    assert (bad.covered, bad.because) == (usd(0), "Uninsured: not eligible.")
    assert (len(bad.clearings), good.covered) == (1, usd(100))


def test_money_of_one_merchant_clears_nothing_of_another() -> None:
    history = History(
        shipments=(shipment("a", 60, 1, policyholder="wang"),), payments=(payment("p", 60, 5),)
    )

    (one,) = certify(history, terms=[OF_100])

    assert one.clearings == ()


def test_the_white_list_counts_as_it_stood_on_the_day_of_shipment() -> None:
    history = History(
        shipments=(shipment("valid", 10, 9), shipment("ended", 10, 10)),
        listings=(Listing(policyholder="chen", from_date=day(1), to_date=day(9)),),
    )

    shares = [one.insured_share_bp for one in certify(history, terms=[OF_100])]

    assert shares == [8_000, 4_500]
    without = replace(OF_100, white_list=WhiteList.ABSENT)
    assert {one.insured_share_bp for one in certify(history, terms=[without])} == {4_500}


def test_a_limit_on_the_payout_covers_more_than_its_amount() -> None:
    history = History(shipments=(shipment("a", 500, 1),))

    by_payout = replace(OF_100, cap_basis=CapBasis.PAYOUT)

    # 222 at 45 % are 99.9; 223 would be 100.35.
    assert covered(history, by_payout) == {"a": 222}


def test_a_limit_for_a_period_begins_anew_with_the_next() -> None:
    per_period = replace(OF_100, cap_use=CapUse.PER_PERIOD)
    history = History(
        shipments=(shipment("a", 80, 1), shipment("b", 80, 365), shipment("c", 80, 366)),
        insured_from=day(0),
    )

    # 2024 has 366 days: day 365 is its last, day 366 the first of the next period.
    assert covered(history, per_period) == {"a": 80, "b": 20, "c": 80}


def test_a_limit_for_a_period_needs_to_know_the_first_one() -> None:
    per_period = replace(OF_100, cap_use=CapUse.PER_PERIOD)

    with pytest.raises(HistoryUnsound, match="insured_from"):
        covered(History(shipments=(shipment("a", 80, 1),)), per_period)


def test_each_shipment_is_judged_by_the_version_of_its_own_day() -> None:
    later = replace(OF_100, from_date=day(10), buyer_limit=usd(150), insured_share_bp=6_000)
    history = History(shipments=(shipment("a", 90, 9), shipment("b", 90, 10)))

    old, new = certify(history, terms=[OF_100, later])

    assert (old.limit, new.limit) == (usd(100), usd(150))
    assert (old.insured_share_bp, new.insured_share_bp) == (4_500, 6_000)
    assert new.covered == usd(60)
    assert (old.terms, new.terms) == (digest(OF_100), digest(later))


def test_a_shipment_before_the_first_version_is_refused() -> None:
    with pytest.raises(NoTermsYet, match="2023-01-01"):
        covered(History(shipments=(shipment("a", 90, -400),)))


@pytest.mark.parametrize(
    ("history", "because"),
    [
        (History(shipments=(shipment("a", 1, 1), shipment("a", 2, 2))), "a: stands twice"),
        (History(shipments=(shipment("a", 0, 1),)), "above zero"),
        (
            History(shipments=(shipment("a", 5, 1),), payments=(payment("p", -5, 1),)),
            "above zero",
        ),
    ],
)
def test_a_history_that_cannot_be_is_refused(history: History, because: str) -> None:
    with pytest.raises(HistoryUnsound, match=because):
        covered(history)


def test_amounts_in_another_currency_than_the_limit_are_refused() -> None:
    in_yuan = replace(shipment("a", 5, 1), amount=Money(5, "CNY"))

    with pytest.raises(CurrencyMismatch):
        covered(History(shipments=(in_yuan,)))
    with pytest.raises(HistoryUnsound, match="CNY, USD"):
        covered(History(shipments=(in_yuan, shipment("b", 5, 1))))
