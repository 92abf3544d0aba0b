"""Many names against a list: filed by keys in DuckDB, then compared closely, a few for each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from tradeloop.parties.alike import Weight, compare_names
from tradeloop.parties.facts import Hit, Party, Screened, Verdict
from tradeloop.parties.keys import keys_of
from tradeloop.parties.names import name_of, weight_of
from tradeloop.parties.terms import LikenessTerms

BATCH = 50_000
KEY_HOLDERS_MAX = 200
"""A key that more names of a list share tells too little to be asked by; see `cut`."""
CANDIDATES_MAX = 12
LIST_LENGTH_MIN = 1_000  # shorter lists do not tell which words are common
IDF_MIN = 0.2

CANDIDATES = f"""
with shared as (
    select a.id as asked, l.id as listed, sum(1.0 / k.holders) as closeness
    from asked_keys as a
    join holders as k on k.key = a.key
    join listed_keys as l on l.key = a.key
    where k.holders <= {KEY_HOLDERS_MAX}
    group by a.id, l.id
)
select asked, listed, count(*) over (partition by asked) as candidates
from shared
qualify row_number() over (partition by asked order by closeness desc, listed) <= {CANDIDATES_MAX}
order by asked, closeness desc, listed
"""  # noqa: S608 - put together from our own figures
CROWDED = f"""
select distinct a.id from asked_keys as a join holders as k on k.key = a.key
where a.mark = 'a' and k.holders > {KEY_HOLDERS_MAX}
"""  # noqa: S608 - the same
HOLDERS = f"""
create table bounded as
    select id, key from listed_keys where mark <> 'e'
    union all
    select id, key from listed_keys where mark = 'e'
    qualify row_number() over (partition by key order by id) <= {CANDIDATES_MAX + 1};
drop table listed_keys;
alter table bounded rename to listed_keys;
create table holders as select key, count(*) as holders from listed_keys group by key;
"""  # noqa: S608 - the same
"""Of names that are quite the same, one more is kept than is looked at: never none, never all."""


def screen(
    asked: Sequence[Party],
    listed: Sequence[Party],
    *,
    terms: LikenessTerms,
    memory_mib: int = 800,
    by_rarity: bool = True,
) -> Screened:
    """Return which names are, or may be, on a list, each with its reasons.

    Work grows with the number of names, not with its square: a name is compared with the twelve
    that share the rarest keys with it. `by_rarity` lets a word count less, the more names of the
    list have it; without it a hit is the same whatever else is on the list.
    `memory_mib` bounds the engine's memory; beyond it, it spills to a temporary folder.
    """
    hits: list[Hit] = []
    cut: set[int] = set()
    compared = 0
    with TemporaryDirectory() as spill, duckdb.connect() as db:
        db.execute(f"set memory_limit = '{memory_mib}MiB'")
        db.execute(f"set temp_directory = '{spill}'")
        words: Counter[str] = Counter()
        _file(db, "listed_keys", listed, words)
        db.execute(HOLDERS)
        weight = _weights(words, len(listed)) if by_rarity else weight_of
        for first in range(0, len(asked), BATCH):
            batch = asked[first : first + BATCH]
            _file(db, "asked_keys", batch)
            cut.update(batch[number].line for (number,) in db.execute(CROWDED).fetchall())
            rows = db.execute(CANDIDATES).fetchall()
            compared += len(rows)
            for number, found in groupby(rows, key=itemgetter(0)):
                party, candidates = batch[number], list(found)
                met = [listed[row[1]] for row in candidates]
                new = hits_among(party, met, terms, weight)
                hits += new
                # The last that was looked at is a hit: those left out may be hits too.
                if candidates[0][2] > len(met) and any(hit.listed is met[-1] for hit in new):
                    cut.add(party.line)
    return Screened(
        hits=tuple(hits), names=len(asked), listed=len(listed), compared=compared,
        cut=tuple(sorted(cut)),
    )  # fmt: skip


def hits_among(
    asked: Party,
    candidates: Sequence[Party],
    terms: LikenessTerms,
    weight: Weight = weight_of,
) -> list[Hit]:
    """Compare a name closely with a few; return which of them it is or may be, the likest first."""
    name = name_of(asked.name)
    found = []
    for listed in candidates:
        likeness = compare_names(name, name_of(listed.name), terms=terms, weight=weight)
        score, reasons = likeness.score_bp, likeness.reasons
        known = asked.country is not None and listed.country is not None
        if known and asked.country != listed.country:
            score -= terms.country_conflict_bp
            reasons = (*reasons, f"countries differ: {asked.country} and {listed.country}")
        if score < terms.possible_at_bp:
            continue
        sure = score >= terms.same_at_bp and known and asked.country == listed.country
        verdict = Verdict.SAME if sure else Verdict.POSSIBLY
        found.append(Hit(asked=asked, listed=listed, verdict=verdict, score_bp=score,
                         reasons=reasons))  # fmt: skip
    return sorted(found, key=lambda hit: (-hit.score_bp, hit.listed.line))


def _file(
    db: duckdb.DuckDBPyConnection,
    table: str,
    parties: Sequence[Party],
    words: Counter[str] | None = None,
) -> None:
    """Write the keys of names into a table of its own, batch by batch."""
    db.execute(f"create or replace table {table} (id integer, key ubigint, mark varchar)")
    for ids, keys in _key_batches(parties, words):
        batch = pa.table({"id": pa.array(ids, pa.int32()), "key": pa.array(keys, pa.string())})
        db.register("batch", batch)
        db.execute(f"insert into {table} select id, hash(key), key[1] from batch")  # noqa: S608 - our own name
        db.unregister("batch")


def _key_batches(
    parties: Sequence[Party], words: Counter[str] | None
) -> Iterator[tuple[list[int], list[str]]]:
    for first in range(0, len(parties), BATCH):
        ids: list[int] = []
        keys: list[str] = []
        for number, party in enumerate(parties[first : first + BATCH], start=first):
            name = name_of(party.name)
            found = keys_of(name) if name.tokens else ()
            keys.extend(found)
            ids.extend([number] * len(found))
            if words is not None:
                words.update(set(name.tokens))
        yield ids, keys


def _weights(words: Counter[str], length: int) -> Weight:
    """Return what each word says of who bears it, by how few names of the list have it."""
    if length < LIST_LENGTH_MIN:
        return weight_of
    whole = math.log(length + 1)

    @cache
    def weight(token: str) -> float:
        rarity = math.log((length + 1) / (words[token] + 1)) / whole
        return weight_of(token) * max(IDF_MIN, min(1.0, 2 * rarity))

    return weight
