"""The reads: payments that wait for a person, what was booked and why, orders, accounts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import Booked, Ordered, Waiting
from tradeloop.settlement.kept import from_json
from tradeloop.settlement.lifecycle import OrderState
from tradeloop.settlement.rows import rows

NOT_A_SELLER = "insurer:"
"""Owners whose names begin so are paid for other things than goods."""

WAITING = """
select p.id, p.account, a.owner, p.paid_on, p.currency, p.amount_minor - p.booked_minor,
    p.is_reversal, p.told, d.because, coalesce(d.may_pay, '[]')
from settlement_bankpayment as p
left join settlement_account as a on a.number = p.account
left join settlement_doubt as d on d.payment_id = p.id
where p.state in ('open', 'order-doubt') and not starts_with(coalesce(a.owner, ''), 'insurer:')
    and (%s::text is null or a.owner = %s)
order by p.paid_on nulls first, p.id collate "C"
"""

ORDERS = """
select id, payee, name, account, agent, currency, amount_minor, what_for, state, file_id, because,
    is_bound
from settlement_order
where (%s::uuid[] is null or id = any(%s::uuid[]))
    and (%s::text[] is null or state = any(%s::text[]))
order by ordered_at, id
"""


def waiting(seller: str | None = None) -> tuple[Waiting, ...]:
    """Return the payments that wait for a person, the oldest first, with what they may pay."""
    found = []
    for id_, account, owner, paid_on, currency, left, is_reversal, told, because, may in rows(
        WAITING, seller, seller
    ):
        one = from_json(told)
        unknown = f"account {account} belongs to nobody here; say whose with `payments account add`"
        found.append(
            Waiting(
                payment=id_, account=account, seller=owner, paid_on=paid_on,
                left=Money(left, currency), is_reversal=is_reversal, payer=one.counterparty.name,
                says=(*one.references.exact, *one.references.remittance),
                because=because or (unknown if owner is None else "it was not matched yet"),
                may_pay=tuple(json.loads(may)),
            )
        )  # fmt: skip
    return tuple(found)


def booked(payment: str | None = None, *, trade: str | None = None) -> tuple[Booked, ...]:
    """Return what was booked of a payment or for a trade, with what agreed and what differed."""
    return tuple(
        Booked(
            payment=id_, trade=of, amount=Money(minor, currency), charge=Money(charge, currency),
            agreed=tuple(agreed.split()), differed=tuple(differed.split()), booked_as=booked_as,
            by=by,
        )
        for id_, of, currency, minor, charge, agreed, differed, booked_as, by in rows(
            "select m.payment_id, m.trade, p.currency, m.amount_minor, m.charge_minor, m.agreed, "
            "m.differed, m.booked_as, m.by from settlement_match as m "
            "join settlement_bankpayment as p on p.id = m.payment_id "
            "where (%s::text is null or m.payment_id = %s) and (%s::text is null or m.trade = %s) "
            "order by m.id",
            payment, payment, trade, trade,
        )
    )  # fmt: skip


def orders(
    *, ids: Iterable[UUID] | None = None, states: Sequence[str] | None = None
) -> tuple[Ordered, ...]:
    """Return payment orders in the order in which they were given."""
    wanted = None if ids is None else list(ids)
    given = None if states is None else list(states)
    return tuple(
        Ordered(
            id=id_, payee=payee, name=name, account=account, agent=agent,
            amount=Money(minor, currency), what_for=what_for, state=OrderState(state),
            message=message, because=because, is_bound=is_bound,
        )
        for id_, payee, name, account, agent, currency, minor, what_for, state, message, because,
        is_bound in rows(ORDERS, wanted, wanted, given, given)
    )  # fmt: skip


def order_file(message: str) -> bytes | None:
    """Return a file of orders as it was made, or None if there is none of this name."""
    found = rows("select content from settlement_orderfile where message = %s", message)
    return bytes(found[0][0]) if found else None


def accounts() -> tuple[tuple[str, str], ...]:
    """Return each account with its owner."""
    return tuple(
        (number, owner)
        for number, owner in rows(
            'select number, owner from settlement_account order by owner collate "C", number'
        )
    )


def references(trades: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for each trade the numbers by which a payer may name it.

    They are the trade's own number and those of its papers. A trade whose value was folded into a
    declaration's has its own number only: the declaration stands for several trades.
    """
    found: dict[str, set[str]] = {one: {one.partition("/")[2]} for one in trades}
    keys = [":".join(("trade", *one.split("/", 1))) for one in trades]
    for trade, key in rows(
        "select g.trade, other.key from unnest(%s::text[], %s::text[]) as g (trade, key) "
        "join registry_paper as own on own.key = g.key "
        "join registry_capacity as c on c.id = own.capacity_id and c.paper = g.key "
        "join registry_paper as other on other.capacity_id = c.id "
        "where not exists (select from registry_capacity as f where f.folded_into_id = c.id)",
        list(trades), keys,
    ):  # fmt: skip
        found[trade].add(key.split(":", 2)[2])
    return {trade: tuple(sorted(numbers)) for trade, numbers in found.items()}


def names_of_buyers(buyers: Collection[str]) -> Mapping[str, Collection[str]]:
    """Return under which names papers tell of each buyer, and of those that are one with it."""
    found: dict[str, list[str]] = {}
    for key, name in rows(
        "select distinct own.key, a.name from parties_buyer as own "
        "join parties_buyer as other "
        "on coalesce(other.canonical_id, other.id) = coalesce(own.canonical_id, own.id) "
        "join parties_alias as a on a.buyer_id = other.id where own.key = any(%s::text[]) "
        "order by 1, 2",
        list(buyers),
    ):
        found.setdefault(key, []).append(name)
    return found


def bookings_of(payment: str) -> dict[str, list[str]]:
    """Return under which ids a bank payment was booked in `receivables`, each with its trades."""
    return dict(rows(
        "select booked_as, array_agg(trade order by id) from settlement_match "
        "where payment_id = %s group by booked_as order by min(id)",
        payment,
    ))  # fmt: skip


def reversible(account: str | None, amount: Money, paid_on: date | None) -> tuple[str, ...]:
    """Return the payments that a reversal on an account may take back, the latest first."""
    return tuple(
        id_ for (id_,) in rows(
            "select id from settlement_bankpayment where account is not distinct from %s "
            "and currency = %s and amount_minor = %s and is_credit and not is_reversal "
            "and state in ('open', 'booked') and (%s::date is null or paid_on <= %s) "
            "order by paid_on desc, id desc limit 20",
            account, amount.currency, amount.minor, paid_on, paid_on,
        )
    )  # fmt: skip
