"""A parcel: its waybill, its declaration list, what customs answers, and where it is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from tradeloop.economy.papers.clock import DAY, HOUR, MINUTE, year
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.goods import Item
from tradeloop.economy.papers.paper import WHOLE, Paper, Row
from tradeloop.economy.papers.sale import ANSWERS, Deal
from tradeloop.economy.papers.town import Firm
from tradeloop.economy.papers.world import Flight

LONG_NUMBERS = 8  # every such flight's lists have serial numbers of ten digits
HEADING = 4  # digits of a code on a simplified list


@dataclass(slots=True)
class Parcel:
    """One list with its papers. What is empty or False here is absent from the papers."""

    declared: Paper  # the list as it stands
    lists: list[Paper]  # all its versions
    answers: list[Paper]  # 604
    waybills: list[Paper]  # one, or none
    waybill_answers: list[Paper]
    number: str  # as customs gives it
    flight: Flight
    seller: Firm
    seller_code: str
    released_at: int  # or would have been
    manifest_number: str | None  # the list number beside the waybill on the manifest
    on_manifest: bool = True
    on_departure: bool = True
    summaries: int = 0  # in how many summary applications it stands
    result_code: str | None = None  # a commodity code that the summary result has instead
    others: list[Paper] = field(default_factory=list)  # cancel requests, returns, their answers

    def papers(self) -> list[Paper]:
        """Return all papers of this parcel alone."""
        waybills = [*self.waybills, *self.waybill_answers]
        return [*waybills, *self.lists, *self.answers, *self.others]


def parcel(deal: Deal, items: list[Item], place: int) -> Parcel:
    """Return the parcel for `items`, declared, released and on its way.

    Args:
        deal: The sale.
        items: What is in it.
        place: Which parcel of the trade it is, from 0; it sets the numbers apart.
    """
    r, flight = deal.r, deal.flight
    net = max(sum(item.weight for item in items), WHOLE // 100)
    gross = net * between(r, 105, 112) // 100
    number = _list_number(deal, place)
    logistics_no = f"SY{deal.world.tag:04}{deal.number:09}{place}CN"
    head = _list_head(deal, place, logistics_no, gross, net)
    if r.random() < 1 / 2:
        head["invtNo"] = number
    declared = Paper("CEB603", head, _list_lines(deal, items))
    waybill = _waybill(deal, logistics_no, gross * between(r, 98, 102) // 100)
    accepted = Paper("CEB506", _waybill_answer(deal, waybill, "120"))
    return Parcel(
        declared=declared,
        lists=[declared],
        answers=_answers(deal, declared, number),
        waybills=[waybill],
        waybill_answers=[accepted],
        number=number,
        flight=flight,
        seller=deal.seller,
        seller_code=deal.seller_code,
        released_at=deal.clock.released_at,
        manifest_number=number if r.random() < 3 / 4 else None,
        summaries=0 if deal.simplified else 1,
    )


def list_answer(deal: Deal, declared: Paper, number: str | None, status: str, at: int) -> Paper:
    """Return customs' answer (604) to a list."""
    head = declared.head
    return Paper(
        "CEB604",
        {
            "guid": deal.guid(),
            "agentCode": head["agentCode"],
            "copNo": head["copNo"],
            "preNo": deal.pre_entry(head["appTime"]),
            "invtNo": number,
            "ebcCode": head["ebcCode"],
            "ebpCode": head["ebpCode"],
            "orderNo": head["orderNo"],
            "statisticsFlag": head["statisticsFlag"],
            "returnStatus": status,
            "returnTime": at,
            "returnInfo": ANSWERS[status],
        },
    )


def _answers(deal: Deal, declared: Paper, number: str) -> list[Paper]:
    """Accepted, concluded, released; sometimes closed after the plane has left."""
    r, clock, leaves_at = deal.r, deal.clock, deal.flight.leaves_at
    steps = [
        ("120", clock.listed_at + between(r, MINUTE, 20 * MINUTE)),
        ("399", clock.listed_at + between(r, 30 * MINUTE, 80 * MINUTE)),
        ("800", clock.released_at + between(r, 0, 999)),
    ]
    if r.random() * 100 < deal.world.town.habits["closed_percent"]:
        steps.append(("899", leaves_at + between(r, DAY, 5 * DAY)))
    return [list_answer(deal, declared, number, status, at) for status, at in steps]


def _list_number(deal: Deal, place: int) -> str:
    flight, serial = deal.flight, deal.world.serial(deal.number, place)
    day = deal.clock.listed_at // DAY
    digits = 10 if flight.number % LONG_NUMBERS == 0 else 9
    return f"{flight.place.office}{year(day)}E{serial:0{digits}}"


@cache
def _flight_part(flight: Flight) -> Row:
    """What all lists of a flight have in common."""
    return {
        "customsCode": flight.place.office,
        "logisticsCode": flight.carrier.code,
        "logisticsName": flight.carrier.name,
        "portCode": flight.place.port,
        "ieDate": flight.leaves_at // DAY,
        "agentCode": flight.agent.code,
        "agentName": flight.agent.name,
        "trafName": flight.plane,
        "voyageNo": flight.voyage,
        "billNo": flight.bill,
        "loctNo": flight.place.depot,
    }


def _list_head(deal: Deal, place: int, logistics_no: str, gross: int, net: int) -> Row:
    currency = deal.currency
    bag = deal.number // deal.world.town.habits["parcels_per_bag"]
    return _flight_part(deal.flight) | {
        "guid": deal.guid(),
        "appType": "1",
        "appTime": deal.clock.listed_at + place * MINUTE,
        "appStatus": "2",
        "ebpCode": deal.platform.code,
        "ebpName": deal.platform.name,
        "orderNo": deal.order_no,
        "logisticsNo": logistics_no,
        "copNo": f"L{deal.world.tag:04}{deal.number:09}{place}",
        "ieFlag": "E",
        "statisticsFlag": "A" if deal.simplified else "B",
        "ebcCode": deal.seller_code,
        "ebcName": deal.seller.name,
        "ownerCode": deal.seller_code,
        "ownerName": deal.seller.name,
        "tradeMode": "9610",
        "trafMode": "5",
        "totalPackageNo": f"BAG{bag:09}",
        "country": deal.country,
        "POD": deal.destination.customs,
        "freight": 0,
        "fCurrency": currency,
        "fFlag": "3",
        "insuredFee": 0,
        "iCurrency": currency,
        "iFlag": "3",
        "wrapType": "2",
        "packNo": 1,
        "grossWeight": gross,
        "netWeight": net,
    }


def _list_lines(deal: Deal, items: list[Item]) -> list[Row]:
    currency, country = deal.currency, deal.country
    digits = HEADING if deal.simplified and deal.number % 2 else 10
    return [
        {
            "gnum": gnum,
            "itemNo": item.number,
            "itemName": item.name,
            "gcode": item.hs[:digits],
            "gname": item.name,
            "gmodel": "合成|无型号",
            "barCode": "无",
            "country": country,
            "currency": currency,
            "qty": item.qty,
            "qty1": item.qty,
            "unit": item.unit,
            "unit1": item.legal_unit,
            "price": item.price,
            "totalPrice": item.total,
        }
        for gnum, item in enumerate(items, 1)
    ]


def _waybill(deal: Deal, logistics_no: str, gross: int) -> Paper:
    flight, named = deal.flight, deal.r.random() < 1 / 2
    return Paper(
        "CEB505",
        {
            "guid": deal.guid(),
            "appType": "1",
            "appTime": deal.clock.shipped_at,
            "appStatus": "2",
            "logisticsCode": flight.carrier.code,
            "logisticsName": flight.carrier.name,
            "logisticsNo": logistics_no,
            "freight": between(deal.r, 8, 120) * WHOLE,
            "insuredFee": 0,
            "currency": "142",
            "grossWeight": gross,
            "packNo": 1,
            "goodsInfo": "合成包裹",
            "ebcCode": deal.seller_code if named else None,
            "ebcName": deal.seller.name if named else None,
        },
    )


def _waybill_answer(deal: Deal, waybill: Paper, status: str) -> Row:
    head = waybill.head
    return {
        "guid": deal.guid(),
        "logisticsCode": head["logisticsCode"],
        "logisticsNo": head["logisticsNo"],
        "returnStatus": status,
        "returnTime": head["appTime"] + HOUR // 2 + 1,
        "returnInfo": ANSWERS[status],
    }
