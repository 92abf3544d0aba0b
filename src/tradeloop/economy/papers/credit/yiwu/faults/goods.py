"""Amounts, quantities, weights and containers that do not fit one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.yiwu.lot import Lot, return_table
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE


def _record_exceeds(lot: Lot) -> None:
    """The merchant writes more pieces into the record than ever left."""
    record = lot.sales[0].record
    for line in record.lines:
        line["qty"] += line["qty"] // (4 * WHOLE) * WHOLE + WHOLE
        line["total"] = line["qty"] // WHOLE * line["price"]
    record.head["amount"] = sum(line["total"] for line in record.lines)


def _line_total(lot: Lot) -> None:
    """One line says more than quantity times price, and the amount with it."""
    record = lot.sales[0].record
    less = record.lines[0]["total"] // 10 + WHOLE
    record.lines[0]["total"] -= less
    record.head["amount"] -= less


def _packed_exceeds(lot: Lot) -> None:
    for paper in lot.sales[0].packing:
        paper.lines[0]["qty"] += between(lot.r, 20, 200) * WHOLE


def _weight(lot: Lot) -> None:
    head = lot.declared.head
    head["gross_kg"] = head["gross_kg"] * between(lot.r, 115, 160) // 100


def _net(lot: Lot) -> None:
    """The goods weigh more alone than with their cartons."""
    for paper in lot.sales[0].packing:
        paper.head["net_kg"] = paper.head["gross_kg"] + between(lot.r, 5, 50) * WHOLE


def _container(lot: Lot) -> None:
    for paper in lot.sales[0].packing:
        paper.head["container_no"] = f"SYNX{(lot.number + 1) % 10**7:07}"


def _returned(lot: Lot) -> None:
    """More comes back than left."""
    line = lot.declared.lines[0]
    lot.sales[0].more.append(return_table(lot, line["qty"] + between(lot.r, 5, 50) * WHOLE))


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "record-exceeds-declared": _record_exceeds,
    "line-total-differs": _line_total,
    "packed-exceeds-recorded": _packed_exceeds,
    "weight-differs": _weight,
    "net-exceeds-gross": _net,
    "container-differs": _container,
    "return-exceeds-declared": _returned,
}
