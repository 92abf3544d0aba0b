"""Buyers on lists: each hit is kept with its reasons until a person clears it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.parties.facts import Party
from tradeloop.parties.screening import screen
from tradeloop.parties.terms import terms_on
from tradeloop.store.database import cursor

LIST_LOCK = 7_216_204
"""Who screens shares it, who imports a list holds it alone: nobody is missed between the two."""

SCREENING = """
select distinct on (code) code, is_screening from parties_listversion order by code, number desc
"""

BY_KEY_OR_NUMBER = """
select l.id, e.id,
    case when e.number_token = l.number_token then 'both bear the same identity number'
    else 'it is listed by its key' end
from parties_alias as l
join parties_buyer as b on b.id = l.buyer_id
join parties_listentry as e on e.number_token = l.number_token or e.subject = b.key
where l.id = any(%s) and e.id = any(%s)
"""


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
            "where a.key = any(%s::text[]))) order by l.id",
            [None if buyers is None else list(buyers)] * 2,
        )
        aliases = cur.fetchall()
        if not aliases:
            return 0
        cur.execute(
            f"select id, name, country from parties_listentry as e join ({SCREENING}) as s "  # noqa: S608 - our own text
            "using (code) where s.is_screening and (ended_on is null or ended_on >= from_date) "
            "order by id".encode()
        )
        entries = cur.fetchall()
    found = _keep(aliases, entries, now)
    with cursor() as cur:
        cur.execute(
            "update parties_alias set is_screened = true where id = any(%s)",
            ([row[0] for row in aliases],),
        )
    return found


def screen_entries(ids: Sequence[int], now: datetime) -> int:
    """Look for all buyers among new entries of a list; the caller holds the lock of lists."""
    with cursor() as cur:
        cur.execute(
            "select id, name, country from parties_listentry where id = any(%s) order by id",
            (list(ids),),
        )
        entries = cur.fetchall()
        cur.execute("select id, name, country from parties_alias where is_screened order by id")
        aliases = cur.fetchall()
    return _keep(aliases, entries, now) if aliases and entries else 0


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


def _keep(
    aliases: Sequence[tuple[Any, ...]], entries: Sequence[tuple[Any, ...]], now: datetime
) -> int:
    rows = {(a, e): (v, s, r) for a, e, v, s, r in _by_name(aliases, entries, now)}
    with cursor() as cur:
        cur.execute(BY_KEY_OR_NUMBER, ([one[0] for one in aliases], [one[0] for one in entries]))
        rows |= {(a, e): ("same", 10_000, because) for a, e, because in cur.fetchall()}
    if not rows:
        return 0
    fact = {"names": len(aliases), "entries": len(entries), "hits": len(rows)}
    made = record(kind="parties.screened", at=now, fact=fact).entry_id
    with cursor() as cur:
        cur.execute(
            "insert into parties_hit (alias_id, entry_id, verdict, score_bp, reasons, made_by) "
            "select alias, entry, verdict, score, reasons, %s from unnest("
            "%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::text[]) "
            "as h (alias, entry, verdict, score, reasons) on conflict do nothing",
            (
                made, [pair[0] for pair in rows], [pair[1] for pair in rows],
                *([row[place] for row in rows.values()] for place in range(3)),
            ),
        )  # fmt: skip
        return cur.rowcount


def _by_name(
    aliases: Sequence[tuple[Any, ...]], entries: Sequence[tuple[Any, ...]], now: datetime
) -> Iterable[tuple[int, int, str, int, str]]:
    listed = [Party(line=id_, name=name, country=where) for id_, name, where in entries if name]
    if not listed:
        return
    asked = [Party(line=id_, name=name, country=where) for id_, name, where in aliases]
    for hit in screen(asked, listed, terms=terms_on(now.astimezone(SHANGHAI).date())).hits:
        yield (
            hit.asked.line, hit.listed.line, hit.verdict.value, hit.score_bp, "\n".join(hit.reasons)
        )  # fmt: skip
