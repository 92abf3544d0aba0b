"""Which known buyers a told name may mean: found by the keys that both are filed under."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tradeloop.parties.facts import Name
from tradeloop.parties.keys import keys_of
from tradeloop.parties.names import name_of
from tradeloop.parties.screening import CANDIDATES_MAX, KEY_HOLDERS_MAX
from tradeloop.store.database import cursor

AT_ONCE = 5_000

NEAR = """
with
    asked as (
        select * from unnest(%s::int[], %s::bigint[], %s::bool[]) as a (id, key, exact)
    ),
    held as (
        select k.key, h.holders from (select distinct key from asked) as k
        cross join lateral (
            select count(*) as holders from (
                select from KEYS as b where b.key = k.key limit HOLDERS_MAX + 1
            ) as few
        ) as h
        where h.holders between 1 and HOLDERS_MAX
    ),
    ranked as (
        select a.id, b.HOLDER, row_number() over (
            partition by a.id order by sum(1.0 / h.holders) desc, b.HOLDER
        ) as place
        from asked as a join held as h on h.key = a.key
        join KEYS as b on b.key = a.key
        group by a.id, b.HOLDER
    )
select id, HOLDER from ranked where place <= CANDIDATES_MAX
union
select a.id, n.HOLDER
from asked as a
join unnest(%s::int[], %s::text[]) as c (id, country) on c.id = a.id
cross join lateral (
    select k.HOLDER from KEYS as k where k.key = a.key
    order by exists (
        select from PLACES as l where l.PLACE = k.HOLDER and l.country = c.country
    ) desc, k.HOLDER
    limit CANDIDATES_MAX
) as n
where a.exact
"""
"""Those that share the rarest keys, and those of quite the same name, of the same country first:
however many bear it, some are found."""
FIGURES = {"HOLDERS_MAX": str(KEY_HOLDERS_MAX), "CANDIDATES_MAX": str(CANDIDATES_MAX)}
BUYERS = {
    "KEYS": "parties_buyerkey", "HOLDER": "buyer_id", "PLACES": "parties_alias",
    "PLACE": "buyer_id", **FIGURES,
}  # fmt: skip
ENTRIES = {
    "KEYS": "parties_listkey", "HOLDER": "entry_id", "PLACES": "parties_listentry",
    "PLACE": "id", **FIGURES,
}  # fmt: skip
"""What stands for the words of NEAR in capitals."""


@dataclass(frozen=True, slots=True)
class NameKeys:
    """The keys of a name as numbers; `exact` is that of all its words in their order."""

    all: frozenset[int]
    exact: int | None

    @classmethod
    def of(cls, name: Name) -> NameKeys:
        """Return the keys of a name; one without letters has none."""
        if not name.tokens:
            return cls(frozenset(), None)
        words = keys_of(name)
        exact = next(word for word in words if word[0] == "e")
        return cls(frozenset(map(_number, words)), _number(exact))


@dataclass(slots=True)
class Filed:
    """Buyers that came in this very call, filed under their keys."""

    holders: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, buyer: str, keys: NameKeys) -> None:
        """File a buyer under the keys of one more name."""
        for key in keys.all:
            held = self.holders[key]
            if buyer not in held[-1:]:
                held.append(buyer)

    def near(self, keys: NameKeys) -> list[str]:
        """Return the buyers that share the rarest keys, and the eldest of the same name."""
        closeness: dict[str, float] = defaultdict(float)
        for key in keys.all:
            held = self.holders.get(key, ())
            if len(held) <= KEY_HOLDERS_MAX:
                for buyer in held:
                    closeness[buyer] += 1 / len(held)
        best = sorted(closeness, key=lambda buyer: (-closeness[buyer], buyer))[:CANDIDATES_MAX]
        same = self.holders.get(keys.exact, ())[:CANDIDATES_MAX] if keys.exact is not None else ()
        return list(dict.fromkeys((*best, *same)))


def near(
    asked: Sequence[tuple[NameKeys, str | None]], *, among: Mapping[str, str] = BUYERS
) -> Mapping[int, Collection[int]]:
    """Return for each name asked (by its place) the ids of buyers, or entries, that it may mean.

    Args:
        asked: The keys of each name, and its country.
        among: BUYERS that are known, or ENTRIES of lists for screening.
    """
    question = NEAR
    for word, meant in among.items():
        question = re.sub(rf"\b{word}\b", meant, question)
    found: dict[int, set[int]] = defaultdict(set)
    for first in range(0, len(asked), AT_ONCE):
        part = list(enumerate(asked[first : first + AT_ONCE], start=first))
        rows = [(at, key, key == keys.exact) for at, (keys, _) in part for key in keys.all]
        with cursor() as cur:
            cur.execute(
                question.encode(),
                (
                    [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
                    [at for at, _ in part], [country for _, (_, country) in part],
                ),
            )  # fmt: skip
            for at, buyer in cur.fetchall():
                found[at].add(buyer)
    return found


def keys_as_rows(named: Iterable[tuple[int, str]]) -> tuple[list[int], list[int]]:
    """Return the keys of names beside the ids of those who bear them, in order."""
    pairs = sorted({(key, id_) for id_, name in named for key in NameKeys.of(name_of(name)).all})
    return [key for key, _ in pairs], [id_ for _, id_ in pairs]


def _number(key: str) -> int:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
