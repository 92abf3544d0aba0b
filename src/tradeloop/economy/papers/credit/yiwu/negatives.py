"""Traps for a hasty judge: what makes a clean lot look odd without being wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR
from tradeloop.economy.papers.credit.clearance import seen_at
from tradeloop.economy.papers.credit.goods import CENT, Line
from tradeloop.economy.papers.credit.money import other_spelling
from tradeloop.economy.papers.credit.yiwu.lot import Lot, return_table
from tradeloop.economy.papers.credit.yiwu.sale import packing_list, payment
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE, Paper


def make_odd(lot: Lot) -> None:
    """Do to the lot what its plan's oddity asks for, if anything."""
    change = NEGATIVES.get(lot.plan.negative or "")
    if change:
        change(lot)


def oddities(lot: Lot) -> Iterator[tuple[str, str]]:
    """Return the oddities of each trade of a clean lot: the planned one and what comes of life."""
    for sale in lot.sales:
        if lot.plan.negative:
            yield sale.key, lot.plan.negative
        if len(lot.sales) > 1:
            yield sale.key, "consolidated-declaration"
        if lot.declared.head["price_basis"] != "FOB":
            yield sale.key, "freight-in-declaration"
        if sale.payments:
            yield sale.key, "part-payment"
        if any(paper.head["paid_on"] > sale.due for paper in sale.payments):
            yield sale.key, "payment-after-due"
        elif not sale.payments and sale.due <= lot.run.town.last_day:
            yield sale.key, "payment-lost"


def _part_paid(lot: Lot) -> Paper:
    """Let the buyer have paid a part, and return the paper that says so."""
    sale = lot.sales[0]
    amount = sale.record.head["amount"] * between(lot.r, 20, 60) // 100 // CENT * CENT
    day = lot.clearance.left_at // DAY + between(lot.r, 1, 12)
    sale.payments[:] = [payment(lot.run, sale, 0, day=day, amount=amount)]
    return sale.payments[0]


def _two_spellings(lot: Lot) -> None:
    """The bank writes the buyer's name another way than the merchant."""
    paid = _part_paid(lot)
    paid.head["payer"] = other_spelling(lot.r, paid.head["payer"])


def _sister_pays(lot: Lot) -> None:
    """The buyer has two companies: one buys, the other pays."""
    _part_paid(lot).head["payer"] = lot.sales[0].buyer.sister


def _packed_in_two(lot: Lot) -> None:
    """The goods are packed at two places, each with its own list."""
    sale = lot.sales[0]
    halves: list[list[Line]] = [[], []]
    for line in sale.goods:
        first = (line.cartons + 1) // 2
        halves[0].append(line.of(first))
        if line.cartons > first:
            halves[1].append(line.of(line.cartons - first))
    container = sale.record.head["container_no"]
    sale.packing[:] = [
        packing_list(lot.run, sale, container, goods, part)
        for part, goods in enumerate(halves)
        if goods
    ]


def _amended(lot: Lot) -> None:
    """One piece fewer left than was declared first: record and declaration are both amended."""
    record, declared = lot.sales[0].record, lot.declared
    name = declared.lines[0]["goods"]
    place = [row["goods"] for row in record.lines].index(name)
    looked_at = lot.clearance.released_at
    for paper, row, at in ((record, place, lot.sales[0].confirmed_at), (declared, 0, looked_at)):
        earlier = paper.again(updated_at=at)
        line = earlier.lines[row]
        line |= {"qty": line["qty"] + WHOLE, "total": line["total"] + line["price"]}
        if "amount" in earlier.head:
            earlier.head["amount"] += line["price"]
        paper.head["updated_at"] = looked_at + 2 * HOUR
        versions = lot.sales[0].records if paper is record else lot.declarations
        versions.insert(0, earlier)


def _repeated(lot: Lot) -> None:
    """Every paper is handed in twice."""
    for versions in (lot.sales[0].records, lot.sales[0].packing, lot.declarations):
        versions.append(versions[-1].again())


def _partly_returned(lot: Lot) -> None:
    """One piece comes back."""
    lot.sales[0].more.append(return_table(lot, WHOLE))


def _over_time(lot: Lot) -> None:
    """The declaration was looked up at each step: declared, released, closed."""
    declared, clearance = lot.declared, lot.clearance
    lot.declarations[:] = [
        seen_at(declared, "declared", clearance.declared_day * DAY + 9 * HOUR),
        seen_at(declared, "released", clearance.released_at + HOUR),
        seen_at(declared, "closed", clearance.left_at + DAY),
    ]


def _completed_later(lot: Lot) -> None:
    """The record is confirmed first and learns its declaration later."""
    sale = lot.sales[0]
    earlier = sale.record.again(
        declaration_no=None, container_no=None, updated_at=sale.confirmed_at
    )
    sale.record.head["updated_at"] = lot.clearance.released_at
    sale.records.insert(0, earlier)


def _by_customs_code(lot: Lot) -> None:
    """The declaration names the trade operator by its customs code only."""
    lot.declared.head["consignor_uscc"] = None


NEGATIVES: Mapping[str, Callable[[Lot], None]] = {
    "two-spellings": _two_spellings,
    "sister-company-pays": _sister_pays,
    "packed-in-two-lists": _packed_in_two,
    "amended-declaration": _amended,
    "paper-repeated": _repeated,
    "partly-returned": _partly_returned,
    "status-over-time": _over_time,
    "record-completed-later": _completed_later,
    "consignor-by-customs-code": _by_customs_code,
}
