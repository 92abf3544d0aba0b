"""The reads for people: buyers as papers told of them, whom to decide on, firms and their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from tradeloop.parties import memory
from tradeloop.parties.facts import Alias, Firm, KnownBuyer, PossiblePair
from tradeloop.store.database import cursor


def possible_pairs() -> tuple[PossiblePair, ...]:
    """Return the pairs of buyers that may be one and on which nobody has decided."""
    with cursor() as cur:
        cur.execute(memory.OPEN_ALL.encode())
        rows = cur.fetchall()
    eldest = {key: own for key, _, _, _, own in rows}
    return tuple(
        PossiblePair(first=a, second=b, score_bp=score, reasons=tuple(reasons.split("\n")))
        for a, b, score, reasons, own in rows
        if own < eldest[b]
    )


def buyers(keys: Collection[str] | None = None) -> tuple[KnownBuyer, ...]:
    """Return buyers, each with all that papers told of it and of those it is one with."""
    with cursor() as cur:
        cur.execute(
            "select coalesce(c.key, b.key), b.key, l.name, l.country, l.number_kind, "
            "l.number_masked, l.first_on from parties_buyer as b "
            "left join parties_buyer as c on c.id = b.canonical_id "
            "join parties_alias as l on l.buyer_id = b.id "
            "where %s::text[] is null or coalesce(b.canonical_id, b.id) in ("
            "select coalesce(a.canonical_id, a.id) from parties_buyer as a "
            "where a.key = any(%s::text[])) order by coalesce(c.id, b.id), l.id",
            [None if keys is None else list(keys)] * 2,
        )
        rows = cur.fetchall()
    aliases: dict[str, list[Alias]] = defaultdict(list)
    joined: dict[str, dict[str, None]] = defaultdict(dict)
    for key, own, name, country, kind, masked, first_on in rows:
        aliases[key].append(
            Alias(name=name, country=country, number_kind=kind, number_masked=masked,
                  first_on=first_on)
        )  # fmt: skip
        if own != key:
            joined[key][own] = None
    return tuple(
        KnownBuyer(key=key, aliases=tuple(its), joined=tuple(joined[key]))
        for key, its in aliases.items()
    )


def firms(*, on: date, keys: Collection[str] | None = None) -> tuple[Firm, ...]:
    """Return firms as they are on a day, by key; those that have no name yet then are not there."""
    with cursor() as cur:
        cur.execute(
            "select f.key, n.name, f.identifier, f.identifier_kind, array(select r.role from ("
            "select distinct on (role) role, is_held from parties_firmrole as held "
            "where held.firm_id = f.key and held.from_date <= %(on)s "
            "order by role, from_date desc) as r where r.is_held order by r.role) "
            "from parties_firm as f cross join lateral (select name from parties_firmname as dated "
            "where dated.firm_id = f.key and dated.from_date <= %(on)s "
            "order by from_date desc limit 1) as n "
            "where %(keys)s::text[] is null or f.key = any(%(keys)s::text[]) "
            'order by f.key collate "C"',
            {"on": on, "keys": None if keys is None else list(keys)},
        )
        return tuple(
            Firm(key=key, name=name, identifier=number, identifier_kind=kind, roles=tuple(roles))
            for key, name, number, kind, roles in cur.fetchall()
        )
