"""Traps for a hasty judge: what makes a clean lot look odd without being wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR
from tradeloop.economy.papers.credit.clearance import seen_at
from tradeloop.economy.papers.credit.goods import CENT, Line
from tradeloop.economy.papers.credit.money import other_spelling
from tradeloop.economy.papers.credit.shenzhen import export as sales
from tradeloop.economy.papers.credit.shenzhen.faults.invoices import red
from tradeloop.economy.papers.credit.shenzhen.lot import Lot
from tradeloop.economy.papers.credit.shenzhen.purchase import (
    Purchase,
    invoice,
    invoice_number,
    receipt,
)
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE, Paper


def make_odd(lot: Lot) -> None:
    """Do to the lot what its plan's oddity asks for, if anything."""
    change = {**OF_PURCHASES, **OF_EXPORTS}.get(lot.plan.negative or "")
    if change:
        change(lot)


def oddities(lot: Lot) -> Iterator[tuple[str, str]]:
    """Return the oddities of each trade of a clean lot: the planned one and what comes of life."""
    negative = lot.plan.negative or ""
    for trade in lot.trades:
        if negative in (OF_PURCHASES if isinstance(trade, Purchase) else OF_EXPORTS):
            yield trade.key, negative
        if trade.payments:
            yield trade.key, "part-payment"
        if any(paper.head["paid_on"] > trade.due for paper in trade.payments):
            yield trade.key, "payment-after-due"
        elif not trade.payments and trade.due <= lot.run.town.last_day:
            yield trade.key, "payment-lost"


def _halves(goods: list[Line]) -> list[list[Line]]:
    """Return the goods in two parts of whole cartons; the second may be empty."""
    first = [line.of((line.cartons + 1) // 2) for line in goods]
    rest = [
        line.of(line.cartons - half.cartons)
        for line, half in zip(goods, first, strict=True)
        if line.cartons > half.cartons
    ]
    return [half for half in (first, rest) if half]


def _part_delivery(lot: Lot) -> None:
    """The stock comes in two parts, each with its receipt and its invoice."""
    purchase = lot.purchases[0]
    halves = list(enumerate(_halves(purchase.goods)))
    purchase.receipts[:] = [receipt(lot.run, purchase, half, part=part) for part, half in halves]
    purchase.invoices[:] = [invoice(lot.run, purchase, half, part=part) for part, half in halves]


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


def _part_paid(lot: Lot) -> Paper:
    """Let the buyer have paid a part, and return the paper that says so."""
    export = lot.exports[0]
    amount = export.contract.head["amount"] * between(lot.r, 20, 60) // 100 // CENT * CENT
    day = export.clearance.left_at // DAY + between(lot.r, 1, 8)
    export.payments[:] = [sales.payment(lot.run, export, 0, day=day, amount=amount)]
    return export.payments[0]


def _two_spellings(lot: Lot) -> None:
    """The bank writes the buyer's name another way than the contract."""
    paid = _part_paid(lot)
    paid.head["payer"] = other_spelling(lot.r, paid.head["payer"])


def _sister_pays(lot: Lot) -> None:
    """The buyer has two companies: one buys, the other pays."""
    _part_paid(lot).head["payer"] = lot.exports[0].buyer.sister


def _partly_declared(lot: Lot) -> None:
    """A part of what was sold has left so far."""
    export = lot.exports[0]
    export.declarations[:] = [sales.declaration(lot.run, export, _halves(export.goods)[0])]
    export.payments.clear()


def _declared_in_two(lot: Lot) -> None:
    """What was sold leaves under two declarations."""
    export = lot.exports[0]
    export.declarations[:] = [
        sales.declaration(lot.run, export, half, part)
        for part, half in enumerate(_halves(export.goods))
    ]


def _amended(lot: Lot) -> None:
    """A price was declared a cent too high, and customs let it be amended."""
    export = lot.exports[0]
    declared, looked_at = export.declared, export.clearance.released_at
    earlier = declared.again(updated_at=looked_at)
    line = earlier.lines[0]
    line["price"] += CENT
    line["total"] = line["qty"] // WHOLE * line["price"]
    declared.head["updated_at"] = looked_at + 3 * HOUR
    export.declarations.insert(0, earlier)


def _over_time(lot: Lot) -> None:
    """The declaration was looked up at each step: declared, released, closed."""
    export = lot.exports[0]
    declared, clearance = export.declared, export.clearance
    export.declarations[:] = [
        seen_at(declared, "declared", clearance.declared_day * DAY + 9 * HOUR),
        seen_at(declared, "released", clearance.released_at + HOUR),
        seen_at(declared, "closed", clearance.left_at + DAY),
    ]


def _partly_returned(lot: Lot) -> None:
    """One piece comes back."""
    export = lot.exports[0]
    line = export.declared.lines[0]
    export.more.append(
        Paper(
            "return_table",
            {
                "number": export.declared.head["entry_id"],
                "returned_on": export.clearance.left_at // DAY + between(lot.r, 3, 9),
            },
            [{"line_no": line["line_no"], "goods": line["goods"], "qty": WHOLE}],
        )
    )


OF_PURCHASES: Mapping[str, Callable[[Lot], None]] = {
    "part-delivery": _part_delivery,
    "red-invoice-and-reissue": _red_and_again,
    "void-invoice-beside-valid": _void_beside_valid,
    "invoice-without-contract": _without_contract_no,
    "paper-repeated": _purchase_repeated,
}
OF_EXPORTS: Mapping[str, Callable[[Lot], None]] = {
    "two-spellings": _two_spellings,
    "sister-company-pays": _sister_pays,
    "partly-declared": _partly_declared,
    "declared-in-two": _declared_in_two,
    "amended-declaration": _amended,
    "status-over-time": _over_time,
    "partly-returned": _partly_returned,
}
