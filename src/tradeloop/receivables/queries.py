"""The reads: who owes how much on a day, what is late, what passed between two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tradeloop.kit.money import Money
from tradeloop.receivables.facts import Applied, Movement, Owed, Part, Received, Statement
from tradeloop.store.database import cursor

# What was cleared counts from its own days; what a bank took back has no applications.
OWED = """
select
    r.trade, r.seller, r.buyer, r.currency, r.amount_minor,
    (r.amount_minor - coalesce(c.minor, 0) - coalesce(a.minor, 0))::bigint,
    r.shipped_on, r.due_on, e.to_date, s.assignee
from receivables_receivable as r
left join lateral (
    select sum(amount_minor) as minor from receivables_credit
    where receivable_id = r.id and counts_on <= %(on)s and r.credited_minor > 0
) as c on true
left join lateral (
    select sum(amount_minor) as minor from receivables_application
    where receivable_id = r.id and counts_on <= %(on)s
) as a on true
left join lateral (
    select max(to_date) as to_date from receivables_extension
    where receivable_id = r.id and agreed_on <= %(on)s
) as e on r.extended_to is not null
left join lateral (
    select assignee from receivables_assignment
    where receivable_id = r.id and from_date <= %(on)s
        and (released_on is null or released_on > %(on)s)
    order by id desc limit 1
) as s on true
where r.shipped_on <= %(on)s
    and (%(seller)s::text is null or r.seller = %(seller)s)
    and (%(buyer)s::text is null or r.buyer = %(buyer)s)
    and (%(trades)s::text[] = '{}' or r.trade = any(%(trades)s::text[]))
    and (
        %(settled)s
        or r.amount_minor > coalesce(c.minor, 0) + coalesce(a.minor, 0)
    )
order by r.seller collate "C", r.buyer collate "C", r.shipped_on, r.trade collate "C"
"""

EVENTS = """
with pair as (select %(seller)s::text as seller, %(buyer)s::text as buyer)
select r.currency, r.shipped_on, 0, 'shipped', r.trade, r.amount_minor
from receivables_receivable as r join pair using (seller, buyer)
union all
select r.currency, c.counts_on, 1, c.kind, r.trade, -c.amount_minor
from receivables_credit as c
join receivables_receivable as r on r.id = c.receivable_id join pair using (seller, buyer)
union all
select p.currency, p.paid_on, 2, 'paid', p.id, -p.amount_minor
from receivables_payment as p join pair using (seller, buyer)
where p.withdrawn_at is null
order by 1, 2, 3, 5
"""

PAYMENTS = """
select p.id, p.seller, p.buyer, p.currency, p.amount_minor, p.left_minor, p.paid_on, p.names,
    p.withdrawn_at is not null
from receivables_payment as p
where p.id = any(%s::text[])
"""

PARTS = """
select a.payment_id, r.trade, r.currency, a.amount_minor, a.counts_on, a.rule
from receivables_application as a join receivables_receivable as r on r.id = a.receivable_id
where a.payment_id = any(%s::text[])
order by a.payment_id, r.shipped_on, r.trade collate "C"
"""

APPLIED = """
select a.payment_id, r.trade, r.currency, a.amount_minor, a.counts_on, a.rule
from receivables_application as a
join receivables_receivable as r on r.id = a.receivable_id
join receivables_payment as p on p.id = a.payment_id
where r.trade = %s
order by a.counts_on, p.arrival
"""

DISAGREE = """
select 'receivable ' || r.trade
from receivables_receivable as r
left join (
    select receivable_id, sum(amount_minor) as minor from receivables_credit group by 1
) as c on c.receivable_id = r.id
left join (
    select receivable_id, sum(amount_minor) as minor from receivables_application group by 1
) as a on a.receivable_id = r.id
where r.credited_minor <> coalesce(c.minor, 0) or r.paid_minor <> coalesce(a.minor, 0)
union all
select 'payment ' || p.id
from receivables_payment as p
left join (
    select payment_id, sum(amount_minor) as minor from receivables_application group by 1
) as a on a.payment_id = p.id
where p.amount_minor <> p.left_minor + coalesce(a.minor, 0)
    or p.withdrawn_at is not null and a.minor is not null
order by 1
"""


def owed(
    *,
    on: date,
    seller: str | None = None,
    buyer: str | None = None,
    trades: Sequence[str] = (),
    settled: bool = False,
) -> tuple[Owed, ...]:
    """Return what is owed at the end of a day, the oldest of each seller and buyer first.

    Args:
        on: What was shipped, paid, credited, extended and assigned by then counts.
        seller: Only what this one is owed.
        buyer: Only what this one owes.
        trades: Only these; they are given though nothing of them is open.
        settled: Whether to give what is cleared too.
    """
    given = {
        "on": on, "seller": seller, "buyer": buyer, "trades": list(trades),
        "settled": settled or bool(trades),
    }  # fmt: skip
    return tuple(
        Owed(
            trade=trade, seller=of, buyer=by, amount=Money(minor, currency),
            open=Money(open_, currency), shipped_on=shipped_on, due_on=due_on,
            extended_to=extended_to, assignee=assignee,
        )
        for trade, of, by, currency, minor, open_, shipped_on, due_on, extended_to, assignee
        in _rows(OWED, given)
    )  # fmt: skip


def overdue(on: date, *, seller: str | None = None, buyer: str | None = None) -> tuple[Owed, ...]:
    """Return what was to be paid before a day, extensions counted, and is not."""
    return tuple(one for one in owed(on=on, seller=seller, buyer=buyer) if one.payable_on < on)


def statement(*, seller: str, buyer: str, from_on: date, to_on: date) -> tuple[Statement, ...]:
    """Return what passed between a seller and a buyer, one statement for each currency."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for currency, *event in _rows(EVENTS, {"seller": seller, "buyer": buyer}):
        found.setdefault(currency, []).append(tuple(event))
    made = []
    for currency, events in found.items():
        opening = Money(sum(minor for on, *_, minor in events if on < from_on), currency)
        running, movements = opening, []
        for on, _, what, name, minor in events:
            if from_on <= on <= to_on:
                amount = Money(minor, currency)
                running += amount
                movements.append(
                    Movement(on=on, what=what, name=name, amount=amount, balance=running)
                )
        made.append(
            Statement(
                seller=seller, buyer=buyer, from_on=from_on, to_on=to_on, opening=opening,
                movements=tuple(movements), closing=running,
            )
        )  # fmt: skip
    return tuple(made)


def payments(ids: Iterable[str]) -> dict[str, Received]:
    """Return payments as they stand: what each clears now, and what is left of it."""
    wanted = list(ids)
    parts: dict[str, list[Part]] = {}
    for row in _rows(PARTS, (wanted,)):
        parts.setdefault(row[0], []).append(_part(row))
    return {
        id_: Received(
            id=id_, seller=seller, buyer=buyer, amount=Money(minor, currency),
            left=Money(left, currency), paid_on=paid_on, names=names,
            parts=tuple(parts.get(id_, ())), withdrawn=withdrawn,
        )
        for id_, seller, buyer, currency, minor, left, paid_on, names, withdrawn
        in _rows(PAYMENTS, (wanted,))
    }  # fmt: skip


def received(*, seller: str, buyer: str, from_on: date) -> tuple[Received, ...]:
    """Return what a buyer paid a seller from a day on, in the order of days; not what went back."""
    ids = [
        id_ for (id_,) in _rows(
            "select id from receivables_payment where seller = %s and buyer = %s "
            "and paid_on >= %s and withdrawn_at is null order by paid_on, arrival",
            (seller, buyer, from_on),
        )
    ]  # fmt: skip
    found = payments(ids)
    return tuple(found[id_] for id_ in ids)


def loss_on(*, seller: str, buyer: str) -> date | None:
    """Return from which day on a buyer's payments to a seller are recoveries, or None."""
    rows = _rows(
        "select loss_on from receivables_loss where seller = %s and buyer = %s", (seller, buyer)
    )
    return rows[0][0] if rows else None


def applied_to(trade: str) -> tuple[Part, ...]:
    """Return what payments clear of one receivable, in the order of days."""
    return tuple(_part(row) for row in _rows(APPLIED, (trade,)))


def credit_of(id: UUID) -> tuple[int, str, int, date, str] | None:
    """Return receivable, kind, minor units, day and reason of a credit, or None."""
    rows = _rows(
        "select receivable_id, kind, amount_minor, counts_on, because "
        "from receivables_credit where id = %s",
        (id,),
    )
    return rows[0] if rows else None


def disagreements() -> tuple[str, ...]:
    """Count all credits and applications anew; name what its kept sums do not agree with.

    Nothing does, unless somebody changed the tables by hand.
    """
    return tuple(name for (name,) in _rows(DISAGREE, ()))


def _part(row: tuple[Any, ...]) -> Part:
    payment, trade, currency, minor, counts_on, rule = row
    return Part(
        payment=payment, trade=trade, amount=Money(minor, currency), counts_on=counts_on,
        rule=Applied(rule),
    )  # fmt: skip


def _rows(sql: str, given: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as psycopg takes it
    with cursor() as cur:
        cur.execute(sql.encode(), given)
        return cur.fetchall()
