"""What a template says is what the reader reads, in every form and for every kind."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from table_files import facts_of, read_folder, weights

from tradeloop.documents.papers import PaperField, PaperKind, paper_kinds
from tradeloop.documents.tables.headings import fits
from tradeloop.documents.templates import FORMS, KindUnknown, columns_of_lines, heading, template


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", paper_kinds())
def test_a_template_is_read_with_no_finding_of_weight(kind: str, form: str, tmp_path: Path) -> None:
    paper = paper_kinds()[kind]
    for name, data in template(kind, form).items():
        (tmp_path / name).write_bytes(data)

    read = read_folder(tmp_path)

    assert {one.status for one in read.batch.outcomes} == {"read"}
    assert [one for one in read.batch.told if weights()[one["code"]] != "note"] == []
    assert {one["code"] for one in read.batch.told} == set()
    [head] = facts_of(read, paper.table)
    assert shown(head, paper.head_fields) == examples(paper.head_fields)
    if paper.line_table:
        [line] = facts_of(read, paper.line_table)
        assert shown(line, paper.line_fields) == examples(paper.line_fields)


def shown(row: dict[str, object], fields: tuple[PaperField, ...]) -> dict[str, object]:
    return {field.name: row[field.name] for field in fields}


def examples(fields: tuple[PaperField, ...]) -> dict[str, object]:
    """Return the examples as the values that the facts should hold."""
    found: dict[str, object] = {}
    for field in fields:
        text = field.example
        value: object = text or None
        if text and field.type in {"decimal", "quantity"}:
            value = Decimal(text).quantize(Decimal("0.00001"))
        elif text and field.type == "integer":
            value = 1300 if text == "13%" else int(text)
        elif text and field.type == "date":
            value = date.fromisoformat(text)
        elif text and field.type == "time":
            value = datetime.fromisoformat(text)
        elif text == "件":
            value = "011"
        found[field.name] = value
    return found


@pytest.mark.parametrize("language", ["zh", "en", "name"])
@pytest.mark.parametrize("kind", paper_kinds())
def test_the_headings_of_a_kind_are_known_as_its_own(kind: str, language: str) -> None:
    paper = paper_kinds()[kind]
    # Two kinds name their fields alike in programs; there the name of the file decides.
    hint = kind if language == "name" else ""
    assert fits(words(paper.head_fields, language), hint)[0].kind is paper
    if paper.line_fields:
        best = fits(words(columns_of_lines(paper), language), hint)[0]
        assert (best.kind, best.part) == (paper, "lines")


def words(fields: tuple[PaperField, ...], language: str) -> list[str]:
    if language == "name":
        return [field.name for field in fields]
    return [(field.zh if language == "zh" else field.en)[0] for field in fields]


def all_headings(kind: PaperKind) -> list[tuple[str, str]]:
    return [
        (field.name, word)
        for fields in (kind.head_fields, columns_of_lines(kind))
        for field in fields
        for word in (*field.zh, *field.en)
    ]


@pytest.mark.parametrize("kind", paper_kinds())
def test_no_two_fields_of_one_part_share_a_heading(kind: str) -> None:
    paper = paper_kinds()[kind]
    for fields in (paper.head_fields, paper.line_fields):
        every = [word.lower() for field in fields for word in (*field.zh, *field.en)]
        assert len(every) == len(set(every)), sorted(every)


def test_a_workbook_lists_the_words_that_a_field_may_hold() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("MP.trade", "xlsx")["MP.trade.xlsx"]))
    sheet = book.worksheets[0]

    lists = [one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"]

    assert '"FOB,CFR,CIF"' in lists
    assert sheet["A1"].value == heading(paper_kinds()["MP.trade"].head_fields[0])
    assert book.sheetnames[-1] == "说明 Notes"


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    with pytest.raises(KindUnknown, match=r"MP\.trade"):
        template("nothing", "xlsx")
