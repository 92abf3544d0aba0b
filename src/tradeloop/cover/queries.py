"""The reads of cover: how far a policyholder's debts of a buyer were insured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradeloop.kit.money import BasisPoints, Money
from tradeloop.store.database import cursor

INSURED = """
select
    r.trade, c.number, c.policy_id, r.shipped_on, r.due_on, r.extended_to,
    r.currency, r.amount_minor, coalesce(c.currency, r.currency), coalesce(c.covered_minor, 0),
    r.amount_minor - coalesce(k.before, 0)::bigint - coalesce(a.before, 0)::bigint as open_before,
    (coalesce(k.since, 0) + coalesce(a.since, 0))::bigint as since,
    coalesce(c.insured_share_bp, 0), coalesce(c.limit_minor, 0), coalesce(c.terms, '')
from receivables_receivable as r
left join cover_certificate as c on c.receivable_id = r.id and c.scheme = %s
left join lateral (
    select sum(amount_minor) filter (where counts_on < %s) as before,
        sum(amount_minor) filter (where counts_on >= %s) as since
    from receivables_credit where receivable_id = r.id
) as k on true
left join lateral (
    select sum(a.amount_minor) filter (where a.counts_on < %s) as before,
        sum(a.amount_minor) filter (where a.counts_on >= %s) as since
    from receivables_application as a join receivables_payment as p on p.id = a.payment_id
    where a.receivable_id = r.id and p.withdrawn_at is null
) as a on true
where r.seller = %s and r.buyer = %s
order by r.shipped_on, r.arrival
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredShipment:
    """One receivable of a policyholder and a buyer, and how far it is insured at the loss."""

    trade: str
    certificate: str | None
    policy: str | None
    shipped_on: date
    due_on: date
    extended_to: date | None
    amount: Money
    covered: Money
    open_before_loss: Money
    covered_unpaid: Money
    uncovered_unpaid: Money
    credits_since: Money
    insured_share_bp: BasisPoints
    limit: Money
    terms: str


def insured_debt(
    *, scheme: str, policyholder: str, buyer: str, loss_on: date
) -> tuple[InsuredShipment, ...]:
    """Return all receivables of a policyholder and a buyer, the oldest first."""
    with cursor() as cur:
        cur.execute(INSURED.encode(), (scheme, *[loss_on] * 4, policyholder, buyer))
        rows = cur.fetchall()
    found = []
    for row in rows:
        (trade, number, policy, shipped, due, extended, currency, amount, limit_currency, covered,
         before, since, share, limit, terms) = row  # fmt: skip
        unpaid = min(covered, before)
        found.append(
            InsuredShipment(
                trade=trade, certificate=number, policy=policy, shipped_on=shipped, due_on=due,
                extended_to=extended, amount=Money(amount, currency),
                covered=Money(covered, limit_currency), open_before_loss=Money(before, currency),
                covered_unpaid=Money(unpaid, limit_currency),
                uncovered_unpaid=Money(before - unpaid, currency),
                credits_since=Money(since, currency), insured_share_bp=share,
                limit=Money(limit, limit_currency), terms=terms,
            )
        )  # fmt: skip
    return tuple(found)
