"""Traps for a hasty judge: what makes a clean trade look odd without being wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import MINUTE, SECOND
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.goods import split
from tradeloop.economy.papers.paper import WHOLE, Paper, times
from tradeloop.economy.papers.parcel import list_answer, parcel
from tradeloop.economy.papers.plan import NUMBER_AGAIN
from tradeloop.economy.papers.sale import order_answer
from tradeloop.economy.papers.trade import Trade

FOREIGN_PLATFORM = "Synthetic Foreign Platform"
NO_CODE = "无"
PART = "part-payment"  # not planned as an oddity: it comes of the payment


def make_odd(trade: Trade) -> None:
    """Do to the trade what its plan's oddity asks for, if anything."""
    change = NEGATIVES.get(trade.plan.negative or "")
    if change:
        change(trade)


def oddities(trade: Trade) -> list[str]:
    """Return the oddities of a trade; none if it is faulty."""
    if trade.plan.faults:
        return []
    odd = [] if trade.plan.negative is None else [trade.plan.negative]
    return [*odd, PART] if trade.plan.paid == "part" else odd


def _split(trade: Trade) -> None:
    """One order leaves in two parcels, each with its own list and waybill."""
    first, second = split(trade.items)
    trade.parcels = [parcel(trade.deal, first, 0), parcel(trade.deal, second, 1)]


def _partly(trade: Trade) -> None:
    """Only a part of the order has been declared so far."""
    trade.parcels = [parcel(trade.deal, split(trade.items)[0], 0)]


def _mixed_codes(trade: Trade) -> None:
    """Customs digits on one paper, ISO letters on the next, and both within one list."""
    place = trade.deal.destination
    currencies = (place.currency, place.currency_customs)
    countries = (place.iso, place.customs)
    one = trade.deal.number % 2
    for paper in trade.orders:
        for row in (paper.head, *paper.lines):
            row["currency"] = currencies[one]
    for paper in trade.collections:
        paper.head["currency"] = pick(trade.deal.r, currencies)
    head, lines = trade.parcels[0].declared.head, trade.parcels[0].declared.lines
    head |= {"country": countries[one], "fCurrency": currencies[one]}
    for line in lines:
        line |= {"country": countries[1 - one], "currency": currencies[1 - one]}


def _number_again(trade: Trade) -> None:
    """The carrier gives the waybill number of this older trade again, months later."""
    later = trade.before.parcels[0].declared.head
    one = trade.parcels[0]
    one.declared.head["logisticsNo"] = later["logisticsNo"]
    for paper in [*one.waybills, *one.waybill_answers]:
        paper.head["logisticsNo"] = later["logisticsNo"]


def _wrong(paper: Paper, trade: Trade, before: int) -> Paper:
    """Return an earlier version of a paper, `before` it, with one piece too many in line 1."""
    earlier = paper.again(guid=trade.deal.guid(), appTime=paper.head["appTime"] - before)
    line = earlier.lines[0]
    line["qty"] += WHOLE
    line["totalPrice"] = times(line["qty"], line["price"])
    if "goodsValue" in earlier.head:
        earlier.head["goodsValue"] = sum(line["totalPrice"] for line in earlier.lines)
    return earlier


def _earlier(trade: Trade) -> int:
    return between(trade.deal.r, 20 * MINUTE, 40 * MINUTE) // SECOND * SECOND


def _amended_list(trade: Trade) -> None:
    one = trade.parcels[0]
    earlier = _wrong(one.declared, trade, _earlier(trade))
    one.declared.head["appType"] = "2"
    one.lists.insert(0, earlier)
    at = earlier.head["appTime"] + 5 * MINUTE
    one.answers.insert(0, list_answer(trade.deal, earlier, one.number, "120", at))


def _draft(trade: Trade) -> None:
    one = trade.parcels[0]
    draft = _wrong(one.declared, trade, _earlier(trade))
    draft.head |= {"appStatus": "1", "invtNo": None}
    one.lists.insert(0, draft)


def _amended_order(trade: Trade) -> None:
    earlier = _wrong(trade.orders[0], trade, _earlier(trade))
    trade.orders[0].head["appType"] = "2"
    trade.orders.insert(0, earlier)
    trade.order_answers.insert(0, order_answer(trade.deal, earlier, "120", 2 * MINUTE))


def _order_again(trade: Trade) -> None:
    """Customs rejects the order; it is corrected and sent again under its number."""
    earlier = _wrong(trade.orders[0], trade, _earlier(trade))
    trade.orders.insert(0, earlier)
    trade.order_answers.insert(0, order_answer(trade.deal, earlier, "100", 2 * MINUTE))


def _both_codes(trade: Trade) -> None:
    """The order bears the seller's customs code, the list its credit code."""
    seller = trade.deal.seller
    sale = [*trade.orders, *trade.order_answers, *trade.collections, *trade.collection_answers]
    for paper in sale:
        paper.head["ebcCode"] = seller.customs_code
    one = trade.parcels[0]
    for paper in [*one.lists, *one.answers]:
        paper.head["ebcCode"] = seller.uscc


def _foreign_platform(trade: Trade) -> None:
    """A platform abroad has no code: the list says so, the order may have one of the port's."""
    code = NO_CODE if trade.deal.r.random() < 1 / 2 else f"SYNF{trade.deal.number % 9:06}"
    for paper in [*trade.orders, *trade.order_answers, *trade.collections]:
        paper.head["ebpCode"] = code
        if "ebpName" in paper.head:
            paper.head["ebpName"] = FOREIGN_PLATFORM
    one = trade.parcels[0]
    one.declared.head |= {"ebpCode": NO_CODE, "ebpName": FOREIGN_PLATFORM}
    for paper in one.answers:
        paper.head["ebpCode"] = NO_CODE


def _repeated(trade: Trade) -> None:
    """A paper is sent once more, unchanged, to be on the safe side."""
    one = trade.parcels[0]
    papers = [*trade.orders, one.declared, *one.waybills]
    trade.repeated.append(pick(trade.deal.r, papers).again())


def _nothing_more(_: Trade) -> None:
    """The items already make it odd."""


NEGATIVES: Mapping[str, Callable[[Trade], None]] = {
    "amended-list": _amended_list,
    "amended-order": _amended_order,
    "draft-then-declared": _draft,
    "firm-under-both-codes": _both_codes,
    "foreign-platform": _foreign_platform,
    "mixed-code-sets": _mixed_codes,
    "order-sent-again": _order_again,
    "paper-repeated": _repeated,
    "partly-exported": _partly,
    "split-shipment": _split,
    NUMBER_AGAIN: _number_again,
    "decimals": _nothing_more,
    "gift-line": _nothing_more,
    "odd-characters": _nothing_more,
}
