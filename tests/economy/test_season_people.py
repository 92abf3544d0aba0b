"""What simulated buyers and the simulated bank do adds up, whatever chance throws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from tradeloop.economy.season.bank import BIC, Bank, Booking, account_of
from tradeloop.economy.season.behaviour import Debt, Extended, Paying, Returned, plan
from tradeloop.economy.season.habits import habits
from tradeloop.kit.money import Money
from tradeloop.settlement import pain
from tradeloop.settlement.camt import read
from tradeloop.settlement.facts import Direction, Order, Transfer

SHIPPED = date(2026, 5, 4)
SELLER = "91330782DEMM00490R"


def debt(number: int, minor: int, days: int) -> Debt:
    return Debt(
        trade=f"{SELLER}/T-{number}", seller=SELLER, buyer="buyer:1", account="SYN1",
        person=("SYNTHETIC BUYER YIRQ004", "IRQ"), amount=Money(minor, "USD"), shipped_on=SHIPPED,
        due_on=SHIPPED + timedelta(days=days),
    )  # fmt: skip


debts = st.builds(
    debt, st.integers(0, 10**6), st.integers(100, 10**8), st.integers(0, 180)
)  # fmt: skip


@given(debts, st.integers(0, 99))
def test_a_buyer_who_pays_pays_all_that_is_owed_and_no_more(one: Debt, seed: int) -> None:
    found = plan(one, habits(), seed, stops=None)
    paid = sum(each.amount.minor for each in found if isinstance(each, Paying | Returned))

    assert paid == one.amount.minor
    assert all(each.kept < each.amount for each in found if isinstance(each, Paying))
    assert all(each.to_date > one.due_on for each in found if isinstance(each, Extended))


@given(debts, st.integers(0, 99), st.integers(0, 60))
def test_a_buyer_who_stopped_pays_a_part_at_the_most_and_much_later(
    one: Debt, seed: int, days: int
) -> None:
    stops = SHIPPED + timedelta(days=days)
    whole = plan(one, habits(), seed, stops=None)
    after = [
        each for each in plan(one, habits(), seed, stops=stops) if each.on >= stops
    ]  # fmt: skip

    assert all(isinstance(each, Paying) and each.amount <= one.amount for each in after)
    assert all(each.on > one.due_on + timedelta(days=120) for each in after)
    if all(each.on < stops for each in whole):
        assert after == []


@given(debts, st.integers(0, 99))
def test_the_same_debt_has_the_same_plan_whoever_else_is_there(one: Debt, seed: int) -> None:
    plan(debt(7, 100, 30), habits(), seed, stops=None)

    assert plan(one, habits(), seed, stops=None) == plan(one, habits(), seed, stops=None)


amounts = st.lists(
    st.tuples(st.integers(1, 10**9), st.booleans(), st.sampled_from("ab")), min_size=1
)


@given(amounts, amounts)
def test_the_statements_of_the_simulated_bank_add_up(
    first: list[tuple[int, bool, str]], second: list[tuple[int, bool, str]]
) -> None:
    bank, on = Bank(), date(2026, 6, 3)
    for lot in (first, second):
        bookings = [
            Booking(
                reference=bank.reference(), account=account_of(owner), on=on,
                amount=Money(minor, "USD"), is_credit=is_credit, other="SOMEBODY", says="GOODS",
            )
            for minor, is_credit, owner in lot
        ]  # fmt: skip
        found = read(bank.statements(bookings, on), "bank.xml")

        assert found.noticed == ()
        assert sorted(
            one.signed_minor for each in found.statements for one in each.payments
        ) == sorted(minor if is_credit else -minor for minor, is_credit, _ in lot)
        told = read(bank.notification(bookings, on), "bank.xml")
        assert told.noticed == ()
        assert sum(len(each.payments) for each in told.statements) == len(lot)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_the_simulated_bank_executes_each_order_once_under_its_own_id(minors: list[int]) -> None:
    transfers = tuple(
        Transfer(
            end_to_end=uuid4().hex, amount=Money(minor, "USD"), creditor="SYNTHETIC MERCHANT",
            account=account_of(SELLER), agent=BIC, remittance=("Agreement A1",),
        )
        for minor in minors
    )  # fmt: skip
    order = pain.write(Order(
        message="M-1", created_at=datetime(2026, 6, 3, tzinfo=UTC), debtor="SYNTHETIC INSURER",
        account=account_of("insurer"), agent=BIC, execute_on=date(2026, 6, 4), transfers=transfers,
    ))  # fmt: skip
    bank = Bank()
    booked = bank.execute(order, date(2026, 6, 4))
    found = read(bank.statements(booked, date(2026, 6, 4)), "bank.xml")

    assert found.noticed == ()
    assert {one.account for one in booked} == {account_of("insurer")}
    assert {(one.end_to_end, one.amount) for one in booked} == {
        (one.end_to_end, one.amount) for one in transfers
    }
    assert all(
        one.direction is Direction.DEBIT for each in found.statements for one in each.payments
    )
