"""Papers that name another firm, or a firm by a code that says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tradeloop.economy.papers.dice import pick
from tradeloop.economy.papers.town import Firm
from tradeloop.economy.papers.trade import Trade

CHECK_PLACES = "0123456789"


def _other(trade: Trade, kind: str, than: Firm) -> Firm:
    firms = trade.deal.world.town.firms[kind]
    return firms[(firms.index(than) + 1) % len(firms)]


def _platform_differs(trade: Trade) -> None:
    other = _other(trade, "platforms", trade.deal.platform)
    for one in trade.parcels:
        one.declared.head |= {"ebpCode": other.code, "ebpName": other.name}
        for paper in one.answers:
            paper.head["ebpCode"] = other.code


def _seller_differs(trade: Trade) -> None:
    """A list under another firm's code takes the order's place in that firm's books."""
    other = _other(trade, "sellers", trade.deal.seller)
    for one in trade.parcels:
        one.summaries = 0
        one.declared.head |= {"ebcCode": other.code, "ebcName": other.name}
        for paper in one.answers:
            paper.head["ebcCode"] = other.code
    trade.ghosts.append((f"{other.uscc}/{trade.deal.order_no}", "order-missing"))


def _rename(trade: Trade, seller: Firm, code: str) -> None:
    """Put `seller` in place of the trade's own on every paper."""
    trade.deal.seller, trade.deal.seller_code, trade.firm = seller, code, code
    named = {"ebcCode": code, "ebcName": seller.name, "ownerCode": code, "ownerName": seller.name}
    papers = trade.papers()
    for paper in papers:
        paper.head |= {name: value for name, value in named.items() if paper.head.get(name)}
    for one in trade.parcels:
        one.seller, one.seller_code, one.summaries = seller, code, 0


def _code_malformed(trade: Trade) -> None:
    seller = trade.deal.seller
    wrong = CHECK_PLACES[(CHECK_PLACES.find(seller.uscc[-1]) + 1) % len(CHECK_PLACES)]
    code = seller.uscc[:-1] + wrong
    _rename(trade, replace(seller, uscc=code, code=code), code)


def _unavailable(trade: Trade) -> None:
    """The carrier knows the seller by its credit code, all others by its customs code."""
    seller = pick(trade.deal.r, trade.deal.world.town.firms["unlisted"])
    _rename(trade, seller, seller.customs_code)
    for one in trade.parcels:
        for paper in one.waybills:
            paper.head |= {"ebcCode": seller.uscc, "ebcName": seller.name}


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "platform-differs": _platform_differs,
    "seller-differs": _seller_differs,
    "firm-code-malformed": _code_malformed,
    "parties-unavailable": _unavailable,
}
