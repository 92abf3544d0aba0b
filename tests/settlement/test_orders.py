"""An order is given once, is in one file only, and the bank's statement says that it was paid."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from settlement.bank import NOON, entry, statement, taken
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money
from tradeloop.settlement import actions, queries
from tradeloop.settlement.facts import Ordered, Sending
from tradeloop.settlement.lifecycle import OrderEvent, OrderState
from tradeloop.store.database import leave

pytestmark = pytest.mark.usefixtures("database")


def order(number: int = 1, minor: int = 67_500_00, **other: object) -> Ordered:
    given: dict[str, object] = {
        "payee": "91330782MA", "name": "Xin Trading", "account": "6222021208000112345",
        "agent": "ICBKCNBJ", "what_for": "Indemnity C-1", **other,
    }  # fmt: skip
    return actions.order_payment(
        id=UUID(int=number),
        amount=Money(minor, "USD"),
        at=NOON,
        **given,  # type: ignore[arg-type]
    )


def send(message: str = "PAY-1", **other: object) -> Sending:
    given: dict[str, object] = {
        "debtor": "Pool of Insurers", "account": "NL91ABNA0417164300", "agent": "ABNANL2A",
        "execute_on": date(2026, 5, 10), **other,
    }  # fmt: skip
    return actions.send_orders(message=message, at=NOON, **given)  # type: ignore[arg-type]


def state(number: int = 1) -> OrderState:
    return queries.orders(ids=[UUID(int=number)])[0].state


def test_an_order_is_given_once() -> None:
    first = order()

    assert order() == first
    assert first.state is OrderState.ORDERED
    with pytest.raises(actions.REFUSED, match="other content"):
        order(minor=1)
    for wrong in ({"minor": 0}, {"name": " "}, {"account": "a\nb"}, {"what_for": "x" * 301}):
        with pytest.raises(actions.REFUSED, match="Nothing was written"):
            order(2, **wrong)  # type: ignore[arg-type]
    assert queries.orders() == (first,)


def test_an_order_is_in_one_file_only_and_the_file_is_kept() -> None:
    order(1)
    order(2)

    first, again, other = send(), send(), send("PAY-2")

    assert first.orders == (UUID(int=1), UUID(int=2))
    assert first.content == again.content == queries.order_file("PAY-1")
    assert UUID(int=2).hex in (first.content or b"").decode()
    assert (other.content, other.orders) == (None, ())
    with pytest.raises(actions.REFUSED, match="another file"):
        send(account="NL26VAYB8060476890")


def test_what_a_bank_would_not_take_is_held_by_name_and_can_be_mended() -> None:
    order(1, name="新贸易有限公司")
    order(2, what_for="理赔 7")

    first = send()
    assert first.orders == (UUID(int=2),)
    ((held, reason),) = first.held
    assert held == UUID(int=1)
    assert "creditor" in reason
    actions.mend_order(
        id=held, name="Xin Trading", account="62220", agent=None, by="Li",
        because="the bank has it",
        at=NOON,
    )  # fmt: skip

    assert order(1, name="新贸易有限公司").name == "Xin Trading"
    assert send("PAY-2").orders == (held,)
    with pytest.raises(MoveNotAllowed):
        actions.mend_order(
            id=held, name="X", account="62220", agent=None, by="Li", because="late", at=NOON
        )
    with pytest.raises(actions.REFUSED, match="agent"):
        send("PAY-3", agent="nonsense")


def test_an_account_that_was_agreed_on_is_not_mended_and_a_name_is() -> None:
    given = order(1, name="新贸易有限公司", is_bound=True)
    mend = partial(
        actions.mend_order, id=given.id, name="Xin Trading", agent=None, by="Li",
        because="the bank has it so", at=NOON,
    )  # fmt: skip
    mended = mend(account=given.account)

    with pytest.raises(actions.REFUSED, match="may be mended, the account not"):
        mend(account="99999")

    assert mended.name == "Xin Trading"
    grouped = f"{given.account[:4]} {given.account[4:]}"
    assert mend(account=grouped).account == given.account  # the same one, as people write it
    assert order(1, name="新贸易有限公司", is_bound=True).account == given.account


def test_a_debit_confirms_an_order_and_a_return_rejects_it() -> None:
    order(1, 100)
    send()
    own = {"account": "NL91ABNA0417164300"}
    debit = entry("1.00", "D1", way="DBIT", end_to_end=UUID(int=1).hex)

    taken(statement(debit, **own))
    assert state() is OrderState.CONFIRMED
    taken(statement(debit, id="S2", **own))
    assert state() is OrderState.CONFIRMED
    taken(statement(entry("1.00", "D2", end_to_end=UUID(int=1).hex), id="S3", **own))

    (one,) = queries.orders()
    assert (one.state, one.because) == (OrderState.REJECTED, "the money came back")
    assert queries.waiting() == ()


@pytest.mark.parametrize("sent", [True, False])
def test_a_debit_of_another_amount_or_before_sending_waits_for_a_person(*, sent: bool) -> None:
    order(1, 100)
    if sent:
        send()
    amount = "2.00" if sent else "1.00"
    taken(statement(entry(amount, "D1", way="DBIT", end_to_end=UUID(int=1).hex)))

    (waits,) = queries.waiting()
    assert f"order {UUID(int=1)}" in waits.because
    assert state() is (OrderState.SENT if sent else OrderState.ORDERED)
    actions.set_aside(payment=waits.payment, by="Li", because="seen", at=NOON)
    assert queries.waiting() == ()


def test_a_person_may_say_what_became_of_an_order() -> None:
    order(1)
    with pytest.raises(MoveNotAllowed):
        actions.settle_order(
            id=UUID(int=1), event=OrderEvent.CONFIRM, by="Li", because="phone", at=NOON
        )
    done = actions.settle_order(
        id=UUID(int=1), event=OrderEvent.REJECT, by="Li", because="wrong account", at=NOON
    )

    assert (done.state, done.because) == (OrderState.REJECTED, "Li: wrong account")
    assert send().content is None


def otherwise(number: int = 1) -> OrderState | None:
    found = actions.pay_otherwise(id=UUID(int=number), by="Li", because="by hand", at=NOON)
    return found.state if found else None


def test_an_order_that_was_paid_otherwise_is_not_sent_any_more() -> None:
    order(1)
    order(2)

    assert [otherwise(), otherwise()] == [OrderState.PAID_OTHERWISE] * 2
    assert queries.orders(ids=[UUID(int=1)])[0].because == "Li: by hand"
    assert send().orders == (UUID(int=2),)
    with pytest.raises(MoveNotAllowed):
        actions.mend_order(
            id=UUID(int=1), name="X", account="62220", agent=None, by="Li", because="x", at=NOON
        )


def test_what_was_sent_or_settled_is_not_paid_otherwise() -> None:
    order(1)
    send()
    assert otherwise() is OrderState.SENT
    for event, after in (
        (OrderEvent.CONFIRM, OrderState.CONFIRMED), (OrderEvent.REJECT, OrderState.REJECTED)
    ):  # fmt: skip
        actions.settle_order(id=UUID(int=1), event=event, by="Li", because="told", at=NOON)
        assert otherwise() is after
    assert otherwise(9) is None


def test_a_debit_that_bears_the_id_of_an_order_paid_otherwise_is_no_doubt() -> None:
    order(1, 100)
    otherwise()

    taken(
        statement(
            entry("1.00", "D1", way="DBIT", end_to_end=UUID(int=1).hex),
            account="NL91ABNA0417164300",
        )
    )

    assert (state(), queries.waiting()) == (OrderState.CONFIRMED, ())


@pytest.mark.parametrize("first", ["sent", "paid otherwise"])
def test_who_sends_and_who_says_that_it_was_paid_wait_for_each_other(first: str) -> None:
    order()
    verbs: dict[str, Callable[[], object]] = {
        "sent": lambda: send().orders, "paid otherwise": otherwise
    }  # fmt: skip
    second = verbs[next(one for one in verbs if one != first)]
    begun, may_end = threading.Event(), threading.Event()

    def hold() -> object:
        try:
            with transaction.atomic():
                done = verbs[first]()
                begun.set()
                may_end.wait(10)
                return done
        finally:
            leave()

    def follow() -> object:
        try:
            begun.wait(10)
            return second()
        finally:
            leave()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(hold), pool.submit(follow)
        begun.wait(10)
        with pytest.raises(TimeoutError):
            other.result(timeout=0.3)
        may_end.set()
        answers = (one.result(10), other.result(10))

    assert (
        answers
        == {
            "sent": ((UUID(int=1),), OrderState.SENT),
            "paid otherwise": (OrderState.PAID_OTHERWISE, ()),
        }[first]
    )


def test_many_who_send_at_once_send_each_order_once() -> None:
    for number in range(1, 9):
        order(number)
    ready = threading.Barrier(6)

    def one(number: int) -> tuple[UUID, ...]:
        try:
            ready.wait()
            return send(f"PAY-{number}").orders
        finally:
            leave()

    with ThreadPoolExecutor(6) as pool:
        sent = [id for orders in pool.map(one, range(6)) for id in orders]

    assert sorted(sent) == [UUID(int=number) for number in range(1, 9)]
