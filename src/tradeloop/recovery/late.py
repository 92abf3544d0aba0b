"""Late money: what buyers paid merchants after a claim was paid, and what banks took back of it."""

from __future__ import annotations

from datetime import date

from tradeloop.claims.rows import named
from tradeloop.kit.money import half_up

# A payment to the merchant since the loss that the claim's figure did not count, nor a receipt.
LATE = """
select p.claim_id as claim, pay.id as payment, pay.paid_on, pay.currency, pay.arrival,
    sum(a.amount_minor)::bigint as minor,
    min(r.amount_minor) as owed, min(c.amount_minor) as worth
from recovery_pursuit as p
join claims_claim as k on k.id = p.claim_id
join claims_decision as d on d.id = k.decision_id
join claims_line as l on l.claim_id = p.claim_id
join receivables_receivable as r on r.trade = l.trade
join cover_certificate as c on c.number = l.certificate
join receivables_application as a on a.receivable_id = r.id and a.counts_on >= k.loss_on
join receivables_payment as pay on pay.id = a.payment_id and pay.withdrawn_at is null
where (%s::text[] is null or p.claim_id = any(%s))
    and not (d.given::jsonb -> 'counted') ? pay.id
    and not exists (
        select from recovery_receipt as x where x.pursuit_id = p.claim_id and x.payment = pay.id
    )
group by p.claim_id, pay.id, pay.paid_on, pay.currency, pay.arrival, r.id
order by p.claim_id, pay.arrival
"""
TAKEN_BACK = """
select x.id, x.pursuit_id as claim from recovery_receipt as x
join receivables_payment as pay on pay.id = x.payment and pay.withdrawn_at is not null
where x.withdrawn_on is null and (%s::text[] is null or x.pursuit_id = any(%s))
order by x.pursuit_id, x.place
"""


def taken_back(claims: list[str] | None) -> list[str]:
    """Return the receipts whose payments were withdrawn, in the order in which they came."""
    return [row["id"] for row in named(TAKEN_BACK, claims, claims)]


def late(claims: list[str] | None) -> dict[tuple[str, str], tuple[int, date]]:
    """Return late payments, each in the currency of its pursuit, rounded half up."""
    found: dict[tuple[str, str], tuple[int, date]] = {}
    for row in named(LATE, claims, claims):
        key = row["claim"], row["payment"]
        minor = row["minor"]
        if row["owed"] != row["worth"]:
            minor = half_up(minor * row["worth"], row["owed"])
        found[key] = found.get(key, (0, row["paid_on"]))[0] + minor, row["paid_on"]
    return found
