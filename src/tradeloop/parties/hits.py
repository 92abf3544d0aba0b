"""Buyers on lists: each hit is kept with its reasons until a person clears it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import rfc8785

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.parties.candidates import ENTRIES, NameKeys, keys_as_rows, near
from tradeloop.parties.facts import Hit, Party
from tradeloop.parties.names import name_of
from tradeloop.parties.screening import hits_among, screen
from tradeloop.parties.terms import terms_on
from tradeloop.store.database import cursor

LIST_LOCK = 7_216_204
"""Who screens shares it, who imports a list holds it alone: nobody is missed between the two."""

FEW = 300
"""So many names are looked for by the keys kept of lists; more of them by an engine for that."""

SCREENING = """
select distinct on (code) code, is_screening from parties_listversion order by code, number desc
"""

LISTED = f"""
with listed as not materialized (
    select e.* from parties_listentry as e join ({SCREENING}) as s using (code)
    where s.is_screening and coalesce(least(e.to_date, e.ended_on), 'infinity') >= e.from_date
        and (%(entries)s::bigint[] is null or e.id = any(%(entries)s::bigint[]))
)
"""  # noqa: S608 - our own text

NAMES = f"""
{LISTED} select min(id), name, country from listed where name is not null group by name, country
"""  # noqa: S608 - the same

FOUND = f"""
{LISTED},
by_name as (
    select l.id as alias, e.id as entry, h.verdict, h.score, h.reasons
    from unnest(
        %(names)s::text[], %(countries)s::text[], %(listed)s::text[], %(places)s::text[],
        %(verdicts)s::text[], %(scores)s::int[], %(reasons)s::text[]
    ) as h (name, country, listed, place, verdict, score, reasons)
    join parties_alias as l on l.name = h.name and l.country is not distinct from h.country
    join listed as e on e.name = h.listed and e.country is not distinct from h.place
    where l.id = any(%(aliases)s::bigint[])
),
by_number as (
    select l.id as alias, e.id as entry, 'same' as verdict, 10000 as score,
        'both bear the same identity number' as reasons
    from parties_alias as l
    join listed as e on e.number_token = l.number_token
    where l.id = any(%(aliases)s::bigint[])
),
by_key as (
    select l.id as alias, e.id as entry, 'same' as verdict, 10000 as score,
        'it is listed by its key' as reasons
    from parties_alias as l
    join parties_buyer as b on b.id = l.buyer_id
    join listed as e on e.subject = b.key
    where l.id = any(%(aliases)s::bigint[])
)
select distinct on (alias, entry) alias, entry, verdict, score, reasons
from (table by_number union all table by_key union all table by_name) as f
where not exists (select from parties_hit as h where h.alias_id = alias and h.entry_id = entry)
order by alias, entry, score desc, verdict desc, reasons
"""  # noqa: S608 - the same


class HitUnknown(LookupError):
    """No hit has that number."""


def screen_new(buyers: Collection[str] | None, now: datetime) -> int:
    """Look for what papers told since the last look, on all lists for screening."""
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock_shared(%s)", (LIST_LOCK,))
        cur.execute(
            "select l.id, l.name, l.country from parties_alias as l "
            "join parties_buyer as b on b.id = l.buyer_id "
            "where not l.is_screened and (%s::text[] is null or coalesce(b.canonical_id, b.id) in ("
            "select coalesce(a.canonical_id, a.id) from parties_buyer as a "
            "where a.key = any(%s::text[]))) order by l.id for update of l",
            [None if buyers is None else list(buyers)] * 2,
        )
        aliases = cur.fetchall()
    if not aliases:
        return 0
    found = _keep(aliases, None, now)
    with cursor() as cur:
        cur.execute(
            "update parties_alias set is_screened = true where id = any(%s)",
            ([row[0] for row in aliases],),
        )
    return found


def screen_entries(ids: Sequence[int], now: datetime) -> int:
    """File new entries of a list and look for all buyers among them; the caller holds the lock."""
    _file(ids)
    with cursor() as cur:
        cur.execute("select id, name, country from parties_alias where is_screened order by id")
        aliases = cur.fetchall()
    return _keep(aliases, ids, now) if aliases and ids else 0


def decide(hit: int, *, is_cleared: bool, by: str, because: str, at: datetime) -> bool:
    """Write what a person says of a hit; see `actions.clear_hit`."""
    with cursor() as cur:
        cur.execute(
            "select l.buyer_id, b.key, e.code, e.subject, h.score_bp from parties_hit as h "
            "join parties_alias as l on l.id = h.alias_id "
            "join parties_buyer as b on b.id = l.buyer_id "
            "join parties_listentry as e on e.id = h.entry_id where h.id = %s for update of b",
            (hit,),
        )
        row = cur.fetchone()
        if row is None:
            raise HitUnknown(f"There is no hit {hit}. `parties hits` lists their numbers.")
        buyer, key, code, subject, score = row
        cur.execute(
            "select is_cleared, score_bp, by, because from parties_hitdecision "
            "where buyer_id = %s and code = %s and subject = %s order by id desc limit 1",
            (buyer, code, subject),
        )
        if cur.fetchone() == (is_cleared, score, by, because):
            return False
        fact = {
            "buyer": key, "list": code, "cleared": is_cleared, "score_bp": score,
            "by": by, "because": because,
        }  # fmt: skip
        made = record(kind="parties.hit-decided", at=at, fact=fact).entry_id
        cur.execute(
            "insert into parties_hitdecision (buyer_id, code, subject, is_cleared, score_bp, by, "
            "because, decided_at, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (buyer, code, subject, is_cleared, score, by, because, at, made),
        )
    return True


def _keep(aliases: Sequence[tuple[Any, ...]], entries: Sequence[int] | None, now: datetime) -> int:
    """Write what is found of some aliases among some entries, or all of lists for screening."""
    asked = list({(name, where): None for _, name, where in aliases if name_of(name).tokens})
    by_name = _by_name(asked, entries, now) if asked else []
    given = {
        "entries": None if entries is None else list(entries),
        "aliases": [row[0] for row in aliases],
        "names": [hit.asked.name for hit in by_name],
        "countries": [hit.asked.country for hit in by_name],
        "listed": [hit.listed.name for hit in by_name],
        "places": [hit.listed.country for hit in by_name],
        "verdicts": [hit.verdict.value for hit in by_name],
        "scores": [hit.score_bp for hit in by_name],
        "reasons": ["\n".join(hit.reasons) for hit in by_name],
    }
    with cursor() as cur:
        cur.execute(FOUND.encode(), given)
        rows = cur.fetchall()
    if not rows:
        return 0
    lines = [list(row[:4]) for row in rows]
    fact = {
        "names": len(aliases), "hits": len(rows),
        "digest": hashlib.sha256(rfc8785.dumps(lines)).hexdigest(),
    }  # fmt: skip
    made = record(kind="parties.screened", at=now, fact=fact).entry_id
    with cursor() as cur:
        cur.execute(
            "insert into parties_hit (alias_id, entry_id, verdict, score_bp, reasons, made_by) "
            "select alias, entry, verdict, score, reasons, %s from unnest("
            "%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::text[]) "
            "as h (alias, entry, verdict, score, reasons) on conflict do nothing",
            (made, *([row[place] for row in rows] for place in range(5))),
        )
    return len(rows)


def _by_name(
    asked: Sequence[tuple[str, str | None]], entries: Sequence[int] | None, now: datetime
) -> list[Hit]:
    terms = terms_on(now.astimezone(SHANGHAI).date())
    parties = [Party(line=at, name=name, country=where) for at, (name, where) in enumerate(asked)]
    if entries is None and len(asked) <= FEW:
        keys = [(NameKeys.of(name_of(one.name)), one.country) for one in parties]
        met = near(keys, among=ENTRIES)
        known = _filed({id_ for ids in met.values() for id_ in ids})
        return [
            hit
            for at, ids in met.items()
            for hit in hits_among(parties[at], [known[id_] for id_ in sorted(ids)], terms)
        ]
    # Not by rarity: a hit must be the same whoever came first, the buyer or the list.
    return list(screen(parties, _names(entries), terms=terms, by_rarity=False).hits)


def _names(entries: Collection[int] | None) -> list[Party]:
    """Return the names of entries of lists for screening that count on any day, each once."""
    with cursor() as cur:
        cur.execute(NAMES.encode(), {"entries": None if entries is None else list(entries)})
        return [Party(line=id_, name=name, country=where) for id_, name, where in cur.fetchall()]


def _filed(ids: Collection[int]) -> Mapping[int, Party]:
    """Return the names that some entries are filed for, also where these count no longer."""
    with cursor() as cur:
        cur.execute(
            "select id, name, country from parties_listentry where id = any(%s)", (list(ids),)
        )
        return {id_: Party(line=id_, name=name, country=at) for id_, name, at in cur.fetchall()}


def _file(ids: Sequence[int]) -> None:
    """File names of entries under their keys, each name of a country once."""
    with cursor() as cur:
        cur.execute(
            "update parties_listentry set is_filed = true where id in ("
            "select min(e.id) from parties_listentry as e "
            "where e.id = any(%s) and e.name is not null and not exists ("
            "select from parties_listentry as f where f.is_filed and f.name = e.name "
            "and f.country is not distinct from e.country) group by e.name, e.country) "
            "returning id, name",
            (list(ids),),
        )
        cur.execute(
            "insert into parties_listkey (key, entry_id) "
            "select * from unnest(%s::bigint[], %s::bigint[])",
            keys_as_rows(cur.fetchall()),
        )
