"""Receivables and payments for tests, and what must be true of them whatever happened."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from tradeloop.kit.money import Money
from tradeloop.ledger.queries import balances
from tradeloop.receivables import actions, queries
from tradeloop.receivables.facts import Applied, NewPayment, NewReceivable, Opened, Paid, Received
from tradeloop.store.database import cursor

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
DAY = date(2026, 1, 1)
SELLER, BUYER = "91330782MA", "buyer:0a1b"


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def sold(
    number: str, minor: int, shipped: int = 0, *, seller: str = SELLER, buyer: str = BUYER,
    currency: str = "USD",
) -> NewReceivable:  # fmt: skip
    return NewReceivable(
        trade=f"{seller}/{number}", seller=seller, buyer=buyer, amount=Money(minor, currency),
        shipped_on=day(shipped), due_on=day(shipped + 60),
    )  # fmt: skip


def payment(
    id: str, minor: int, on: int = 30, *, seller: str = SELLER, buyer: str = BUYER,
    currency: str = "USD", names: str | None = None,
) -> NewPayment:  # fmt: skip
    return NewPayment(
        id=id, seller=seller, buyer=buyer, amount=Money(minor, currency), paid_on=day(on),
        names=names and f"{seller}/{names}",
    )  # fmt: skip


def opened(*lines: NewReceivable) -> tuple[Opened, ...]:
    return actions.open_many(new=lines, at=NOON)


def paid(*lines: NewPayment, rule: Applied = Applied.OLDEST_FIRST) -> tuple[Paid, ...]:
    return actions.pay(payments=lines, at=NOON, rule=rule)


def parts(answer: Paid | Received) -> dict[str, int]:
    return {one.trade.partition("/")[2]: one.amount.minor for one in answer.parts}


def open_now() -> dict[str, int]:
    """Return what is open of each receivable, at the end of all days."""
    found = queries.owed(on=date(2100, 1, 1), settled=True)
    return {one.trade.partition("/")[2]: one.open.minor for one in found}


def written() -> tuple[object, ...]:
    """Return how many rows there are of everything."""
    tables = (
        "journal_entry", "ledger_entry", "receivables_receivable", "receivables_payment",
        "receivables_application", "receivables_credit", "receivables_loss",
        "receivables_extension", "receivables_assignment",
    )  # fmt: skip
    with cursor() as cur:
        cur.execute(
            " union all ".join(
                f"select '{one}', count(*) from {one}"  # noqa: S608 - our own names
                for one in tables
            ).encode()
        )
        return tuple(cur.fetchall())


def check() -> None:
    """Whatever happened: sums agree, nothing is lost, and nothing waits that could be applied."""
    assert queries.disagreements() == ()
    with cursor() as cur:
        cur.execute(
            "select seller, buyer, currency, "
            "sum(amount_minor - credited_minor - paid_minor)::bigint "
            "from receivables_receivable group by 1, 2, 3"
        )
        owing = {(seller, buyer, currency): minor for seller, buyer, currency, minor in cur}
        cur.execute(
            "select seller, buyer, currency, sum(left_minor)::bigint from receivables_payment "
            "where withdrawn_at is null group by 1, 2, 3"
        )
        left = {(seller, buyer, currency): minor for seller, buyer, currency, minor in cur}
    for pair in owing.keys() & left.keys():
        assert not (owing[pair] and left[pair]), f"{pair}: money waits while a debt is open"
    books = {
        (one.account, one.balance.currency): one.balance.minor
        for one in balances("", on=date(2100, 1, 1))
    }
    for what, found, sign in (("owed", owing, 1), ("unapplied", left, -1)):
        sums: Counter[tuple[str, str]] = Counter()
        for (seller, _, currency), minor in found.items():
            sums[f"{seller}:{what}", currency] += sign * minor
        assert {one: books.get(one, 0) for one in sums} == dict(sums)
