"""A table of rates comes in whole or not at all: what is wrong is told by its line."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files

import rfc8785
from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.ledger.rate_lines import Cells, Given, Key, RatesRefused, read_lines
from tradeloop.ledger.rates import STANDING, plain
from tradeloop.store.database import cursor

TOLD_MAX = 20
IMPORT_LOCK = 7_216_101  # one import at a time: each compares with what is known
KNOWN = f"""
select r.base_id, r.quote_id, r.source, r.quoted_on, r.id, r.rate, r.per
from unnest(%s::text[], %s::text[], %s::text[], %s::date[]) as g (base, quote, source, on_day)
join ledger_rate as r
    on (r.base_id, r.quote_id, r.source, r.quoted_on) = (g.base, g.quote, g.source, g.on_day)
where {STANDING}
"""  # noqa: S608 - put together from our own constant


class RateConflicts(RatesRefused):
    """A rate is known already for the same pair, day and source, and it is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to; `warnings` name lines that were taken and look odd."""

    added: int
    corrected: int
    known: int
    warnings: tuple[str, ...]


@transaction.atomic
def import_rates(
    *, rows: Iterable[Cells], at: datetime, source: str | None = None, correct: str | None = None
) -> Imported:
    """Take a table of rates, whole or not at all; the same content again changes nothing.

    Args:
        rows: Line number and cells by heading, as `named` gives them.
        at: When it comes, with its zone; no rate may be of a later day in Shanghai.
        source: For lines that name none.
        correct: Why rates that are known otherwise are to be corrected. The old ones stay.

    Raises:
        RatesRefused: A line cannot be read, or says something impossible.
        RateConflicts: A line differs from what is known, and `correct` is not given.
    """
    given, wrong, warnings = read_lines(rows, at.astimezone(SHANGHAI).date(), source)
    _refuse(RatesRefused, wrong)
    with cursor() as cur:
        cur.execute("select pg_advisory_xact_lock(%s)", (IMPORT_LOCK,))
    known = _known(given)
    new = [one for one in given if one.key not in known]
    other = [one for one in given if one.key in known and not one.same(*known[one.key][1:])]
    if correct is None or not correct.strip():
        _refuse(
            RateConflicts,
            [
                f"line {one.line} says {one}, but {known[one.key][2]} {one.key[0]} = "
                f"{plain(known[one.key][1])} {one.key[1]} is known. Say why with --correct "
                "if that was wrong"
                for one in other
            ],
        )
    ids = _write(new, other, {key: row[0] for key, row in known.items()}, at, correct)
    warnings += _jumps(ids, {one.key: one.line for one in given}, at.astimezone(SHANGHAI).date())
    if ids:
        _tell(new, other, at, correct)
    return Imported(
        added=len(new), corrected=len(other), known=len(given) - len(ids), warnings=tuple(warnings)
    )


def _known(given: Sequence[Given]) -> dict[Key, tuple[int, Decimal, int]]:
    with cursor() as cur:
        cur.execute(
            KNOWN.encode(),
            _keys(given),
        )
        return {(b, q, s, on): (id_, rate, per) for b, q, s, on, id_, rate, per in cur.fetchall()}


def _keys(given: Sequence[Given]) -> tuple[list[object], ...]:
    return tuple([one.key[place] for one in given] for place in range(4))


def _write(
    new: Sequence[Given],
    other: Sequence[Given],
    ids: Mapping[Key, int],
    at: datetime,
    why: str | None,
) -> list[int]:
    lines = [*new, *other]
    with cursor() as cur:
        cur.execute(
            "insert into ledger_rate (base_id, quote_id, source, quoted_on, rate, per, "
            "recorded_at, corrects_id, why) "
            "select base, quote, source, on_day, rate, per, %s, corrects, why from unnest("
            "%s::text[], %s::text[], %s::text[], %s::date[], %s::numeric[], %s::int[], "
            "%s::bigint[], %s::text[]) "
            "as g (base, quote, source, on_day, rate, per, corrects, why) returning id",
            (
                at, *_keys(lines), [one.rate for one in lines], [one.per for one in lines],
                [None] * len(new) + [ids[one.key] for one in other],
                [None] * len(new) + [why] * len(other),
            ),
        )  # fmt: skip
        return [row[0] for row in cur.fetchall()]


def _jumps(ids: Sequence[int], lines: Mapping[Key, int], on: date) -> list[str]:
    """Return a warning for each rate just written that is far from a neighbouring day's."""
    terms = terms_on(on)
    with cursor() as cur:
        cur.execute(
            "select r.base_id, r.quote_id, r.source, r.quoted_on, r.rate, r.per, "
            "n.quoted_on, n.rate, n.per from ledger_rate as r cross join lateral ("
            "(select * from ledger_rate as b where (b.base_id, b.quote_id, b.source) "
            "= (r.base_id, r.quote_id, r.source) and b.quoted_on < r.quoted_on "
            "and not exists (select from ledger_rate as l where l.corrects_id = b.id) "
            "order by b.quoted_on desc limit 1) union all "
            "(select * from ledger_rate as a where (a.base_id, a.quote_id, a.source) "
            "= (r.base_id, r.quote_id, r.source) and a.quoted_on > r.quoted_on "
            "and not exists (select from ledger_rate as l where l.corrects_id = a.id) "
            "order by a.quoted_on limit 1)) as n "
            "where r.id = any(%s) and abs(n.quoted_on - r.quoted_on) <= %s "
            # Cross-multiplied, so that nothing is rounded before it is compared.
            "and abs(r.rate * n.per - n.rate * r.per) * 10000 > n.rate * r.per * %s "
            "order by r.quoted_on, r.base_id, r.quote_id, n.quoted_on",
            (list(ids), terms["neighbour_days_max"], terms["jump_warned_bp"]),
        )
        return [
            f"line {lines[b, q, s, day]}: {per} {b} = {plain(rate)} {q} on {day} is far from "
            f"{beside_per} {b} = {plain(beside)} {q} on {beside_on}; look for a slipped point"
            for b, q, s, day, rate, per, beside_on, beside, beside_per in cur.fetchall()
        ]


def terms_on(on: date) -> Mapping[str, int]:
    """Return the figures of `rate_terms.csv` that count on a day."""
    table = files("tradeloop.ledger").joinpath("rate_terms.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(table.splitlines())
            if date.fromisoformat(row["effective_from"]) <= on]  # fmt: skip
    last = max(rows, key=lambda row: row["effective_from"])
    return {name: int(last[name]) for name in ("jump_warned_bp", "neighbour_days_max")}


def _tell(new: Sequence[Given], other: Sequence[Given], at: datetime, correct: str | None) -> None:
    lines = [
        {"base": b, "quote": q, "source": s, "on": on.isoformat(), "rate": plain(one.rate),
         "per": one.per}
        for one in (*new, *other) for b, q, s, on in [one.key]
    ]  # fmt: skip
    digest = hashlib.sha256(rfc8785.dumps(lines)).hexdigest()  # type: ignore[arg-type]
    fact = {"added": len(new), "corrected": len(other), "digest": digest}
    record(kind="ledger.rates-imported", at=at, fact={**fact, "why": correct if other else None})


def _refuse(kind: type[RatesRefused], wrong: Sequence[str]) -> None:
    if wrong:
        more = [f"and {len(wrong) - TOLD_MAX} more lines"] if len(wrong) > TOLD_MAX else []
        raise kind("\n".join(["Nothing was taken:", *wrong[:TOLD_MAX], *more]))
