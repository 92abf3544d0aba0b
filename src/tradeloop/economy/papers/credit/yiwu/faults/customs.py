"""Declarations that are absent, do not stand, or do not say what the records say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR
from tradeloop.economy.papers.credit.clearance import seen_at
from tradeloop.economy.papers.credit.yiwu.lot import Lot, declared
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.paper import WHOLE

LIMIT = 150_000 * WHOLE  # dollars that one declaration in mode 1039 may hold
MULTIPLIED = ("qty", "total", "amount", "packages", "gross_kg", "net_kg")


def _missing(lot: Lot) -> None:
    """The record names a declaration that nobody has, or none at all."""
    lot.declarations.clear()
    if lot.r.random() < 1 / 2:
        lot.sales[0].record.head["declaration_no"] = None


def _not_released(lot: Lot) -> None:
    lot.declared.head |= {"status": "declared", "released_at": None, "left_at": None}


def _not_departed(lot: Lot) -> None:
    lot.declared.head |= {"status": "released", "left_at": None}


def _left_too_early(lot: Lot) -> None:
    head = lot.declared.head
    head["left_at"] = head["released_at"] - between(lot.r, 2, 4) * DAY


def _status(status: str) -> Callable[[Lot], None]:
    def change(lot: Lot) -> None:
        """The declaration was good once, and is no more."""
        lot.declared.head["updated_at"] = lot.clearance.left_at
        later = lot.clearance.left_at + between(lot.r, 2, 8) * DAY + HOUR
        lot.declarations.append(seen_at(lot.declared, status, later))

    return change


def _over_limit(lot: Lot) -> None:
    """Everything but the limit agrees: record, packing list and declaration are multiplied."""
    sale = lot.sales[0]
    _without_costs(lot)
    times = LIMIT // sum(line["total"] for line in lot.declared.lines) + 2
    for paper in (sale.record, *sale.packing, lot.declared):
        for row in (paper.head, *paper.lines):
            row |= {name: row[name] * times for name in MULTIPLIED if row.get(name) is not None}


def _without_costs(lot: Lot) -> None:
    """Declare the record's own prices, so that nothing is left for freight and insurance."""
    head = lot.declared.head
    head |= dict.fromkeys(("freight", "freight_mark", "insurance", "insurance_mark"))
    head["price_basis"] = "FOB"
    prices = {line["goods"]: line["price"] for line in lot.sales[0].record.lines}
    for row in lot.declared.lines:
        if row["goods"] in prices:
            row["price"] = prices[row["goods"]]
            row["total"] = row["qty"] // WHOLE * row["price"]


def _amended_down(lot: Lot) -> None:
    """After the credit was given, customs is told of less."""
    lot.declared.head["updated_at"] = lot.clearance.left_at
    later = lot.declared.again(updated_at=lot.clearance.left_at + 5 * DAY)
    for row in later.lines:
        row["price"] = row["price"] // 2
        row["total"] = row["qty"] // WHOLE * row["price"]
    lot.declarations.append(later)


def _mode(lot: Lot) -> None:
    lot.declared.head["mode"] = pick(lot.r, ("0110", "9610", "9810"))


def _goods_not_declared(lot: Lot) -> None:
    """The record sells goods of a chapter that customs never saw."""
    record, packing = lot.sales[0].record, lot.sales[0].packing
    declared = {row["hs"][:2] for row in lot.declared.lines}
    other = next(ware for ware in lot.run.town.wares if ware.hs[:2] not in declared)
    line = record.lines[-1]
    for paper in packing:
        for row in paper.lines:
            if row["goods"] == line["goods"]:
                row["goods"] = other.name
    line |= {"goods": other.name, "hs": other.hs[:6]}


def _behind_two(lot: Lot) -> None:
    """A second record names the declaration of the first, which holds the first's goods only."""
    first, second = lot.sales
    lot.declarations[:] = [declared(lot, [first])]
    record = second.record
    share = [dict(line) for line in first.record.lines]
    record.lines[:] = share
    record.head["amount"] = first.record.head["amount"]
    second.payments.clear()
    goods = first.goods
    rows = [{"goods": x.ware.name, "packages": x.cartons, "qty": x.qty} for x in goods]
    for paper in second.packing:
        paper.head |= {
            name: first.packing[0].head[name] for name in ("packages", "gross_kg", "net_kg")
        }
        paper.lines[:] = rows


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "declaration-missing": _missing,
    "release-missing": _not_released,
    "departure-missing": _not_departed,
    "departure-before-release": _left_too_early,
    "declaration-over-limit": _over_limit,
    "declaration-deleted": _status("deleted"),
    "declaration-returned": _status("returned"),
    "declaration-amended-down": _amended_down,
    "declaration-behind-two-records": _behind_two,
    "mode-differs": _mode,
    "goods-not-declared": _goods_not_declared,
}
