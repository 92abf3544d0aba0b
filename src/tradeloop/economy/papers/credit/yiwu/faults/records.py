"""Trade records that are missing, that name no buyer or no terms, or that cannot be true."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit.goods import CENT
from tradeloop.economy.papers.credit.yiwu.lot import Lot
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.paper import WHOLE

CREDIT_DAYS_MAX = 360


def _missing(lot: Lot) -> None:
    """The declaration stands alone: nobody recorded what was sold to whom."""
    sale = lot.sales[0]
    for papers in (sale.records, sale.packing, sale.payments, sale.more):
        papers.clear()
    head = lot.declared.head
    lot.shown["trade-record-missing"] = [f"{head['consignor_uscc']}/{head['entry_id']}"]


def _packing_list(lot: Lot) -> None:
    lot.sales[0].packing.clear()


def _buyer_unnamed(lot: Lot) -> None:
    head = lot.sales[0].record.head
    head[pick(lot.r, ("purchaser_id_no", "purchaser_country"))] = None


def _due_too_late(lot: Lot) -> None:
    sale = lot.sales[0]
    days = between(lot.r, CREDIT_DAYS_MAX + 5, 540)
    due_on = sale.confirmed_at // DAY + days
    sale.record.head |= {"terms_days": days, "due_on": due_on}


def _no_terms(lot: Lot) -> None:
    lot.sales[0].record.head |= {"terms_days": None, "due_on": None}


def _cash(lot: Lot) -> None:
    lot.sales[0].record.head["payment_method"] = "cash"


def _confirmed_after(lot: Lot) -> None:
    """The record was made up once the goods were declared."""
    lot.sales[0].record.head["confirmed_at"] += between(lot.r, 12, 16) * DAY


def _confirmed_in_future(lot: Lot) -> None:
    head, days = lot.sales[0].record.head, between(lot.r, 200, 220)
    head["confirmed_at"] += days * DAY
    if head["due_on"] is not None:
        head["due_on"] += days


def _key_reused(lot: Lot) -> None:
    """Another sale under the same number: other buyer, other amount, and no later date."""
    sale = lot.sales[0]
    other = pick(lot.r, lot.run.town.buyers[0])
    line = dict(sale.record.lines[0])
    line |= {"qty": line["qty"] + WHOLE, "total": line["total"] + line["price"]}
    total = line["total"] + sum(one["total"] for one in sale.record.lines[1:])
    second = sale.record.again(
        purchaser_name=f"{other.name} TWO", purchaser_id_no=f"{other.id_no}-2", amount=total
    )
    second.lines[0] = line
    sale.records.insert(0, second)


def _currency(lot: Lot) -> None:
    lot.sales[0].record.head["currency"] = pick(lot.r, ("EUR", "CNY", "HKD"))


def _agent_differs(lot: Lot) -> None:
    agents = lot.run.town.firms["agents"]
    place = agents.index(lot.agent)
    lot.sales[0].record.head["agent_uscc"] = agents[place - 1].uscc


def _agent_malformed(lot: Lot) -> None:
    """The last place of a credit code is a check digit, and this one cannot be."""
    code = lot.agent.uscc
    lot.sales[0].record.head["agent_uscc"] = code[:-1] + ("1" if code[-1] != "1" else "2")


def _number_malformed(lot: Lot) -> None:
    """The declaration is not found by that number, and stands as if nobody had sold its goods."""
    head, entry = lot.sales[0].record.head, lot.declared.head
    head["declaration_no"] = entry["entry_id"][:-1]
    alone = f"{entry['consignor_uscc']}/{entry['entry_id']}"
    lot.more_wrong.append((alone, "declaration-number-malformed", "trade-record-missing", ""))


def _amount_differs(lot: Lot) -> None:
    """The amount says less than the lines: the rest is settled elsewhere."""
    head = lot.sales[0].record.head
    head["amount"] -= head["amount"] * between(lot.r, 5, 20) // 100 // CENT * CENT


FAULTS: Mapping[str, Callable[[Lot], None]] = {
    "trade-record-missing": _missing,
    "packing-list-missing": _packing_list,
    "buyer-unnamed": _buyer_unnamed,
    "due-too-late": _due_too_late,
    "credit-terms-missing": _no_terms,
    "cash-payment": _cash,
    "confirmed-after-declaration": _confirmed_after,
    "confirmed-in-future": _confirmed_in_future,
    "key-reused": _key_reused,
    "currency-differs": _currency,
    "consignor-differs": _agent_differs,
    "firm-code-malformed": _agent_malformed,
    "declaration-number-malformed": _number_malformed,
    "amount-differs": _amount_differs,
}
