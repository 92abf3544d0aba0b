"""The programme's own table: covered, premium, cases, losses, paid, recovered, days to pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tradeloop.economy.season.year import Lived
from tradeloop.kit.money import WHOLE, half_up
from tradeloop.store.database import cursor

COUNTS = """
select
    (select count(distinct trade) from cover_decision where scheme = %(scheme)s),
    (select count(*) from (
        select distinct on (trade) outcome from cover_decision where scheme = %(scheme)s
        order by trade, id desc
    ) as last where outcome = 'refused'),
    (select count(*) from cover_certificate where scheme = %(scheme)s),
    (select count(*) from cover_policy where scheme = %(scheme)s),
    (select count(distinct buyer) from cover_certificate where scheme = %(scheme)s)
"""
COVERED = """
select currency, sum(amount_minor)::bigint, sum(covered_minor)::bigint from cover_certificate
where scheme = %(scheme)s group by currency
"""
PREMIUM = """
select b.currency, sum(b.merchant_minor)::bigint, sum(b.subsidy_minor)::bigint
from cover_bill as b join cover_policy as p on p.id = b.policy_id
where p.scheme = %(scheme)s group by b.currency
"""
PAYMENTS = """
select currency, count(*), sum(amount_minor)::bigint, sum(left_minor)::bigint
from receivables_payment where withdrawn_at is null group by currency
"""
STATES = "select state, count(*) from claims_claim where scheme = %(scheme)s group by state"
REPORTED = """
select currency, date_trunc('month', claimed_on)::date, count(*), sum(claimed_minor)::bigint
from claims_claim where scheme = %(scheme)s and claimed_on is not null group by 1, 2 order by 1, 2
"""
PAID = """
select o.currency, date_trunc('month', c.claimed_on)::date, count(distinct c.id),
    sum(o.amount_minor)::bigint
from claims_payout as o join claims_claim as c on c.id = o.claim_id
where c.scheme = %(scheme)s and o.paid_on is not null group by 1, 2
"""
DAYS = """
select c.id, max(o.paid_on) - min(c.claimed_on) from claims_payout as o
join claims_claim as c on c.id = o.claim_id
where c.scheme = %(scheme)s group by c.id having bool_and(o.paid_on is not null)
"""
RECOVERED = """
select p.currency, sum(r.amount_minor)::bigint, sum(r.to_insurer_minor)::bigint,
    sum(r.to_insured_minor)::bigint
from recovery_receipt as r join recovery_pursuit as p on p.claim_id = r.pursuit_id
join claims_claim as c on c.id = p.claim_id
where c.scheme = %(scheme)s and r.withdrawn_on is null group by p.currency
"""
REFUSED = """
select c.id, c.policyholder, c.currency, c.claimed_minor, r.code, r.clause, r.because, r.remedy,
    (select string_agg(l.trade, ' ' order by l.trade collate "C") from claims_line as l
     where l.claim_id = c.id)
from claims_refusal as r join claims_claim as c on c.id = r.claim_id
where c.scheme = %(scheme)s and c.state = 'refused' order by r.id
"""
PAID_STATES = ("paid", "subrogated", "closed")
TENTHS = 10


def figures(lived: Lived) -> dict[str, Any]:
    """Return all figures of a season, as JSON says them: minor units as texts, by currency.

    `losses.ratio_bp` is paid to reported, `losses.of_premium_bp` paid to premium, in basis points,
    rounded half up; `days_to_pay.mean_tenths` are tenths of days from the claim to the payment.
    """
    offered, refused, certified, policies, buyers = _rows(COUNTS, lived)[0]
    states = dict(_rows(STATES, lived))
    premium = _rows(PREMIUM, lived)
    reported, paid = _months(lived)
    billed = {currency: merchant + subsidy for currency, merchant, subsidy in premium}
    days = sorted(days for _, days in _rows(DAYS, lived))
    back = _rows(RECOVERED, lived)
    return {
        "season": {
            "from": str(lived.from_on), "scheme": lived.scheme, "seed": lived.seed,
            "to": str(lived.to_on),
        },
        "trades": {
            "certified": certified, "judged": lived.offers, "never_left": lived.never_left,
            "offered": offered, "refused": refused, "waiting": offered - refused - certified,
        },
        "cover": {
            "buyers": buyers, "covered_minor": _text({row[0]: row[2] for row in _covered(lived)}),
            "declared_minor": _text({row[0]: row[1] for row in _covered(lived)}),
            "policies": policies, "white_listed": lived.white, "limit_cut_for": lived.cut,
        },
        "premium": {
            "authority_minor": _text({row[0]: row[2] for row in premium}),
            "billed_minor": _text(billed),
            "merchants_minor": _text({row[0]: row[1] for row in premium}),
        },
        "payments": _payments(lived),
        "cases": {
            "not_taken": len(lived.not_taken),
            "paid": sum(states.get(one, 0) for one in PAID_STATES),
            "states": dict(sorted(states.items())), "stopped_buyers": lived.stopped,
            "told": sum(states.values()),
        },
        "losses": {
            "of_premium_bp": _ratios(paid, billed), "paid_minor": _text(_total(paid)),
            "ratio_bp": _ratios(paid, _total(reported)), "reported": sum(
                count for months in reported.values() for count, _ in months.values()
            ),
            "reported_minor": _text(_total(reported)),
        },
        "recovered": {
            "to_insured_minor": _text({row[0]: row[3] for row in back}),
            "to_insurer_minor": _text({row[0]: row[2] for row in back}),
            "total_minor": _text({row[0]: row[1] for row in back}),
        },
        "days_to_pay": {
            "least": days[0] if days else None, "most": days[-1] if days else None,
            "mean_tenths": half_up(TENTHS * sum(days), len(days)) if days else None,
        },
        "months": [
            {
                "currency": currency, "month": f"{month:%Y-%m}", "reported_minor": str(minor),
                "paid_minor": str(paid.get(currency, {}).get(month, (0, 0))[1]),
            }
            for currency, months in sorted(reported.items())
            for month, (_, minor) in sorted(months.items())
        ],
        "refused": _refused(lived),
        "not_taken": [{**asdict(one), "on": str(one.on)} for one in lived.not_taken],
    }  # fmt: skip


Months = Mapping[str, Mapping[date, tuple[int, int]]]
"""By currency and month of the claim: how many, and minor units."""


def _months(lived: Lived) -> tuple[Months, Months]:
    found: list[Months] = []
    for sql in (REPORTED, PAID):
        months: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
        for currency, month, count, minor in _rows(sql, lived):
            months[currency][month] = count, minor
        found.append(months)
    return found[0], found[1]


def _covered(lived: Lived) -> list[tuple[Any, ...]]:
    return _rows(COVERED, lived)


def _payments(lived: Lived) -> dict[str, Any]:
    rows = _rows(PAYMENTS, lived)
    return {
        "bank_bookings": lived.bookings,
        "bank_files": lived.files,
        "by_hand": lived.by_hand,
        "count": sum(row[1] for row in rows),
        "left_minor": _text({row[0]: row[3] for row in rows}),
        "paid_minor": _text({row[0]: row[2] for row in rows}),
    }


def _refused(lived: Lived) -> list[dict[str, Any]]:
    return [
        {
            "because": because, "claim": claim, "claimed_minor": str(minor), "clause": clause,
            "code": code, "currency": currency, "policyholder": lived.merchants[policyholder],
            "remedy": remedy, "trades": trades.split(),
        }
        for claim, policyholder, currency, minor, code, clause, because, remedy, trades
        in _rows(REFUSED, lived)
    ]  # fmt: skip


def _ratios(paid: Months, whole: Mapping[str, int]) -> dict[str, int]:
    """Return what was paid to a whole, in basis points, where there is a whole."""
    sums = _total(paid)
    return {
        currency: half_up(WHOLE * sums.get(currency, 0), minor)
        for currency, minor in sorted(whole.items())
        if minor > 0
    }


def _total(months: Months) -> dict[str, int]:
    return {
        currency: sum(minor for _, minor in found.values()) for currency, found in months.items()
    }


def _text(sums: Mapping[str, int]) -> dict[str, str]:
    return {currency: str(minor) for currency, minor in sorted(sums.items())}


def _rows(sql: str, lived: Lived) -> list[tuple[Any, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode(), {"scheme": lived.scheme})
        return cur.fetchall()
