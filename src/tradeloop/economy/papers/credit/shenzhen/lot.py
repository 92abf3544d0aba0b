"""A lot: stock that is bought, and the sale of that stock abroad; two trades of one exporter."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tradeloop.economy.papers.catalogue import Fault
from tradeloop.economy.papers.credit.evidence import evidence
from tradeloop.economy.papers.credit.goods import lines
from tradeloop.economy.papers.credit.place import firm
from tradeloop.economy.papers.credit.plan import Plan, faults_of, is_faulty, negative_of
from tradeloop.economy.papers.credit.run import Run
from tradeloop.economy.papers.credit.shenzhen.buying import new_purchase
from tradeloop.economy.papers.credit.shenzhen.export import Export
from tradeloop.economy.papers.credit.shenzhen.purchase import Purchase
from tradeloop.economy.papers.credit.shenzhen.selling import new_export
from tradeloop.economy.papers.dice import between, dice, pick
from tradeloop.economy.papers.paper import WHOLE, Paper
from tradeloop.economy.papers.town import Firm

PAIR = 2  # a purchase and an export
LONE = {"letter": "L", "chinese": "合成独家卖家", "english": "Synthetic Lone Exporter"}
LONE_MAX = 100_000  # their numbers have five places
SIDES = ("purchase", "export")


@dataclass(slots=True)
class Lot:
    """A purchase, the export of its stock, and another such pair where a fault takes two."""

    run: Run
    r: Random
    plan: Plan
    number: int  # of its first trade
    purchases: list[Purchase]
    exports: list[Export]
    shown: dict[str, list[str]] = field(default_factory=dict)  # where a fault shows, if elsewhere
    kept: list[tuple[str, bytes]] = field(default_factory=list)  # files of evidence
    odd: list[tuple[str, str]] = field(default_factory=list)  # what looks wrong and is not
    more_wrong: list[tuple[str, str, str, str]] = field(default_factory=list)  # what follows of it

    @property
    def size(self) -> int:
        """How many trades it holds."""
        return len(self.purchases) + len(self.exports)

    @property
    def day(self) -> int:
        """The day by which its papers are filed."""
        return self.purchases[0].signed_on

    @property
    def trades(self) -> list[Purchase | Export]:
        """All its trades."""
        return [*self.purchases, *self.exports]

    @property
    def keys(self) -> list[str]:
        """What its trades are called."""
        return [trade.key for trade in self.trades]

    def papers(self) -> list[Paper]:
        """Return all papers of the lot."""
        return [paper for trade in self.trades for paper in trade.papers()]

    def shows_on(self, fault: Fault) -> list[str]:
        """Return the trades whose papers show the fault."""
        if fault.name in self.shown:
            return self.shown[fault.name]
        if fault.paired:
            return [purchase.key for purchase in self.purchases]
        return [self.exports[0].key if "export" in fault.needs else self.purchases[0].key]


def plan_of(run: Run, number: int, room: int) -> Plan:
    """Draw the plan of the lot that begins with trade `number`; `room` trades are left."""
    size = min(room, PAIR)
    paired = room >= 2 * PAIR and not any(is_faulty(run, number + PAIR + n) for n in range(PAIR))
    chosen: list[Fault] = []
    for place, side in enumerate(SIDES[:size]):
        if is_faulty(run, number + place):
            # An exporter that has no other lot cannot have another pair of trades either.
            barred = {"lone"} if any(fault.paired for fault in chosen) else set()
            barred |= set() if paired else {"partner"}
            able = [f for f in run.faults if side in f.needs and not barred & set(f.needs)]
            chosen += faults_of(run, number + place, able)
    if chosen:
        return Plan(tuple(chosen), None, 2 * PAIR if any(f.paired for f in chosen) else size)
    negative = negative_of(run, dice(run.seed, number, "plan")) if size == PAIR else None
    return Plan((), negative, size)


def clean_lot(run: Run, number: int, plan: Plan) -> Lot:
    """Return a lot whose papers agree, before anything is done to it."""
    r = dice(run.seed, number)
    lot = Lot(run, r, plan, number, [], [])
    exporter = _exporter(run, r, number, plan)
    supplier = pick(r, run.town.firms["suppliers"])
    worth = between(r, *run.town.habits["worth"]) * WHOLE
    stock = lines(run, r, worth=worth, cents_per_unit=100)
    for first in range(number, number + plan.size, PAIR):  # two pairs are alike but for the number
        bought = new_purchase(run, r, first, supplier=supplier, exporter=exporter, goods=stock)
        lot.purchases.append(bought)
        if first + 1 < number + plan.size:
            lot.exports.append(
                new_export(
                    run, r, first + 1,
                    exporter=exporter, stock=stock, received_on=bought.received_on,
                )
            )  # fmt: skip
    for trade in lot.trades:
        day = trade.contract.head["signed_on"]
        files, index = evidence(
            run, r, key=("order_no", trade.no), day=day, parties=trade.contract.head["buyer_name"]
        )
        lot.kept += files
        trade.more += index
    return lot


def _exporter(run: Run, r: Random, number: int, plan: Plan) -> Firm:
    """Return a firm that many lots have, or one that is this lot's alone."""
    chance = pick(r, run.town.firms["exporters"])
    if "lone" in plan.needs or plan.negative in run.town.habits["lone_negatives"]:
        return firm(run.town.region, LONE, number // PAIR % LONE_MAX)
    return chance
