"""A folder of bad tables beside a clean trade: each is named with its place, the rest is judged."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

import papers
from tradeloop.documents.papers import PaperKind, paper_kinds
from tradeloop.documents.templates import template

TRADE, INVOICE = paper_kinds()["MP.trade"], paper_kinds()["CN.einvoice"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rows(kind: PaperKind, **changes: str) -> list[list[str]]:
    """Return the headings and one paper of a kind; `changes` are by field."""
    fields = kind.head_fields
    return [
        [field.zh[0] for field in fields],
        [changes.get(field.name, field.example) for field in fields],
    ]


def text(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode()


def book(table: Sequence[Sequence[str]], sheet: str = "交易") -> bytes:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = sheet
    for row in table:
        page.append(list(row))
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, part)
    return out.getvalue()


def own(number: int, **changes: str) -> list[list[str]]:
    """Return a trade of its own number, so that no two of the folder are one."""
    return rows(TRADE, trade_no=f"SYN-BAD-{number}", **changes)


def doubled() -> list[list[str]]:
    head, row = own(1)
    return [[*head, "币种"], [*row, "USD"]]


def two_currencies() -> list[list[str]]:
    head, row = own(2, amount="€ 100")
    return [head, row]


def with_total(total: str) -> list[list[str]]:
    head, row = own(3)
    return [head, row, ["合计", *[total if name == "金额" else "" for name in head[1:]]]]


GOOD = template("contract", "csv")["contract.csv"]
# File: its bytes, the code that is told, and a part of the place.
TOLD: Mapping[str, tuple[bytes, str, str]] = {
    "two_currencies.xlsx": (book(two_currencies()), "currency-mixed", "sheet 交易, cell Q2"),
    "totals.csv": (text(with_total("1.00")), "totals-differ", "row 3, column Q (金额)"),
    "check_digit.csv": (
        text(own(4, merchant_uscc="91330782MA2000001X")), "firm-code-malformed", "row 2, column E",
    ),
    "seventeen_digits.csv": (
        text(own(5, declaration_no="29212026000000001")), "declaration-number-malformed",
        "row 2, column T (报关单号)",
    ),
    "injection.csv": (
        text(own(6, purchaser_name='=HYPERLINK("http://synthetic.invalid")')), "formula-text",
        "row 2, column H (采购商)",
    ),
    "macros.xlsm": (with_part(book(own(7)), "xl/vbaProject.bin", b"x"), "macros-ignored", ""),
    "gbk.csv": (text(own(8)).decode().encode("gbk"), "encoding-differs", ""),
    "quote.csv": (
        text(own(9)).replace("合成小商品市场".encode(), '"合成'.encode()), "quote-stray", "row 2",
    ),
    "negative.csv": (
        text(rows(INVOICE, net="-10000", tax="-1300", gross="-11300", state="red")), "", "",
    ),
    "future.csv": (text(own(10, confirmed_at="2030-01-01 00:00:00")), "", ""),
}  # fmt: skip
UNREADABLE: Mapping[str, tuple[bytes, str]] = {
    "doubled.xlsx": (book(doubled()), "heading-doubled"),
    "missing.csv": (text([row[1:] for row in own(11)]), "heading-missing in trade_no"),
    "lines_alone-lines.csv": (template("MP.trade", "csv")["MP.trade-lines.csv"], "heads-missing"),
    "locked.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    "large.xlsx": (
        with_part(book(own(12)), "large.bin", os.urandom(70 << 20)), "split it",
    ),
    "cut.xlsx": (book(own(13))[:3000], "save it anew"),
}  # fmt: skip
KEPT: Mapping[str, tuple[bytes, str]] = {
    "wrong_template.xlsx": (book([["甲", "乙"], ["1", "2"]]), "table"),
    "chat.txt": ("合成聊天".encode(), "text"),
    "contract.pdf": (b"%PDF-1.7 synthetic", "pdf"),
    "photo.jpg": (b"\xff\xd8\xff synthetic", "picture"),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Judge the folder once, through the command."""
    folder, out = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out")
    papers.write(folder, papers.clean_trade() | {"good_contract.csv": GOOD})
    for files in (TOLD, UNREADABLE, KEPT):
        for name, (data, *_) in files.items():
            (folder / name).write_bytes(data)
    command = [sys.executable, "-m", "tradeloop", "verify", str(folder), "--on", "2026-10-01"]
    done = subprocess.run(
        [*command, "--json", "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    found["rows"] = {name: table(out / f"{name}.csv") for name in ("findings", "files")}
    return found


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def listed(judged: dict[str, object], name: str) -> dict[str, dict[str, str]]:
    rows = judged["rows"]
    assert isinstance(rows, dict)
    return {row["path"].rpartition("/")[2]: row for row in rows[name]}


@pytest.mark.parametrize("name", [name for name, case in TOLD.items() if case[1]])
def test_what_is_bad_in_a_table_is_told_with_its_place(
    name: str, judged: dict[str, object]
) -> None:
    _, code, place = TOLD[name]
    rows = judged["rows"]
    assert isinstance(rows, dict)

    mine = [row for row in rows["findings"] if (row["file"] or "").endswith(f"/{name}")]

    [found] = [row for row in mine if row["code"] == code]
    assert place in (found["position"] or "")
    assert listed(judged, "files")[name]["status"] == "read"


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_table_that_cannot_be_read_is_named_with_what_to_do(
    name: str, judged: dict[str, object]
) -> None:
    one = listed(judged, "files")[name]

    assert one["status"] == "unreadable"
    assert UNREADABLE[name][1] in one["because"]


@pytest.mark.parametrize("name", KEPT)
def test_evidence_is_kept_with_its_sort(name: str, judged: dict[str, object]) -> None:
    one = listed(judged, "files")[name]

    assert (one["status"], one["kind"]) == ("kept", KEPT[name][1])
    assert one["digest"]


def test_the_rest_is_judged(judged: dict[str, object]) -> None:
    files = listed(judged, "files")

    assert judged["files"] == len(files)
    assert files["good_contract.csv"]["status"] == "read"
    assert files["negative.csv"]["status"] == "read"
    grades = judged["grades"]
    assert isinstance(grades, dict)
    assert grades["proven"] == 1
