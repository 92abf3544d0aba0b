"""Papers that never came, came twice, or do not stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR, MINUTE
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.paper import WHOLE, Paper
from tradeloop.economy.papers.parcel import Parcel, list_answer
from tradeloop.economy.papers.sale import ANSWERS, order_answer
from tradeloop.economy.papers.trade import Trade

STALE_DAYS = (200, 230)  # more than six calendar months


def stay_behind(one: Parcel) -> None:
    """Take a parcel off the manifest, the plane and the summary."""
    one.on_manifest = one.on_departure = False
    one.summaries = 0


def _order_missing(trade: Trade) -> None:
    trade.orders, trade.order_answers = [], []


def _list_missing(trade: Trade) -> None:
    for one in trade.parcels:
        one.lists, one.answers, one.others = [], [], []
        stay_behind(one)


def _waybill_missing(trade: Trade) -> None:
    for one in trade.parcels:
        one.waybills, one.waybill_answers = [], []


def _waybill_stale(trade: Trade) -> None:
    """Order and waybill are moved back together, so that they still follow one another."""
    back = between(trade.deal.r, *STALE_DAYS) * DAY
    for paper in trade.orders:
        paper.head["appTime"] -= back
    for one in trade.parcels:
        for paper in one.waybills:
            paper.head["appTime"] -= back
    answers = [*trade.order_answers, *(a for one in trade.parcels for a in one.waybill_answers)]
    for paper in answers:
        paper.head["returnTime"] -= back


def _order_rejected(trade: Trade) -> None:
    trade.order_answers.append(order_answer(trade.deal, trade.orders[-1], "100", 30 * MINUTE))


def _key_reused(trade: Trade) -> None:
    """Another sale under the same number: other goods at the same price, a dearer freight."""
    first = trade.orders[0]
    second = first.again(guid=trade.deal.guid(), appTime=first.head["appTime"] + 25 * MINUTE)
    second.head["freight"] += between(trade.deal.r, 3, 20) * WHOLE
    second.lines[0] |= {"itemName": "合成别的货", "itemDescribe": "合成：同号的另一笔买卖"}
    trade.orders.append(second)
    trade.order_answers.append(order_answer(trade.deal, second, "120", 3 * MINUTE))


def _paper_deleted(trade: Trade) -> None:
    for one in trade.parcels:
        stay_behind(one)
        one.answers = one.answers[:1]
        sent_at = one.declared.head["appTime"] + 45 * MINUTE
        gone = one.declared.again(guid=trade.deal.guid(), appType="3", appTime=sent_at)
        one.lists.append(gone)


def _paper_draft(trade: Trade) -> None:
    for one in trade.parcels:
        stay_behind(one)
        one.declared.head |= {"appStatus": "1", "invtNo": None}
        at = one.declared.head["appTime"] + MINUTE
        one.answers = [list_answer(trade.deal, one.declared, None, "1", at)]


def _list_cancelled(trade: Trade) -> None:
    deal = trade.deal
    for one in trade.parcels:
        stay_behind(one)
        one.answers = one.answers[:2]
        head = one.declared.head
        at = head["appTime"] + 3 * HOUR
        names = ("customsCode", "copNo", "agentCode", "agentName", "ebcCode", "ebcName")
        request = {name: head[name] for name in names}
        request |= {"guid": deal.guid(), "appType": "1", "appTime": at, "appStatus": "2"}
        request |= {"invtNo": one.number, "reason": "合成撤单：买家取消订单"}
        answer = {name: head[name] for name in ("agentCode", "copNo")}
        answer |= {"guid": deal.guid(), "preNo": deal.pre_entry(at), "invtNo": one.number}
        answer |= {"returnStatus": "399", "returnTime": at + HOUR, "returnInfo": ANSWERS["399"]}
        one.others += [Paper("CEB605", request), Paper("CEB606", answer)]


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "order-missing": _order_missing,
    "list-missing": _list_missing,
    "waybill-missing": _waybill_missing,
    "waybill-stale": _waybill_stale,
    "order-rejected": _order_rejected,
    "key-reused": _key_reused,
    "paper-deleted": _paper_deleted,
    "paper-draft": _paper_draft,
    "list-cancelled": _list_cancelled,
}
