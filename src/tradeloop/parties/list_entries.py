"""The entries of lists as rows: read whole, written and ended many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tradeloop.parties.list_merge import Content, Held
from tradeloop.store.database import cursor

HELD = """
select e.id, e.subject, e.name, e.country, e.number_token, e.value, e.to_date, e.source,
    e.appeal_until, e.from_date, least(e.to_date, e.ended_on),
    (select max((a.decided_at at time zone 'Asia/Shanghai')::date) from parties_appeal as a
     where a.entry_id = e.id and a.upheld)
from parties_listentry as e where e.code = %s
order by e.subject, e.from_date, e.id
"""


def held_entries(code: str) -> list[Held]:
    """Return all entries of a list, of all versions."""
    with cursor() as cur:
        cur.execute(HELD, (code,))
        return [
            Held(
                id=id_, from_date=from_date, last=last, upheld_on=upheld,
                content=Content(
                    subject=subject, name=name, country=country,
                    number=bytes(number) if number else None, value=value, to_date=to_date,
                    source=source, appeal_until=appeal_until,
                ),
            )
            for (id_, subject, name, country, number, value, to_date, source, appeal_until,
                 from_date, last, upheld) in cur.fetchall()
        ]  # fmt: skip


def write_entries(
    code: str, version: int, added: Sequence[tuple[Content, date]], made: int
) -> list[int]:
    """Write new entries of a version; return their ids."""
    says = [content for content, _ in added]
    with cursor() as cur:
        cur.execute(
            "insert into parties_listentry (version_id, code, subject, name, country, "
            "number_token, value, from_date, to_date, source, appeal_until, is_filed, made_by) "
            "select %s, %s, subject, name, country, number, value, from_date, to_date, source, "
            "appeal, false, %s from unnest("
            "%s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[], "
            "%s::date[], %s::date[], %s::text[], %s::date[]) as e (subject, name, country, number, "
            "value, from_date, to_date, source, appeal) returning id",
            (
                version, code, made, [one.subject for one in says], [one.name for one in says],
                [one.country for one in says], [one.number for one in says],
                [one.value for one in says], [day for _, day in added],
                [one.to_date for one in says], [one.source for one in says],
                [one.appeal_until for one in says],
            ),
        )  # fmt: skip
        return [row[0] for row in cur.fetchall()]


def end_entries(ids: Sequence[int], *, before: date, last: int) -> None:
    """End entries on the day before; `last` is the last version that named them."""
    with cursor() as cur:
        cur.execute(
            "update parties_listentry set ended_on = least(ended_on, %s::date), last = %s "
            "where id = any(%s)",
            (before - timedelta(days=1), last, list(ids)),
        )


def standing_ids(code: str) -> list[int]:
    """Return the ids of entries that count on any day."""
    with cursor() as cur:
        cur.execute(
            "select id from parties_listentry where code = %s "
            "and coalesce(least(to_date, ended_on), 'infinity') >= from_date",
            (code,),
        )
        return [row[0] for row in cur.fetchall()]
