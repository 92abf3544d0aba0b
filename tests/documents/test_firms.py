"""The firm table is read in the forms in which offices keep it; a bad row spoils no other."""

from __future__ import annotations

import codecs
import json
from datetime import date

import pytest

import papers
from tradeloop.documents.tables.facts import TablesRead
from tradeloop.documents.tables.files import read_csv, read_jsonl

ENGLISH = "customs_code,uscc,name,from,source"
ROW = f"{papers.SELLER_CUSTOMS},{papers.SELLER},甲公司,2024-05-06,register"
CHINESE = "来源,企业名称,起始日期,统一社会信用代码,海关注册编码"
CHINESE_ROW = f"register,甲公司,2024-05-06,{papers.SELLER},{papers.SELLER_CUSTOMS}"
FIRM = {
    "message": 1, "record": 2, "customs_code": papers.SELLER_CUSTOMS, "uscc": papers.SELLER,
    "name": "甲公司", "from_date": date(2024, 5, 6), "source": "register",
}  # fmt: skip


def read_firms(data: bytes) -> TablesRead:
    """Read a firm table of either form."""
    read = read_jsonl if data.lstrip().startswith((b"{", b"[")) else read_csv
    return read(data, file=1, digest="digest", name="list")


def rows(found: TablesRead) -> list[dict[str, object]]:
    """Return the firms that were read, without what is the file's."""
    kept = [row for part in found.tables.get("firms", []) for row in part.to_pylist()]
    return [{name: row[name] for name in FIRM} for row in kept]


FORMS: dict[str, bytes] = {
    "English headings": f"{ENGLISH}\n{ROW}\n".encode(),
    "capital letters": f"{ENGLISH.upper()}\n{ROW}\n".encode(),
    "Chinese headings in another order": f"{CHINESE}\n{CHINESE_ROW}\n".encode(),
    "GBK": f"{CHINESE}\n{CHINESE_ROW}\n".encode("gbk"),
    "a mark, as spreadsheets write it": codecs.BOM_UTF8 + f"{ENGLISH}\n{ROW}\n".encode(),
    "Windows line ends": f"{ENGLISH}\r\n{ROW}\r\n".encode(),
    "quotes": f"{ENGLISH}\n{ROW.replace('甲公司', chr(34) + '甲公司' + chr(34))}\n".encode(),
    "spaces around": f"{ENGLISH}\n{ROW.replace(',', ' , ')}\n".encode(),
    "a column that we do not know": f"{ENGLISH},telephone\n{ROW},123\n".encode(),
    "empty rows": f"{ENGLISH}\n\n{ROW}\n,,,,\n".encode(),
    "a date with strokes": f"{ENGLISH}\n{ROW.replace('2024-05-06', '2024/05/06')}\n".encode(),
    "a Chinese date": f"{ENGLISH}\n{ROW.replace('2024-05-06', '2024年05月06日')}\n".encode(),
    "a credit code in groups": f"{ENGLISH}\n{ROW.replace('91330100', '9133 0100 ')}\n".encode(),
    "JSON lines": json.dumps(
        dict(zip(ENGLISH.split(","), ROW.split(","), strict=True)), ensure_ascii=False
    ).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_firm_is_read_in_every_form(form: str) -> None:
    found = read_firms(FORMS[form])

    [firm] = rows(found)
    assert firm | {"record": 2} == FIRM
    assert (found.records, found.rejected) == ({"CN.firm": 1}, {})


BAD_ROWS: dict[str, tuple[str, str]] = {
    "a wrong check digit": (ROW.replace(papers.SELLER, papers.SELLER[:-1] + "1"), "uscc"),
    "a credit code too short": (ROW.replace(papers.SELLER, papers.SELLER[:-1]), "uscc"),
    "a customs code too long": (ROW.replace(papers.SELLER_CUSTOMS, "33019600011"), "customs_code"),
    "no name": (ROW.replace("甲公司", ""), "name"),
    "no source": (ROW.replace("register", ""), "source"),
    "no day": (ROW.replace("2024-05-06", ""), "from_date"),
    "a day of no calendar": (ROW.replace("2024-05-06", "2024-02-30"), "from_date"),
    "too few cells": (ROW.rpartition(",")[0], "source"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_told_and_refused_and_the_others_stand(case: str) -> None:
    bad, about = BAD_ROWS[case]

    found = read_firms(f"{ENGLISH}\n{bad}\n{ROW}\n".encode())

    assert rows(found) == [{**FIRM, "record": 3}]
    assert (found.records, found.rejected) == ({"CN.firm": 2}, {"CN.firm": 1})
    [placed] = found.told
    assert (placed.told.code, placed.told.field) == ("row-malformed", about)
    assert (placed.message, placed.record) == (1, 2)


def test_a_row_with_two_faults_is_refused_once() -> None:
    found = read_firms(f"{ENGLISH}\n1,2,,x,\n".encode())

    assert rows(found) == []
    assert found.rejected == {"CN.firm": 1}
    assert len(found.told) > 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"name,telephone\nx,1\n", b"{not json}\n", b'{"name": "x"}\n', b"[1, 2]\n",
        b"\x00\x01\x02",
    ],
)  # fmt: skip
def test_a_table_of_something_else_is_no_firm_table(data: bytes) -> None:
    found = read_firms(data)

    assert (found.records, found.told, found.refused) == ({}, [], False)


def test_a_firm_table_without_a_column_that_it_needs_is_refused() -> None:
    found = read_firms(ENGLISH.replace("uscc,", "").encode())

    assert (found.records, found.refused) == ({}, True)
    [placed] = found.told
    assert (placed.told.code, placed.told.field) == ("heading-missing", "uscc")


def test_a_null_in_json_lines_is_no_value() -> None:
    row = dict(zip(ENGLISH.split(","), ROW.split(","), strict=True)) | {"name": None}

    found = read_firms(json.dumps(row).encode())

    assert rows(found) == []
    assert found.rejected == {"CN.firm": 1}
