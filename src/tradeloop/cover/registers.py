"""What the registers know of the parties of many trades: a few questions for a whole set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from tradeloop.cover.facts import Listing, Policy
from tradeloop.cover.offering import Dispute, Known, Overdue, Pair
from tradeloop.kit.money import Money
from tradeloop.parties import actions as parties
from tradeloop.parties import queries as standing
from tradeloop.parties.facts import Told, Verdict
from tradeloop.receivables.queries import owed
from tradeloop.store.database import cursor
from tradeloop.trades.offers import OfferedTrade

FILED, WHITE = "filed", "white"
OVERDUE = b"""
select
    p.seller, p.buyer, r.due_on, r.currency, r.amount_minor - r.credited_minor - r.paid_minor,
    cleared.days, cleared.minors
from receivables_receivable as r
join unnest(%s::text[], %s::text[], %s::text[]) as p (seller, buyer, key)
    on p.seller = r.seller and p.key = r.buyer
cross join lateral (
    select
        coalesce(array_agg(c.on_day), '{}') as days,
        coalesce(array_agg(c.amount_minor), '{}') as minors
    from (
        select a.counts_on as on_day, a.amount_minor from receivables_application as a
        where a.receivable_id = r.id and a.counts_on > r.due_on
        union all
        select d.counts_on, d.amount_minor from receivables_credit as d
        where d.receivable_id = r.id and d.counts_on > r.due_on
    ) as c
) as cleared
where r.due_on < %s
    and (r.amount_minor > r.credited_minor + r.paid_minor or cardinality(cleared.days) > 0)
"""
Keys = Mapping[str, Sequence[str]]
"""The keys that are one with a buyer, itself among them."""
Columns = tuple[list[str], list[str], list[str]]
"""Sellers, buyers, and the keys of those."""


def known_of(
    trades: Sequence[OfferedTrade], *, scheme: str, on: date, now: datetime, secret: bytes
) -> Known:
    """Return what is known of the parties of some trades; buyers not seen before get their key.

    Buyers are looked for on the lists for screening before anything is answered.
    """
    buyers, possibly = _buyers(trades, now=now, secret=secret)
    sellers = {one.seller for one in trades}
    pairs = {(one.seller, buyers[one.name]) for one in trades if one.name in buyers}
    known_buyers = set(buyers.values())
    keys = standing.one_with(known_buyers)
    columns = _columns(pairs, keys)
    parties.screen(buyers=known_buyers, now=now)
    blacklisted, doubtful = _hits(known_buyers, on=on)
    return Known(
        buyers=buyers,
        debtors=_debtors(buyers, keys),
        possibly=possibly,
        blacklisted=blacklisted,
        doubtful=doubtful,
        related=frozenset(standing.related(pairs, on=on)),
        policies=policies_of(scheme, sellers),
        filed=_filed(sellers),
        losses=_losses(columns),
        disputes=_disputes(keys),
        defaulted=_defaulted(keys),
        overdue=_overdue(columns, on=on),
        offered_on=_offered_on(scheme, [one.name for one in trades]),
    )


def policies_of(
    scheme: str, policyholders: Collection[str] | None
) -> Mapping[str, Sequence[Policy]]:
    """Return the policies of some policyholders, or of all, the earliest first."""
    found: dict[str, list[Policy]] = defaultdict(list)
    with cursor() as cur:
        cur.execute(
            "select id, scheme, policyholder, insured_from, insured_to, "
            "coalesce(period_to, insured_to), state, currency from cover_policy "
            "where scheme = %s and (%s::text[] is null or policyholder = any(%s)) "
            "order by policyholder, insured_from",
            (scheme, *[None if policyholders is None else list(policyholders)] * 2),
        )
        for row in cur.fetchall():
            one = Policy(**dict(zip(Policy.__slots__, row, strict=True)))
            found[one.policyholder].append(one)
    return found


def unpaid(declared: Mapping[str, date]) -> Mapping[str, date]:
    """Return for debts that were past their day, and open, when they were declared, that day.

    Args:
        declared: Trades whose debts are in the books, each with its day of declaration.
    """
    by_day: dict[date, list[str]] = defaultdict(list)
    for trade, on in declared.items():
        by_day[on].append(trade)
    return {
        one.trade: last
        for on, trades in by_day.items()
        for one in owed(on=on, trades=trades)
        if one.open.minor and (last := max(one.due_on, one.extended_to or one.due_on)) < on
    }


def listings(code: str, policyholders: Collection[str]) -> tuple[Listing, ...]:
    """Return the periods in which a list named policyholders."""
    return tuple(
        Listing(policyholder=one.subject, from_date=one.from_date, to_date=one.to_date)
        for one in standing.listings(code, policyholders)
    )


def _buyers(
    trades: Sequence[OfferedTrade], *, now: datetime, secret: bytes
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    named = [one for one in trades if one.buyer_name]
    told = [
        Told(
            name=one.buyer_name or "",
            country=one.buyer_country,
            number=one.buyer_number,
            number_kind=one.buyer_number_kind or "passport",
        )
        for one in named
    ]
    buyers, possibly = {}, {}
    for one, found in zip(named, parties.resolve(told=told, now=now, secret=secret), strict=True):
        if found.refused:
            continue
        buyers[one.name] = found.buyer
        if found.possibly:
            possibly[found.buyer] = found.possibly
    return buyers, possibly


def _hits(buyers: set[str], *, on: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return who is on a list for sure, and who may be, each with the reason."""
    sure, maybe = {}, {}
    for buyer, hits in standing.screened(buyers, on=on).items():
        for hit in hits:
            said = f"{hit.told} and {hit.listed} of the list {hit.list_code}"
            if hit.verdict is Verdict.SAME:
                sure[buyer] = f"{said} are one name."
            else:
                maybe[buyer] = f"{said} may be one: {', '.join(hit.reasons)}."
    return sure, {buyer: why for buyer, why in maybe.items() if buyer not in sure}


def _filed(sellers: set[str]) -> Mapping[str, Sequence[Listing]] | None:
    if not standing.list_versions(FILED):
        return None
    found: dict[str, list[Listing]] = defaultdict(list)
    for one in listings(FILED, sellers):
        found[one.policyholder].append(one)
    return found


def _losses(columns: Columns) -> dict[Pair, date]:
    """Return since when sellers know of a loss with a buyer: told of, or begun."""
    with cursor() as cur:
        cur.execute(
            "select p.seller, p.buyer, min(l.known_on) from ("
            "select seller, buyer, loss_on as known_on from cover_loss "
            "union all select policyholder, buyer, known_on from cover_trouble) as l "
            "join unnest(%s::text[], %s::text[], %s::text[]) as p (seller, buyer, key) "
            "on p.seller = l.seller and p.key = l.buyer group by p.seller, p.buyer",
            columns,
        )
        return {(seller, buyer): on for seller, buyer, on in cur.fetchall()}


def _defaulted(keys: Keys) -> dict[str, date]:
    """Return since when buyers have left anybody unpaid, or are insolvent."""
    with cursor() as cur:
        cur.execute(
            "select b.buyer, min(l.loss_on) from (select buyer, loss_on from cover_loss "
            "union all select buyer, insolvent_on from cover_trouble "
            "where insolvent_on is not null) as l "
            "join unnest(%s::text[], %s::text[]) as b (buyer, key) on b.key = l.buyer "
            "group by b.buyer",
            _flat(keys),
        )
        return dict(cur.fetchall())


def _disputes(keys: Keys) -> dict[str, list[Dispute]]:
    """Return what buyers dispute, whoever sold to them."""
    found: dict[str, list[Dispute]] = defaultdict(list)
    with cursor() as cur:
        cur.execute(
            "select b.buyer, t.disputed_on, t.currency, t.disputed_minor from cover_trouble as t "
            "join unnest(%s::text[], %s::text[]) as b (buyer, key) on b.key = t.buyer "
            "where t.disputed_on is not null order by t.claim",
            _flat(keys),
        )
        for buyer, on, currency, minor in cur.fetchall():
            found[buyer].append(Dispute(on=on, amount=Money(minor, currency)))
    return found


def _debtors(buyers: Mapping[str, str], keys: Keys) -> dict[str, str]:
    """Return under which key the debt of a trade was opened, before its buyer was joined."""
    with cursor() as cur:
        cur.execute(
            "select trade, buyer from receivables_receivable where trade = any(%s)", (list(buyers),)
        )
        return {trade: key for trade, key in cur.fetchall() if key in keys[buyers[trade]]}


def _overdue(columns: Columns, *, on: date) -> dict[Pair, list[Overdue]]:
    """Return debts due before a day that were open after their own, as each was cleared since."""
    found: dict[Pair, list[Overdue]] = defaultdict(list)
    with cursor() as cur:
        cur.execute(OVERDUE, (*columns, on))
        for seller, buyer, due_on, currency, minor, days, minors in cur.fetchall():
            found[seller, buyer].append(Overdue(
                due_on=due_on, open=Money(minor, currency),
                cleared=tuple(
                    (day, Money(part, currency)) for day, part in zip(days, minors, strict=True)
                ),
            ))  # fmt: skip
    return found


def _offered_on(scheme: str, names: Sequence[str]) -> dict[str, date]:
    with cursor() as cur:
        cur.execute(
            "select trade, min(declared_on) from cover_decision "
            "where scheme = %s and trade = any(%s) group by trade",
            (scheme, list(names)),
        )
        return dict(cur.fetchall())


def _columns(pairs: Collection[Pair], keys: Keys) -> Columns:
    """Return sellers, buyers, and each key that a buyer bore before it was joined to others."""
    rows = [(seller, buyer, key) for seller, buyer in pairs for key in keys[buyer]]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _flat(keys: Keys) -> tuple[list[str], list[str]]:
    rows = [(buyer, key) for buyer, some in keys.items() for key in some]
    return [buyer for buyer, _ in rows], [key for _, key in rows]
