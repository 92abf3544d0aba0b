"""Premium goes to the ledger: what a period has come to so far, less what was billed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tradeloop.cover.facts import Policy, Premium, Turnover
from tradeloop.cover.lifecycle import PolicyState
from tradeloop.cover.limits import maximum_liability
from tradeloop.cover.policies import bound
from tradeloop.cover.premium import ended, premium
from tradeloop.cover.terms import CoverTerms, PremiumTerms
from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.kit.terms import digest, in_force, written
from tradeloop.ledger import actions as ledger
from tradeloop.ledger.facts import Entry, Posting
from tradeloop.store.database import cursor

TURNOVER = """
select
    p.id, p.scheme, p.policyholder, p.insured_from, p.insured_to,
    coalesce(p.period_to, p.insured_to), p.state, p.currency, p.estimated_minor,
    coalesce(sum(c.amount_minor), 0)::bigint, coalesce(sum(c.covered_minor), 0)::bigint,
    coalesce(min(billed.merchant), 0)::bigint, coalesce(min(billed.subsidy), 0)::bigint,
    coalesce(min(billed.times), 0)
from cover_policy as p
left join (
    select policy_id, sum(merchant_minor) as merchant, sum(subsidy_minor) as subsidy,
        count(*) as times
    from cover_bill group by policy_id
) as billed on billed.policy_id = p.id
left join cover_certificate as c on c.policy_id = p.id and c.shipped_on <= %(on)s
where p.scheme = %(scheme)s and (%(policies)s::text[] is null or p.id = any(%(policies)s))
    and p.insured_from <= %(on)s
group by p.id
order by p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is to be paid for a policy now; below zero is given back."""

    policy: str
    on: date
    premium: Premium  # of the period so far
    merchant: Money
    subsidy: Money


@transaction.atomic
def bill(  # noqa: PLR0913 - by what, until when, whom
    *, scheme: str, terms: Sequence[PremiumTerms], cover: Sequence[CoverTerms], on: date,
    at: datetime, policies: Sequence[str] | None = None,
) -> tuple[Bill, ...]:  # fmt: skip
    """Bill what policies have come to by a day, less what was billed; nothing due, no bill.

    Where the most that a policy pays is a multiple of its premium, it grows with the bill.

    Of a policy that a person ended, the days not run come back from its last day on, once, if the
    terms say so. The rate counts that was in force when the period began. The subsidy is the
    authority's, the rest the merchant's; each has back of what it bore. Where turnover shrank, as
    after goods came back, a bill is below zero.
    """
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(hashtext(%s), 0)", (f"cover bill {scheme}",))
        cur.execute(TURNOVER.encode(), {
            "scheme": scheme, "on": on, "policies": None if policies is None else list(policies),
        })  # fmt: skip
        rows = cur.fetchall()
    bills, entries, kept, bounds = [], [], [], []
    for row in rows:
        policy = Policy(**dict(zip(Policy.__slots__, row[:8], strict=True)))
        id_, currency = policy.id, policy.currency
        estimated, declared, covered, merchant_paid, subsidy_paid, times = row[8:]
        counts = in_force(terms, policy.insured_from)
        turnover = Turnover(
            declared=Money(declared, currency),
            covered=Money(covered, currency),
            estimated=None if estimated is None else Money(estimated, currency),
            paid=Money(merchant_paid + subsidy_paid, currency),
        )
        whole = premium(turnover, counts)
        found = ended(whole, turnover, policy, counts) if _ended_by(policy, on) else whole
        merchant = found.merchant - Money(merchant_paid, currency)
        subsidy = found.subsidy - Money(subsidy_paid, currency)
        if not merchant.minor and not subsidy.minor:
            continue
        one = Bill(policy=id_, on=on, premium=found, merchant=merchant, subsidy=subsidy)
        bills.append(one)
        # A refund takes nothing of the most it pays: what was shipped keeps its cover.
        most = maximum_liability(whole.due, terms=in_force(cover, policy.insured_from))
        bounds.append((policy, most))
        entries.append(_entry(one, scheme, policy.policyholder, number=times + 1))
        kept.append((one, digest(counts)))
    if bills:
        _write(bills, kept, entries, scheme=scheme, at=at)
        bound(bounds, at=at)
    return tuple(bills)


def _ended_by(policy: Policy, on: date) -> bool:
    return policy.state == PolicyState.CANCELLED and policy.insured_to <= on


def _entry(one: Bill, scheme: str, policyholder: str, *, number: int) -> Entry:
    postings = []
    for payer, amount in ((policyholder, one.merchant), (f"authority-{scheme}", one.subsidy)):
        owed, earned = f"{payer}:owes:premium-{scheme}", f"insurer-{scheme}:premium"
        if amount.minor > 0:
            postings.append(Posting(debit=owed, credit=earned, amount=amount))
        elif amount.minor < 0:
            postings.append(
                Posting(debit=earned, credit=owed, amount=Money(-amount.minor, amount.currency))
            )
    is_ended = one.premium.explained.lines[-1].code == "refund"
    less = ", less what comes back as it was ended" if is_ended else ""
    return Entry(
        key=f"premium {one.policy} {number}", on=one.on,
        why=f"Premium of policy {one.policy}{less}", postings=tuple(postings),
    )  # fmt: skip


def _write(
    bills: Sequence[Bill], kept: Sequence[tuple[Bill, str]], entries: Sequence[Entry], *,
    scheme: str, at: datetime,
) -> None:  # fmt: skip
    made = record(kind="cover.billed", at=at, fact={
        "lines": [
            {"merchant_minor": str(one.merchant.minor), "policy": one.policy,
             "subsidy_minor": str(one.subsidy.minor)}
            for one in bills
        ],
        "scheme": scheme,
    }).entry_id  # fmt: skip
    ledger.post(entries=entries, at=at)
    with (
        cursor() as cur,
        cur.copy(
            "copy cover_bill (policy_id, billed_on, currency, merchant_minor, subsidy_minor, "
            "because, terms, made_by) from stdin"
        ) as rows,
    ):
        for one, terms in kept:
            rows.write_row((
                one.policy, one.on, one.merchant.currency, one.merchant.minor, one.subsidy.minor,
                written(one.premium.explained), terms, made,
            ))  # fmt: skip
