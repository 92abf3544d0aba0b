"""A payment is applied once, by the rule of its day, and never to more than is open."""

from __future__ import annotations

from uuid import UUID

import pytest

from receivables.books import (
    BUYER,
    NOON,
    SELLER,
    check,
    day,
    open_now,
    opened,
    paid,
    parts,
    payment,
    sold,
    usd,
    written,
)
from tradeloop.receivables import actions, queries
from tradeloop.receivables.facts import Applied, CreditKind

pytestmark = pytest.mark.usefixtures("database")


def lost(on: int = 100) -> None:
    actions.begin_loss(seller=SELLER, buyer=BUYER, loss_on=day(on), because="did not pay", at=NOON)


def test_the_oldest_debt_is_cleared_first_whatever_the_buyer_says() -> None:
    opened(sold("FEB", 50_00, 31), sold("JAN", 30_00))

    (answer,) = paid(payment("P1", 40_00, 60, names="FEB"))

    assert parts(answer) == {"JAN": 30_00, "FEB": 10_00}
    assert answer.left == usd(0)
    assert open_now() == {"JAN": 0, "FEB": 40_00}
    check()


def test_of_equal_days_the_name_decides_not_the_order_of_telling() -> None:
    opened(sold("b", 10), sold("a", 10), sold("B", 10))

    assert parts(paid(payment("P1", 15))[0]) == {"B": 10, "a": 5}


def test_where_a_scheme_says_so_the_named_debt_comes_first() -> None:
    opened(sold("JAN", 30_00), sold("FEB", 50_00, 31))

    (answer,) = paid(payment("P1", 60_00, 60, names="FEB"), rule=Applied.AS_NAMED)

    assert [(one.trade[-3:], one.amount.minor, one.rule) for one in answer.parts] == [
        ("JAN", 10_00, Applied.OLDEST_FIRST),
        ("FEB", 50_00, Applied.AS_NAMED),
    ]
    check()


def test_payments_of_a_batch_are_applied_in_their_order() -> None:
    opened(sold("A", 100), sold("B", 100, 1))

    said = paid(payment("P1", 70), payment("P2", 70), payment("P3", 70))

    assert [parts(one) for one in said] == [{"A": 70}, {"A": 30, "B": 40}, {"B": 60}]
    assert [one.left for one in said] == [usd(0), usd(0), usd(10)]
    check()


def test_what_finds_no_debt_waits_for_one() -> None:
    paid(payment("P1", 100), payment("P2", 100, currency="EUR"))
    opened(sold("A", 60, 40), sold("B", 60, 41))

    assert open_now() == {"A": 0, "B": 20}
    assert queries.payments(["P1"])["P1"].left == usd(0)
    assert queries.payments(["P2"])["P2"].left.minor == 100
    assert [one.counts_on for one in queries.applied_to(f"{SELLER}/A")] == [day(40)]
    check()


def test_a_payment_told_twice_is_one() -> None:
    opened(sold("A", 100))
    first = paid(payment("P1", 60))
    before = written()

    again = paid(payment("P1", 60), payment("P1", 60))

    assert [one.is_new for one in (*first, *again)] == [True, False, False]
    assert {one.parts for one in (*first, *again)} == {first[0].parts}
    assert written() == before
    check()


def test_a_refused_line_is_named_and_stops_no_other() -> None:
    opened(sold("A", 100))
    paid(payment("P1", 60))

    said = paid(
        payment("P1", 61), payment("P2", 0), payment("P3", 10), payment(" P4", 10),
        payment("P5", 10, seller="two words"), payment("P6", 10, buyer="two words"),
        payment("P7", 2**63), payment("P8", 1, on=-30_000), payment("P9", 1, names="\0"),
        payment("P3", 11),
    )  # fmt: skip

    assert [one.refusal for one in said] == [
        "other-content", "amount-not-positive", None, "name-unreadable", "party-unreadable",
        "party-unreadable", "amount-too-large", "day-impossible", "name-unreadable",
        "other-content",
    ]  # fmt: skip
    assert open_now() == {"A": 30}
    check()


def test_from_the_day_of_the_loss_on_it_is_shared_pro_rata() -> None:
    opened(sold("A", 300), sold("B", 700, 1), sold("C", 1, 2))
    lost(on=100)

    (before,) = paid(payment("P1", 100, 99))
    (after,) = paid(payment("P2", 100, 100))

    assert parts(before) == {"A": 100}
    # Of 200, 700 and 1 open: 22.1, 77.6 and 0.1; rounded down, the odd unit to the oldest.
    assert parts(after) == {"A": 23, "B": 77}
    assert {one.rule for one in after.parts} == {Applied.PRO_RATA}
    check()


def test_odd_units_go_only_where_something_is_open() -> None:
    opened(sold("A", 1), *(sold(f"B{n}", 1_000, 1 + n) for n in range(6)))
    lost()

    (answer,) = paid(payment("P1", 5_999, 120))

    assert answer.left == usd(0)
    assert open_now()["A"] == 0
    assert sum(open_now().values()) == 2
    check()


def test_what_was_shipped_after_a_recovery_has_no_part_in_it_before_the_others_are_cleared() -> (
    None
):
    opened(sold("A", 100), sold("LATER", 100, 150))
    lost()

    assert parts(paid(payment("P1", 120, 120))[0]) == {"A": 100, "LATER": 20}
    check()


def test_payments_that_were_applied_before_the_loss_was_known_are_shared_anew() -> None:
    opened(sold("A", 100), sold("B", 100, 1))
    paid(payment("P1", 50, 99), payment("P2", 60, 101))
    assert open_now() == {"A": 0, "B": 90}
    assert queries.loss_on(seller=SELLER, buyer=BUYER) is None

    lost(on=100)
    before = written()
    lost(on=100)

    assert queries.loss_on(seller=SELLER, buyer=BUYER) == day(100)
    assert open_now() == {"A": 50 - 20, "B": 100 - 40}
    assert written() == before
    with pytest.raises(actions.LossBegun, match="2026-04-11"):
        lost(on=101)
    assert written() == before
    check()


def test_what_lies_before_the_loss_comes_first_though_it_is_told_last() -> None:
    opened(sold("A", 100), sold("B", 100, 1))
    lost()
    paid(payment("R", 100, 120))
    assert open_now() == {"A": 50, "B": 50}

    paid(payment("P", 50, 80))
    assert {one.trade[-1]: one.amount.minor for one in queries.payments(["P"])["P"].parts} == {
        "A": 50
    }
    assert parts(queries.payments(["R"])["R"]) == {"A": 34, "B": 66}
    opened(sold("C", 100, 2))
    assert sum(open_now().values()) == 150
    assert parts(queries.payments(["R"])["R"]) == {"A": 20, "B": 40, "C": 40}
    actions.credit(
        id=UUID(int=1), trade=f"{SELLER}/C", kind=CreditKind.GOODS_RETURNED, amount=usd(100),
        counts_on=day(90), because="sent back", at=NOON,
    )  # fmt: skip
    assert parts(queries.payments(["R"])["R"]) == {"A": 34, "B": 66}
    check()


def test_what_the_bank_takes_back_is_owed_again_and_others_stay() -> None:
    opened(sold("A", 100), sold("B", 100, 1))
    paid(payment("P1", 100), payment("P2", 60))

    gone = actions.withdraw_payment(id="P1", because="returned", at=NOON)
    before = written()
    again = actions.withdraw_payment(id="P1", because="returned", at=NOON)

    assert [(one.trade[-1], one.minor) for one in gone] == [("A", -100)]
    assert again == ()
    assert queries.payments(["P1"])["P1"].parts == ()
    assert open_now() == {"A": 100, "B": 40}
    assert written() == before
    assert paid(payment("P1", 100))[0].is_new is False
    with pytest.raises(actions.PaymentUnknown, match="'P9'"):
        actions.withdraw_payment(id="P9", because="returned", at=NOON)
    check()


def test_money_that_waits_finds_what_is_open_again() -> None:
    opened(sold("A", 100))
    paid(payment("P1", 80), payment("P2", 60))
    assert parts(queries.payments(["P2"])["P2"]) == {"A": 20}

    actions.withdraw_payment(id="P1", because="returned", at=NOON)

    assert parts(queries.payments(["P2"])["P2"]) == {"A": 60}
    assert open_now() == {"A": 40}
    check()


def test_nobody_may_say_that_a_payment_is_shared() -> None:
    with pytest.raises(actions.RequestUnreadable, match="by themselves"):
        paid(payment("P1", 1), rule=Applied.PRO_RATA)
    assert {count for _, count in written()} == {0}
