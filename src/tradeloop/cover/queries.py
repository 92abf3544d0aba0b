"""What is insured, of whom, how far: certificates, decisions, limits, and the debt at a loss."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tradeloop.cover.facts import Grant, InsuredShipment
from tradeloop.kit.money import Money
from tradeloop.store.database import cursor

# What had been granted, paid and credited by the day before the loss; what came since is a credit.
# Goods that left later, before anybody knew of the loss, keep what they were granted on leaving.
INSURED_DEBT = """
select
    r.trade, c.number, c.policy_id, r.shipped_on, r.due_on, r.extended_to, r.currency,
    r.amount_minor, coalesce(c.currency, r.currency), coalesce(c.amount_minor, r.amount_minor),
    coalesce((
        select sum(g.amount_minor) from cover_grant as g
        where g.certificate_id = c.number and g.counts_on <= greatest(%(loss_on)s, r.shipped_on)
    ), 0)::bigint,
    coalesce(paid.before, 0)::bigint, coalesce(paid.since, 0)::bigint,
    coalesce(c.insured_share_bp, 0), coalesce(c.limit_minor, 0), c.terms,
    coalesce(c.is_white_listed, false)
from receivables_receivable as r
left join cover_certificate as c on c.receivable_id = r.id and c.scheme = %(scheme)s
left join lateral (
    select
        sum(minor) filter (where counts_on < %(loss_on)s) as before,
        sum(minor) filter (where counts_on >= %(loss_on)s) as since
    from (
        select a.amount_minor, a.counts_on from receivables_application as a
        join receivables_payment as p on p.id = a.payment_id and p.withdrawn_at is null
        where a.receivable_id = r.id
        union all
        select d.amount_minor, d.counts_on from receivables_credit as d
        where d.receivable_id = r.id
    ) as cleared (minor, counts_on)
) as paid on true
where r.seller = %(policyholder)s and r.buyer = %(buyer)s
order by r.shipped_on, r.trade
"""
CERTIFICATES = """
select
    c.number, r.trade, c.policyholder, c.buyer, c.policy_id, c.currency, c.amount_minor,
    c.covered_minor, c.insured_share_bp, c.limit_minor, c.shipped_on, r.due_on, c.state,
    c.certified_at, c.rate, c.terms, c.hold
from cover_certificate as c
join receivables_receivable as r on r.id = c.receivable_id
where c.scheme = %(scheme)s
    and (%(of)s::text is null or %(of)s in (c.number, r.trade, c.policyholder, c.buyer))
order by c.number
"""
DECISIONS = """
select id, trade, at, outcome, given, said, terms from cover_decision
where scheme = %(scheme)s and (%(trade)s::text is null or trade = %(trade)s) and id > %(after)s
order by id limit 5000
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One certificate as it stands; amounts in the currency of cover."""

    number: str
    trade: str
    policyholder: str
    buyer: str
    policy: str
    amount: Money
    covered: Money
    insured_share_bp: int
    limit: Money
    shipped_on: date
    due_on: date
    state: str
    certified_at: datetime
    rate: str | None
    terms: str
    hold: str

    @property
    def uncovered(self) -> Money:
        """The part above the limit, uninsured unless payments make room for it."""
        return self.amount - self.covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One answer to one offer as it was given: texts are RFC 8785 JSON."""

    id: int
    trade: str
    at: datetime
    outcome: str
    given: str
    said: str
    terms: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The reasons, as they were said."""
        found: list[dict[str, Any]] = json.loads(self.said)["findings"]
        return found


def insured_debt(
    *, scheme: str, policyholder: str, buyer: str, loss_on: date
) -> tuple[InsuredShipment, ...]:
    """Return what a buyer owed a policyholder on the day of a loss, the oldest shipment first.

    Room that was given later covers nothing of it, and what came from the day of the loss on is no
    payment but a credit or a recovery. An amount in another currency is brought into that of cover
    in the proportion of its certificate, rounded down.
    """
    with cursor() as cur:
        cur.execute(INSURED_DEBT.encode(), {
            "scheme": scheme, "policyholder": policyholder, "buyer": buyer, "loss_on": loss_on,
        })  # fmt: skip
        return tuple(_insured(row) for row in cur.fetchall())


def certificates(scheme: str, *, of: str | None = None) -> tuple[Issued, ...]:
    """Return certificates by number; `of` is a number, a trade, a policyholder or a buyer."""
    with cursor() as cur:
        cur.execute(CERTIFICATES.encode(), {"scheme": scheme, "of": of})
        return tuple(
            Issued(
                number=number, trade=trade, policyholder=policyholder, buyer=buyer, policy=policy,
                amount=Money(amount, currency), covered=Money(covered, currency),
                insured_share_bp=share_bp, limit=Money(limit, currency), shipped_on=shipped_on,
                due_on=due_on, state=state, certified_at=certified_at, rate=rate, terms=terms,
                hold=str(hold),
            )
            for number, trade, policyholder, buyer, policy, currency, amount, covered, share_bp,
            limit, shipped_on, due_on, state, certified_at, rate, terms, hold in cur.fetchall()
        )  # fmt: skip


def recorded_as(number: str) -> int:
    """Return the entry of the journal in which the decision for a certificate is recorded."""
    with cursor() as cur:
        cur.execute(
            "select d.made_by from cover_certificate as c "
            "join cover_decision as d on d.id = c.decision_id where c.number = %s",
            (number,),
        )
        row = cur.fetchone()
    if row is None:
        raise LookupError(f"There is no certificate {number}. Give one that certificates() has.")
    return int(row[0])


def grants(number: str) -> tuple[Grant, ...]:
    """Return what came under cover of a certificate, in the order in which it did."""
    with cursor() as cur:
        cur.execute(
            "select g.counts_on, g.amount_minor, c.currency, g.because from cover_grant as g "
            "join cover_certificate as c on c.number = g.certificate_id "
            "where c.number = %s order by g.id",
            (number,),
        )
        return tuple(
            Grant(on=on, amount=Money(minor, currency), because=because)
            for on, minor, currency, because in cur.fetchall()
        )


def buyers_of(scheme: str) -> tuple[str, ...]:
    """Return all buyers of whom something is insured."""
    with cursor() as cur:
        cur.execute(
            "select distinct buyer from cover_certificate where scheme = %s order by buyer",
            (scheme,),
        )
        return tuple(buyer for (buyer,) in cur.fetchall())


def decisions(scheme: str, *, trade: str | None = None) -> Iterator[Decided]:
    """Return every answer, the earliest first; some at a time, however many there are."""
    after = 0
    while True:
        with cursor() as cur:
            cur.execute(DECISIONS.encode(), {"scheme": scheme, "trade": trade, "after": after})
            rows = cur.fetchall()
        for row in rows:
            yield Decided(**dict(zip(Decided.__slots__, row, strict=True)))
        if not rows:
            return
        after = rows[-1][0]


def _insured(row: tuple[Any, ...]) -> InsuredShipment:
    (trade, number, policy, shipped_on, due_on, extended_to, currency, amount, in_cover, insured,
     granted, before, since, share_bp, limit, terms, listed) = row  # fmt: skip

    def worth(minor: int) -> int:
        return int(minor) * int(insured) // int(amount)

    open_minor = insured - worth(before)
    covered_unpaid = min(granted, open_minor)
    return InsuredShipment(
        trade=trade, certificate=number, policy=policy, shipped_on=shipped_on, due_on=due_on,
        extended_to=extended_to, amount=Money(amount, currency), covered=Money(granted, in_cover),
        open_before_loss=Money(open_minor, in_cover),
        covered_unpaid=Money(covered_unpaid, in_cover),
        uncovered_unpaid=Money(open_minor - covered_unpaid, in_cover),
        credits_since=Money(min(worth(since), open_minor), in_cover), insured_share_bp=share_bp,
        limit=Money(limit, in_cover), terms=terms, white_listed=listed,
    )  # fmt: skip
