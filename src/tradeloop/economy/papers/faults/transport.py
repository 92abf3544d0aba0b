"""Waybills, weights, dates, manifests and planes that do not fit the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradeloop.economy.papers.clock import DAY, HOUR
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.paper import Paper, Row
from tradeloop.economy.papers.sale import ANSWERS
from tradeloop.economy.papers.trade import Trade
from tradeloop.economy.papers.world import NUMBERS_MAX


def _waybill_head(trade: Trade) -> Row:
    return trade.parcels[0].waybills[0].head


def _waybill_rejected(trade: Trade) -> None:
    one = trade.parcels[0]
    first = one.waybill_answers[0].head
    later = {"returnStatus": "100", "returnInfo": ANSWERS["100"], "guid": trade.deal.guid()}
    later |= {"returnTime": first["returnTime"] + HOUR}
    one.waybill_answers.append(Paper("CEB506", first | later))


def _waybill_reused(trade: Trade) -> None:
    """The parcel hides in that of the trade before: one waybill, two lists."""
    host, one = trade.before.parcels[0], trade.parcels[0]
    same = ("logisticsNo", "grossWeight", "netWeight", "packNo", "totalPackageNo")
    one.declared.head |= {name: host.declared.head[name] for name in same}
    one.waybills, one.waybill_answers = [], []
    one.on_manifest = one.on_departure = False


def _weight(trade: Trade) -> None:
    head = _waybill_head(trade)
    head["grossWeight"] = head["grossWeight"] * pick(trade.deal.r, (40, 70, 130, 250)) // 100


def _net_weight(trade: Trade) -> None:
    head = trade.parcels[0].declared.head
    head["netWeight"] = head["grossWeight"] * between(trade.deal.r, 101, 140) // 100 + 1


def _packages(trade: Trade) -> None:
    _waybill_head(trade)["packNo"] += between(trade.deal.r, 1, 3)


def _dates(trade: Trade) -> None:
    """The order was made up days after the list that needed one."""
    later = trade.deal.clock.listed_at - trade.deal.clock.ordered_at
    later += between(trade.deal.r, 3, 6) * DAY
    for paper in trade.orders:
        paper.head["appTime"] += later
    for paper in trade.order_answers:
        paper.head["returnTime"] += later


def _manifest_number(trade: Trade) -> None:
    one = trade.parcels[0]
    stem, serial = one.number[:9], one.number[9:]
    # No list has a serial number of eleven digits, so the manifest names none that there is.
    one.manifest_number = f"{stem}{NUMBERS_MAX * 10 + int(serial)}"


def _bill(trade: Trade) -> None:
    head = trade.parcels[0].declared.head
    head["billNo"] = f"{head['billNo']}X"


FAULTS: Mapping[str, Callable[[Trade], None]] = {
    "waybill-rejected": _waybill_rejected,
    "waybill-reused": _waybill_reused,
    "weight-differs": _weight,
    "net-exceeds-gross": _net_weight,
    "packages-differ": _packages,
    "dates-out-of-order": _dates,
    "manifest-number-differs": _manifest_number,
    "bill-differs": _bill,
}
