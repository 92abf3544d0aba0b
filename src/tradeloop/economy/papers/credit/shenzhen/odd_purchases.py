"""Purchases that look odd without being wrong: part deliveries, red and void invoices, repeats."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.goods import halves
from tradeloop.economy.papers.credit.shenzhen.buying import invoice, invoice_number, receipt
from tradeloop.economy.papers.credit.shenzhen.faults.invoices import red
from tradeloop.economy.papers.credit.shenzhen.lot import Lot


def _part_delivery(lot: Lot) -> None:
    """The stock comes in two parts, each with its receipt and its invoice."""
    purchase = lot.purchases[0]
    parts = list(enumerate(halves(purchase.goods)))
    purchase.receipts[:] = [receipt(lot.run, purchase, half, part=part) for part, half in parts]
    purchase.invoices[:] = [invoice(lot.run, purchase, half, part=part) for part, half in parts]


def _red_and_again(lot: Lot) -> None:
    """An invoice is cancelled by a red one and issued anew."""
    purchase = lot.purchases[0]
    first = purchase.invoices[0]
    cancelling = red(lot, first, invoice_number(lot.run, purchase.number, 1))
    anew = first.again(
        number=invoice_number(lot.run, purchase.number, 2), issued_on=cancelling.head["issued_on"]
    )
    purchase.invoices += [cancelling, anew]


def _void_beside_valid(lot: Lot) -> None:
    """A spoilt invoice lies beside the good one."""
    purchase = lot.purchases[0]
    spoilt = purchase.invoices[0].again(
        number=invoice_number(lot.run, purchase.number, 1), state="void"
    )
    purchase.invoices.insert(0, spoilt)


def _without_contract_no(lot: Lot) -> None:
    """The invoice's remark is empty, and only its parties say what it bills."""
    lot.purchases[0].invoices[0].head["contract_no"] = None


def _purchase_repeated(lot: Lot) -> None:
    """Every paper is handed in twice."""
    purchase = lot.purchases[0]
    for versions in (purchase.contracts, purchase.invoices, purchase.receipts):
        versions.append(versions[-1].again())


OF_PURCHASES: Mapping[str, Callable[[Lot], None]] = {
    "part-delivery": _part_delivery,
    "red-invoice-and-reissue": _red_and_again,
    "void-invoice-beside-valid": _void_beside_valid,
    "invoice-without-contract": _without_contract_no,
    "paper-repeated": _purchase_repeated,
}
