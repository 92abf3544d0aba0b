"""VAT invoices that are missing, do not stand, or bill what was not agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.credit.goods import CENT
from tradeloop.economy.papers.credit.shenzhen.lot import Lot
from tradeloop.economy.papers.credit.shenzhen.purchase import (
    VAT_PERCENT,
    invoice,
    invoice_number,
)
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE, Paper

SUMS = ("net", "tax", "gross")


def _missing(lot: Lot) -> None:
    lot.purchases[0].invoices.clear()


def _exceeds(lot: Lot) -> None:
    """The supplier bills more pieces than were ordered."""
    paper = lot.purchases[0].invoices[0]
    percent = between(lot.r, 10, 60)
    for row in paper.lines:
        row["qty"] += max(row["qty"] * percent // 100 // WHOLE, 1) * WHOLE
        row["net"] = row["qty"] // WHOLE * row["price"]
        row["tax"] = (row["net"] * VAT_PERCENT // 100 + CENT // 2) // CENT * CENT
    _sum_up(paper)


def _party(lot: Lot) -> None:
    """A firm that is no party to the contract billed it."""
    purchase = lot.purchases[0]
    suppliers = lot.run.town.firms["suppliers"]
    other = suppliers[suppliers.index(purchase.supplier) - 1]
    purchase.invoices[0].head |= {"seller_uscc": other.uscc, "seller_name": other.name}


def _goods(lot: Lot) -> None:
    """The invoice is about goods that the contract does not name."""
    for place, row in enumerate(lot.purchases[0].invoices[0].lines, 1):
        row["goods"] = f"合成咨询服务{place}"


def _void(lot: Lot) -> None:
    lot.purchases[0].invoices[0].head["state"] = "void"


def red(lot: Lot, paper: Paper, number: str) -> Paper:
    """Return the red invoice that cancels `paper` wholly."""
    found = paper.again(
        number=number,
        state="red",
        red_of=paper.head["number"],
        issued_on=paper.head["issued_on"] + between(lot.r, 3, 10),
    )
    found.head |= {name: -paper.head[name] for name in SUMS}
    for row in found.lines:
        row |= {name: -row[name] for name in ("qty", "net", "tax")}
    return found


def _reversed(lot: Lot) -> None:
    """A red invoice cancels the only one, and the cancelled one is shown to the insurer."""
    purchase = lot.purchases[0]
    number = invoice_number(lot.run, purchase.number, 1)
    purchase.invoices.append(red(lot, purchase.invoices[0], number))


def _red_orphan(lot: Lot) -> None:
    """A red invoice cancels an invoice that nobody here has."""
    purchase = lot.purchases[0]
    number = invoice_number(lot.run, purchase.number, 1)
    part = [purchase.goods[0].of(1)]
    unknown = invoice(lot.run, purchase, part, part=2)
    purchase.invoices.append(red(lot, unknown, number))


def _negative(lot: Lot) -> None:
    """A discount is written as an invoice below nothing, and not as a red one."""
    purchase = lot.purchases[0]
    paper = red(lot, invoice(lot.run, purchase, [purchase.goods[0].of(1)], part=2),
                invoice_number(lot.run, purchase.number, 1))  # fmt: skip
    paper.head |= {"state": "valid", "red_of": None}
    purchase.invoices.append(paper)


def _total(lot: Lot) -> None:
    head = lot.purchases[0].invoices[0].head
    head["gross"] -= between(lot.r, 50, 500) * WHOLE


def _reused(lot: Lot) -> None:
    """One invoice is shown for two contracts."""
    first, second = lot.purchases
    head = first.invoices[0].head
    paper = second.invoices[0]
    paper.head |= {name: head[name] for name in head if name != "contract_no"}
    paper.lines[:] = [dict(row) for row in first.invoices[0].lines]


def _sum_up(paper: Paper) -> None:
    net, tax = (sum(row[name] for row in paper.lines) for name in ("net", "tax"))
    paper.head |= {"net": net, "tax": tax, "gross": net + tax}


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "invoice-missing": _missing,
    "invoice-exceeds-contract": _exceeds,
    "invoice-party-differs": _party,
    "invoice-goods-differ": _goods,
    "invoice-void": _void,
    "invoice-reversed": _reversed,
    "red-invoice-orphan": _red_orphan,
    "invoice-negative": _negative,
    "invoice-total-differs": _total,
    "invoice-reused": _reused,
}
