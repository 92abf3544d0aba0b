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
    """Put `seller` in place of the trade's own on every paper, under `code`."""
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


def _unlisted(trade: Trade) -> Firm:
    """Let a seller trade that no firm table knows, under its credit code."""
    seller = pick(trade.deal.r, trade.deal.world.town.firms["unlisted"])
    _rename(trade, seller, seller.uscc)
    return seller


def _unavailable(trade: Trade) -> None:
    """The order bears the credit code, the list and its answers the customs code."""
    code = _unlisted(trade).customs_code
    for one in trade.parcels:
        one.seller_code = code
        for paper in (*one.lists, *one.answers, *one.others):
            paper.head |= {name: code for name in ("ebcCode", "ownerCode") if name in paper.head}


def _waybill_unavailable(trade: Trade) -> None:
    """The waybill bears the customs code, all others the credit code."""
    seller = _unlisted(trade)
    for paper in (paper for one in trade.parcels for paper in one.waybills):
        paper.head |= {"ebcCode": seller.customs_code, "ebcName": seller.name}


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "platform-differs": _platform_differs,
    "seller-differs": _seller_differs,
    "firm-code-malformed": _code_malformed,
    "parties-unavailable": _unavailable,
    "waybill-firm-unavailable": _waybill_unavailable,
}
