"""Sales abroad of stock that was never bought, or that did not leave as they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit.goods import CENT
from tradeloop.economy.papers.credit.shenzhen.export import payment
from tradeloop.economy.papers.credit.shenzhen.lot import Lot
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.paper import WHOLE


def _exceeds_stock(lot: Lot) -> None:
    """The exporter, who has no other stock, sells and declares more than it ever bought."""
    export = lot.exports[0]
    more = [line.pieces + line.ware.per_carton for line in lot.purchases[0].goods]
    for paper in (export.contract, export.declared):
        for row, pieces in zip(paper.lines, more, strict=True):
            row |= {"qty": row["qty"] + pieces * WHOLE}
            row["total"] = row["qty"] // WHOLE * row["price"]
    export.contract.head["amount"] = sum(row["total"] for row in export.contract.lines)


def _not_declared(lot: Lot) -> None:
    lot.exports[0].declarations.clear()


def _exceeds_order(lot: Lot) -> None:
    """Customs is told of a higher price than the buyer agreed to."""
    percent = between(lot.r, 110, 180)
    for row in lot.exports[0].declared.lines:
        row["price"] = (row["price"] * percent // 100 // CENT + 1) * CENT
        row["total"] = row["qty"] // WHOLE * row["price"]


def _currency(lot: Lot) -> None:
    lot.exports[0].declared.head["currency"] = pick(lot.r, ("EUR", "CNY", "GBP"))


def _no_terms(lot: Lot) -> None:
    lot.exports[0].contract.head |= {"terms_days": None, "due_on": None}


def _not_released(lot: Lot) -> None:
    head = lot.exports[0].declared.head
    head |= {"status": "declared", "released_at": None, "left_at": None}


def _not_departed(lot: Lot) -> None:
    lot.exports[0].declared.head |= {"status": "released", "left_at": None}


def _left_too_early(lot: Lot) -> None:
    head = lot.exports[0].declared.head
    head["left_at"] = head["released_at"] - between(lot.r, 2, 4) * DAY


def _key_reused(lot: Lot) -> None:
    """Two sales under one contract number: the second hides behind the papers of the first."""
    export = lot.exports[0]
    second = export.contract.again(
        buyer_name=f"{export.buyer.name} TWO", buyer_id_no=f"{export.buyer.id_no}-2"
    )
    row = second.lines[0]
    row |= {"qty": row["qty"] + WHOLE, "total": row["total"] + row["price"]}
    second.head["amount"] += row["price"]
    export.contracts.insert(0, second)


def _pay(lot: Lot, more: int) -> None:
    export = lot.exports[0]
    day = export.clearance.left_at // DAY + between(lot.r, 1, 8)
    amount = export.contract.head["amount"] + more
    export.payments[:] = [payment(lot.run, export, 0, day=day, amount=amount)]


def _overpaid(lot: Lot) -> None:
    _pay(lot, between(lot.r, 50, 3_000) * WHOLE)


def _in_full(lot: Lot) -> None:
    """All is paid, and still the sale is offered for insurance."""
    _pay(lot, 0)


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "export-exceeds-purchase": _exceeds_stock,
    "declaration-missing": _not_declared,
    "declaration-exceeds-order": _exceeds_order,
    "currency-differs": _currency,
    "credit-terms-missing": _no_terms,
    "release-missing": _not_released,
    "departure-missing": _not_departed,
    "departure-before-release": _left_too_early,
    "key-reused": _key_reused,
    "payment-exceeds": _overpaid,
    "no-credit-given": _in_full,
}
