"""One trade: a sale, its parcels and all their papers, clean before anything is done to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tradeloop.economy.papers.clock import DAY, MINUTE
from tradeloop.economy.papers.dice import between, pick, weighed
from tradeloop.economy.papers.goods import ITEMS, Item, in_pieces, items
from tradeloop.economy.papers.paper import WHOLE, Paper
from tradeloop.economy.papers.parcel import Parcel, parcel
from tradeloop.economy.papers.plan import NUMBER_AGAIN, Plan
from tradeloop.economy.papers.sale import (
    ANSWERS,
    Clock,
    Deal,
    collection,
    collection_answer,
    order,
    order_answer,
)
from tradeloop.economy.papers.world import World

RETURN_REPEATS = (  # what a return request has in common with its list
    "customsCode",
    "ebpCode",
    "ebpName",
    "ebcCode",
    "ebcName",
    "logisticsNo",
    "logisticsCode",
    "logisticsName",
    "tradeMode",
    "agentCode",
    "agentName",
    "billNo",
    "trafMode",
    "trafName",
    "portCode",
    "country",
    "voyageNo",
)
PART_PERCENT = (30, 70)  # how much of the price a part payment is


class PartnerMissing(LookupError):
    """A fault of two trades was done to one."""


@dataclass(slots=True)
class Trade:
    """The papers of one trade, sorted by what they are about."""

    deal: Deal
    plan: Plan
    items: list[Item]
    firm: str  # the seller's credit code if the firm table has it, else the code on the order
    orders: list[Paper]  # all versions; the last one stands
    order_answers: list[Paper]
    parcels: list[Parcel]
    collections: list[Paper]
    collection_answers: list[Paper]
    partner: Trade | None = None  # the trade before, where a fault takes both
    ghosts: list[tuple[str, str]] = field(default_factory=list)  # (trade, code) of trades that
    # exist only because a list names the wrong seller
    repeated: list[Paper] = field(default_factory=list)  # sent once more, later

    @property
    def before(self) -> Trade:
        """The trade before this one, that its plan leans on."""
        if self.partner is None:
            raise PartnerMissing(
                f"Trade {self.deal.number} was made without the trade before it. "
                'Say in `faults.toml` that the fault needs a "partner".'
            )
        return self.partner

    @property
    def key(self) -> str:
        """What the trade is called: `firm/order number`."""
        return f"{self.firm}/{self.deal.order_no}"

    def papers(self) -> list[Paper]:
        """Return all papers but those that are repeated later."""
        found = [*self.orders, *self.order_answers, *self.collections, *self.collection_answers]
        for one in self.parcels:
            found += one.papers()
        return found


def clean(world: World, number: int, r: Random, plan: Plan, partner: Trade | None) -> Trade:
    """Return a trade with its plan's items and payment, before any fault of its papers.

    Args:
        world: The run.
        number: The trade's number, from 0.
        r: The trade's own generator, after its plan was drawn.
        plan: What chance has in store for it.
        partner: The trade before, where the plan needs it. A fault keeps its partner's hours, so
            that only the fault shows.
    """
    deal = _deal(world, number, r, plan, partner)
    goods = _items(deal, plan)
    freight = between(r, 1, 12) * WHOLE if r.random() < 1 / 2 else 0
    ordered = order(deal, goods, freight)
    paid = _paid(ordered, plan, r)
    collections = [] if paid is None else [collection(deal, ordered, paid)]
    made = Trade(
        deal=deal,
        plan=plan,
        items=goods,
        firm=deal.seller.uscc,
        orders=[ordered],
        order_answers=[order_answer(deal, ordered, "120", between(r, MINUTE, 9 * MINUTE))],
        parcels=[parcel(deal, goods, 0)],
        collections=collections,
        collection_answers=[collection_answer(deal, one, "120") for one in collections],
        partner=partner,
    )
    if plan.returned:
        bring_back(made, more=0)
    return made


def _deal(world: World, number: int, r: Random, plan: Plan, partner: Trade | None) -> Deal:
    elder = plan.negative == NUMBER_AGAIN
    flight = world.flight(number, elder=elder)
    clock = Clock.before(flight.leaves_at, r)
    if partner is not None and not elder:
        clock = partner.deal.clock
    town, agents = world.town, len(world.town.firms["agents"])
    # Each agent has its own sellers, so that a summary has one agent and one seller.
    turns = len(town.firms["sellers"]) // agents
    seller_number = flight.agent_number + agents * int(r.random() * turns)
    seller = town.firms["sellers"][seller_number]
    bits = f"{r.getrandbits(80):020X}"
    return Deal(
        world=world,
        number=number,
        r=r,
        flight=flight,
        clock=clock,
        seller=seller,
        seller_code=seller.code,
        platform=pick(r, town.firms["platforms"]),
        payer=pick(r, town.firms["payers"]),
        destination=town.destinations[weighed(r, town.destination_steps)],
        letters=r.random() * 100 < town.habits["iso_letters_percent"],
        simplified=plan.simplified,
        order_no=f"SYN{world.tag:04}{number:09}",
        guid_start=f"{bits[:8]}-{bits[8:12]}-{bits[12:16]}-{bits[16:]}-",
    )


def _items(deal: Deal, plan: Plan) -> list[Item]:
    goods = items(deal.world, deal.r, deal.destination)
    if plan.returned:
        goods = in_pieces(goods, deal.r)
    for name in [plan.negative or "", *(fault.name for fault in plan.faults)]:
        if name in ITEMS:
            goods = ITEMS[name](goods, deal.r)
    return goods


def _paid(ordered: Paper, plan: Plan, r: Random) -> int | None:
    due: int = ordered.head["goodsValue"] + ordered.head["freight"]
    if plan.paid == "none":
        return None
    if plan.paid == "full":
        return due
    cent = WHOLE // 100
    return due * between(r, *PART_PERCENT) // 100 // cent * cent


def bring_back(trade: Trade, more: int) -> None:
    """Return one piece of a line (213, 214), or `more` than the list declared, in 0.00001."""
    deal, of = trade.deal, trade.parcels[0]
    head = of.declared.head
    line = next(line for line in of.declared.lines if line["qty"] > WHOLE)
    qty = line["qty"] + more if more else WHOLE
    at = of.flight.leaves_at + between(deal.r, 10, 25) * DAY
    request = Paper(
        "CEB213",
        {name: head[name] for name in RETURN_REPEATS}
        | {
            "guid": deal.guid(),
            "appType": "1",
            "appTime": at,
            "appStatus": "2",
            "coElNo": f"R{deal.world.tag:04}{deal.number:09}",
            "invtNo": of.number,
            "ieFlag": "I",
            "reason": "合成退货：买家不要了",
        },
        [
            {name: line[name] for name in ("gnum", "gcode", "gname", "gmodel", "unit", "unit1")}
            | {"qty": qty, "qty1": qty}
        ],
    )
    repeated = ("customsCode", "agentCode", "ebpCode", "ebcCode", "coElNo", "invtNo")
    answer = {name: request.head[name] for name in repeated}
    answer |= {"guid": deal.guid(), "preNo": deal.pre_entry(at), "returnStatus": "399"}
    answer |= {"returnTime": at + 30 * MINUTE, "returnInfo": ANSWERS["399"]}
    of.others += [request, Paper("CEB214", answer)]
