"""What the books measure of a seller or a buyer on a day, for the card to score."""

from __future__ import annotations

from datetime import date

from tradeloop.cover.scorecard import Scored, score
from tradeloop.store.database import cursor

# Shares are of sums in one currency, the one that most of the debts are in: what is owed in others
# is not converted for a card that only advises.
MEASURES = """
with mine as (
    select r.*, r.amount_minor - r.credited_minor - r.paid_minor as open_minor,
        case when %(of)s = r.buyer then r.seller else r.buyer end as other
    from receivables_receivable as r
    where %(of)s in (r.seller, r.buyer) and r.shipped_on <= %(on)s
),
main as (
    select * from mine
    where currency = (select currency from mine group by currency order by count(*) desc, 1 limit 1)
)
select
    (select count(*) from mine),
    (select case when coalesce(sum(amount_minor), 0) = 0 then 10000
        else floor(sum(amount_minor - open_minor) * 10000 / sum(amount_minor)) end
        from main where due_on < %(on)s)::integer,
    (select coalesce(max(%(on)s::date - due_on), 0) from mine
        where open_minor > 0 and due_on < %(on)s)::integer,
    (select coalesce(floor(max(owed) * 10000 / nullif(sum(owed), 0)), 0) from (
        select sum(open_minor) as owed from main group by other
    ) as by_other)::integer,
    (select count(distinct other) from mine),
    (select count(*) from cover_loss as l
        where %(of)s in (l.seller, l.buyer) and l.loss_on <= %(on)s)
"""


def scored(of: str, *, on: date) -> Scored:
    """Return the score of a policyholder, or of a buyer (`buyer:…`), by what the books hold."""
    side = "buyer" if of.startswith("buyer:") else "seller"
    with cursor() as cur:
        cur.execute(MEASURES.encode(), {"of": of, "on": on})
        row = cur.fetchone() or (0,) * 6
    names = ("trades", "paid_bp", "late_days", "largest_bp", "sellers", "losses")
    return score(side, dict(zip(names, map(int, row), strict=True)))
