"""A small market trade as the tests of tables write it: plain rows, to be spoiled one way each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HEADINGS = (
    "交易单号", "市场", "经营户", "经营户信用代码", "采购商", "采购商国别", "采购商证件号",
    "付款方式", "币种", "金额", "确认时间",
)  # fmt: skip
LINE_HEADINGS = ("交易单号", "序号", "品名", "数量", "单位", "单价", "总价")
USCC = "91330782MA2000001K"


def head(number: int = 1, **changes: object) -> list[object]:
    """Return the cells of one trade; `changes` are by heading."""
    cells: dict[str, object] = {
        "交易单号": f"SYN-T-{number}", "市场": "合成市场", "经营户": "合成经营户",
        "经营户信用代码": USCC, "采购商": "SYNTHETIC BUYER", "采购商国别": "ARE",
        "采购商证件号": "SYN-P-1", "付款方式": "T/T", "币种": "USD", "金额": 100,
        "确认时间": "2026-09-01 10:30:00",
    }  # fmt: skip
    return list((cells | changes).values())


def line(number: int = 1, **changes: object) -> list[object]:
    """Return the cells of one line of a trade."""
    cells: dict[str, object] = {
        "交易单号": f"SYN-T-{number}", "序号": 1, "品名": "合成玩具", "数量": 10, "单位": "件",
        "单价": 10, "总价": 100,
    }  # fmt: skip
    return list((cells | changes).values())


def sheets(
    heads: Sequence[Sequence[object]], lines: Sequence[Sequence[object]]
) -> Mapping[str, list[Sequence[object]]]:
    """Return a workbook's two sheets."""
    return {"交易": [HEADINGS, *heads], "明细": [LINE_HEADINGS, *lines]}


def csv_text(rows: Sequence[Sequence[object]]) -> str:
    """Return rows as CSV without any quotes."""
    return "\n".join(",".join("" if one is None else str(one) for one in row) for row in rows)
