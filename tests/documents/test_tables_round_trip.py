"""Papers written as a workbook, as CSV and as JSON lines come back as the same facts."""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from table_files import facts_of, read_files, weights, workbook

from tradeloop.documents.papers import PaperField, PaperKind, choices, paper_kinds
from tradeloop.documents.templates import columns_of_lines, heading

Values = dict[str, object]
Paper = tuple[Values, list[Values]]

LETTERS = "abcXYZ 甲乙丙é,;\"'\n-/()&<"
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: f"w{text}w")
FORMS: Mapping[str, Sequence[str]] = {
    "uscc": ("91330782MA2000001K", "91330782MA2000002N"),
    "entry_id": ("292120260000000001", "310120261000000002"),
    "invoice_number": ("26442000000000000001", "26442000000000000002"),
    "currency": ("USD", "CNY", "EUR"),
    "country": ("ARE", "CHN", "USA"),
    "unit": ("011", "007", "pallet"),
    "hs": ("9503", "0304110000"),
    "hs10": ("9503008900", "0304110000"),
    "mode": ("1039", "0110"),
    "office": ("2921", "0100"),
    "customs_code": ("3318SYN001", "3318SYN002"),
}


def values_of(field: PaperField) -> st.SearchStrategy[object]:  # noqa: PLR0911 - one a line
    """Return values that a field may hold."""
    if field.form in FORMS:
        return st.sampled_from(FORMS[field.form])
    if field.type == "choice":
        return st.sampled_from(sorted(set(choices()[field.form].values())))
    if field.form == "rate":
        return st.sampled_from([0, 100, 300, 600, 900, 1300])
    if field.type == "integer":
        return st.integers(0, 10_000)
    if field.type in {"decimal", "quantity"}:
        return st.decimals(-999_999, 9_999_999, places=5, allow_nan=False)
    days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
    if field.type == "date":
        return days
    if field.type == "time":
        seconds = st.integers(0, 86_399)
        return st.tuples(days, seconds).map(
            lambda one: datetime.combine(one[0], datetime.min.time()).replace(
                hour=one[1] // 3600, minute=one[1] // 60 % 60, second=one[1] % 60
            )
        )
    return WORDS


def rows_of(fields: Sequence[PaperField]) -> st.SearchStrategy[Values]:
    """Return rows in which each needed field is filled and each other one may be empty."""
    parts = {
        field.name: values_of(field) if field.required else st.none() | values_of(field)
        for field in fields
    }
    return st.fixed_dictionaries(parts)


def papers_of(kind: PaperKind) -> st.SearchStrategy[list[Paper]]:
    lines = st.lists(rows_of(kind.line_fields), min_size=1, max_size=3)
    paper = st.tuples(rows_of(kind.head_fields), lines if kind.line_fields else st.just([]))
    several = st.lists(paper, min_size=1, max_size=4)
    return several.map(lambda papers: [_numbered(kind, *one) for one in enumerate(papers)])


def _numbered(kind: PaperKind, number: int, paper: Paper) -> Paper:
    """Give each paper a key of its own."""
    head, lines = paper
    key = kind.key[0]
    numbers = {
        "entry_id": f"292120260{number:09}",
        "invoice_number": f"2644{number:016}",
        "customs_code": f"3318SYN{number:03}",
    }
    return head | {key.name: numbers.get(key.form, f"SYN-{number}")}, lines


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def as_cell(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def table(
    fields: Sequence[PaperField], rows: Sequence[Values], show: Callable[[object], object]
) -> list[list[object]]:
    """Return headings and rows; the columns stand in another order than in the template."""
    order = sorted(fields, key=lambda field: field.name)
    random.Random(len(rows)).shuffle(order)
    return [
        [heading(field) for field in order],
        *([show(row.get(field.name)) for field in order] for row in rows),
    ]


def lines_of(kind: PaperKind, papers: Sequence[Paper]) -> list[Values]:
    keys = [field.name for field in kind.key]
    return [
        {**line, **{key: head[key] for key in keys}} for head, lines in papers for line in lines
    ]


def as_workbook(kind: PaperKind, papers: Sequence[Paper]) -> dict[str, bytes]:
    sheets = {"papers": table(kind.head_fields, [head for head, _ in papers], as_cell)}
    if kind.line_fields:
        rows = lines_of(kind, papers)
        sheets = {"lines": table(columns_of_lines(kind), rows, as_cell), **sheets}
    return {f"{kind.kind}.xlsx": workbook(sheets)}


def as_csv(kind: PaperKind, papers: Sequence[Paper], encoding: str = "utf-8") -> dict[str, bytes]:
    files = {f"{kind.kind}.csv": table(kind.head_fields, [head for head, _ in papers], as_text)}
    if kind.line_fields:
        rows = lines_of(kind, papers)
        files[f"{kind.kind}-lines.csv"] = table(columns_of_lines(kind), rows, as_text)
    return {name: _csv(rows).encode(encoding) for name, rows in files.items()}


def _csv(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def as_json(kind: PaperKind, papers: Sequence[Paper]) -> dict[str, bytes]:
    lines = [
        json.dumps({"paper": kind.kind, **head, "lines": lines}, default=str, ensure_ascii=False)
        for head, lines in papers
    ]
    return {"papers.jsonl": "\n".join(lines).encode()}


def facts_without_place(kind: PaperKind, files: Mapping[str, bytes]) -> list[Paper]:
    """Return what was read: each paper with its lines, in the order of their numbers."""
    with tempfile.TemporaryDirectory() as folder:
        read = read_files(Path(folder), files)
    told = [one for one in read.batch.told if weights()[str(one["code"])] != "note"]
    assert told == []
    place = ("file", "message", "record")
    lines: dict[tuple[object, ...], list[Values]] = {}
    for row in facts_of(read, kind.line_table) if kind.line_table else []:
        lines.setdefault(tuple(row[name] for name in place), []).append(
            {field.name: row[field.name] for field in kind.line_fields}
        )
    found: list[Paper] = []
    for row in facts_of(read, kind.table):
        head = {field.name: row[field.name] for field in kind.head_fields}
        found.append((head, lines.get(tuple(row[name] for name in place), [])))
    return in_order(found)


def in_order(papers: Sequence[Paper]) -> list[Paper]:
    """Return papers in the order of their keys, which is that in which they were made."""
    return sorted(papers, key=lambda paper: repr(sorted(paper[0].items(), key=lambda one: one[0])))


@pytest.mark.parametrize("kind", paper_kinds())
def test_every_form_gives_the_same_facts(kind: str) -> None:
    paper = paper_kinds()[kind]

    # A failing case is small already, and each try reads four files.
    @settings(
        max_examples=5, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(papers_of(paper))
    def check(papers: list[Paper]) -> None:
        expected = in_order(papers)
        for files in (as_workbook, as_csv, as_json):
            assert facts_without_place(paper, files(paper, papers)) == expected, files.__name__
        in_gb = as_csv(paper, papers, "gb18030")
        assert facts_without_place(paper, in_gb) == expected

    check()
