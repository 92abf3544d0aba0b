"""The firm table (CN.firm): which customs code and which credit code are one firm's, since when.

CSV in UTF-8 or GBK with Chinese or English headings in any order, or JSON lines with the English
names. A row that cannot be read is told and refused; the others stand.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

from tradeloop.documents.encoding import decode
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.tolerant import Read
from tradeloop.documents.values import excerpt
from tradeloop.kit.identifiers import IdentifierInvalid, check_customs_code, check_uscc

KIND = "CN.firm"
HEADINGS: Mapping[str, str] = {
    "customs_code": "customs_code",
    "海关注册编码": "customs_code",
    "海关编码": "customs_code",
    "海关代码": "customs_code",
    "uscc": "uscc",
    "统一社会信用代码": "uscc",
    "信用代码": "uscc",
    "name": "name",
    "企业名称": "name",
    "名称": "name",
    "from": "from",
    "起始日期": "from",
    "生效日期": "from",
    "source": "source",
    "来源": "source",
}
# 2026-01-05, 2026/1/5, 2026年1月5日, and what a spreadsheet adds of the time.
DAY = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", re.ASCII)
REQUIRED = ("customs_code", "uscc", "name", "from", "source")


def read_firms(data: bytes) -> Read | None:
    """Return the rows of a firm table, or None if the file is none."""
    decoded = decode(data)
    text = decoded.text.lstrip("\ufeff")
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
    if rows is None:
        return None
    found = Read(told=[Placed(told, KIND) for told in decoded.told])
    found.records[KIND] = len(rows)
    for number, row in enumerate(rows, 1):
        problems = list(_problems(row))
        if problems:
            found.rejected[KIND] = found.rejected.get(KIND, 0) + 1
            found.told += [Placed(told, KIND, 1, number) for told in problems]
            continue
        found.rows.setdefault("firms", []).append(
            {
                "message": 1,
                "record": number,
                "customs_code": row["customs_code"],
                "uscc": check_uscc(row["uscc"]),
                "name": row["name"],
                "from_date": _day(row["from"]),
                "source": row["source"],
            }
        )
    return found


def _csv_rows(text: str) -> list[dict[str, str]] | None:
    try:
        table = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return None
    if not table:
        return None
    names = [
        HEADINGS.get(cell.strip().lower(), HEADINGS.get(cell.strip(), "")) for cell in table[0]
    ]
    if not {"customs_code", "uscc"} <= set(names):
        return None
    return [
        {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        for row in table[1:]
        if any(cell.strip() for cell in row)
    ]


def _json_rows(text: str) -> list[dict[str, str]] | None:
    rows = []
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(row, dict) or not {"customs_code", "uscc"} <= row.keys():
            return None
        rows.append({key: _clean(value) for key, value in row.items()})
    return rows


def _clean(value: object) -> str:
    """Return a JSON value as text; half of a pair of surrogates becomes a replacement character."""
    return "" if value is None else str(value).strip().encode("utf-8", "replace").decode("utf-8")


def _problems(row: Mapping[str, str]) -> Iterator[Told]:
    for name in REQUIRED:
        if not row.get(name):
            yield Told("row-malformed", name, "empty", "a value")
    for name, check in (("customs_code", check_customs_code), ("uscc", check_uscc)):
        try:
            if row.get(name):
                check(row[name])
        except IdentifierInvalid as error:
            yield Told("row-malformed", name, excerpt(row[name]), str(error))
    if row.get("from") and _day(row["from"]) is None:
        yield Told("row-malformed", "from", excerpt(row["from"]), "a date as 2026-01-31")


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
