"""Late money: what buyers paid merchants after a claim was paid, as it stands applied now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradeloop.claims.rows import named
from tradeloop.kit.money import half_up

# What made the debt less, and the claim's figure did not count: payments since the loss, and
# payments and credits of whatever day that were told after the figure was made.
LATE = """
with cleared as (
    select a.receivable_id, pay.id as payment, pay.paid_on, pay.arrival, a.amount_minor,
        pay.made_by, a.counts_on
    from receivables_application as a
    join receivables_payment as pay on pay.id = a.payment_id and pay.withdrawn_at is null
    union all
    select d.receivable_id, 'credit ' || d.id, d.counts_on, r.arrival, d.amount_minor, d.made_by,
        null
    from receivables_credit as d
    join receivables_receivable as r on r.id = d.receivable_id
)
select p.claim_id as claim, pay.payment, pay.paid_on, pay.arrival,
    sum(pay.amount_minor)::bigint as minor,
    min(r.amount_minor) as owed, min(c.amount_minor) as worth
from recovery_pursuit as p
join claims_claim as k on k.id = p.claim_id
join claims_decision as d on d.id = k.decision_id
join claims_line as l on l.claim_id = p.claim_id
join receivables_receivable as r on r.trade = l.trade
join cover_certificate as c on c.number = l.certificate
join cleared as pay on pay.receivable_id = r.id
    and (pay.counts_on >= k.loss_on or pay.made_by > d.made_by)
where (%s::text[] is null or p.claim_id = any(%s))
    and not (d.given::jsonb -> 'counted') ? pay.payment
group by p.claim_id, pay.payment, pay.paid_on, pay.arrival, r.id
order by p.claim_id, pay.arrival, pay.payment
"""
SWEPT = """
select x.id, x.pursuit_id as claim, x.payment, x.amount_minor as minor, x.withdrawn_on,
    p.debt_minor <= (
        select sum(y.amount_minor) from recovery_receipt as y
        where y.pursuit_id = x.pursuit_id and y.withdrawn_on is null
    ) as is_full
from recovery_receipt as x join recovery_pursuit as p on p.claim_id = x.pursuit_id
where x.payment is not null and (%s::text[] is null or x.pursuit_id = any(%s))
order by x.pursuit_id, x.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """One payment that is to be taken in for a claim."""

    id: str  # of its receipt
    claim: str
    payment: str
    minor: int
    paid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What is to be taken back, and then taken in."""

    stale: tuple[str, ...]
    new: tuple[Late, ...]


def look(claims: list[str] | None) -> Sweep:
    """Compare payments as they stand with the receipts that were made of them.

    A payment that its bank took back, or that was applied anew behind an earlier one, makes its
    receipt stale. Amounts are in the currency of the pursuit, rounded half up.
    """
    now: dict[tuple[str, str], tuple[int, date]] = {}
    for row in named(LATE, claims, claims):
        minor = row["minor"]
        if row["owed"] != row["worth"]:
            minor = half_up(minor * row["worth"], row["owed"])
        key = row["claim"], row["payment"]
        now[key] = now.get(key, (0, row["paid_on"]))[0] + minor, row["paid_on"]
    stale, known = [], set()
    times: dict[tuple[str, str], int] = {}
    for row in named(SWEPT, claims, claims):
        key = row["claim"], row["payment"]
        times[key] = times.get(key, 0) + 1
        if row["withdrawn_on"] is not None:
            continue
        stands = now.get(key, (0,))[0]
        # What lies beyond the debt was left out; that is no reason to share anew.
        if stands == row["minor"] or (row["is_full"] and stands > row["minor"]):
            known.add(key)
        else:
            stale.append(row["id"])
    return Sweep(
        stale=tuple(stale),
        new=tuple(
            Late(
                id=f"{key[1]}@{key[0]}" + (f"#{times[key] + 1}" if key in times else ""),
                claim=key[0], payment=key[1], minor=minor, paid_on=paid_on,
            )
            for key, (minor, paid_on) in now.items()
            if key not in known
        ),
    )  # fmt: skip
