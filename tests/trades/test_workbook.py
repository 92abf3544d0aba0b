"""The workbook says what is missing and who has it, what contradicts where, what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from trade_cases.deals import ON, Deal, day, market, purchase, sale, write

from tradeloop.trades.actions import explain, verify

Sheets = Mapping[str, list[Mapping[str, object]]]
CHAT = b"hello, the goods have come"


def sheets(path: Path) -> Sheets:
    """Return each sheet of a workbook as rows by heading."""
    found = {}
    for sheet in load_workbook(path):
        heading, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, heading), row, strict=True)) for row in rows]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Papers of four trades, and evidence beside them."""
    into = tmp_path_factory.mktemp("papers")
    deals = [Deal(number) for number in range(1, 6)]
    market(deals[0])
    market(deals[1]).drop("packing_lists")
    market(deals[2]).change("trade_records", container_no="C9", purchaser_name="BUYER ONE LTD")
    market(deals[3]).change(
        "trade_records", purchaser_name="buyer one, ltd", due_on=day("2026-10-31")
    )
    purchase(deals[4])
    write(into, deals)
    (into / "N1_chat.txt").write_bytes(CHAT)
    (into / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (into / "nobody.txt").write_bytes(b"nobody's")
    (into / "evidence.csv").write_text(
        "file,trade_no,kind,date,parties\nphoto.jpg,N1,photo,2026-09-01,Buyer One\n", "utf-8"
    )
    return into


@pytest.fixture(scope="module")
def book(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    out = tmp_path_factory.mktemp("out")
    verify([folder], purpose="insurance", on=ON, out=out)
    return sheets(out / "trades.xlsx")


def test_what_is_missing_stands_beside_who_can_supply_it(book: Sheets) -> None:
    [row] = book["缺什么 Missing"]

    assert str(row["贸易 Trade"]).endswith("/N2")
    assert (row["代码 Code"], row["谁能提供"]) == ("packing-list-missing", "组货人")
    assert row["Who can supply it"] == "the consolidator"
    assert row["缺什么"]
    assert row["What to do"]


def test_a_contradiction_shows_both_values_and_the_papers_of_the_trade(book: Sheets) -> None:
    [row] = book["矛盾 Contradictions"]

    assert (row["一处写的 Seen"], row["应为 Expected"]) == ("C1", "C9")
    assert row["字段 Field"] == "集装箱号 container_no"
    papers = str(row["本笔单证 Papers of the trade"]).splitlines()
    assert [line.split()[0] for line in papers] == [
        "CN.declaration", "MP.trade", "packing_list", "statement",
    ]  # fmt: skip


def test_what_is_verified_stands_by_buyer_and_due_date(book: Sheets) -> None:
    rows = book["已核实 Verified"]

    found = {
        (row["买方 Buyer"], str(row["到期日 Due on"])[:10], row["币种 Currency"]): (
            row["已核实金额 Verified"], row["是否到期 Overdue"],
        )
        for row in rows
    }  # fmt: skip
    # two spellings with one identity number are one buyer
    assert found == {
        ("Buyer One Ltd.", "2026-10-31", "USD"): (4000, "是 yes"),
        ("buyer", "2026-10-24", "CNY"): (1130, "是 yes"),
    }


def test_evidence_is_listed_with_its_trade_and_never_judged(book: Sheets) -> None:
    found = {
        Path(str(row["文件 File"])).name: (row["贸易 Trade"], row["种类 Kind"], row["归属 Put by"])
        for row in book["凭证 Evidence"]
    }
    trade = f"{Deal(1).seller}/N1"

    assert found == {
        "N1_chat.txt": (trade, "text", "name"),
        "photo.jpg": (trade, "photo", "index"),
        "nobody.txt": (None, "text", None),
    }


def test_the_story_of_a_trade_names_who_owes_when_and_what_was_kept(folder: Path) -> None:
    story = explain("N1", [folder], purpose="insurance", on=ON)

    assert (story.buyer, str(story.due_on), story.due_rule) == (
        "Buyer One Ltd.", "2026-10-31", "60 days from confirmation",
    )  # fmt: skip
    assert [(Path(one.file).name, one.attached_by) for one in story.evidence] == [
        ("N1_chat.txt", "name"), ("photo.jpg", "index"),
    ]  # fmt: skip
    assert story.as_json()["due_on"] == "2026-10-31"


def test_a_sale_is_owed_from_its_departure(tmp_path: Path) -> None:
    story = explain("N1", [write(tmp_path, [sale(Deal(1))])], purpose="insurance", on=ON)

    assert (str(story.due_on), story.due_rule) == ("2026-12-04", "90 days from departure")
