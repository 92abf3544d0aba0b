"""Parties that belong together: kept by the day, from commands and from tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tradeloop.journal.actions import record
from tradeloop.store.database import cursor

RELATION_LOCK = 7_216_203


class RelationRefused(ValueError):
    """Two parties cannot be related so; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Two parties that belong together, both days included."""

    a: str
    b: str
    from_date: date
    to_date: date | None
    because: str
    source: str

    @property
    def pair(self) -> tuple[str, str, date]:
        """What names it: both parties, in one order, and its first day."""
        first, second = sorted((self.a, self.b))
        return first, second, self.from_date

    def wrong(self) -> str | None:
        """Say what is impossible about it."""
        if not self.a or not self.b or self.a == self.b:
            return f"{self.a!r} and {self.b!r} are not two parties; name two keys"
        if not self.because or not self.source:
            return "it does not say because and source; say what they share, and who says so"
        if self.to_date is not None and self.to_date < self.from_date:
            return f"its last day {self.to_date} is before its first, {self.from_date}"
        return None


def keep(given: Sequence[Given], at: datetime) -> list[bool]:
    """Write relations, all or none, in the open transaction; return which of them are news.

    Raises:
        RelationRefused: One says something impossible.
    """
    for one in given:
        if wrong := one.wrong():
            raise RelationRefused(f"{one.a} and {one.b}: {wrong}.")
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (RELATION_LOCK,))
        cur.execute(
            "select r.first, r.second, r.from_date, r.to_date, r.because, r.source "
            "from unnest(%s::text[], %s::text[], %s::date[]) as g (first, second, from_date) "
            "join parties_relation as r using (first, second, from_date)",
            tuple([one.pair[place] for one in given] for place in range(3)),
        )
        known = {row[:3]: row[3:] for row in cur.fetchall()}
        news = {
            one.pair: one
            for one in given
            if known.get(one.pair) != (one.to_date, one.because, one.source)
        }
        if news:
            lines = [
                {"parties": [first, second], "from": from_date.isoformat(),
                 "to": one.to_date and one.to_date.isoformat(), "because": one.because,
                 "source": one.source}
                for (first, second, from_date), one in news.items()
            ]  # fmt: skip
            made = record(kind="parties.related", at=at, fact={"relations": lines}).entry_id
            rows = list(news.values())
            cur.execute(
                "insert into parties_relation (first, second, from_date, to_date, because, source, "
                "made_by) select first, second, from_date, to_date, because, source, %s from "
                "unnest(%s::text[], %s::text[], %s::date[], %s::date[], %s::text[], %s::text[]) "
                "as g (first, second, from_date, to_date, because, source) "
                "on conflict (first, second, from_date) do update set to_date = excluded.to_date, "
                "because = excluded.because, source = excluded.source, made_by = excluded.made_by",
                (
                    made, *([one.pair[place] for one in rows] for place in range(3)),
                    [one.to_date for one in rows], [one.because for one in rows],
                    [one.source for one in rows],
                ),
            )  # fmt: skip
    return [news.get(one.pair) is one for one in given]
