"""Trade that comes back: what the tables show of goods sold round in a circle, and no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from tradeloop.claims.rows import named

# A party's own keys, and those of parties that belong together with it: `near`. The trade back is
# one that somebody near the buyer sold to somebody near the seller. The first of them is told, so
# that a look on another day says the same.
CIRCLES = """
with
    asked as (
        select p.place, p.seller, p.buyer
        from unnest(%s::text[], %s::text[]) with ordinality as p (seller, buyer, place)
    ),
    party as (select seller as key from asked union select buyer from asked),
    own as (
        select key, key as name from party
        union
        select p.key, other.key from party as p
        join parties_buyer as mine on mine.key = p.key
        join parties_buyer as other
            on coalesce(other.canonical_id, other.id) = coalesce(mine.canonical_id, mine.id)
    ),
    related as (
        select o.key, case when r.first = o.name then r.second else r.first end as name
        from own as o
        join parties_relation as r on o.name in (r.first, r.second)
        where r.from_date <= %s and coalesce(r.to_date, 'infinity') >= %s
    ),
    near as (
        select key, name from own
        union
        select key, name from related
        union
        select l.key, other.key from related as l
        join parties_buyer as mine on mine.key = l.name
        join parties_buyer as other
            on coalesce(other.canonical_id, other.id) = coalesce(mine.canonical_id, mine.id)
    )
select distinct on (asked.place)
    asked.seller, asked.buyer, r.trade, r.seller as back_seller, r.buyer as back_buyer,
    exists (
        select from receivables_receivable as out_
        join registry_paper as p on p.key = 'trade:' || regexp_replace(out_.trade, '/', ':')
        join registry_paper as q on q.key = 'trade:' || regexp_replace(r.trade, '/', ':')
        join registry_twin as t on t.one_id = least(p.capacity_id, q.capacity_id)
            and t.other_id = greatest(p.capacity_id, q.capacity_id)
        where out_.seller = asked.seller and out_.buyer = asked.buyer
    ) as is_twin
from asked
join near as b on b.key = asked.buyer
join near as s on s.key = asked.seller
join receivables_receivable as r on r.buyer = s.name and r.seller = b.name
where r.seller <> asked.seller and r.buyer <> asked.buyer
order by asked.place, r.arrival
"""


def traced(pairs: Collection[tuple[str, str]], on: date) -> Mapping[tuple[str, str], str]:
    """Return for each seller and buyer between whom goods come back, how they do.

    Seen is: the buyer, or who belongs together with it, is a seller itself, and is owed by this
    seller or by who belongs together with it. Where the papers of both trades may be of the same
    goods, that is said too. Not seen: a circle over third parties, parties that nobody told belong
    together, goods that come back without a trade on credit here. A container or declaration of
    several values is known to be of several, not of which: only twins are.
    """
    asked = list(pairs)
    rows = named(
        CIRCLES, [seller for seller, _ in asked], [buyer for _, buyer in asked], on, on
    )  # fmt: skip
    return {
        (row["seller"], row["buyer"]): _says(
            row["seller"], row["buyer"], row["back_seller"], row["back_buyer"], row["trade"]
        )
        + (" The papers of both trades may be of the same goods." if row["is_twin"] else "")
        for row in rows
    }


def _says(seller: str, buyer: str, back_seller: str, back_buyer: str, trade: str) -> str:
    whose = "is a seller itself" if back_seller == buyer else f"belongs together with {back_seller}"
    owed = f"{seller} itself" if back_buyer == seller else f"{back_buyer}, who belongs to {seller}"
    return f"{buyer} {whose}: trade {trade} is owed by {owed}."
