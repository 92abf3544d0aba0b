"""Templates: a paper of each kind to fill in, with headings, an example and what is allowed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tradeloop.documents.papers import PaperField, PaperKind, choices, paper_kinds

FORMS = ("xlsx", "csv", "jsonl")
ROWS_VALIDATED = 10_000
NOTES = "说明 Notes"
FORMATS: Mapping[str, str] = {
    "text": "@",
    "choice": "@",
    "decimal": "#,##0.00###",
    "quantity": "General",
    "integer": "0",
    "date": "yyyy-mm-dd",
    "time": "yyyy-mm-dd hh:mm:ss",
}
NEEDS: Mapping[str, str] = {
    "key": "必填，缺少即拒收 · needed, or the paper is refused",
    "R": "必填 · needed",
    "": "选填 · optional",
}
NEEDED = PatternFill("solid", fgColor="FFF2CC")


class KindUnknown(LookupError):
    """There is no kind of paper of that name."""


def template(kind: str, form: str) -> dict[str, bytes]:
    """Return the files of a template, by name.

    Raises:
        KindUnknown: No paper is of this kind; the message lists those there are.
    """
    paper = paper_kinds().get(kind)
    if paper is None:
        raise KindUnknown(
            f"There is no kind of paper {kind!r}. Use one of: {', '.join(paper_kinds())}."
        )
    if form == "jsonl":
        return {f"{kind}.jsonl": _json_line(paper)}
    if form == "csv":
        return dict(_csv_files(paper))
    return {f"{kind}.xlsx": _workbook(paper)}


def heading(field: PaperField) -> str:
    """Return the heading of a field in both languages, as the reader knows it."""
    return f"{field.zh[0]} | {field.en[0]}"


def columns_of_lines(kind: PaperKind) -> tuple[PaperField, ...]:
    """Return the columns of a sheet of lines: the key of their paper, then their own."""
    return (*kind.key, *kind.line_fields)


def _csv_files(kind: PaperKind) -> Iterator[tuple[str, bytes]]:
    yield f"{kind.kind}.csv", _csv(kind.head_fields)
    if kind.line_fields:
        yield f"{kind.kind}-lines.csv", _csv(columns_of_lines(kind))


def _csv(fields: Sequence[PaperField]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([heading(field) for field in fields])
    writer.writerow([field.example for field in fields])
    return text.getvalue().encode("utf-8-sig")  # the mark makes spreadsheet programs see UTF-8


def _json_line(kind: PaperKind) -> bytes:
    paper: dict[str, object] = {"paper": kind.kind}
    paper |= {field.name: field.example for field in kind.head_fields if field.example}
    if kind.line_fields:
        paper["lines"] = [
            {field.name: field.example for field in kind.line_fields if field.example}
        ]
    return (json.dumps(paper, ensure_ascii=False) + "\n").encode()


def _workbook(kind: PaperKind) -> bytes:
    book = Workbook()
    heads = book.worksheets[0]
    heads.title = kind.name_zh
    _fill(heads, kind.head_fields)
    if kind.line_fields:
        _fill(book.create_sheet(f"{kind.name_zh}明细"), columns_of_lines(kind))
    _note(book.create_sheet(NOTES), kind)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _fill(sheet: Worksheet, fields: Sequence[PaperField]) -> None:
    """Write the headings and one example, and say for each column what it may hold."""
    sheet.freeze_panes = "A2"
    for number, field in enumerate(fields, 1):
        column = get_column_letter(number)
        top = sheet[f"{column}1"]
        top.value = heading(field)
        top.font = Font(bold=True)
        top.comment = Comment(f"{field.meaning}. {need(field)}", "tradeloop")
        if field.required:
            top.fill = NEEDED
        sheet.column_dimensions[column].width = max(14, 2 * len(field.zh[0]) + len(field.en[0]))
        sheet.column_dimensions[column].number_format = FORMATS[field.type]
        below = sheet[f"{column}2"]
        below.value = _example(field)
        below.number_format = FORMATS[field.type]
        if allowed := _validation(field):
            allowed.add(f"{column}2:{column}{ROWS_VALIDATED}")
            sheet.add_data_validation(allowed)


def need(field: PaperField) -> str:
    """Return in both languages whether a field must be filled."""
    text = NEEDS[field.need.partition(":")[0]]
    return f"{text} (本组其一 · one of its group: {field.group})" if field.group else text


def _example(field: PaperField) -> object:
    if not field.example:
        return None
    if field.type in {"decimal", "quantity"}:
        return Decimal(field.example)
    if field.type == "date":
        return date.fromisoformat(field.example)
    if field.type == "time":
        return datetime.fromisoformat(field.example)
    return (
        int(field.example) if field.example.isdigit() and field.type == "integer" else field.example
    )


def _validation(field: PaperField) -> DataValidation | None:
    """Return what a spreadsheet program lets in: a word of the list, a number, a date."""
    if field.type == "choice":
        words = ",".join(dict.fromkeys(choices()[field.form].values()))
        # Another word is warned of and not forbidden: the reader knows more of them.
        return DataValidation("list", formula1=f'"{words}"', errorStyle="warning", allow_blank=True)
    if field.type in {"decimal", "quantity"}:
        return DataValidation(
            "decimal", "between", "-99999999999999", "99999999999999", errorStyle="warning"
        )
    if field.type in {"date", "time"}:
        return DataValidation(
            "date", "greaterThan", "36526", errorStyle="warning", allow_blank=True
        )
    return None


def _note(sheet: Worksheet, kind: PaperKind) -> None:
    """Write what each field means, and which other headings stand for it."""
    sheet.append([f"{kind.name_zh} · {kind.name_en} ({kind.kind})"])
    sheet.append(
        ["也接受的表头 · accepted headings", "必填 · needed?", "含义 · meaning", "取值 · words"]
    )
    for part, fields in (("", kind.head_fields), ("明细 lines: ", kind.line_fields)):
        for field in fields:
            words = ", ".join(dict.fromkeys(choices().get(field.form, {}).values()))
            names = " / ".join((*field.zh, *field.en))
            sheet.append([part + names, need(field), field.meaning, words or field.form])
    for column, width in zip("ABCD", (70, 50, 60, 40), strict=True):
        sheet.column_dimensions[column].width = width
    sheet["A1"].font = Font(bold=True)
