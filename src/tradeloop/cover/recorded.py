"""The dated history of buyers as the books have it: what `buyers.certify` is worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from tradeloop.cover.facts import Grant, History, LimitDecision, Payment, Shipment
from tradeloop.cover.registers import WHITE, listings
from tradeloop.kit.money import Money
from tradeloop.store.database import cursor

# A debt in another currency than the limit counts as its certificate has it, or is about to; any
# other is in nobody's cover, and is left out.
SHIPMENTS = """
select
    r.buyer, r.trade, r.seller, coalesce(c.amount_minor, r.amount_minor),
    r.shipped_on, r.due_on, r.arrival, c.number is not null, r.buyer || ' ' || r.currency
from receivables_receivable as r
-- one by one: a plan made before the tables grew would walk all certificates of the scheme
left join lateral (
    select i.number, i.amount_minor from cover_certificate as i
    where i.receivable_id = r.id and i.scheme = %(scheme)s
    limit 1
) as c on true
where r.buyer = any(%(buyers)s)
    and (c.number is not null or r.currency = %(currency)s or r.trade = any(%(eligible)s))
order by r.arrival
"""
PAYMENTS = """
select p.buyer, p.id, p.seller, p.amount_minor, p.paid_on, p.names, p.arrival,
    p.buyer || ' ' || p.currency, null
from receivables_payment as p
where p.buyer = any(%(buyers)s) and p.withdrawn_at is null and p.currency = %(currency)s
union all
-- What came in another currency clears as much of a certificate as it cleared of the debt.
select
    p.buyer, p.id || '>' || r.trade, p.seller,
    (a.amount_minor::numeric * c.amount_minor / r.amount_minor)::bigint, p.paid_on, r.trade,
    p.arrival, r.buyer || ' ' || r.currency, r.trade
from receivables_payment as p
join receivables_application as a on a.payment_id = p.id
join receivables_receivable as r on r.id = a.receivable_id
join cover_certificate as c on c.receivable_id = r.id and c.scheme = %(scheme)s
where p.buyer = any(%(buyers)s) and p.withdrawn_at is null and p.currency <> %(currency)s
union all
-- A credit makes the debt less as a payment does, its own and no other.
select
    r.buyer, 'credit ' || d.id, r.seller,
    (d.amount_minor::numeric * coalesce(c.amount_minor, r.amount_minor) / r.amount_minor)::bigint,
    d.counts_on, r.trade, r.arrival, r.buyer || ' ' || r.currency, r.trade
from receivables_credit as d
join receivables_receivable as r on r.id = d.receivable_id
left join cover_certificate as c on c.receivable_id = r.id and c.scheme = %(scheme)s
where r.buyer = any(%(buyers)s) and (c.number is not null or r.currency = %(currency)s)
"""
LIMITS = """
select buyer, id, amount_minor, told_on, from_date, policyholder, at_once
from cover_limit where scheme = %(scheme)s and buyer = any(%(buyers)s) and currency = %(currency)s
"""
GRANTED = """
select c.buyer, r.trade, g.counts_on, g.amount_minor, g.because
from cover_grant as g
join cover_certificate as c on c.number = g.certificate_id
join receivables_receivable as r on r.id = c.receivable_id
where c.scheme = %(scheme)s and c.buyer = any(%(buyers)s)
order by g.id
"""
REST = """
select
    asked.buyer,
    least(
        (select min(l.loss_on) from cover_loss as l where l.buyer = asked.buyer),
        (select min(t.insolvent_on) from cover_trouble as t where t.buyer = asked.buyer)
    ),
    (select f.day from cover_firstday as f where f.scheme = %(scheme)s)
from unnest(%(buyers)s::text[]) as asked (buyer)
"""
NONE: Mapping[str, int] = MappingProxyType({})


def histories(
    scheme: str,
    keys: Mapping[str, Sequence[str]],
    *,
    currency: str,
    eligible: Mapping[str, int] = NONE,
    keep: bool = True,
) -> Mapping[str, History]:
    """Return everything dated about some buyers, in the currency of their limits.

    Args:
        scheme: Whose cover it is about.
        keys: Those of the buyers, each with all that are one with it (`parties.queries.one_with`).
        currency: Of the limits.
        eligible: Trades about to be certified, with what each is worth in the currency of the
            limits; all others without a certificate are uninsured.
        keep: What was granted stays; without it everything is worked out from the beginning.
    """
    # Rows bear the key that a buyer had then; a person may have joined it to another since.
    one_of = {key: buyer for buyer, every in keys.items() for key in every}
    given = {
        "scheme": scheme, "buyers": list(one_of), "currency": currency, "eligible": list(eligible)
    }  # fmt: skip
    shipments: dict[str, list[Shipment]] = defaultdict(list)
    payments: dict[str, list[Payment]] = defaultdict(list)
    limits: dict[str, list[LimitDecision]] = defaultdict(list)
    sellers: dict[str, set[str]] = defaultdict(set)
    granted: dict[str, dict[str, list[Grant]]] = defaultdict(lambda: defaultdict(list))
    with cursor() as cur:
        cur.execute(SHIPMENTS.encode(), given)
        for key, trade, seller, minor, shipped_on, due_on, arrival, has, book in cur.fetchall():
            buyer, worth = one_of[key], minor if has else eligible.get(trade, minor)
            sellers[buyer].add(seller)
            shipments[buyer].append(Shipment(
                id=trade, policyholder=seller, amount=Money(worth, currency), arrival=arrival,
                shipped_on=shipped_on, due_on=due_on, eligible=has or trade in eligible,
                book=book,
            ))  # fmt: skip
        cur.execute(PAYMENTS.encode(), given)
        for key, payment, seller, minor, paid_on, names, arrival, book, only in cur.fetchall():
            if minor > 0:
                payments[one_of[key]].append(Payment(
                    id=payment, policyholder=seller, amount=Money(minor, currency), paid_on=paid_on,
                    names=names, arrival=arrival, book=book, only=only,
                ))  # fmt: skip
        cur.execute(LIMITS.encode(), given)
        for key, number, minor, told_on, from_date, policyholder, at_once in cur.fetchall():
            limits[one_of[key]].append(LimitDecision(
                id=number, amount=Money(minor, currency), told_on=told_on, from_date=from_date,
                policyholder=policyholder, at_once=at_once,
            ))  # fmt: skip
        if keep:
            cur.execute(GRANTED.encode(), given)
            for key, trade, on, minor, because in cur.fetchall():
                granted[one_of[key]][trade].append(
                    Grant(on=on, amount=Money(minor, currency), because=because)
                )
        cur.execute(REST.encode(), given)
        losses: dict[str, date] = {}
        first_day: date | None = None
        for key, loss_on, insured_from in cur.fetchall():
            first_day = insured_from
            if loss_on is not None:
                losses[one_of[key]] = min(loss_on, losses.get(one_of[key], loss_on))
    white = defaultdict(list)
    for one in listings(WHITE, {seller for group in sellers.values() for seller in group}):
        white[one.policyholder].append(one)
    return {
        buyer: History(
            shipments=tuple(shipments[buyer]), payments=tuple(payments[buyer]),
            granted={trade: tuple(given) for trade, given in granted[buyer].items()},
            limits=tuple(limits[buyer]), loss_on=losses.get(buyer), insured_from=first_day,
            listings=tuple(one for seller in sorted(sellers[buyer]) for one in white[seller]),
        )
        for buyer in keys
    }  # fmt: skip
