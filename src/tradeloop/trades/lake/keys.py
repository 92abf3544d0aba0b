"""Which values join papers, as data (`keys.csv`): the keys under which each row is found.

A key is a space and values, without the firm: what a firm's code stands for may change by a late
row of the firm table, a number on a paper does not. Two numbers that are equal by chance lead to a
paper too many, which the questions then set apart; none is ever missed.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import pyarrow as pa

from tradeloop.documents import facts
from tradeloop.store.index import key_of

# Papers over many parcels: their lines are found from the head only when the head itself changes.
MEMBERS = "members"
# What leads from a paper, or from an answer to it, to the head of a paper over many parcels.
HEADS = ("note", "result")
# What a trade may be named by.
TRADES = ("order", "declaration")
# Where a paper is found that names a value.
PAPERS = {"list": "invt", "declaration": "declaration", "invoice": "invoice"}
PLACE, FIRM = "place", "firm"
PLACE_COLUMNS = ("file", "message", "record")


@cache
def schemas() -> Mapping[str, pa.Schema]:
    """Return the tables that the index holds: all facts, and what readers told of them."""
    return {**facts.tables(), "told": facts.TOLD}


@cache
def keys() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return for each table its keys: a space, and the columns whose values are the key."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {name: [] for name in schemas()}
    text = files("tradeloop.trades.lake").joinpath("keys.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found[row["table"]].append((row["space"], tuple(row["columns"].split())))
    return {table: tuple(rows) for table, rows in found.items()}


@cache
def form() -> str:
    """Return what tells one index from another: columns and keys, as a digest."""
    columns = {table: schema.names for table, schema in schemas().items()}
    return hashlib.sha256(repr((columns, keys())).encode()).hexdigest()


@cache
def _plan(table: str) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], tuple[int, ...]]:
    """Return a table's keys by the numbers of their columns, and the columns of firms' codes."""
    names = schemas()[table].names
    spaces = tuple(
        (space, tuple(names.index(column) for column in columns))
        for space, columns in dict.fromkeys((*keys()[table], (PLACE, PLACE_COLUMNS)))
    )
    codes = tuple(place for place, name in enumerate(names) if name.endswith(("_code", "_uscc")))
    return spaces, codes


def own(table: str, values: Sequence[str | None]) -> Iterator[int]:
    """Yield the keys under which a row is found."""
    for space, columns in _plan(table)[0][: len(keys()[table])]:
        found = [text for place in columns if (text := values[place]) is not None]
        if len(found) == len(columns):
            yield key_of(space, *found)


def follow(
    table: str, values: Sequence[str | None], *, spaces: Sequence[str] = ()
) -> Iterator[int]:
    """Yield the keys to look up next from a row: its own, its place, and its firms' codes.

    Args:
        table: The row's table.
        values: The row's columns as text.
        spaces: Only keys of these; default all but the members of a paper over many parcels.
    """
    known, codes = _plan(table)
    for space, columns in known:
        if space in spaces or (not spaces and space != MEMBERS):
            found = [text for place in columns if (text := values[place]) is not None]
            if len(found) == len(columns):
                yield key_of(space, *found)
    if not spaces:
        for place in codes:
            if (code := values[place]) is not None:
                yield key_of(FIRM, code)


def trade_numbers(table: str, values: Sequence[str | None]) -> Iterator[str]:
    """Yield the numbers on a row by which its trade may be named."""
    for space, columns in _plan(table)[0]:
        if space in TRADES and (number := values[columns[0]]) is not None:
            yield number


def trade_keys(number: str) -> list[int]:
    """Return the keys of the papers that open a trade of this number."""
    return [key_of(space, number) for space in TRADES]


def paper_keys(kind: str, number: str) -> list[int]:
    """Return the keys of the papers of a kind that bear a number; other kinds open trades."""
    space = PAPERS.get(kind)
    return [key_of(space, number)] if space else trade_keys(number)


def members_key(values: Sequence[str | None]) -> int:
    """Return the key of the lines of a head, by its place."""
    return key_of(MEMBERS, *(text or "" for text in values[:3]))


def keys_sql(table: str) -> str:
    """Return the list of a row's keys as the engine makes it, equal to what `follow` makes."""
    made = [
        f"cast(md5_number_lower('{space}' || chr(31) || "
        + " || chr(31) || ".join(f"cast({column} as varchar)" for column in columns)
        + ") >> 1 as bigint)"
        for space, columns in keys()[table]
    ]
    return f"list_filter([{', '.join(made)}], lambda one: one is not null)"


def values_sql(table: str) -> str:
    """Return a row's columns as one JSON list of texts."""
    texts = ", ".join(f"cast({name} as varchar)" for name in schemas()[table].names)
    return f"to_json([{texts}])"
