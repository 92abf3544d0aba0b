"""Stock that did not come, came too soon, from others or in excess; purchases that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.goods import CENT
from tradeloop.economy.papers.credit.shenzhen.lot import Lot
from tradeloop.economy.papers.credit.shenzhen.purchase import payment, receipt
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE


def _missing(lot: Lot) -> None:
    """Nothing came, and yet the exporter, who has no other stock, sold of it."""
    lot.purchases[0].receipts.clear()
    hidden_by = "declaration-missing" if lot.plan.has("declaration-missing") else ""
    lot.more_wrong += [
        (export.key, "receipt-missing", "export-exceeds-purchase", hidden_by)
        for export in lot.exports
    ]


def _exceeds(lot: Lot) -> None:
    for row in lot.purchases[0].receipts[0].lines:
        row["qty"] += between(lot.r, 10, 200) * WHOLE


def _party(lot: Lot) -> None:
    """A firm that is no party to the contract delivered a part."""
    purchase = lot.purchases[0]
    suppliers = lot.run.town.firms["suppliers"]
    other = suppliers[suppliers.index(purchase.supplier) - 1]
    second = receipt(lot.run, purchase, [purchase.goods[0].of(1)], part=1)
    second.head |= {"supplier_uscc": other.uscc, "supplier_name": other.name}
    purchase.receipts.append(second)


def _same_party(lot: Lot) -> None:
    """The exporter buys its stock from itself."""
    purchase, buyer = lot.purchases[0], lot.purchases[0].exporter
    supplier = purchase.supplier
    other = {supplier.uscc: buyer.uscc, supplier.name: buyer.name}
    for paper in purchase.papers():
        paper.head |= {name: other.get(value, value) for name, value in paper.head.items()}
    purchase.supplier = buyer


def _too_soon(lot: Lot) -> None:
    """The goods were there before anybody agreed to buy them."""
    for paper in lot.purchases[0].receipts:
        paper.head["received_on"] = lot.purchases[0].signed_on - between(lot.r, 5, 30)


def _amount(lot: Lot) -> None:
    """The amount says more than the lines, so that more credit is given than was agreed."""
    head = lot.purchases[0].contract.head
    head["amount"] += head["amount"] * between(lot.r, 5, 20) // 100 // CENT * CENT


def _in_full(lot: Lot) -> None:
    purchase = lot.purchases[0]
    amount, day = purchase.contract.head["amount"], purchase.received_on + 3
    purchase.payments[:] = [payment(lot.run, purchase, 0, day=day, amount=amount)]


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "receipt-missing": _missing,
    "receipt-exceeds-contract": _exceeds,
    "receipt-party-differs": _party,
    "same-party": _same_party,
    "received-before-contract": _too_soon,
    "contract-amount-differs": _amount,
    "purchase-paid-in-full": _in_full,
}
