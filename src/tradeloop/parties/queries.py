"""The reads that decide: standing on lists, hits of screening, relations, who is one with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from tradeloop.parties.facts import (
    Appealed,
    ListVersion,
    ScreenHit,
    Standing,
    Verdict,
)
from tradeloop.parties.hits import SCREENING
from tradeloop.store.database import cursor

STANDING = """
select e.code, {subject}, e.value, e.from_date, least(e.to_date, e.ended_on), e.source, e.name,
    e.appeal_until, a.noted_at, a.by, a.because, a.upheld, a.decided_at
from parties_listentry as e
{joined}
left join lateral (
    select * from parties_appeal as p where p.entry_id = e.id order by p.id desc limit 1
) as a on true
where e.code = %(code)s
    and coalesce(least(e.to_date, e.ended_on), 'infinity') >= e.from_date
    and (%(on)s::date is null or (
        e.from_date <= %(on)s::date
        and coalesce(least(e.to_date, e.ended_on), 'infinity') >= %(on)s::date
    ))
order by 2, e.from_date, e.id
"""
OF_ALL = STANDING.format(subject="e.subject", joined="")
OF_SUBJECTS = STANDING.format(
    subject="asked.subject",
    joined="""
join (
    select s.subject, s.subject as listed from unnest(%(subjects)s::text[]) as s (subject)
    union
    select own.key, other.key from parties_buyer as own
    join parties_buyer as other
        on coalesce(other.canonical_id, other.id) = coalesce(own.canonical_id, own.id)
    where own.key = any(%(subjects)s::text[])
) as asked on asked.listed = e.subject
""",
)
"""What a list says of a buyer, it says of all keys of that buyer."""

HITS = f"""
with
    asked as (
        select b.key, coalesce(b.canonical_id, b.id) as eldest from parties_buyer as b
        where %(buyers)s::text[] is null and b.canonical_id is null
            or b.key = any(%(buyers)s::text[])
    ),
    member as (
        select a.key, b.id from asked as a
        join parties_buyer as b on b.id = a.eldest or b.canonical_id = a.eldest
    )
select m.key, h.id, e.code, e.subject, coalesce(e.name, e.subject), l.name, h.verdict,
    h.score_bp, h.reasons
from member as m
join parties_alias as l on l.buyer_id = m.id
join parties_hit as h on h.alias_id = l.id
join parties_listentry as e on e.id = h.entry_id
join ({SCREENING}) as s on s.code = e.code and s.is_screening
where e.from_date <= %(on)s::date
    and coalesce(least(e.to_date, e.ended_on), 'infinity') >= %(on)s::date
    and not exists (
        select from (
            select d.is_cleared, d.score_bp from parties_hitdecision as d
            where d.buyer_id = l.buyer_id and d.code = e.code and d.subject = e.subject
            order by d.id desc limit 1
        ) as said
        where said.is_cleared and said.score_bp >= h.score_bp
    )
order by m.key, h.score_bp desc, h.id
"""  # noqa: S608 - put together from our own text

UNSCREENED = f"""
select distinct a.key from parties_buyer as a
join parties_buyer as b on coalesce(b.canonical_id, b.id) = coalesce(a.canonical_id, a.id)
join parties_alias as l on l.buyer_id = b.id
where a.key = any(%s) and not l.is_screened
    and exists (select from ({SCREENING}) as s where s.is_screening)
order by a.key
"""  # noqa: S608 - the same

RELATED = """
with
    asked as (
        select p.place, p.a, p.b from unnest(%(a)s::text[], %(b)s::text[])
        with ordinality as p (a, b, place)
    ),
    party as (select a as key from asked union select b from asked),
    named as (
        select key, key as name from party
        union
        select p.key, other.key from party as p
        join parties_buyer as own on own.key = p.key
        join parties_buyer as other
            on coalesce(other.canonical_id, other.id) = coalesce(own.canonical_id, own.id)
    )
select distinct asked.place
from asked
join named as x on x.key = asked.a
join named as y on y.key = asked.b
join parties_relation as r
    on r.first = least(x.name, y.name) and r.second = greatest(x.name, y.name)
where r.from_date <= %(on)s and coalesce(r.to_date, 'infinity') >= %(on)s
"""


class NotScreened(LookupError):
    """Papers told of a buyer since the last look at the lists, so it may be on one."""


def listed(list_code: str, subjects: Collection[str], *, on: date) -> Mapping[str, Standing]:
    """Return what a list says of subjects on a day; who is not named is not in the answer."""
    given = {"code": list_code, "subjects": list(subjects), "on": on}
    return {one.subject: one for one in _standing(OF_SUBJECTS, given)}


def listings(list_code: str, subjects: Collection[str] | None = None) -> tuple[Standing, ...]:
    """Return all periods of which a list says something, of some subjects or of all.

    Ordered by subject, then by first day. What a later version took back wholly is not there.
    """
    given = {"code": list_code, "on": None}
    if subjects is None:
        return _standing(OF_ALL, given)
    return _standing(OF_SUBJECTS, {**given, "subjects": list(subjects)})


def list_on(list_code: str, *, on: date) -> tuple[Standing, ...]:
    """Return everything that a list says on a day, by subject."""
    return _standing(OF_ALL, {"code": list_code, "on": on})


def list_versions(list_code: str | None = None) -> tuple[ListVersion, ...]:
    """Return the versions of a list, or of all lists, the oldest first."""
    with cursor() as cur:
        cur.execute(
            "select code, number, from_date, source, is_screening, entries, imported_at "
            "from parties_listversion where %s::text is null or code = %s order by code, number",
            (list_code, list_code),
        )
        names = ("list_code", "number", "from_date", "source", "is_screening", "entries",
                 "imported_at")  # fmt: skip
        return tuple(ListVersion(**dict(zip(names, row, strict=True))) for row in cur.fetchall())


def screened(buyers: Collection[str] | None, *, on: date) -> Mapping[str, tuple[ScreenHit, ...]]:
    """Return the hits of each buyer on lists for screening that no person has cleared.

    Of those whom the lists name on that day; buyers without a hit are not in the answer. A buyer's
    hits are those of all keys that people said are one.

    Raises:
        NotScreened: Papers told of some of them since `actions.screen` last looked.
    """
    if buyers is not None and (missing := unscreened(buyers)):
        raise NotScreened(
            f"{', '.join(missing[:5])}: not yet looked for on the lists. Call parties.actions."
            "screen for them, or import a list for screening."
        )
    given = {"buyers": None if buyers is None else list(buyers), "on": on}
    found: dict[str, list[ScreenHit]] = defaultdict(list)
    with cursor() as cur:
        cur.execute(HITS.encode(), given)
        for key, id_, code, subject, name, told, verdict, score, reasons in cur.fetchall():
            found[key].append(
                ScreenHit(
                    id=id_, buyer=key, list_code=code, subject=subject, listed=name, told=told,
                    verdict=Verdict(verdict), score_bp=score, reasons=tuple(reasons.split("\n")),
                )
            )  # fmt: skip
    return {key: tuple(hits) for key, hits in found.items()}


def unscreened(buyers: Collection[str]) -> tuple[str, ...]:
    """Return those buyers of whom papers told since the last look at the lists for screening."""
    with cursor() as cur:
        cur.execute(UNSCREENED.encode(), (list(buyers),))
        return tuple(row[0] for row in cur.fetchall())


def related(pairs: Collection[tuple[str, str]], *, on: date) -> set[tuple[str, str]]:
    """Return those pairs of which the two belong together on a day; who is itself, does."""
    asked = list(pairs)
    with cursor() as cur:
        cur.execute(
            RELATED.encode(), {"a": [a for a, _ in asked], "b": [b for _, b in asked], "on": on}
        )
        found = {asked[place - 1] for (place,) in cur.fetchall()}
    return found | {(a, b) for a, b in asked if a == b}


def canonical(keys: Collection[str]) -> Mapping[str, str]:
    """Return for each key of a buyer the one that stands for all that are one with it.

    Other texts stand for themselves.
    """
    with cursor() as cur:
        cur.execute(
            "select b.key, c.key from parties_buyer as b "
            "join parties_buyer as c on c.id = b.canonical_id where b.key = any(%s)",
            (list(keys),),
        )
        joined = dict(cur.fetchall())
    return {key: joined.get(key, key) for key in keys}


def one_with(keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each key of a buyer all keys that are one with it, itself among them."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    with cursor() as cur:
        cur.execute(
            "select own.key, other.key from parties_buyer as own join parties_buyer as other "
            "on coalesce(other.canonical_id, other.id) = coalesce(own.canonical_id, own.id) "
            "where own.key = any(%s) order by other.id",
            (list(keys),),
        )
        for key, other in cur.fetchall():
            found[key].append(other)
    return {key: tuple(others) or (key,) for key, others in found.items()}


def all_keys(buyers: Collection[str]) -> list[str]:
    """Return every key that is one with any of these buyers."""
    return [key for keys in one_with(buyers).values() for key in keys]


def _standing(sql: str, given: Mapping[str, Any]) -> tuple[Standing, ...]:
    with cursor() as cur:
        cur.execute(sql.encode(), given)
        return tuple(
            Standing(
                list_code=code, subject=subject, value=value, from_date=from_date, to_date=to_date,
                source=source, name=name, appeal_until=until,
                appeal=Appealed(noted_at=noted_at, by=by, because=because, upheld=upheld,
                                decided_at=decided_at) if noted_at else None,
            )
            for (code, subject, value, from_date, to_date, source, name, until, noted_at, by,
                 because, upheld, decided_at) in cur.fetchall()
        )  # fmt: skip
