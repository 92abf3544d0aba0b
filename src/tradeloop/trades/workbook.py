"""The workbook that an exporter works from, in Chinese and English.

What is missing and who can supply it, what contradicts and where, what is verified by buyer and due
date; then the evidence that was kept and each trade's verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
from openpyxl import Workbook

from tradeloop.documents.papers import names_zh
from tradeloop.kit import codes
from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.trades import terms
from tradeloop.trades.facts import Report
from tradeloop.trades.places import readable, readable_papers
from tradeloop.trades.sheet import Column, add_sheet
from tradeloop.trades.whole import whole

GRADES_ZH = {"proven": "已核实", "incomplete": "不完整", "contradicted": "有矛盾"}
PURPOSES_ZH = {"customs": "海关", "finance": "融资", "insurance": "保险"}

# What is told of no paper is a gap; who can supply what is missing stands in link_gaps.csv.
MISSING = """
select f.trade, f.code, f.seen, f.expected
from findings as f
where f.trade is not null and f.weight = 'review' and f.file is null
    and list_contains(?, f.code)
order by f.trade, f.code
"""
# A contradiction has two sides: beside the place where it was seen stand all papers of the trade.
SAID = """
with
    weighty as (
        select t.trade_id, f.*
        from findings as f
        left join trade as t on t.trade = f.trade
        where f.weight = $weight and not (f.file is null and list_contains($gaps, f.code))
    ),
    papers as (
        select trade_id, kind, number, file, message, record
        from trade_papers where kind <> 'return_table'
        union all
        select trade_id, 'CEB303', order_no, file, message, record from trade_orders
        union all
        select trade_id, 'CEB603', coalesce(invt_no, cop_no), file, message, record from trade_lists
        union all
        select trade_id, 'CEB505', logistics_no, file, message, record from list_waybills
        union all
        select trade_id, 'CEB403', pay_no, file, message, record from trade_collections
    ),
    placed as (
        select
            p.trade_id,
            string_agg(
                p.kind || ' ' || coalesce(p.number, '') || ': ' || coalesce(f.path || ' · ', '')
                    || p.message || '/' || p.record, chr(10) order by p.kind, p.number, f.path
            ) as papers
        from papers as p
        join (select distinct trade_id from weighty) as w on w.trade_id = p.trade_id
        left join (select file, min(path) as path from files group by file) as f on f.file = p.file
        group by p.trade_id
    )
select w.trade, w.code, w.field, w.seen, w.expected, w.file, w.position, p.papers
from weighty as w
left join placed as p on p.trade_id = w.trade_id
order by w.trade nulls last, w.code, w.file nulls last, w.position, w.field, w.seen
"""
OWED = """
select
    min(buyer_name) as buyer_name, min(buyer_country) as buyer_country, due_on, min(rule) as rule,
    currency, count(*) as trades, sum(verified_minor) as minor, min(trade) as trade
from owed
group by buyer, due_on, currency
order by buyer_name nulls last, buyer, due_on nulls last, currency
"""
EVIDENCE = """
select trade, path, kind, dated_on, parties, attached_by, digest
from kept_evidence order by trade nulls last, path
"""
VERDICTS = "select trade, grade, currency, verified_minor from verdicts order by trade"


def write_workbook(con: duckdb.DuckDBPyConnection, report: Report, path: Path) -> Path:
    """Write the workbook of a judged batch; whole or not at all.

    Raises:
        DiskFull: There was no room.
    """
    said = {row["code"]: row for row in terms.catalogue(report.on)}
    suppliers = {row["code"]: row for row in terms.rows("link_gaps.csv")}
    book = Workbook(write_only=True)
    add_sheet(book, "概要 Summary", (Column("", 24), Column("", 60)), _summary(report))
    add_sheet(
        book, "缺什么 Missing",
        (Column("贸易 Trade", 36), Column("缺什么", 40), Column("What is missing", 44),
         Column("谁能提供", 24), Column("Who can supply it", 28), Column("怎么办", 44),
         Column("What to do", 44), Column("现状 Seen", 28), Column("代码 Code", 24)),
        _missing(con, said, suppliers),
    )  # fmt: skip
    for title, weight in (("矛盾 Contradictions", "refuse"), ("待查 To check", "review")):
        add_sheet(
            book, title,
            (Column("贸易 Trade", 36), Column("说明", 40), Column("Meaning", 44),
             Column("字段 Field", 18), Column("一处写的 Seen", 28),
             Column("应为 Expected", 36), Column("文件 File", 40),
             Column("位置 Place", 28), Column("本笔单证 Papers of the trade", 72),
             Column("怎么办", 40), Column("What to do", 40), Column("代码 Code", 24)),
            _said(con, said, weight, sorted(suppliers)),
        )  # fmt: skip
    add_sheet(
        book, "已核实 Verified",
        (Column("买方 Buyer", 36), Column("国别 Country", 20), Column("到期日 Due on", 14),
         Column("依据 Rule", 28), Column("是否到期 Overdue", 16), Column("币种 Currency", 12),
         Column("已核实金额 Verified", 20), Column("笔数 Trades", 12),
         Column("例如 For example", 36)),
        _owed(con, report.on),
    )  # fmt: skip
    add_sheet(
        book, "凭证 Evidence",
        (Column("贸易 Trade", 36), Column("文件 File", 48), Column("种类 Kind", 16),
         Column("日期 Date", 14), Column("相关方 Parties", 28), Column("归属 Put by", 12),
         Column("摘要 SHA-256", 68)),
        _rows(con.execute(EVIDENCE)),
    )  # fmt: skip
    add_sheet(
        book, "结论 Verdicts",
        (Column("贸易 Trade", 36), Column("结论", 12), Column("Grade", 16),
         Column("币种 Currency", 12), Column("已核实金额 Verified", 20)),
        _verdicts(con),
    )  # fmt: skip
    with whole(path) as beginning:
        book.save(beginning)
    return path


def _summary(report: Report) -> Iterator[tuple[object, ...]]:
    purpose = f"{PURPOSES_ZH[report.purpose]} {report.purpose}"
    yield "用途 Purpose", purpose
    yield "截至 As of", report.on.isoformat()
    yield "文件 Files", report.files
    yield "已读 Read", report.read
    yield "留存 Kept", report.kept
    yield "无法读取 Unreadable", len(report.unreadable)
    for one in report.unreadable:
        where = readable(one.file, one.position)
        yield "", f"{one.file}{f', {where}' if where else ''}: {one.because}"
    yield "贸易 Trades", report.trades
    for grade, count in report.grades.items():
        yield f"{GRADES_ZH[grade]} {grade}", count
    for currency, minor in report.verified.items():
        yield "已核实金额 Verified", str(Money(minor, currency))


def _missing(
    con: duckdb.DuckDBPyConnection,
    said: Mapping[str, Mapping[str, str]],
    suppliers: Mapping[str, Mapping[str, str]],
) -> Iterator[tuple[object, ...]]:
    for trade, code, seen, expected in _rows(con.execute(MISSING, [sorted(suppliers)])):
        text, who = said[str(code)], suppliers[str(code)]
        yield (
            trade, text["meaning_zh"], text["meaning"], who["supplier_zh"], who["supplier"],
            text["remedy_zh"], f"{text['remedy']} ({expected})", seen, code,
        )  # fmt: skip


def _said(
    con: duckdb.DuckDBPyConnection,
    said: Mapping[str, Mapping[str, str]],
    weight: str,
    gaps: Sequence[str],
) -> Iterator[tuple[object, ...]]:
    found = con.execute(SAID, {"weight": weight, "gaps": gaps})
    for trade, code, field, seen, expected, file, position, papers in _rows(found):
        text = said[str(code)]
        yield (
            trade, text["meaning_zh"], text["meaning"], _field(field), seen, expected, file,
            readable(_text(file), _text(position)), readable_papers(_text(papers)),
            text["remedy_zh"], text["remedy"], code,
        )  # fmt: skip


def _owed(con: duckdb.DuckDBPyConnection, on: date) -> Iterator[tuple[object, ...]]:
    for name, country, due_on, rule, currency, trades, minor, trade in _rows(con.execute(OWED)):
        overdue = "是 yes" if isinstance(due_on, date) and due_on < on else ""
        yield (
            name or "零售买方 retail buyers", _country(country), due_on, rule, overdue, currency,
            _major(minor, currency), trades, trade,
        )  # fmt: skip


def _verdicts(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    for trade, grade, currency, minor in _rows(con.execute(VERDICTS)):
        yield trade, GRADES_ZH[str(grade)], grade, currency, _major(minor, currency)


def _field(name: object) -> str | None:
    """Return a field's name behind its Chinese heading, if it has one heading in every paper."""
    return None if name is None else f"{names_zh().get(str(name), '')} {name}".strip()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _country(code: object) -> str:
    found = codes.country(str(code)) if code else None
    return f"{found.name_zh} {found.name_en}" if found else str(code or "")


def _major(minor: object, currency: object) -> Decimal:
    """Return an amount in whole units of its currency, to be added up in the sheet."""
    return Decimal(str(minor or 0)).scaleb(-MINOR_DIGITS.get(str(currency), 2))


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    while row := found.fetchone():
        yield row
