"""Workbooks, CSV, JSON lines and Parquet hold the same papers, the same in every run."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

import tradeloop
from tradeloop.documents.facts import PLACE, SOURCE, tables
from tradeloop.documents.papers import PaperField, choices, paper_kinds
from tradeloop.economy.papers import GenerationRefused, generate
from tradeloop.economy.papers.credit.generate import SINKS, TOWNS
from tradeloop.kit import codes

SOURCE_FOLDER = Path(tradeloop.__file__).parents[1]
TRADES = 160
PROGRAM = """
import sys
from pathlib import Path
from tradeloop.economy.papers import generate
generate(
    town=sys.argv[1], trades=160, seed=5, faults=0.3, form=sys.argv[2], into=Path(sys.argv[3])
)
"""
UNITS = {row["name_zh"]: row["code"] for row in reversed(codes.table("units"))}
OWN = {field.name for field in (*PLACE, *SOURCE)} | {"line"}
Row = tuple[tuple[str, object], ...]
Rows = Counter[tuple[str, Row]]


def town_in(form: str, into: Path, town: str, faults: float = 0.3) -> Path:
    generate(town=town, trades=TRADES, seed=5, faults=faults, form=form, into=into)
    return into


def plain(field: PaperField, value: object) -> object:
    """Return what a reader would make of a cell."""
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    match field.type:
        case "decimal" | "quantity":
            return Decimal(text)
        case "date":
            return text.partition(" ")[0]
        case "time":
            return datetime.fromisoformat(text)
        case "integer":
            return int(text[:-1]) * 100 if text.endswith("%") else int(text)
        case "choice":
            return choices()[field.form][text.lower()]
    return UNITS.get(text, text) if field.form == "unit" else text


def row_of(fields: tuple[PaperField, ...], row: Mapping[str, object]) -> Row:
    return tuple(
        (field.name, plain(field, row[field.name]))
        for field in fields
        if row.get(field.name) not in {None, ""}
    )


def in_tables(folder: Path) -> Rows:
    found: Rows = Counter()
    for kind in paper_kinds().values():
        for table, fields in ((kind.table, kind.head_fields), (kind.line_table, kind.line_fields)):
            if table:
                rows = pq.read_table(folder / f"{table}.parquet").to_pylist()
                found.update((table, row_of(fields, row)) for row in rows)
    return found


def in_json(folder: Path) -> Rows:
    found: Rows = Counter()
    for path in folder.rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            paper = json.loads(line)
            kind = paper_kinds()[paper["paper"]]
            found[kind.table, row_of(kind.head_fields, paper)] += 1
            for row in paper.get("lines", ()):
                found[kind.line_table, row_of(kind.line_fields, row)] += 1
    return found


def sheets(folder: Path) -> Iterator[tuple[str, bool, list[list[object]]]]:
    """Yield kind, whether of lines, and rows of every sheet and CSV file."""
    for path in sorted(folder.rglob("*.xlsx")):
        for name, rows in cells(path).items():
            yield name.removesuffix(" lines"), name.endswith(" lines"), rows
    for path in sorted(folder.rglob("*/*.csv")):
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gbk")
        yield path.parent.name, path.stem.endswith("-lines"), [*csv.reader(text.splitlines())]


def in_sheets(folder: Path) -> Rows:
    found: Rows = Counter()
    for name, of_lines, (headings, *rows) in sheets(folder):
        kind = paper_kinds()[name]
        fields = kind.line_fields if of_lines else kind.head_fields
        shown = (*kind.key, *kind.line_fields) if of_lines else kind.head_fields
        chinese = headings == [field.zh[0] for field in shown]
        assert chinese or headings == [field.en[0] for field in shown]
        for row in rows:
            values = {field.name: cell for field, cell in zip(shown, row, strict=True)}
            if of_lines:
                values = {field.name: values[field.name] for field in fields}
            found[kind.line_table if of_lines else kind.table, row_of(fields, values)] += 1
    return found


@pytest.mark.parametrize("town", TOWNS)
def test_every_form_holds_the_same_papers(town: str, tmp_path: Path) -> None:
    wanted = in_tables(town_in("parquet", tmp_path / "parquet", town))

    assert in_sheets(town_in("xlsx", tmp_path / "xlsx", town)) == wanted
    assert in_sheets(town_in("csv", tmp_path / "csv", town)) == wanted
    mixed = town_in("papers", tmp_path / "papers", town)
    assert in_sheets(mixed) + in_json(mixed) == wanted


@pytest.mark.parametrize("town", TOWNS)
def test_every_form_tells_the_same_truth(town: str, tmp_path: Path) -> None:
    told = {
        (folder / "truth.csv").read_bytes() + (folder / "hard_negatives.csv").read_bytes()
        for folder in (town_in(form, tmp_path / form, town) for form in SINKS)
    }

    assert len(told) == 1


@pytest.mark.parametrize("town", TOWNS)
def test_the_tables_have_the_schema_of_the_facts(town: str, tmp_path: Path) -> None:
    folder = town_in("parquet", tmp_path / "parquet", town)

    for kind in paper_kinds().values():
        for name in filter(None, (kind.table, kind.line_table)):
            table = pq.read_table(folder / f"{name}.parquet")
            assert table.schema.equals(tables()[name])
            assert table.schema.metadata[b"tradeloop.table"] == name.encode()


@pytest.mark.parametrize("town", TOWNS)
def test_two_versions_of_a_paper_never_share_a_file(town: str, tmp_path: Path) -> None:
    for name, of_lines, (_, *rows) in sheets(town_in("csv", tmp_path / "csv", town)):
        if not of_lines:
            shown = [field.name for field in paper_kinds()[name].head_fields]
            keys = [shown.index(field.name) for field in paper_kinds()[name].key]
            papers = [tuple(row[place] for place in keys) for row in rows]
            assert len(set(papers)) == len(papers)


@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize("form", ["papers", "parquet"])
def test_two_processes_write_the_same_papers(tmp_path: Path, town: str, form: str) -> None:
    for hash_seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", PROGRAM, town, form, str(tmp_path / hash_seed)],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(SOURCE_FOLDER)},
            check=True,
        )

    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def contents(folder: Path) -> dict[str, object]:
    """Return each file's bytes, or a workbook's cells: its bytes carry when they were saved."""
    return {
        path.relative_to(folder).as_posix(): cells(path)
        if path.suffix == ".xlsx"
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def cells(path: Path) -> dict[str, list[list[object]]]:
    with closing(load_workbook(path)) as book:
        return {
            sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book
        }


def test_evidence_is_kept_beside_the_papers_and_some_of_it_is_indexed(tmp_path: Path) -> None:
    folder = town_in("jsonl", tmp_path / "out", "yiwu", faults=0.0)
    kept = {path.name for path in (folder / "evidence").iterdir() if path.suffix != ".jsonl"}
    index = {
        json.loads(line)["path"]
        for path in (folder / "evidence").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }

    assert index
    assert index < kept


def test_a_form_that_a_town_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GenerationRefused, match="Choose papers or parquet or xlsx or csv or jsonl"):
        town_in("clay", tmp_path / "out", "yiwu")
    with pytest.raises(GenerationRefused, match="Choose papers or parquet"):
        town_in("xlsx", tmp_path / "out", "hangzhou")


def test_a_day_is_a_day_in_a_workbook(tmp_path: Path) -> None:
    folder = town_in("xlsx", tmp_path / "out", "shenzhen")
    days = [
        value
        for name, of_lines, (_, *rows) in sheets(folder)
        if name == "statement" and not of_lines
        for value in (row[3] for row in rows)
    ]

    assert days
    assert all(isinstance(day, date) for day in days)
