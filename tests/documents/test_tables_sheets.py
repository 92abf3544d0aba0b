"""Spreadsheets as people make them: what is odd is told with its cell, and the rest is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from table_files import FolderRead, facts_of, read_files, workbook
from trade_tables import HEADINGS, LINE_HEADINGS, csv_text, head, line, sheets

from tradeloop.trades.terms import catalogue

ONE = sheets([head()], [line()])


def read_book(folder: Path, data: bytes, name: str = "papers.xlsx") -> FolderRead:
    return read_files(folder, {name: data})


def test_a_plain_workbook_gives_papers_and_lines_with_no_word(tmp_path: Path) -> None:
    read = read_book(tmp_path, workbook(ONE))

    assert read.batch.told == []
    [paper] = facts_of(read, "trade_records")
    assert (paper["message"], paper["record"], paper["amount"]) == (1, 2, Decimal(100))
    assert paper["confirmed_at"] == datetime.fromisoformat("2026-09-01 10:30")
    [of] = facts_of(read, "trade_record_lines")
    assert (of["message"], of["record"], of["line"], of["unit"]) == (1, 2, 2, "011")
    [outcome] = read.batch.outcomes
    assert (outcome.status, outcome.kind) == ("read", "MP.trade")
    assert [(one["records"], one["rejected"]) for one in read.batch.counts] == [(1, 0)]


FLAT = [[*HEADINGS, *LINE_HEADINGS[1:]], [*head(), *line()[1:]]]
SAME: dict[str, tuple[dict[str, bytes], int]] = {
    "titles and empty rows above": (
        {"a.xlsx": workbook({"交易": [["合成市场交易表"], [], *ONE["交易"]], "明细": ONE["明细"]})},
        4,
    ),
    "an empty column in front": (
        {"a.xlsx": workbook({k: [["", *row] for row in v] for k, v in ONE.items()})},
        2,
    ),
    "lines in front of their papers": ({"a.xlsx": workbook(dict(reversed(ONE.items())))}, 2),
    "one table": ({"a.xlsx": workbook({"all": FLAT})}, 2),
    "two CSV files": (
        {
            "x.csv": csv_text(ONE["交易"]).encode(),
            "x-lines.csv": csv_text(ONE["明细"]).encode("gbk"),
        },
        2,
    ),
    "two CSV files with a Chinese name": (
        {"x.csv": csv_text(ONE["交易"]).encode(), "x-明细.csv": csv_text(ONE["明细"]).encode()},
        2,
    ),
    "CSV with tabs": ({"x.csv": csv_text(FLAT).replace(",", "\t").encode("utf-16")}, 2),
    "CSV in GBK": ({"x.csv": csv_text(FLAT).encode("gbk")}, 2),
    "CSV with a mark": ({"x.csv": csv_text(FLAT).encode("utf-8-sig")}, 2),
    "a totals row": (
        {"a.xlsx": workbook({"all": [*FLAT, ["合计", *[None] * 8, 100, *[None] * 6, 100]]})},
        2,
    ),
    "its headings again": ({"a.xlsx": workbook({"all": [*FLAT, FLAT[0]]})}, 2),
}


@pytest.mark.parametrize("case", SAME)
def test_each_form_gives_the_same_facts(case: str, tmp_path: Path) -> None:
    files, record = SAME[case]

    read = read_files(tmp_path, files)

    notes = {"encoding-differs"}
    assert set(read.told()) <= notes, read.batch.told
    [paper] = facts_of(read, "trade_records")
    [of] = facts_of(read, "trade_record_lines")
    assert (paper["trade_no"], paper["amount"], paper["record"]) == ("SYN-T-1", 100, record)
    assert (of["goods"], of["total"], of["record"]) == ("合成玩具", 100, record)
    assert of["file"] == paper["file"]
    assert {one.status for one in read.batch.outcomes} == {"read"}


def spoiled(**changes: object) -> bytes:
    return workbook(sheets([head(**changes)], [line()]))


def renamed(column: int) -> list[object]:
    return ["天气" if index == column else name for index, name in enumerate(FLAT[0])]


TOLD: dict[str, tuple[bytes, str, str]] = {
    "a wrong check digit": (
        spoiled(经营户信用代码="91330782MA2000001X"), "firm-code-malformed", "sheet 交易, cell D2",
    ),
    "another currency's mark": (spoiled(金额="€100"), "currency-mixed", "sheet 交易, cell J2"),
    "a number of 18 digits as number": (
        workbook({"交易": [[*HEADINGS, "报关单号"], [*head(), 292120260000000001]]}),
        "number-rounded", "sheet 交易, cell L2",
    ),
    "a date as a number": (spoiled(确认时间=46266.4375), "date-as-number", "sheet 交易, cell K2"),
    "an unclear date": (spoiled(确认时间="09/01/2026"), "date-ambiguous", "sheet 交易, cell K2"),
    "an empty cell": (spoiled(采购商=None), "field-missing", "sheet 交易, cell E2"),
    "no key": (spoiled(交易单号=None), "key-missing", "sheet 交易, cell A2"),
    "an unlisted word": (spoiled(付款方式="barter"), "choice-unknown", "sheet 交易, cell H2"),
    "a small table beside that has a heading of ours": (
        workbook({"交易": [[*HEADINGS, None, "客户", "电话"], [*head(), None, "A", "1"]]}),
        "tables-several", "sheet 交易, cell M1",
    ),
    "a note of two cells below the total": (
        workbook({"交易": [HEADINGS, head(), ["合计", *[None] * 8, 100], [], ["汇率", "7.1"]]}),
        "text-stray", "sheet 交易, row 5",
    ),
    "papers and lines in one without a heading of the papers": (
        workbook({"all": [renamed(4), FLAT[1]], "b": [HEADINGS, head(9)]}),
        "heading-missing", "sheet all, row 1",
    ),
    "papers and lines in one without a heading of the lines": (
        workbook({"all": [renamed(13), FLAT[1]], "b": [HEADINGS, head(9)]}),
        "heading-missing", "sheet all, row 1",
    ),
    "a formula without value": (spoiled(金额="=50+50"), "formula-unvalued", "sheet 交易, cell J2"),
    "an error": (spoiled(金额="#DIV/0!"), "formula-unvalued", "sheet 交易, cell J2"),
    "a total that does not add": (
        workbook({"交易": [HEADINGS, head(), ["合计", *[None] * 8, 99]]}),
        "totals-differ", "sheet 交易, cell J3",
    ),
    "a subtotal that does not add": (
        workbook({"交易": [HEADINGS, head(), ["小计", *[None] * 8, 99], head(2)]}),
        "totals-differ", "sheet 交易, cell J3",
    ),
    "a second table below": (
        workbook({"交易": [HEADINGS, head(), [], ["装箱单号", "交易单号", "件数", "毛重"], ["a"]]}),
        "tables-several", "sheet 交易, row 4",
    ),
    "a second table beside": (
        workbook({"交易": [[*HEADINGS, None, *HEADINGS], [*head(), None, *head(2)]]}),
        "tables-several", "sheet 交易, cell M1",
    ),
    "an unknown column": (
        workbook({"交易": [[*HEADINGS, "天气"], [*head(), "晴"]]}),
        "column-unknown", "sheet 交易, cell L1",
    ),
    "a line of no paper": (
        workbook(sheets([head()], [line(), line(9)])), "line-without-head", "sheet 明细, cell A3",
    ),
    "a paper that differs from row to row": (
        workbook({"all": [*FLAT, [*head(采购商="ANOTHER"), *line()[1:]]]}),
        "head-differs", "sheet all, cell E3",
    ),
    "a remark below": (
        workbook({"交易": [HEADINGS, head(), ["制表人: 合成"]]}), "text-stray", "sheet 交易, row 3",
    ),
    "a heading with a currency": (
        workbook({"交易": [[*HEADINGS[:9], "金额(CNY)", "确认时间"], head()]}),
        "currency-mixed", "sheet 交易, cell J2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_what_is_odd_is_told_with_its_cell(case: str, tmp_path: Path) -> None:
    data, code, place = TOLD[case]

    read = read_book(tmp_path, data)

    assert read.one(code)["place"] == place, read.batch.told
    counted = sum(int(str(one["records"])) - int(str(one["rejected"])) for one in read.batch.counts)
    assert counted == len(facts_of(read, "trade_records"))


def test_papers_of_a_table_refused_leave_the_other_tables(tmp_path: Path) -> None:
    doubled = [[*HEADINGS, "币种"], [*head(), "USD"]]
    missing = [HEADINGS[:-1], head(2)[:-1]]

    read = read_book(tmp_path, workbook({"a": doubled, "b": missing, "c": [HEADINGS, head(3)]}))

    assert [one["trade_no"] for one in facts_of(read, "trade_records")] == ["SYN-T-3"]
    assert read.one("heading-doubled")["place"] == "sheet a, cell L1"
    assert "确认时间" in str(read.one("heading-missing")["expected"])


def test_a_table_that_is_refused_alone_is_unreadable(tmp_path: Path) -> None:
    read = read_book(tmp_path, workbook({"交易": [HEADINGS[:-1], head()[:-1]]}))

    [outcome] = read.batch.outcomes
    assert outcome.status == "unreadable"
    assert "heading-missing" in str(outcome.because)


def test_merged_cells_hold_for_each_of_their_rows(tmp_path: Path) -> None:
    rows = [FLAT[0], FLAT[1], [*[None] * 11, 2, "合成灯", 5, "个", 2, 10]]

    read = read_book(tmp_path, workbook({"all": rows}, merged=["A2:A3", "J2:J3"]))
    blank = read_book(tmp_path / "blank", workbook({"all": rows}))

    for one in (read, blank):
        assert [row["goods"] for row in facts_of(one, "trade_record_lines")][-2:] == [
            "合成玩具", "合成灯",
        ]  # fmt: skip
        assert one.told() == []
    assert len(facts_of(read, "trade_records")) == 1


def test_what_stands_in_unknown_columns_is_kept(tmp_path: Path) -> None:
    read = read_book(tmp_path, workbook({"交易": [[*HEADINGS, "天气"], [*head(), "晴"]]}))

    [extra] = facts_of(read, "extras")
    assert (extra["name"], extra["value"], extra["record"]) == ("天气", "晴", 2)


def test_a_total_over_pages_is_no_paper_and_adds_up(tmp_path: Path) -> None:
    subtotal, total = ["小计", *[None] * 8, 100], ["总计：", *[None] * 8, 200]
    rows = [HEADINGS, head(), subtotal, HEADINGS, head(2), subtotal, total]

    read = read_book(tmp_path, workbook({"交易": rows}))

    assert read.told() == []
    assert len(facts_of(read, "trade_records")) == 2


def test_lines_without_their_papers_are_unreadable_and_say_so(tmp_path: Path) -> None:
    lines = [["合同号", "品名", "数量", "单位"], ["C", "x", 1, "件"]]

    alone = read_files(tmp_path, {"x.csv": csv_text(lines).encode()})

    [outcome] = alone.batch.outcomes
    assert outcome.status == "unreadable"
    assert "heads-missing" in str(outcome.because)


def test_the_facts_of_a_pair_stand_on_both_files(tmp_path: Path) -> None:
    heads, lines = csv_text(ONE["交易"]).encode(), csv_text(ONE["明细"]).encode()
    first = read_files(tmp_path / "a", {"x.csv": heads, "x-lines.csv": lines})
    other = read_files(tmp_path / "b", {"x.csv": heads, "x-lines.csv": lines + b"\n,,,\n1"})
    twice = read_files(
        tmp_path / "c",
        {"a/x.csv": heads, "a/x-lines.csv": lines, "b/x.csv": heads, "b/x-lines.csv": lines},
    )

    [one], [two] = facts_of(first, "trade_records"), facts_of(other, "trade_records")
    assert one["file"] != two["file"]
    assert len(facts_of(twice, "trade_records")) == 1
    assert len(twice.batch.outcomes) == 4
    assert "file-repeated" in twice.told()


QUOTES: dict[str, tuple[str, int]] = {
    "one that is not closed": ('SYN-T-1,"合成市场,', 1),
    "one within a cell": ('SYN-T-1,5" 合成市场,', 0),
    "text behind one": ('SYN-T-1,"合成"市场,', 1),
}


@pytest.mark.parametrize("case", QUOTES)
def test_a_stray_quote_costs_no_other_row(case: str, tmp_path: Path) -> None:
    beginning, told = QUOTES[case]
    rows = csv_text([HEADINGS, head(), head(2), head(3)]).replace("SYN-T-1,合成市场,", beginning)

    read = read_files(tmp_path, {"x.csv": rows.encode()})

    assert len(facts_of(read, "trade_records")) == 3
    assert read.told().count("quote-stray") == told


def test_a_quoted_cell_may_run_over_lines(tmp_path: Path) -> None:
    rows = csv_text([HEADINGS, head(), head(2)]).replace("合成市场", '"合成,\n市场"')

    read = read_files(tmp_path, {"x.csv": rows.encode()})

    assert [one["market"] for one in facts_of(read, "trade_records")] == ["合成,\n市场"] * 2
    assert [one["record"] for one in facts_of(read, "trade_records")] == [2, 3]


def test_a_cell_that_slipped_is_told(tmp_path: Path) -> None:
    rows = csv_text([HEADINGS, head(金额="1,200.00")])

    read = read_files(tmp_path, {"x.csv": rows.encode()})

    assert read.one("row-too-wide")["place"] == "row 2"


def spliced(data: bytes, edit: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def test_macros_are_never_run_and_told(tmp_path: Path) -> None:
    data = spliced(workbook(ONE), lambda parts: parts.update({"xl/vbaProject.bin": b"macro"}))

    read = read_book(tmp_path, data, "papers.xlsm")

    assert read.told() == ["macros-ignored"]
    assert len(facts_of(read, "trade_records")) == 1


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def old(stream: str) -> bytes:
    """Return the beginning of an old workbook that holds a stream of this name."""
    return OLE + b"\0" * 600 + stream.encode("utf-16-le")


SHEET = "xl/worksheets/sheet1.xml"
BROKEN: dict[str, tuple[bytes, str]] = {
    "locked": (old("EncryptedPackage"), "locked with a password"),
    "an old one that is cut": (old("Workbook"), "not a workbook"),
    "a sheet that is no XML": (
        spliced(workbook(ONE), lambda parts: parts.update({SHEET: b"<worksheet><x"})),
        "not a workbook",
    ),
    "a sheet of a document type": (
        spliced(workbook(ONE), lambda parts: parts.update({SHEET: b"<!DOCTYPE x><worksheet/>"})),
        "document type",
    ),
    "a cell beyond the last column": (
        spliced(
            workbook(ONE),
            lambda parts: parts.update({SHEET: parts[SHEET].replace(b'r="K2"', b'r="AAAAK2"')}),
        ),
        "beyond the last row or column",
    ),
    "a sheet that is damaged": (workbook(ONE)[:1500] + b"\0" * 300 + workbook(ONE)[1800:], ""),
    "a cell at the end of the world": (
        spliced(
            workbook(ONE),
            lambda parts: parts.update(
                {SHEET: parts[SHEET].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"'
                 b'><v>1</v></c></row></sheetData>')}
            ),
        ),
        "delete the empty rows",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_workbook_that_does_not_open_is_named_with_its_reason(case: str, tmp_path: Path) -> None:
    data, because = BROKEN[case]

    read = read_files(tmp_path, {"bad.xlsx": data, "good.xlsx": workbook(ONE)})

    bad, good = read.batch.outcomes
    assert (bad.status, good.status) == ("unreadable", "read")
    assert because in str(bad.because)


def test_a_formula_gives_its_last_value(tmp_path: Path) -> None:
    data = workbook(ONE)
    formula = spliced(
        data,
        lambda parts: parts.update(
            {SHEET: parts[SHEET].replace(b"<v>100</v>", b"<f>50+50</f><v>100</v>")}
        ),
    )
    assert formula != data

    read = read_book(tmp_path, formula)

    assert read.told() == []
    assert facts_of(read, "trade_records")[0]["amount"] == 100


def test_hidden_rows_and_formats_do_not_matter(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ONE)))
    book["交易"].row_dimensions[2].hidden = True
    book["明细"].sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)

    read = read_book(tmp_path, data.getvalue())

    assert len(facts_of(read, "trade_record_lines")) == 1


def test_lines_need_no_number_of_their_own(tmp_path: Path) -> None:
    keep = [index for index, name in enumerate(FLAT[0]) if name != "序号"]
    second = [*[None] * 12, "合成灯", 5, "个", 2, 10]
    total = ["合计", *[None] * 8, 100, *[None] * 6, 110]
    rows = [[row[index] for index in keep] for row in (*FLAT, second, total)]

    read = read_book(tmp_path, workbook({"all": rows}, merged=["A2:A3", "J2:J3"]))

    assert read.told() == [], read.batch.told
    assert len(facts_of(read, "trade_records")) == 1
    lines = facts_of(read, "trade_record_lines")
    assert [one["goods"] for one in lines] == ["合成玩具", "合成灯"]


def test_goods_summed_up_beside_papers_leave_the_lines_of_another_sheet(tmp_path: Path) -> None:
    summed = [[*HEADINGS, "品名", "数量", "单位"], [*head(), "玩具等", 10, "件"]]

    both = read_book(tmp_path, workbook({"交易": summed, "明细": ONE["明细"]}))
    alone = read_book(tmp_path / "alone", workbook({"交易": summed}))

    assert set(both.told()) == {"column-unknown"}, both.batch.told
    assert len(facts_of(both, "trade_record_lines")) == 1
    assert set(alone.told()) == {"heading-missing"}


def test_packages_of_the_paper_and_of_its_lines_are_told_apart(tmp_path: Path) -> None:
    headings = ["箱单号", "交易单号", "品名", "箱数", "总件数", "毛重KG"]
    rows = [headings, ["P", "T", "a", 10, 15, 210], ["P", "T", "b", 5, 15, 210]]

    read = read_book(tmp_path, workbook({"箱单": rows}))

    assert read.told() == [], read.batch.told
    [paper] = facts_of(read, "packing_lists")
    assert paper["packages"] == 15
    assert [one["packages"] for one in facts_of(read, "packing_list_lines")] == [10, 5]


def test_a_table_that_nearly_fits_is_to_be_checked(tmp_path: Path) -> None:
    table = [["交易单号", "市场", "经营户", "何物"], ["SYN-T-1", "合成市场", "合成经营户", "x"]]

    read = read_book(tmp_path, workbook({"交易": table}))

    assert "MP.trade" in str(read.one("table-unknown")["seen"])
    weights = {row["code"]: row["weight"] for row in catalogue(date(2026, 11, 1))}
    assert weights["table-unknown"] == "review"
