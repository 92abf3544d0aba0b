"""A declaration in mode 1039: the goods of one to five merchants under one trade operator."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tradeloop.economy.papers.credit.clearance import Clearance
from tradeloop.economy.papers.credit.goods import CENT, Line
from tradeloop.economy.papers.credit.run import Run, number_of
from tradeloop.economy.papers.credit.yiwu.sale import Sale
from tradeloop.economy.papers.dice import between, pick, steps, weighed
from tradeloop.economy.papers.paper import WHOLE, Paper, Row
from tradeloop.economy.papers.town import Firm

KINDS_MAX = 5  # more kinds of goods than these are merged by chapter
CARTONS = "120"  # the unit that merged lines are counted in
BASES = ("FOB", "CIF", "CFR")
INSURANCE_PERCENT = 30_000  # 0.3 per cent, in 0.00001
PERCENTAGE, AMOUNT = "1", "3"  # what a mark says that freight or insurance is


def declaration(  # noqa: PLR0913 - what a declaration is made of
    run: Run,
    r: Random,
    sales: Sequence[Sale],
    *,
    number: str,
    office: str,
    agent: Firm,
    clearance: Clearance,
) -> Paper:
    """Return the declaration of all goods of `sales`."""
    goods = [line for sale in sales for line in sale.goods]
    habits = run.town.habits
    basis = BASES[weighed(r, steps([habits["bases"][name] for name in BASES]))]
    first = sales[0]
    head: Row = {
        "entry_id": number,
        "mode": "1039",
        "direction": "E",
        "office": office,
        "consignor_code": agent.customs_code,
        "consignor_uscc": agent.uscc,
        "consignor_name": agent.name,
        "agent_code": agent.customs_code,
        "agent_name": agent.name,
        "transport": "2",
        "bill_no": number_of(run, "BL", first.number),
        "destination": first.buyer.country,
        "currency": "USD",
        "price_basis": basis,
        "packages": sum(line.cartons for line in goods),
        "gross_kg": sum(line.gross for line in goods),
        "net_kg": sum(line.net for line in goods),
        "declared_on": clearance.declared_day,
        "status": "closed" if r.random() * 100 < habits["closed_percent"] else "released",
        "released_at": clearance.released_at,
        "left_at": clearance.left_at,
    }
    rows = _lines(goods, first.buyer.country)
    if basis != "FOB":
        _add_costs(r, head, rows)
    return Paper("CN.declaration", head, rows)


def _lines(goods: Sequence[Line], country: str) -> list[Row]:
    """Return a line for each sort of goods; beyond five, the cheaper ones merged by chapter."""
    kinds: dict[tuple[str, int], Line] = {}
    for line in goods:
        key = (line.ware.name, line.price)
        if key in kinds:
            line = line.of(line.cartons + kinds[key].cartons)  # noqa: PLW2901 - the sum of both
        kinds[key] = line
    ranked = sorted(kinds.values(), key=lambda line: (-line.total, line.ware.name, line.price))
    rows = [_row(line.ware.hs, line.ware.name, line.ware.unit, line.pieces, line.total)
            for line in ranked[:KINDS_MAX]]  # fmt: skip
    chapters: dict[str, list[Line]] = {}
    for line in ranked[KINDS_MAX:]:
        chapters.setdefault(line.ware.hs[:2], []).append(line)
    for merged in chapters.values():
        lead = merged[0].ware  # the highest value of the chapter gives its heading
        cartons, total = (sum(line.cartons for line in merged), sum(line.total for line in merged))
        rows.append(_row(lead.hs, f"{lead.name}等", CARTONS, cartons, total))
    return [
        {"line_no": place, **row, "origin": "CHN", "destination": country}
        for place, row in enumerate(rows, 1)
    ]


def _row(hs: str, goods: str, unit: str, count: int, total: int) -> Row:
    price = (total + count // 2) // count
    return {
        "hs": hs, "goods": goods, "qty": count * WHOLE, "unit": unit, "price": price,
        "total": total,
    }  # fmt: skip


def _add_costs(r: Random, head: Row, rows: list[Row]) -> None:
    """Put freight and insurance into the first line, and say in the head how much they are."""
    fob = sum(row["total"] for row in rows)
    row = rows[0]
    count = row["qty"] // WHOLE
    uplift = max(fob * between(r, 2, 5) // 100 // count // CENT, 1) * CENT
    row["price"] += uplift
    row["total"] += uplift * count
    total = fob + uplift * count
    head |= {"freight_mark": AMOUNT, "freight": uplift * count}
    if head["price_basis"] != "CIF":
        return
    insurance = total * INSURANCE_PERCENT // (100 * WHOLE) // CENT * CENT
    head["freight"] -= insurance
    by_percentage = r.random() < 1 / 2
    head |= {
        "insurance_mark": PERCENTAGE if by_percentage else AMOUNT,
        "insurance": INSURANCE_PERCENT if by_percentage else insurance,
    }


def office_of(run: Run, r: Random) -> str:
    """Return the office where a lot is declared."""
    return pick(r, run.town.offices)
