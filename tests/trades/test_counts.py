"""What came in and what came out add up, and the results leave whole, sorted and harmless."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

import papers
from tradeloop.trades.actions import verify
from tradeloop.trades.facts import Report

ON = date(2026, 9, 1)
EVIL = "=SUM(A1:9)"  # ten places, as a platform's code has
Counts = Mapping[str, tuple[int, int, int, int]]


def judged(folder: Path) -> tuple[Report, Counts]:
    """Judge `in` below a folder, write to `out`, and return what `records` says of each kind."""
    report = verify([folder / "in"], purpose="customs", on=ON, out=folder / "out")
    rows = pq.read_table(folder / "out" / "records.parquet").to_pylist()
    counts = {
        row["kind"]: (row["records"], row["facts"], row["repeats"], row["rejected"]) for row in rows
    }
    return report, counts


def order(number: str, **values: object) -> str:
    """Return the record of an order."""
    return papers.record("CEB303", orderNo=number, **values)


def named(kind: str, records: str, guid: str) -> str:
    """Return a message with a guid of its own, so that its bytes differ from the others."""
    return papers.wrap(kind, records).replace("G" * 36, guid * 36)


MIXED = {
    "clean.xml": papers.message("CEB303"),
    "again.xml": papers.message("CEB303"),
    "other-file.xml": named("CEB303", order("A1"), "H"),
    "broken.xml": named("CEB303", order("A2") + order("A3").replace("</ceb:Order>", ""), "I")[:-40],
    "no-key.xml": named("CEB303", order("A4") + papers.record("CEB303", orderNo=None), "J"),
    "changed.xml": named("CEB303", order("A1", appTime="20260801110000", freight="1"), "K"),
    "empty.xml": "",
    "chat.pdf": "%PDF",
}


def test_records_in_are_facts_and_repeats_and_rejected(tmp_path: Path) -> None:
    papers.write(tmp_path / "in", MIXED)

    report, counts = judged(tmp_path)

    # A1 three times alike and once changed; A2 and A4; A3 cut and one without a number.
    assert counts == {"CEB303": (8, 4, 2, 2)}
    assert report.documents == {"CEB303": 8}
    assert report.trades == 3


def test_files_are_read_or_kept_or_unreadable(tmp_path: Path) -> None:
    papers.write(tmp_path / "in", MIXED)

    report, _ = judged(tmp_path)

    assert report.files == len(MIXED)
    assert (report.read, report.kept, len(report.unreadable)) == (6, 1, 1)


def twice(kind: str, **values: object) -> Mapping[str, str]:
    """Return two files that bring the same record."""
    record = papers.record(kind, **values)
    return {f"{kind}-{one}.xml": named(kind, record, one) for one in "AB"}


KINDS = (
    "CEB303", "CEB304", "CEB403", "CEB404", "CEB505", "CEB506", "CEB507", "CEB508", "CEB509",
    "CEB510", "CEB603", "CEB604", "CEB605", "CEB607", "CEB608", "CEB701", "CEB702",
    "CEB792", "CEB213", "CEB214",
)  # fmt: skip


def test_one_record_in_two_files_is_one_fact_whatever_its_kind(tmp_path: Path) -> None:
    for kind in KINDS:
        papers.write(tmp_path / "in", twice(kind))

    report, counts = judged(tmp_path)

    assert counts == dict.fromkeys(sorted(KINDS), (2, 1, 1, 0))
    assert report.trades == 1


def test_a_waybill_of_a_cancelled_list_counts_once_too(tmp_path: Path) -> None:
    for kind in ("CEB303", "CEB505", "CEB603", "CEB604", "CEB605", "CEB606"):
        papers.write(tmp_path / "in", twice(kind))

    _, counts = judged(tmp_path)

    assert counts["CEB505"] == counts["CEB606"] == (2, 1, 1, 0)


@pytest.mark.parametrize("kind", ["CEB403", "CEB505"])
def test_a_paper_without_a_trade_counts_once_too(kind: str, tmp_path: Path) -> None:
    papers.write(tmp_path / "in", twice(kind))

    _, counts = judged(tmp_path)

    assert counts[kind] == (2, 1, 1, 0)


def test_a_waybill_behind_two_trades_counts_once(tmp_path: Path) -> None:
    second = {"orderNo": "A2", "copNo": "C2"}
    papers.write(tmp_path / "in", papers.clean_trade())
    papers.write(tmp_path / "in" / "second", {
        "order.xml": papers.message("CEB303", orderNo="A2"),
        "list.xml": papers.message("CEB603", **second),
        "waybill.xml": named("CEB505", papers.record("CEB505"), "Z"),
    })  # fmt: skip

    _, counts = judged(tmp_path)

    assert counts["CEB505"] == (2, 1, 1, 0)


def test_a_firm_table_is_counted_row_by_row(tmp_path: Path) -> None:
    rows = [
        "customs_code,uscc,name,from,source",
        f"3301960001,{papers.SELLER},seller,2020-01-01,table",
        "3301960002,91330100MA27XL0001,seller,2020-01-01,table",
    ]
    papers.write(tmp_path / "in", papers.clean_trade() | {"firms.csv": "\n".join(rows)})

    report, counts = judged(tmp_path)

    assert counts["CN.firm"] == (2, 1, 0, 1)
    assert report.findings["row-malformed"] == 1


def test_members_of_an_archive_are_counted_and_the_archive_is_not(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in papers.clean_trade().items():
            archive.writestr(name, text)
    papers.write(tmp_path / "in", {"all.zip": data.getvalue(), "again.xml": MIXED["clean.xml"]})

    report, counts = judged(tmp_path)

    assert report.files == report.read == 5
    assert counts["CEB303"] == (2, 1, 1, 0)
    assert report.findings["file-repeated"] == 1


NAMES = ("verdicts", "findings", "links", "records")


def two_trades(folder: Path) -> tuple[Report, Counts]:
    """Judge a clean trade, and one with a code that a spreadsheet would take for a formula."""
    extra = {"order.xml": papers.message("CEB303", orderNo="A2")}
    extra["list.xml"] = papers.message("CEB603", orderNo="A2", copNo="C2", ebpCode=EVIL)
    papers.write(folder / "in", papers.clean_trade() | extra)
    return judged(folder)


def test_results_are_whole_and_nothing_unfinished_stays(tmp_path: Path) -> None:
    two_trades(tmp_path)

    written = {path.name for path in (tmp_path / "out").iterdir()}
    expected = {
        f"{name}.{suffix}"
        for name in (*NAMES, "files", "owed", "evidence")
        for suffix in ("csv", "parquet")
    }
    assert written == expected | {"trades.xlsx"}


def test_results_are_sorted_and_the_same_in_both_forms(tmp_path: Path) -> None:
    two_trades(tmp_path)

    for name in NAMES:
        rows = pq.read_table(tmp_path / "out" / f"{name}.parquet").to_pylist()
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            same = list(csv.DictReader(file))
        assert [list(row) for row in rows] == [list(row) for row in same]
        assert [[_text(cell) for cell in row.values()] for row in rows] == [
            list(row.values()) for row in same
        ]
        first = [_text(row.get("trade", row.get("kind"))) for row in rows]
        assert [one for one in first if one] == sorted(one for one in first if one)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def test_results_are_the_same_when_written_again(tmp_path: Path) -> None:
    two_trades(tmp_path / "one")
    two_trades(tmp_path / "two")

    for name in ("verdicts", "links", "records"):
        one, two = (tmp_path / place / "out" / f"{name}.csv" for place in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_a_workbook_shows_what_a_paper_says_and_computes_nothing(tmp_path: Path) -> None:
    two_trades(tmp_path)

    book = load_workbook(tmp_path / "out" / "trades.xlsx")

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    starting = [cell for cell in cells if str(cell.value)[:1] in "=+@" and cell.value]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in starting)
    assert [cell for cell in starting if cell.value == EVIL]


def test_a_folder_that_is_not_there_is_made_and_old_results_are_replaced(tmp_path: Path) -> None:
    papers.write(tmp_path / "in", papers.clean_trade())
    out = tmp_path / "out"
    papers.write(out, {"verdicts.csv": "old", "mine.txt": "stays"})

    judged(tmp_path)

    assert (out / "verdicts.csv").read_text().startswith("trade,purpose,grade")
    assert (out / "mine.txt").read_text() == "stays"
