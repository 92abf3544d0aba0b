"""The verdicts that a lake keeps: each trade's latest, and every earlier one with its batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tradeloop.store.index import system_errors, whole

TABLES = """
create table if not exists verdicts (
    purpose text, trade text, batch integer, as_of text,
    grade text, currency text, verified_minor integer,
    number text as (substr(trade, instr(trade, '/') + 1)),
    primary key (purpose, trade, batch)
) without rowid;
create index if not exists verdicts_by_number on verdicts (number, purpose);
create table if not exists judged (
    purpose text, batch integer, as_of text, trades integer, changed integer,
    primary key (purpose, batch)
) without rowid;
"""
LATEST = """
select v.trade, v.grade, v.currency, v.verified_minor
from verdicts as v indexed by verdicts_by_number
where v.purpose = ?1 and v.number = ?2
    and v.batch = (
        select max(o.batch) from verdicts as o where o.purpose = v.purpose and o.trade = v.trade
    )
"""
LATEST_OF_ALL = """
create temp table latest as
select trade, grade, currency, verified_minor, max(batch)
from verdicts
where purpose = ?
group by trade
"""
# A trade that is no more (its firm has another name now) is one without a grade.
COMPARED = """
create temp table compared as
select coalesce(n.trade, l.trade) as trade, l.grade as before, n.grade, n.currency, n.verified_minor
from (select * from latest where grade is not null) as l
full join anew as n on n.trade = l.trade
where l.grade is not n.grade or l.currency is not n.currency
    or l.verified_minor is not n.verified_minor
"""
SHOWN_MAX = 1_000
NONE: tuple[None, None, int] = (None, None, 0)
Verdict = tuple[str, str | None, str | None, int]  # trade, grade, currency, verified_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One trade whose grade or value is another than before; None: it was not, or is no more."""

    trade: str
    before: str | None
    after: str | None
    currency: str | None
    verified_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a batch did to the verdicts for one purpose."""

    purpose: str
    on: date
    judged: int  # trades judged again
    changed: int
    grades: Mapping[str, int] = field(default_factory=dict)  # "incomplete → proven": trades
    changes: Sequence[Change] = ()  # the first of them, by name


class Standing:
    """One SQLite file beside the parts of a lake."""

    def __init__(self, path: Path) -> None:
        """Open the verdicts, or begin."""
        self.path = path
        with system_errors(path):
            self._con = sqlite3.connect(path, isolation_level=None, timeout=60)
            self._con.execute("pragma journal_mode = wal")
            self._con.execute("pragma synchronous = normal")  # a lost end is judged again
            self._con.executescript(TABLES)

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    def up_to(self, purpose: str) -> int:
        """Return the last batch whose trades are judged for a purpose; 0 before the first."""
        [(batch,)] = self._con.execute(
            "select coalesce(max(batch), 0) from judged where purpose = ?", (purpose,)
        ).fetchall()
        return int(batch)

    def judged(self) -> Mapping[int, Sequence[tuple[str, str, int, int]]]:
        """Return for each batch (purpose, day, trades judged, trades changed)."""
        found: dict[int, list[tuple[str, str, int, int]]] = {}
        for batch, *said in self._con.execute(
            "select batch, purpose, as_of, trades, changed from judged order by batch, purpose"
        ):
            purpose, as_of, trades, changed = said
            found.setdefault(batch, []).append((purpose, as_of, trades, changed))
        return found

    def verdicts(self, purpose: str) -> Iterator[Verdict]:
        """Return the latest verdict of every trade."""
        self._con.execute("drop table if exists latest")
        self._con.execute(LATEST_OF_ALL, (purpose,))
        yield from self._con.execute(
            "select trade, grade, currency, verified_minor from latest where grade is not null "
            "order by trade"
        )

    def history(self, trade: str) -> Sequence[tuple[int, str, str, str | None, str | None, int]]:
        """Return (batch, purpose, day, grade, currency, verified_minor), oldest first."""
        return self._con.execute(
            "select batch, purpose, as_of, grade, currency, verified_minor from verdicts "
            "where trade = ? order by batch, purpose",
            (trade,),
        ).fetchall()

    def put_some(
        self,
        verdicts: Sequence[Verdict],
        numbers: Iterable[str],
        *,
        purpose: str,
        on: date,
        batch: int,
    ) -> Judgement:
        """Keep the verdicts of the trades that a batch touched.

        Args:
            verdicts: Of all trades that have one of `numbers`.
            numbers: The order and trade numbers touched.
            purpose: What the verdicts are for.
            on: The day as of which they are.
            batch: The batch that touched them.
        """
        with self._writing():
            before = {
                row[0]: row[1:]
                for number in numbers
                for row in self._con.execute(LATEST, (purpose, number))
            }
            after = {row[0]: row[1:] for row in verdicts}
            gone = dict.fromkeys(before.keys() - after.keys(), NONE)
            changed = {
                trade: said
                for trade, said in (after | gone).items()
                if before.get(trade, NONE) != said
            }
            self._keep(((trade, *said) for trade, said in changed.items()), purpose, on, batch)
            self._count(purpose, on, batch, len(after), len(changed))
        changes = [
            Change(
                trade=trade, before=before.get(trade, NONE)[0], after=said[0],
                currency=said[1], verified_minor=said[2],
            )
            for trade, said in sorted(changed.items())
        ]  # fmt: skip
        grades: dict[str, int] = {}
        for one in changes:
            name = moved(one.before, one.after)
            grades[name] = grades.get(name, 0) + 1
        return Judgement(
            purpose=purpose, on=on, judged=len(after), changed=len(changed), grades=grades,
            changes=changes[:SHOWN_MAX],
        )  # fmt: skip

    def put_all(
        self, verdicts: Iterator[Sequence[Verdict]], *, purpose: str, on: date, batch: int
    ) -> Judgement:
        """Keep the verdicts of all trades, in pieces of any length, in order of their names."""
        con = self._con
        con.executescript(
            "drop table if exists latest; drop table if exists anew; "
            "drop table if exists compared; "
            "create temp table anew (trade text primary key, grade, currency, verified_minor) "
            "without rowid;"
        )
        with self._writing():
            for piece in verdicts:
                con.executemany("insert into anew values (?, ?, ?, ?)", piece)
            con.execute(LATEST_OF_ALL, (purpose,))
            con.execute("create index latest_by_trade on latest (trade)")
            con.execute(COMPARED)
            con.execute(
                "insert or replace into verdicts select ?, trade, ?, ?, grade, currency, coalesce("
                "verified_minor, 0) from compared",
                (purpose, batch, on.isoformat()),
            )
            [(judged,)] = con.execute("select count(*) from anew").fetchall()
            [(changed,)] = con.execute("select count(*) from compared").fetchall()
            self._count(purpose, on, batch, judged, changed)
        found = con.execute(
            "select trade, before, grade, currency, coalesce(verified_minor, 0) from compared "
            "order by trade limit ?",
            (SHOWN_MAX,),
        )
        changes = [
            Change(trade=trade, before=before, after=after, currency=currency, verified_minor=minor)
            for trade, before, after, currency, minor in found
        ]
        moves = con.execute("select before, grade, count(*) from compared group by before, grade")
        grades = {moved(before, after): count for before, after, count in moves}
        return Judgement(
            purpose=purpose, on=on, judged=judged, changed=changed, grades=grades, changes=changes
        )

    def _keep(self, verdicts: Iterable[Verdict], purpose: str, on: date, batch: int) -> None:
        self._con.executemany(
            "insert or replace into verdicts values (?, ?, ?, ?, ?, ?, ?)",
            (
                (purpose, trade, batch, on.isoformat(), grade, currency, minor)
                for trade, grade, currency, minor in verdicts
            ),
        )

    def _count(self, purpose: str, on: date, batch: int, trades: int, changed: int) -> None:
        self._con.execute(
            "insert or replace into judged values (?, ?, ?, ?, ?)",
            (purpose, batch, on.isoformat(), trades, changed),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with system_errors(self.path), whole(self._con):
            yield


def moved(before: str | None, after: str | None) -> str:
    """Return how a grade moved, in words.

    >>> moved(None, "proven")
    'new → proven'
    """
    return f"{before or 'new'} → {after or 'gone'}"
