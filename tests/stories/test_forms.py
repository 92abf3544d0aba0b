"""A town gives the same facts, whether it comes as workbooks, CSV, JSON lines or Parquet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from tradeloop.documents.facts import PLACE, SOURCE
from tradeloop.documents.gather import gather
from tradeloop.documents.papers import PaperKind, paper_kinds
from tradeloop.documents.read import read
from tradeloop.economy.papers import generate

TRADES = 400
OWN = {field.name for field in (*PLACE, *SOURCE)}
PLACES = [field.name for field in PLACE]
# What the readers may tell of papers that we wrote ourselves: faults of the town, and an encoding.
EXPECTED = {
    "encoding-differs",
    "field-missing",
    "firm-code-malformed",
    "declaration-number-malformed",
}
Facts = dict[str, Counter[tuple[object, ...]]]


def folder_of(town: str, form: str, into: Path) -> Path:
    folder = into / f"{town}-{form}"
    generate(town=town, trades=TRADES, seed=9, faults=0.2, form=form, into=folder)
    return folder


def read_facts(folder: Path, into: Path) -> Facts:
    """Read the files of a folder and return their facts, without where each was found."""
    into.mkdir()
    batch = read(gather([folder]), into=into, workers=1)
    assert {row["code"] for row in batch.told} <= EXPECTED
    assert not any(outcome.status == "unreadable" for outcome in batch.outcomes)
    return {kind.kind: facts(kind, into) for kind in paper_kinds().values()}


def facts(kind: PaperKind, into: Path) -> Counter[tuple[object, ...]]:
    """Return each paper with its lines in their order."""
    lines: dict[tuple[object, ...], list[tuple[int, tuple[object, ...]]]] = {}
    for row in rows(into, kind.line_table) if kind.line_table else ():
        place = tuple(row[name] for name in PLACES)
        shown = tuple(value for name, value in row.items() if name not in OWN | {"line"})
        lines.setdefault(place, []).append((row["line"], shown))
    found: Counter[tuple[object, ...]] = Counter()
    for row in rows(into, kind.table):
        place = tuple(row[name] for name in PLACES)
        shown = tuple(value for name, value in row.items() if name not in OWN)
        found[*shown, *(line for _, line in sorted(lines.get(place, ())))] += 1
    return found


def rows(into: Path, table: str) -> list[dict[str, object]]:
    for place in (into / table, into / f"{table}.parquet"):
        if place.exists():
            return ds.dataset(place, format="parquet").to_table().to_pylist()
    return []


@pytest.mark.parametrize("town", ["yiwu", "shenzhen"])
def test_every_form_gives_the_same_facts(town: str, tmp_path: Path) -> None:
    tables = folder_of(town, "parquet", tmp_path)
    wanted = {kind.kind: facts(kind, tables) for kind in paper_kinds().values()}

    assert sum(len(one) for one in wanted.values()) > TRADES * 3
    for form in ("xlsx", "csv", "jsonl", "papers"):
        given = read_facts(folder_of(town, form, tmp_path), tmp_path / f"read-{form}")
        for kind, papers in wanted.items():
            assert given[kind] == papers, f"{kind} as {form}"
