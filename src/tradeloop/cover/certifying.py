"""Certificates of buyers are worked out anew, and what is new in them is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tradeloop.cover.buyers import certify
from tradeloop.cover.facts import Certificate
from tradeloop.cover.recorded import histories
from tradeloop.cover.terms import CoverTerms, LateArrival
from tradeloop.parties.queries import one_with
from tradeloop.store.database import cursor

KNOWN = """
select r.trade, c.number, c.covered_minor
from cover_certificate as c join receivables_receivable as r on r.id = c.receivable_id
where c.scheme = %s and c.buyer = any(%s)
"""
NEW = """
insert into cover_certificate (
    number, receivable_id, policy_id, scheme, policyholder, buyer, currency, amount_minor, rate,
    limit_minor, insured_share_bp, is_white_listed, covered_minor, state, shipped_on, certified_at,
    terms, hold, decision_id
)
select
    %(scheme)s || '/' || extract(year from %(at)s::timestamptz at time zone 'Asia/Shanghai') || '/'
        || lpad(nextval('cover_certificate_number')::text, 8, '0'),
    r.id, n.policy, %(scheme)s, r.seller, r.buyer, %(currency)s, n.amount, n.rate, n.bound,
    n.share_bp, n.listed, n.covered, 'in-force', r.shipped_on, %(at)s, n.terms, n.hold, d.id
from unnest(
    %(trades)s::text[], %(policies)s::text[], %(amounts)s::bigint[], %(rates)s::text[],
    %(limits)s::bigint[], %(shares)s::integer[], %(listed)s::boolean[],
    %(covered)s::bigint[], %(terms)s::text[], %(holds)s::uuid[]
) with ordinality
    as n (trade, policy, amount, rate, bound, share_bp, listed, covered, terms, hold, i)
join receivables_receivable as r on r.trade = n.trade
join cover_decision as d on d.trade = n.trade and d.scheme = %(scheme)s and d.made_by = %(made_by)s
order by n.i
returning number, (select trade from receivables_receivable as r where r.id = receivable_id)
"""
GRANTED = """
insert into cover_grant (certificate_id, counts_on, amount_minor, because, made_by)
select g.number, g.counts_on, g.minor, g.because, %(made_by)s
from unnest(
    %(numbers)s::text[], %(days)s::date[], %(minors)s::bigint[], %(reasons)s::text[]
) with ordinality as g (number, counts_on, minor, because, i)
order by g.i
"""
COVERED = """
update cover_certificate as c set covered_minor = c.covered_minor + g.minor
from (
    select number, sum(minor)::bigint as minor
    from unnest(%(changed)s::text[], %(changes)s::bigint[]) as g (number, minor) group by number
) as g
where c.number = g.number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A trade that is eligible and whose value is held, waiting for its certificate."""

    policy: str
    hold: UUID
    amount_minor: int  # in the currency of cover
    rate: str | None


def lock_buyers(scheme: str, buyers: Collection[str]) -> None:
    """Let nobody else certify these buyers before this transaction ends; in one order.

    A thousand locks are shared by all buyers: a set may have more of them than a server has locks.
    """
    with cursor() as cur:
        cur.execute(
            "select pg_advisory_xact_lock(hashtext(%s), bucket) "
            "from (select distinct abs(hashtext(b) %% 1024) as bucket "
            "from unnest(%s::text[]) as b order by bucket) as buckets",
            (f"cover {scheme}", list(buyers)),
        )


def certify_buyers(  # noqa: PLR0913 - each of them is written to the certificate
    buyers: Collection[str],
    wanted: Mapping[str, Wanted],
    *,
    scheme: str,
    terms: Sequence[CoverTerms],
    made_by: int,
    at: datetime,
) -> Mapping[str, tuple[str | None, Certificate]]:
    """Work the certificates of some buyers out; write what is new, and return that by trade.

    What was granted before stays; what payments made room for since is added. The caller holds
    `lock_buyers`, and has written the decisions on the trades that are `wanted`.
    """
    currency = terms[0].buyer_limit.currency
    keep = all(one.late_arrival is LateArrival.KEEPS_CERTIFICATES for one in terms)
    worth = {trade: one.amount_minor for trade, one in wanted.items()}
    keys = one_with(buyers)
    found = histories(scheme, keys, currency=currency, eligible=worth, keep=keep)
    certified = {
        one.shipment: one
        for history in found.values()
        for one in certify(history, terms=terms, only=wanted if keep else None)
    }
    with cursor() as cur:
        cur.execute(KNOWN.encode(), (scheme, [key for every in keys.values() for key in every]))
        known = {trade: (number, covered) for trade, number, covered in cur.fetchall()}
    new = [trade for trade in wanted if trade in certified and trade not in known]
    numbers = {trade: number for trade, (number, _) in known.items() if trade in certified}
    numbers |= _insert(new, certified, wanted, scheme=scheme, made_by=made_by, at=at)
    covered = {trade: minor for trade, (_, minor) in known.items()}
    _grant(certified, covered, numbers, made_by=made_by)
    return {trade: (numbers.get(trade), one) for trade, one in certified.items()}


def _insert(  # noqa: PLR0913 - as above
    new: Sequence[str], certified: Mapping[str, Certificate], wanted: Mapping[str, Wanted], *,
    scheme: str, made_by: int, at: datetime,
) -> dict[str, str]:  # fmt: skip
    if not new:
        return {}
    ones = [(certified[trade], wanted[trade]) for trade in new]
    with cursor() as cur:
        cur.execute(NEW.encode(), {
            "scheme": scheme, "at": at, "made_by": made_by,
            "currency": ones[0][0].limit.currency, "trades": list(new),
            "policies": [one.policy for _, one in ones], "rates": [one.rate for _, one in ones],
            "holds": [one.hold for _, one in ones],
            "amounts": [one.amount.minor for one, _ in ones],
            "limits": [one.limit.minor for one, _ in ones],
            "shares": [one.insured_share_bp for one, _ in ones],
            "listed": [one.white_listed for one, _ in ones],
            "covered": [one.covered.minor for one, _ in ones],
            "terms": [one.terms for one, _ in ones],
        })  # fmt: skip
        return {trade: number for number, trade in cur.fetchall()}


def _grant(
    certified: Mapping[str, Certificate], covered: Mapping[str, int], numbers: Mapping[str, str],
    *, made_by: int,
) -> None:  # fmt: skip
    """Write what certificates got beyond what was written of them: `covered`, by trade."""
    rows: list[tuple[str, date, int, str]] = []
    changes: list[tuple[str, int]] = []
    for trade, number in numbers.items():
        one, written = certified[trade], covered.get(trade, 0)
        change = one.covered.minor - written
        if change < 0:  # only where a scheme lets an earlier shipment that arrives later take it
            rows.append((number, one.shipped_on, change, "an earlier shipment took its place"))
        for grant in one.grants:
            old = min(written, grant.amount.minor)
            written -= old
            if grant.amount.minor > old:
                rows.append((number, grant.on, grant.amount.minor - old, grant.because))
        if change and trade in covered:
            changes.append((number, change))
    with cursor() as cur:
        if rows:
            cur.execute(GRANTED.encode(), {
                "made_by": made_by, "numbers": [row[0] for row in rows],
                "days": [row[1] for row in rows], "minors": [row[2] for row in rows],
                "reasons": [row[3] for row in rows],
            })  # fmt: skip
        if changes:
            cur.execute(COVERED.encode(), {
                "changed": [number for number, _ in changes],
                "changes": [minor for _, minor in changes],
            })  # fmt: skip
