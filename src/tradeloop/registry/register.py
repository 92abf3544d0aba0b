"""Judged trades become values that can be used once: opened, amended, compared with one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from tradeloop.kit.calendar import SHANGHAI
from tradeloop.registry import actions
from tradeloop.registry.asked import PAPER
from tradeloop.registry.editions import begin, stay_ahead
from tradeloop.registry.facts import Taken, Value
from tradeloop.registry.fingerprints import token
from tradeloop.registry.known import known_papers, paper_of
from tradeloop.registry.terms import TwinTerms, twin_terms
from tradeloop.store.database import cursor
from tradeloop.trades.registration import JudgedTrade

SHOWN_MAX = 100


@dataclass(slots=True)
class Registered:
    """What registering did: trades by outcome, the values now over-used, new possible twins.

    `unsure` are trades of the outcome `several-earlier`, with the papers of what each may be.

    Outcomes are those of taking in a value, and `not-proven` (no value to register), `withdrawn`
    (proven once, not now: worth nothing from now on), `kept` (proven once; the papers given are
    not all there are, so what was registered stands), `name-malformed`, `several-earlier`
    (it may be one of several values under other codes, or one that is judged beside it: nothing is
    done), and `currency-changed` (counted beside its adjustment: what was registered in one
    currency is worth nothing now that its papers say another).
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    over_used: list[Taken] = field(default_factory=list)
    unsure: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    twins: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """What to register trades for, and how.

    `complete` says whether the papers are all there are (a lake): then a trade that is proven no
    longer loses its value. A folder may lack papers: there only what contradicts takes it away.
    `now` is asked once for each set of trades: a city's take longer than a clock may be wrong.
    `source`, where the papers are, goes to the journal. `secret` is the key of the fingerprints.
    `lake` says which lake it is, and `batch` which of its batches was the last one judged: a whole
    run (of all its trades) on earlier papers takes nothing in after one on later papers. Only
    trades of the names in `chosen` are taken; none means all.
    """

    purpose: str
    on: date
    now: Callable[[], datetime]
    source: str
    complete: bool
    secret: bytes
    lake: str = ""
    batch: int = 0
    whole: bool = False
    chosen: frozenset[str] = frozenset()


def register(trades: Iterable[Sequence[JudgedTrade]], given: Registering) -> Registered:
    """Let the registry hold what judged trades are worth; again changes nothing.

    Each set of trades is one transaction: what was registered when the work was cut off stays, and
    the next run goes on with the rest.

    Raises:
        Overtaken: A run of later papers began; what this one registered before stays.
    """
    done = Registered()
    if given.lake and given.whole:
        begin(given.lake, given.purpose, given.batch)
    for some in trades:
        wanted = [one for one in some if not given.chosen or one.name in given.chosen]
        if wanted:
            with transaction.atomic():
                stay_ahead(given.lake, given.purpose, given.batch, source=given.source)
                _take(wanted, given, done)
    return done


def _take(trades: Sequence[JudgedTrade], given: Registering, done: Registered) -> None:
    now = given.now()
    earlier = known_papers(trades, given.purpose)
    known = {
        one.name: earlier[one.name][0] for one in trades
        if len(earlier.get(one.name, ())) == 1
        # a trade that is judged beside it under its own code keeps its value for itself
        and earlier[one.name][0] not in map(paper_of, one.others)
    }  # fmt: skip
    unsure = {
        one.name: earlier[one.name] for one in trades
        if one.name in earlier and one.name not in known
        and (_is_worth(one) or len(earlier[one.name]) > 1)
    }  # fmt: skip
    if unsure:
        done.outcomes["several-earlier"] += len(unsure)
        done.unsure += list(unsure.items())[: SHOWN_MAX - len(done.unsure)]
    trades = [one for one in trades if one.name not in unsure]
    units = _registered_units(trades, known, given.purpose)
    trades = [_in_its_currency(one, units.get(one.name), done) for one in trades]
    values: dict[str, Value] = {}
    for one in trades:
        if not _is_worth(one):
            outcome = _without_value(one, known=one.name in units, complete=given.complete)
            done.outcomes[outcome] += 1
            if outcome != "withdrawn":
                continue
        unit = units.get(one.name) or one.currency
        value = _value(one, given.purpose, unit)
        if value and one.name in known:
            names = [*value.names, value.paper] if _is_worth(one) else value.names
            value = replace(value, paper=known[one.name], names=names)
        if value is None:
            done.outcomes["name-malformed"] += 1
        else:
            values[one.name] = value
    taken = actions.take_in(
        values=list(values.values()), now=now,
        because=f"{given.source}, judged for {given.purpose} on {given.on}",
    )  # fmt: skip
    done.outcomes.update(one.outcome for one in taken)
    done.over_used += [one for one in taken if one.over_minor][: SHOWN_MAX - len(done.over_used)]
    fit = {one.paper for one in taken if one.outcome in {"opened", "adjusted", "unchanged"}}
    kept = [one for one in trades if one.name in values and values[one.name].paper in fit]
    _keep_verdicts(kept, given, now)
    # Figures that did not change have the twins that they had.
    changed = {one.paper for one in taken if one.outcome in {"opened", "adjusted"}}
    differ = [(one, values[one.name]) for one in kept if values[one.name].paper in changed]
    done.twins += _compare(differ, now, given.secret, twin_terms(given.on))


def _is_worth(one: JudgedTrade) -> bool:
    return one.grade == "proven" and one.currency is not None


def _in_its_currency(one: JudgedTrade, unit: str | None, done: Registered) -> JudgedTrade:
    """Return the trade; worth nothing if its papers say another currency than it was registered in.

    What is held stays in the first currency, so the value cannot become one of another.
    """
    if not _is_worth(one) or unit is None or one.currency == unit:
        return one
    done.outcomes["currency-changed"] += 1
    return replace(one, currency=unit, verified_minor=0)


def _without_value(one: JudgedTrade, *, known: bool, complete: bool) -> str:
    if not known:
        return "not-proven"
    return "withdrawn" if complete or one.grade == "contradicted" else "kept"


def _value(one: JudgedTrade, purpose: str, unit: str | None) -> Value | None:
    firm = one.name.partition("/")[0]
    paper = paper_of(one.name)
    if unit is None or not PAPER.fullmatch(paper):
        return None
    names = [f"{kind}:{authority or firm}:{number}" for kind, authority, number in one.names]
    return Value(
        paper=paper, unit=unit, purpose=purpose, amount_minor=one.verified_minor,
        # a trade that proves nothing says nothing of what others' papers name
        names=[name for name in names if _is_worth(one) and PAPER.fullmatch(name)],
    )  # fmt: skip


def _registered_units(
    trades: Sequence[JudgedTrade], known: Mapping[str, str], purpose: str
) -> Mapping[str, str]:
    """Return in which currency trades were registered, under this name or an earlier one."""
    earlier = {
        name: paper.removeprefix("trade:").replace(":", "/", 1) for name, paper in known.items()
    }
    with cursor() as cur:
        cur.execute(
            "select v.trade_id, v.currency from trades_verdict as v "
            "where v.purpose = %s and v.trade_id = any(%s) and v.currency is not null",
            (purpose, [*(one.name for one in trades), *earlier.values()]),
        )
        found = dict(cur.fetchall())
    return {
        one.name: unit
        for one in trades
        if (unit := found.get(one.name) or found.get(earlier.get(one.name, "")))
    }


def _keep_verdicts(trades: Sequence[JudgedTrade], given: Registering, now: datetime) -> None:
    dated = [one.dated_at and one.dated_at.replace(tzinfo=SHANGHAI) for one in trades]
    with cursor() as cur:
        cur.execute(
            "insert into trades_trade as t (name, mode, dated_at, registered_at) "
            "select g.*, %s from unnest(%s::text[], %s::text[], %s::timestamptz[]) as g "
            "on conflict (name) do update set mode = excluded.mode, dated_at = excluded.dated_at "
            "where (t.mode, t.dated_at) is distinct from (excluded.mode, excluded.dated_at)",
            (now, [one.name for one in trades], [one.mode for one in trades], dated),
        )
        cur.execute(
            "insert into trades_verdict as v (trade_id, purpose, grade, currency, verified_minor, "
            "judged_on, registered_at) "
            "select g.name, %s, g.grade, g.currency, g.minor, %s, %s "
            "from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) "
            "as g (name, grade, currency, minor) "
            "on conflict (trade_id, purpose) do update set grade = excluded.grade, "
            "currency = coalesce(excluded.currency, v.currency), "
            "verified_minor = excluded.verified_minor, judged_on = excluded.judged_on "
            "where (v.grade, v.verified_minor) "
            "is distinct from (excluded.grade, excluded.verified_minor)",
            (
                given.purpose,
                given.on,
                now,
                [one.name for one in trades],
                [one.grade for one in trades],
                [one.currency for one in trades],
                [one.verified_minor for one in trades],
            ),
        )


def _compare(
    trades: Sequence[tuple[JudgedTrade, Value]], now: datetime, secret: bytes, terms: TwinTerms
) -> int:
    rows = [
        (value.paper, name, token(secret, name, *texts), value.amount_minor)
        for one, value in trades
        for name, texts in (
            ("number", (one.name.partition("/")[2],)),
            ("parties", (one.seller, one.buyer) if one.buyer else ()),
        )
        if texts
    ]
    if not rows:
        return 0
    papers, names, tokens, amounts = (list(column) for column in zip(*rows, strict=True))
    with cursor() as cur:
        cur.execute(
            "select registry_fingerprint(%s, %s::text[], %s::text[], %s::bytea[], %s::bigint[], "
            "%s, %s)",
            (now, papers, names, tokens, amounts, terms.amount_tolerance_bp, terms.agree_min),
        )
        ((found,),) = cur.fetchall()
    return int(found)
