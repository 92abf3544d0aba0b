"""Judged trades on their way to the registry: verdict, names and parties, a set at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from tradeloop.bulk.questions import answer, questions
from tradeloop.trades.judge import PACKAGE

SET_SIZE = 5_000
# One row a trade, its names as one text: lists of texts cost more than the join.
JUDGED = """
with listed as (
    select trade, authority, number, substr(trade, strpos(trade, '/') + 1) as order_number
    from trade_names where kind = 'list' and authority is not null
)
select
    v.trade, t.mode, t.dated_at, v.grade, v.currency, v.verified_minor, p.seller, p.buyer, n.names,
    o.others
from verdicts as v
join trade as t on t.trade = v.trade
join trade_parties as p on p.trade = v.trade
left join (
    select trade, string_agg(kind || chr(31) || coalesce(authority, '') || chr(31) || number,
        chr(30) order by kind, authority, number) as names
    from trade_names group by trade
) as n on n.trade = v.trade
left join (
    select one.trade, string_agg(distinct other.trade, chr(30)) as others
    from listed as one join listed as other using (authority, number, order_number)
    where other.trade <> one.trade group by one.trade
) as o on o.trade = v.trade
order by v.trade
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTrade:
    """A verdict on one trade, and the papers that name its value: (kind, authority, number).

    The authority is empty where the number is the seller's own. `others` are trades, judged beside
    it, that bear its order number on a customs list of its own, under another code.
    """

    name: str
    mode: str
    dated_at: datetime | None
    grade: str
    currency: str | None
    verified_minor: int
    seller: str
    buyer: str | None
    names: Sequence[tuple[str, str, str]]
    others: Sequence[str] = ()


def judged_trades(con: duckdb.DuckDBPyConnection) -> Iterator[Sequence[JudgedTrade]]:
    """Return all trades judged in `con`, by name, up to 5,000 at a time."""
    for question in questions(PACKAGE, "7_register"):
        answer(con, question)
    found = con.execute(JUDGED)
    while rows := found.fetchmany(SET_SIZE):
        yield [
            JudgedTrade(
                name=name, mode=mode, dated_at=dated_at, grade=grade, currency=currency,
                verified_minor=minor, seller=seller, buyer=buyer, names=_names(names),
                others=others.split("\x1e") if others else (),
            )
            for name, mode, dated_at, grade, currency, minor, seller, buyer, names, others in rows
        ]  # fmt: skip


def _names(text: str | None) -> Sequence[tuple[str, str, str]]:
    found = []
    for one in (text or "").split("\x1e"):
        kind, _, rest = one.partition("\x1f")
        authority, _, number = rest.partition("\x1f")
        if number:
            found.append((kind, authority, number))
    return found
