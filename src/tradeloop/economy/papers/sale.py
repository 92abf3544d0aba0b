"""A sale: who sells what to where, and the papers that the seller and the payment firm send."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tradeloop.economy.papers.clock import DAY, HOUR, MINUTE, SECOND, day_text
from tradeloop.economy.papers.dice import between
from tradeloop.economy.papers.goods import Item
from tradeloop.economy.papers.paper import Paper, Row
from tradeloop.economy.papers.town import Destination, Firm
from tradeloop.economy.papers.world import Flight, World

ANSWERS = {  # what customs says with each status that our papers bear
    "1": "[Code:1100;Desc:电子口岸已暂存]",
    "2": "[Code:1200;Desc:电子口岸申报中]",
    "100": "[Code:1303;Desc:海关退单]",
    "120": "[Code:1800;Desc:逻辑校验通过]",
    "399": "[Code:2600;Desc:海关审结]",
    "500": "[Code:2500;Desc:查验]",
    "700": "[Code:2700;Desc:退运]",
    "800": "[Code:2600;Desc:放行]",
    "899": "[Code:2600;Desc:结关]",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """When the steps of a trade happen; whole seconds, each after the one before."""

    ordered_at: int
    shipped_at: int  # the waybill
    listed_at: int
    released_at: int

    @classmethod
    def before(cls, leaves_at: int, r: Random) -> Clock:
        """Draw the times of a parcel that leaves at `leaves_at`."""
        released_at = leaves_at - between(r, 6 * HOUR, 40 * HOUR) // SECOND * SECOND
        listed_at = released_at - between(r, 90 * MINUTE, 8 * HOUR) // SECOND * SECOND
        shipped_at = listed_at - between(r, 2 * HOUR, 30 * HOUR) // SECOND * SECOND
        ordered_at = shipped_at - between(r, 2 * HOUR, 3 * DAY) // SECOND * SECOND
        return cls(ordered_at, shipped_at, listed_at, released_at)


@dataclass(slots=True)
class Deal:
    """What the papers of one trade have in common."""

    world: World
    number: int
    r: Random
    flight: Flight
    clock: Clock
    seller: Firm
    seller_code: str  # as its papers bear it
    platform: Firm
    payer: Firm
    destination: Destination
    letters: bool  # ISO letters, not customs digits, for currency and country
    simplified: bool
    order_no: str
    guid_start: str
    guids: int = 0

    @property
    def currency(self) -> str:
        """The currency in the code set of this trade's sender."""
        place = self.destination
        return place.currency if self.letters else place.currency_customs

    @property
    def country(self) -> str:
        """The destination in the code set of this trade's sender."""
        return self.destination.iso if self.letters else self.destination.customs

    def guid(self) -> str:
        """Return a fresh number of 36 places."""
        self.guids += 1
        return f"{self.guid_start}{self.guids:012X}"

    def pre_entry(self, at: int) -> str:
        """Return a number as the port's system gives one: B, the day, nine digits."""
        self.guids += 1
        return f"B{day_text(at // DAY)}{self.number % 10**7:07}{self.guids % 100:02}"


def order(deal: Deal, items: list[Item], freight: int) -> Paper:
    """Return the order (303); `freight` in 0.00001 of the currency."""
    currency = deal.currency
    head: Row = {
        "guid": deal.guid(),
        "appType": "1",
        "appTime": deal.clock.ordered_at,
        "appStatus": "2",
        "orderType": "E",
        "orderNo": deal.order_no,
        "ebpCode": deal.platform.code,
        "ebpName": deal.platform.name,
        "ebcCode": deal.seller_code,
        "ebcName": deal.seller.name,
        "goodsValue": sum(item.total for item in items),
        "freight": freight,
        "currency": currency,
    }
    lines: list[Row] = [
        {
            "gnum": gnum,
            "itemNo": item.number,
            "itemName": item.name,
            "unit": item.unit,
            "currency": currency,
            "qty": item.qty,
            "price": item.price,
            "totalPrice": item.total,
        }
        for gnum, item in enumerate(items, 1)
    ]
    return Paper("CEB303", head, lines)


def order_answer(deal: Deal, paper: Paper, status: str, wait: int) -> Paper:
    """Return customs' answer (304) to an order, `wait` milliseconds after it."""
    head = paper.head
    return Paper(
        "CEB304",
        {
            "guid": deal.guid(),
            "ebpCode": head["ebpCode"],
            "ebcCode": head["ebcCode"],
            "orderNo": head["orderNo"],
            "returnStatus": status,
            "returnTime": head["appTime"] + wait,
            "returnInfo": ANSWERS[status],
        },
    )


def collection(deal: Deal, paper: Paper, charge: int) -> Paper:
    """Return the collection (403) for an order; `charge` in 0.00001 of its currency."""
    head = paper.head
    paid_at = deal.clock.ordered_at + 5 * MINUTE
    return Paper(
        "CEB403",
        {
            "guid": deal.guid(),
            "appType": "1",
            "appTime": paid_at + 20 * MINUTE,
            "appStatus": "2",
            "ebpCode": head["ebpCode"],
            "ebpName": head["ebpName"],
            "ebcCode": head["ebcCode"],
            "ebcName": head["ebcName"],
            "orderNo": head["orderNo"],
            "payCode": deal.payer.code,
            "payName": deal.payer.name,
            "payNo": f"PAY{deal.world.tag:04}{deal.number:09}",
            "charge": charge,
            "currency": head["currency"],
            "accountingDate": paid_at,
        },
    )


def collection_answer(deal: Deal, paper: Paper, status: str) -> Paper:
    """Return customs' answer (404) to a collection: it comes once the list is concluded."""
    head = paper.head
    return Paper(
        "CEB404",
        {
            "guid": deal.guid(),
            "ebcCode": head["ebcCode"],
            "orderNo": head["orderNo"],
            "payNo": head["payNo"],
            "returnStatus": status,
            "returnTime": deal.clock.released_at + 1,
            "returnInfo": ANSWERS[status],
        },
    )
