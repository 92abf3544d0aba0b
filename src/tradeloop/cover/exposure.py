"""What an insurer stands for now: buyer by buyer, covered and unpaid, its part, and room left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tradeloop.cover.facts import LimitDecision
from tradeloop.cover.limits import decided, of_terms
from tradeloop.cover.terms import CapPer, CoverTerms, WhiteList
from tradeloop.kit.money import WHOLE, Money
from tradeloop.kit.terms import in_force
from tradeloop.store.database import cursor

# Buyers that people joined are one; debts in another currency count in that of cover, in the
# proportion of their certificate, rounded up: an insurer's exposure is never told too small.
EXPOSED = """
with unpaid as (
    select coalesce(whole.key, c.buyer) as buyer, c.policyholder, c.currency, c.insured_share_bp,
        c.is_white_listed and %(own_limit)s as has_own_limit,
        least(c.covered_minor, ceil(
            (r.amount_minor - r.credited_minor - r.paid_minor)::numeric * c.amount_minor
            / r.amount_minor
        ))::bigint as minor,
        coalesce(r.extended_to, r.due_on) < %(on)s as is_overdue
    from cover_certificate as c
    join receivables_receivable as r on r.id = c.receivable_id
    left join parties_buyer as b on b.key = c.buyer
    left join parties_buyer as whole on whole.id = b.canonical_id
    where c.scheme = %(scheme)s and r.amount_minor > r.credited_minor + r.paid_minor
)
select buyer, case when %(per_pair)s then policyholder else '' end as policyholder, currency,
    has_own_limit, count(*), count(distinct policyholder), sum(minor)::bigint,
    ceil(sum(minor::numeric * insured_share_bp) / %(whole)s)::bigint,
    coalesce(sum(minor) filter (where is_overdue), 0)::bigint
from unpaid where minor > 0
group by 1, 2, 3, 4
order by 7 desc, 1, 2, 4
"""
LIMITS = """
select coalesce(whole.key, l.buyer), l.policyholder, l.id, l.currency, l.amount_minor, l.told_on,
    l.from_date, l.at_once
from cover_limit as l
left join parties_buyer as b on b.key = l.buyer
left join parties_buyer as whole on whole.id = b.canonical_id
where l.scheme = %s and l.told_on <= %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What is covered and unpaid of one buyer, under one limit."""

    buyer: str
    policyholder: str | None  # whose limit it is, where each has its own; None: of all
    has_own_limit: bool  # the limit is that of the white list alone
    trades: int
    policyholders: int
    exposed: Money  # covered and unpaid
    insured: Money  # the insurer's part of it, by the percentage of each shipment
    overdue: Money  # of the exposed
    limit: Money  # of the scheme, or as decided for the buyer
    free: Money  # for the next shipment


def exposure(scheme: str, *, terms: Sequence[CoverTerms], on: date) -> tuple[Exposure, ...]:
    """Return what is covered and unpaid of each buyer as the books stand, the largest first.

    Args:
        scheme: Whose certificates.
        terms: All versions of its cover; those of `on` say what the limit is.
        on: The day of looking: what is past due, and which limit counts.
    """
    now = in_force(terms, on)
    per_pair = now.cap_per is CapPer.POLICYHOLDER_AND_BUYER
    limits = _limits(scheme, on)
    found = []
    with cursor() as cur:
        cur.execute(EXPOSED.encode(), {
            "scheme": scheme, "on": on, "per_pair": per_pair, "whole": WHOLE,
            "own_limit": now.white_list is WhiteList.OWN_LIMIT,
        })  # fmt: skip
        for (
            buyer, holder, currency, is_own, trades, holders, minor, insured, overdue
        ) in cur.fetchall():  # fmt: skip
            standard, _ = of_terms(now, white_listed=is_own)
            limit, _ = decided(
                holder, on, standard=standard, terms=now, limits=limits.get(buyer, ())
            )
            exposed = Money(minor, currency)
            found.append(Exposure(
                buyer=buyer, policyholder=holder or None, has_own_limit=is_own, trades=trades,
                policyholders=holders, exposed=exposed, insured=Money(insured, currency),
                overdue=Money(overdue, currency), limit=limit,
                free=max(limit - exposed, Money(0, currency)),
            ))  # fmt: skip
    return tuple(found)


def _limits(scheme: str, on: date) -> Mapping[str, Sequence[LimitDecision]]:
    found: dict[str, list[LimitDecision]] = defaultdict(list)
    with cursor() as cur:
        cur.execute(LIMITS.encode(), (scheme, on))
        for buyer, holder, id_, currency, minor, told_on, from_date, at_once in cur.fetchall():
            found[buyer].append(LimitDecision(
                id=id_, amount=Money(minor, currency), told_on=told_on, from_date=from_date,
                policyholder=holder, at_once=at_once,
            ))  # fmt: skip
    return found
