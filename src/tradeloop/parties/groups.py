"""Which buyers are one, as people decided: recomputed from their latest words, never edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tradeloop.store.database import cursor

LATEST = """
select distinct on (d.first_id, d.second_id) d.first_id, d.second_id, d.same, d.by, d.decided_at
from parties_buyerdecision as d
where d.first_id = any(%(members)s) or d.second_id = any(%(members)s)
order by d.first_id, d.second_id, d.id desc
"""


class DecisionContradicts(ValueError):
    """The decision cannot stand beside others; nothing was written."""


def members_of(ids: Collection[int]) -> Mapping[int, str]:
    """Return the keys of all buyers that are one with any of these, by id."""
    with cursor() as cur:
        cur.execute(
            "select b.id, b.key from parties_buyer as b where coalesce(b.canonical_id, b.id) in "
            "(select coalesce(a.canonical_id, a.id) from parties_buyer as a where a.id = any(%s))",
            (list(ids),),
        )
        return dict(cur.fetchall())


def regroup(first: int, second: int) -> None:
    """Recompute which buyers are one, after the pair was decided on.

    Raises:
        DecisionContradicts: By other decisions two of them are one that were decided to be two.
    """
    names = members_of([first, second])
    with cursor() as cur:
        cur.execute(LATEST.encode(), {"members": list(names)})
        rows = [row for row in cur.fetchall() if row[0] in names and row[1] in names]
    eldest = _components(names, [(a, b) for a, b, same, *_ in rows if same])
    for a, b, same, by, at in rows:
        if not same and eldest[a] == eldest[b]:
            joined = [(x, y) for x, y, one, *_ in rows if one and eldest[x] == eldest[a]]
            told = "; ".join(f"{names[x]} and {names[y]}" for x, y in joined)
            raise DecisionContradicts(
                f"{names[a]} and {names[b]} are two, as {by} decided on {at:%Y-%m-%d}, but one by "
                f"what was decided of {told}. Correct one of these decisions first."
            )
    with cursor() as cur:
        cur.execute(
            "update parties_buyer as b set canonical_id = nullif(g.eldest, b.id) "
            "from unnest(%s::bigint[], %s::bigint[]) as g (id, eldest) where b.id = g.id "
            "and b.canonical_id is distinct from nullif(g.eldest, b.id)",
            (list(eldest), list(eldest.values())),
        )


def _components(ids: Collection[int], joined: Collection[tuple[int, int]]) -> dict[int, int]:
    """Return the eldest of those that each is joined with, directly or through others.

    >>> _components([1, 2, 3, 4], [(3, 2), (2, 4)])
    {1: 1, 2: 2, 3: 2, 4: 2}
    """
    eldest = {one: one for one in ids}
    for a, b in joined:
        low, high = sorted((eldest[a], eldest[b]))
        for one, its in eldest.items():
            if its == high:
                eldest[one] = low
    return eldest
