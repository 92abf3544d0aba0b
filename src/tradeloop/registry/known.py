"""The name of a trade's value, and the values that it may have under other codes of its firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradeloop.store.database import cursor
from tradeloop.trades.registration import JudgedTrade


def paper_of(trade: str) -> str:
    """Return the name under which the registry knows the value of a trade, `firm/number`."""
    firm, _, number = trade.partition("/")
    return f"trade:{firm}:{number}"


def known_papers(trades: Sequence[JudgedTrade], purpose: str) -> Mapping[str, Sequence[str]]:
    """Return the papers of the values that a trade may have already under other codes of its firm.

    A firm's table may come late: its trade is then named by another code, and would open a second
    value for the same goods. The same order number on the same customs list is the same trade,
    whatever the list was folded into since and whichever other trades are on it. One that is
    registered under its own name has no other; of several that may be it, one that is worth
    something for the purpose stands before those that are worth nothing.
    """
    asked = [
        (one.name, paper_of(one.name), key)
        for one in trades
        for key in (paper_of(one.name), *(
            f"{kind}:{authority}:{number}"
            for kind, authority, number in one.names if kind == "list" and authority
        ))
    ]  # fmt: skip
    names, papers, keys = (list(column) for column in zip(*asked, strict=True))
    with cursor() as cur:
        cur.execute(
            "select a.name, array_agg(distinct c.paper order by c.paper), "
            "array_agg(distinct c.paper) filter (where exists (select from registry_book as b "
            "where b.capacity_id = c.id and b.purpose = %s and b.own_minor > 0)) "
            "from unnest(%s::text[], %s::text[], %s::text[]) as a (name, paper, key) "
            "join registry_name as n on n.key = a.key "
            "join registry_capacity as c on c.id = n.capacity_id "
            # a code of a firm has no colon, a number may
            "where c.paper like 'trade:%%' "
            "and regexp_replace(c.paper, '^trade:[^:]*:', '') "
            "= regexp_replace(a.paper, '^trade:[^:]*:', '') "
            "group by a.name having not bool_or(c.paper = a.paper)",
            (purpose, names, papers, keys),
        )
        return {
            name: worth if worth and len(worth) == 1 else every
            for name, every, worth in cur.fetchall()
        }
