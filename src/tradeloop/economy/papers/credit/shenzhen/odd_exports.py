"""Sales abroad that look odd without being wrong: other names, parts, amendments, returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR
from tradeloop.economy.papers.credit.clearance import seen_at
from tradeloop.economy.papers.credit.goods import CENT, halves
from tradeloop.economy.papers.credit.money import other_spelling
from tradeloop.economy.papers.credit.shenzhen import selling
from tradeloop.economy.papers.credit.shenzhen.lot import Lot
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE, Paper


def _part_paid(lot: Lot) -> Paper:
    """Let the buyer have paid a part, and return the paper that says so."""
    export = lot.exports[0]
    amount = export.contract.head["amount"] * between(lot.r, 20, 60) // 100 // CENT * CENT
    day = export.clearance.left_at // DAY + between(lot.r, 1, 8)
    export.payments[:] = [selling.payment(lot.run, export, 0, day=day, amount=amount)]
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
    export.declarations[:] = [selling.declaration(lot.run, export, halves(export.goods)[0])]
    export.payments.clear()


def _declared_in_two(lot: Lot) -> None:
    """What was sold leaves under two declarations."""
    export = lot.exports[0]
    export.declarations[:] = [
        selling.declaration(lot.run, export, half, part)
        for part, half in enumerate(halves(export.goods))
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


OF_EXPORTS: Mapping[str, Callable[[Lot], None]] = {
    "two-spellings": _two_spellings,
    "sister-company-pays": _sister_pays,
    "partly-declared": _partly_declared,
    "declared-in-two": _declared_in_two,
    "amended-declaration": _amended,
    "status-over-time": _over_time,
    "partly-returned": _partly_returned,
}
