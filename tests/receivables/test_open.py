"""A trade on credit stands in the books once, with its days, credits, extensions and assignee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
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
    payment,
    sold,
    usd,
    written,
)
from tradeloop.kit.money import Money
from tradeloop.receivables import actions, queries
from tradeloop.receivables.facts import Credited, CreditKind
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")
A = f"{SELLER}/A"


def credited(number: int, minor: int, trade: str = A, on: int = 10, **other: object) -> Credited:
    given: dict[str, object] = {
        "kind": CreditKind.GOODS_RETURNED, "amount": usd(minor), "because": "torn", **other,
    }  # fmt: skip
    return actions.credit(
        id=UUID(int=number),
        trade=trade,
        counts_on=day(on),
        at=NOON,
        **given,  # type: ignore[arg-type]
    )


def test_each_line_has_its_answer_and_none_stops_another() -> None:
    opened(sold("A", 100))
    line = sold("B", 100)

    said = opened(
        sold("A", 100), sold("A", 101), line, line, replace(line, amount=usd(7)),
        sold("C", 0), replace(line, trade="other/B"), replace(line, trade=SELLER),
        replace(sold("D", 1), due_on=day(-1)), sold("E", 1, seller="a:b"), sold("F", 1),
        replace(sold("G", 1), due_on=date(9500, 1, 1)), sold("\ud800", 1),
    )  # fmt: skip

    assert [(one.is_new, one.refusal) for one in said] == [
        (False, None), (False, "other-content"), (True, None), (False, None),
        (False, "other-content"), (False, "amount-not-positive"), (False, "seller-differs"),
        (False, "seller-differs"), (False, "due-before-shipped"), (False, "party-unreadable"),
        (True, None), (False, "day-impossible"), (False, "name-unreadable"),
    ]  # fmt: skip
    assert open_now() == {"A": 100, "B": 100, "F": 1}
    check()


def test_again_writes_nothing() -> None:
    opened(sold("A", 100), sold("B", 1))
    before = written()

    assert [one.is_new for one in opened(sold("B", 1), sold("A", 100))] == [False, False]
    assert opened() == ()
    assert written() == before


def test_the_journal_has_every_line() -> None:
    opened(replace(sold("A", 100), trade=f'{SELLER}/"é'))
    with cursor() as cur:
        cur.execute("select body from journal_entry where kind = 'receivables.opened'")
        ((body,),) = cur.fetchall()

    assert body == (
        '{"columns":["trade","buyer","currency","amount_minor","shipped_on","due_on"],'
        f'"lines":[["{SELLER}/\\"é","{BUYER}","USD","100","2026-01-01","2026-03-02"]]}}'
    )


def test_twenty_thousand_are_opened_in_one_call() -> None:
    lines = [
        sold(str(n), 1_000 + n, n % 90, seller=f"S{n % 700}", buyer=f"buyer:{n % 9_000:x}")
        for n in range(20_000)
    ]

    said = opened(*lines)

    assert all(one.is_new for one in said)
    check()


def test_what_is_owed_is_told_as_of_its_day() -> None:
    opened(sold("A", 100), sold("B", 50, 40))
    paid(payment("P1", 30, 20))
    credited(1, 20, on=25)
    actions.extend(trade=A, to_date=day(90), agreed_on=day(50), at=NOON)

    def on(number: int) -> list[tuple[str, int, date | None]]:
        return [
            (one.trade[-1], one.open.minor, one.extended_to) for one in queries.owed(on=day(number))
        ]

    assert on(-1) == []
    assert on(19) == [("A", 100, None)]
    assert on(24) == [("A", 70, None)]
    assert on(50) == [("A", 50, day(90)), ("B", 50, None)]
    assert [one.trade[-1] for one in queries.overdue(day(61))] == []
    assert [one.trade[-1] for one in queries.overdue(day(91))] == ["A"]
    assert queries.owed(on=day(50), trades=(A,))[0].due_on == day(60)
    assert queries.owed(on=day(50), seller="other") == queries.owed(on=day(50), buyer="x") == ()


def test_a_statement_tells_what_passed_between_two() -> None:
    opened(sold("A", 100), sold("B", 50, 40), sold("C", 7, currency="EUR"))
    credited(1, 20, on=25)
    paid(payment("P1", 130, 45))

    euro, dollar = queries.statement(seller=SELLER, buyer=BUYER, from_on=day(10), to_on=day(60))

    assert (euro.opening.minor, euro.movements, euro.closing.minor) == (7, (), 7)
    lines = [(one.on, one.what, one.amount.minor, one.balance.minor) for one in dollar.movements]
    assert lines == [
        (day(25), "goods-returned", -20, 80), (day(40), "shipped", 50, 130),
        (day(45), "paid", -130, 0),
    ]  # fmt: skip
    assert (dollar.opening, dollar.closing) == (usd(100), usd(0))


def test_a_credit_counts_once_and_never_above_what_is_open() -> None:
    opened(sold("A", 100))
    paid(payment("P1", 70))

    first, again = credited(1, 20), credited(1, 20)
    before = written()

    assert (first.is_new, again.is_new, first.open, again.open) == (True, False, usd(10), usd(10))
    with pytest.raises(actions.CreditTooLarge, match=r"0\.10 USD of .* is open"):
        credited(2, 11)
    with pytest.raises(actions.CreditTooLarge):
        credited(2, 0)
    with pytest.raises(actions.CreditTooLarge):
        credited(2, 1, amount=Money(1, "EUR"))
    with pytest.raises(actions.CreditIdReused):
        credited(1, 21)
    with pytest.raises(actions.RequestUnreadable, match="before the shipment"):
        credited(2, 1, on=-1)
    with pytest.raises(actions.ReceivableUnknown, match="'nobody/1'"):
        credited(2, 1, "nobody/1")
    assert written() == before
    check()


def test_an_extension_goes_forward_only() -> None:
    opened(sold("A", 100))

    assert actions.extend(trade=A, to_date=day(70), agreed_on=day(5), at=NOON)
    assert not actions.extend(trade=A, to_date=day(70), agreed_on=day(5), at=NOON)
    before = written()
    with pytest.raises(actions.REFUSED, match="is no later"):
        actions.extend(trade=A, to_date=day(65), agreed_on=day(6), at=NOON)
    assert written() == before


def test_a_debt_is_assigned_to_one_at_a_time() -> None:
    opened(sold("A", 100), sold("B", 100))
    trades = [A, f"{SELLER}/B"]

    assert actions.assign(trades=trades, assignee="bank:NB", from_date=day(5), at=NOON) == 2
    assert actions.assign(trades=trades, assignee="bank:NB", from_date=day(5), at=NOON) == 0
    before = written()
    with pytest.raises(actions.REFUSED, match="bank:NB"):
        actions.assign(trades=[A], assignee="bank:EB", from_date=day(6), at=NOON)
    with pytest.raises(actions.REFUSED, match="nobody on"):
        actions.release_assignment(trade=A, released_on=day(4), at=NOON)
    # Whoever pays in between would pay by what is not yet.
    later = day(400)
    with pytest.raises(actions.REFUSED, match="and today is"):
        actions.release_assignment(trade=A, released_on=later, at=NOON)
    with pytest.raises(actions.REFUSED, match="and today is"):
        actions.assign(trades=[A], assignee="bank:NB", from_date=later, at=NOON)
    assert written() == before

    assert actions.release_assignment(trade=A, released_on=day(9), at=NOON)
    assert not actions.release_assignment(trade=A, released_on=day(9), at=NOON)
    assert actions.assign(trades=[A], assignee="bank:EB", from_date=day(12), at=NOON) == 1
    assert [queries.owed(on=day(n), trades=(A,))[0].assignee for n in (4, 5, 8, 9, 12)] == [
        None, "bank:NB", "bank:NB", None, "bank:EB",
    ]  # fmt: skip
