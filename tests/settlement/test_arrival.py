"""Money of bank files finds its debts once: clear payments are booked, doubtful ones wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from settlement.bank import ACCOUNT, BUYER, NOON, SELLER, entry, notification, statement, taken
from tradeloop.kit.money import Money
from tradeloop.parties import actions as parties
from tradeloop.parties.facts import Told
from tradeloop.receivables import actions as receivables
from tradeloop.receivables import queries as owing
from tradeloop.receivables.facts import NewPayment, NewReceivable
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Value
from tradeloop.settlement import actions, queries
from tradeloop.settlement.facts import Matching
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
OTHER = "buyer:0c2d"


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def sold(
    number: str, minor: int, *, buyer: str = BUYER, shipped: int = 1, seller: str = SELLER
) -> None:
    receivables.open_many(
        new=[
            NewReceivable(
                trade=f"{seller}/{number}", seller=seller, buyer=buyer, amount=usd(minor),
                shipped_on=date(2026, 3, shipped), due_on=date(2026, 5, 1),
            )
        ],
        at=NOON,
    )  # fmt: skip


def matched(**given: object) -> Matching:
    return actions.match_open(at=NOON, **given)  # type: ignore[arg-type]


def open_now() -> dict[str, int]:
    found = owing.owed(on=date(2100, 1, 1), settled=True)
    return {one.trade.partition("/")[2]: one.open.minor for one in found}


def why() -> list[str]:
    return [one.because for one in queries.waiting()]


def counts() -> tuple[object, ...]:
    tables = ("journal_entry", "receivables_payment", "settlement_bankpayment",
              "settlement_match", "settlement_decision", "settlement_bankfile")  # fmt: skip
    with cursor() as cur:
        cur.execute(" union all ".join(
            f"select count(*) from {one}" for one in tables  # noqa: S608 - our own names
        ).encode())  # fmt: skip
        return tuple(cur.fetchall())


@pytest.fixture(autouse=True)
def _account(database: str) -> None:
    assert database
    actions.add_account(account="NL91 ABNA 0417 1643 00", owner=SELLER, at=NOON)


def test_a_payment_that_names_its_trade_is_booked_with_what_agreed() -> None:
    sold("YW-1001", 100_00)
    said = taken(statement(entry("100.00", "R1", says="payment for YW 1001")))

    found = matched()

    assert (said.payments, said.repeated, said.not_booked) == (1, 0, 0)
    (one,) = found.booked
    assert (one.trade, one.amount, one.agreed, one.differed) == (
        f"{SELLER}/YW-1001", usd(100_00), ("reference", "amount"), ("name",),
    )  # fmt: skip
    assert one.booked_as.startswith(f"bank:{ACCOUNT}:R1")
    assert open_now() == {"YW-1001": 0}
    assert owing.payments([one.booked_as])[one.booked_as].paid_on == date(2026, 5, 4)
    assert queries.booked(one.payment) == found.booked
    before = counts()
    assert matched() == Matching(booked=(), waiting=0)
    assert counts() == before


def test_the_match_says_whose_money_it_is_and_the_oldest_debt_is_cleared() -> None:
    sold("YW-1001", 50_00)
    sold("YW-1002", 80_00, shipped=20)
    taken(statement(entry("80.00", "R1", says="YW-1002")))

    matched()

    assert open_now() == {"YW-1001": 0, "YW-1002": 50_00}


def test_one_payment_is_one_however_many_files_tell_it() -> None:
    sold("YW-1001", 100_00)
    first = entry("60.00", "R1", says="YW-1001", payer="Xin", end_to_end="E1")
    again = entry("60.00", "R1", says="YW-1001")

    a = taken(notification(entry("60.00", "R1", status="PDNG")), "early.xml")
    b = taken(notification(first), "advice.xml")
    c = taken(statement(again, entry("1.00"), entry("1.00")), "day.xml")
    d = taken(statement(again, entry("1.00"), entry("1.00")), "copy.xml")
    e = taken(statement(again, entry("1.00"), entry("1.00")) + b" ", "copy with a blank.xml")

    said = [(one.is_new, one.payments, one.repeated, one.not_booked) for one in (a, b, c, d, e)]
    assert said == [
        (True, 0, 0, 1), (True, 1, 0, 0), (True, 2, 1, 0), (False, 2, 1, 0), (True, 0, 3, 0),
    ]  # fmt: skip
    assert d.name == "day.xml"
    matched()
    assert len(queries.waiting()) == 3


def test_a_booking_that_stands_twice_in_a_file_counts_once_and_is_told() -> None:
    said = taken(statement(entry("1.00", "R1"), entry("1.00", "R1"), entry("1.00", "R2")))

    assert (said.payments, said.repeated) == (2, 1)
    place = "entry-repeated: bank.xml, statement 1, entry 2"
    assert any(one.startswith(place) for one in said.noticed)


def test_files_and_matching_that_race_book_each_payment_once() -> None:
    for number in range(6):
        sold(f"YW-100{number}", 100_00)
    data = statement(*(entry("100.00", f"R{n}", says=f"YW-100{n}") for n in range(6)))
    ready = threading.Barrier(8)

    def one(number: int) -> None:
        try:
            ready.wait()
            taken(data + b" " * number)
            matched()
        finally:
            leave()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))

    assert set(open_now().values()) == {0}
    assert len(queries.booked()) == 6
    assert owing.disagreements() == ()


def test_a_file_that_cannot_be_read_is_refused_by_name() -> None:
    before = counts()

    with pytest.raises(actions.REFUSED, match=r"notes\.txt: nothing could be read"):
        taken(b"Dear customer", "notes.txt")

    assert counts() == before


def test_a_damaged_file_is_taken_as_far_as_it_goes_and_the_whole_one_adds_the_rest() -> None:
    whole = statement(entry("1.00", "R1"), entry("2.00", "R2"), entry("3.00", "R3"))

    cut = taken(whole[: whole.index(b"R3")], "cut.xml")
    rest = taken(whole, "whole.xml")

    assert (cut.payments, rest.payments, rest.repeated) == (2, 1, 2)
    assert any(one.startswith("entry-broken") for one in cut.noticed)


def test_names_and_papers_of_a_trade_help_to_find_it() -> None:
    sold("YW-1001", 100_00)
    sold("YW-1002", 30_00, buyer=OTHER)
    registry.take_in(
        values=[
            Value(paper=f"trade:{SELLER}:YW-1001", unit="USD", purpose="insurance",
                  amount_minor=100_00, names=[f"invoice:{SELLER}:INV-77"])
        ],
        now=NOON, because="a test",
    )  # fmt: skip
    taken(statement(
        entry("100.00", "R1", says="inv 77"), entry("30.00", "R2", payer="Samir Trading"),
    ))  # fmt: skip

    first = matched()
    second = matched(names_of=lambda buyers: {one: ["SAMIR  TRADING"] for one in buyers})

    assert [one.trade for one in first.booked] == [f"{SELLER}/YW-1001"]
    assert first.waiting == 1
    assert [one.agreed for one in second.booked] == [("name", "amount")]
    assert open_now() == {"YW-1001": 0, "YW-1002": 0}


def test_a_payer_is_known_by_the_names_that_papers_gave_the_buyer() -> None:
    (buyer,) = parties.resolve(
        told=[Told(name="Samir Trading LLC", country="ARE", number="P77")], now=NOON, secret=b"s"
    )
    sold("YW-1001", 100_00, buyer=buyer.buyer)
    taken(statement(entry("100.00", "R1", payer="SAMIR TRADING LLC")))

    assert [one.agreed for one in matched().booked] == [("name", "amount")]


def test_what_is_doubtful_waits_for_a_person_whose_word_is_kept() -> None:
    sold("YW-1001", 100_00)
    sold("YW-1002", 30_00, buyer=OTHER)
    taken(statement(entry("120.00", "R1", payer="Somebody")))
    assert matched().booked == ()
    (waits,) = queries.waiting()
    assert (waits.seller, waits.payer, waits.left) == (SELLER, "Somebody", usd(120_00))
    trades = [f"{SELLER}/YW-1001", f"{SELLER}/YW-1002"]

    made = actions.decide(payment=waits.payment, trades=trades, by="Li", because="asked", at=NOON)
    before = counts()
    again = actions.decide(payment=waits.payment, trades=trades, by="Li", because="asked", at=NOON)

    assert [(one.amount.minor, one.by, one.agreed) for one in made] == [
        (100_00, "Li", ("person",)), (20_00, "Li", ("person",)),
    ]  # fmt: skip
    assert made == again
    assert counts() == before
    assert open_now() == {"YW-1001": 0, "YW-1002": 10_00}
    assert queries.waiting() == ()
    with pytest.raises(actions.REFUSED, match="it is booked"):
        actions.decide(payment=waits.payment, trades=trades[:1], by="Li", because="no", at=NOON)


def test_a_decision_that_cannot_be_writes_nothing() -> None:
    sold("YW-1001", 100_00)
    sold("X", 100_00, seller="other")
    taken(statement(entry("120.00", "R1"), entry("7.00", "R2", currency="EUR")))
    matched()
    dollars, euros = (one.payment for one in queries.waiting())
    before = counts()

    for payment, trades, says in (
        (dollars, [], "at least one trade"),
        (dollars, ["other/X"], "no trade of"),
        (dollars, [f"{SELLER}/none"], "no trade of"),
        (euros, [f"{SELLER}/YW-1001"], "exchanged"),
        ("bank:none", [f"{SELLER}/YW-1001"], "no payment"),
    ):
        with pytest.raises(actions.REFUSED, match=says):
            actions.decide(payment=payment, trades=trades, by="Li", because="asked", at=NOON)
    assert counts() == before


def test_what_is_above_the_debt_waits_and_stays_apart() -> None:
    sold("YW-1001", 100_00)
    taken(statement(entry("130.00", "R1", says="YW-1001", payer="Samir")))

    found = matched(names_of=lambda buyers: {one: ["samir"] for one in buyers})

    assert [one.amount.minor for one in found.booked] == [100_00]
    (waits,) = queries.waiting()
    assert (waits.left, waits.because) == (usd(30_00), "it pays more than is open")
    matched()
    (made,) = actions.decide(
        payment=waits.payment, trades=[f"{SELLER}/YW-1001"], by="Li", because="theirs", at=NOON
    )
    assert made.booked_as == f"{waits.payment}/2"
    assert owing.payments([made.booked_as])[made.booked_as].left == usd(30_00)


def test_what_banks_kept_on_the_way_is_credited_within_the_bound() -> None:
    sold("YW-1001", 50_00)
    sold("YW-1002", 100_00, shipped=9)
    taken(statement(entry("85.00", "R1", says="YW-1002", payer="Samir")))

    found = matched(
        charges_max_minor={"USD": 20_00}, names_of=lambda them: {key: ["Samir"] for key in them}
    )

    assert [(one.amount.minor, one.charge.minor) for one in found.booked] == [(85_00, 15_00)]
    assert open_now() == {"YW-1001": 0, "YW-1002": 50_00}
    assert owing.disagreements() == ()


def test_a_reversal_waits_and_takes_back_what_a_person_says() -> None:
    sold("YW-1001", 100_00)
    taken(statement(entry("100.00", "R1", says="YW-1001"), entry("5.00", "R0")))
    (booked,) = matched().booked
    taken(statement(entry("100.00", "R9", way="DBIT", reversal=True), id="S2"))
    matched()
    waits = next(one for one in queries.waiting() if one.is_reversal)
    assert waits.may_pay == (booked.payment,)
    five = next(one.payment for one in queries.waiting() if not one.is_reversal)

    with pytest.raises(actions.REFUSED, match="account and amount"):
        actions.take_back(reversal=waits.payment, payment=five, by="Li", because="b", at=NOON)
    for _ in range(2):
        actions.take_back(
            reversal=waits.payment, payment=booked.payment, by="Li", because="bank", at=NOON
        )

    assert open_now() == {"YW-1001": 100_00}
    actions.set_aside(payment=five, by="Li", because="interest", at=NOON)
    assert queries.waiting() == ()
    assert matched() == Matching(booked=(), waiting=0)


def test_what_banks_kept_of_a_payment_is_owed_again_with_it() -> None:
    sold("YW-1001", 100_00)
    taken(statement(entry("98.00", "R1", says="YW-1001")))
    (booked,) = matched(charges_max_minor={"USD": 5_00}).booked
    assert open_now() == {"YW-1001": 0}
    taken(statement(entry("98.00", "R9", way="DBIT", reversal=True), id="S2"))
    matched()
    waits = next(one for one in queries.waiting() if one.is_reversal)

    actions.take_back(
        reversal=waits.payment, payment=booked.payment, by="Li", because="bank", at=NOON
    )

    assert open_now() == {"YW-1001": 100_00}
    assert owing.disagreements() == ()


def test_money_on_an_account_of_nobody_waits_until_somebody_says_whose_it_is() -> None:
    sold("YW-1001", 100_00)
    taken(statement(entry("100.00", "R1", says="YW-1001"), account="DE89370400440532013000"))
    assert matched().booked == ()
    assert "belongs to nobody" in why()[0]

    assert actions.add_account(account="DE89370400440532013000", owner=SELLER, at=NOON)
    assert not actions.add_account(account="DE89370400440532013000", owner=SELLER, at=NOON)
    with pytest.raises(actions.REFUSED, match=SELLER):
        actions.add_account(account="DE89370400440532013000", owner="other", at=NOON)

    assert len(matched().booked) == 1


def test_money_that_was_told_by_hand_under_the_same_name_is_not_booked_twice() -> None:
    sold("YW-1001", 100_00)
    taken(statement(entry("100.00", "R1", says="YW-1001")))
    matched_name = queries.waiting()[0].payment
    receivables.pay(
        payments=[NewPayment(id=matched_name, seller=SELLER, buyer=BUYER, amount=usd(40_00),
                             paid_on=date(2026, 5, 4))],
        at=NOON,
    )  # fmt: skip
    sold("YW-1002", 40_00)

    matched()

    assert open_now() == {"YW-1001": 60_00, "YW-1002": 40_00}
    assert len(queries.waiting()) == 1


def test_an_account_of_an_insurer_pays_no_trades() -> None:
    actions.add_account(account="DE89370400440532013000", owner="insurer:yiwu", at=NOON)
    sold("YW-1001", 100_00)
    taken(statement(entry("100.00", "R1", says="YW-1001"), account="DE89370400440532013000"))

    assert matched() == Matching(booked=(), waiting=0)
    assert open_now() == {"YW-1001": 100_00}


def test_payments_come_into_the_books_by_their_days_whoever_they_pay() -> None:
    other, account = "00000000MA", "SYNOTHERACCOUNT"
    actions.add_account(account=account, owner=other, at=NOON)
    sold("YW-1001", 100_00)
    sold("YW-2001", 200_00, seller=other)
    taken(statement(entry("200.00", "R2", says="YW-2001", on=date(2026, 5, 5)), account=account))
    taken(statement(entry("100.00", "R1", says="YW-1001", on=date(2026, 5, 4)), id="S2"), "2.xml")

    matched()

    with cursor() as cur:
        cur.execute("select paid_on from receivables_payment order by arrival")
        assert [on for (on,) in cur.fetchall()] == [date(2026, 5, 4), date(2026, 5, 5)]
