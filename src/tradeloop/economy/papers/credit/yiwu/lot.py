"""A lot: what one trade operator declares at once, for one merchant or for several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tradeloop.economy.papers.catalogue import Fault
from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit.clearance import Clearance
from tradeloop.economy.papers.credit.evidence import evidence
from tradeloop.economy.papers.credit.goods import lines
from tradeloop.economy.papers.credit.plan import (
    Plan,
    clean_after,
    faults_of,
    is_faulty,
    negative_of,
)
from tradeloop.economy.papers.credit.run import Run, entry_id
from tradeloop.economy.papers.credit.yiwu.customs import declaration, office_of
from tradeloop.economy.papers.credit.yiwu.sale import Sale
from tradeloop.economy.papers.credit.yiwu.selling import add_papers, new_sale
from tradeloop.economy.papers.dice import between, dice, pick, steps, weighed
from tradeloop.economy.papers.paper import WHOLE, Paper
from tradeloop.economy.papers.town import Firm

CONSOLIDATED = "consolidated-declaration"
LOT_WORTH_MAX = 100_000 * WHOLE  # what is aimed at, well below what a declaration may hold


@dataclass(slots=True)
class Lot:
    """Some sales and the declarations that they share."""

    run: Run
    r: Random
    plan: Plan
    number: int  # of its first trade
    agent: Firm
    office: str
    clearance: Clearance
    sales: list[Sale]
    declarations: list[Paper] = field(default_factory=list)  # all versions; the last one stands
    shown: dict[str, list[str]] = field(default_factory=dict)  # where a fault shows, if not on all
    kept: list[tuple[str, bytes]] = field(default_factory=list)  # files of evidence
    odd: list[tuple[str, str]] = field(default_factory=list)  # what looks wrong and is not
    more_wrong: list[tuple[str, str, str, str]] = field(default_factory=list)  # what follows of it

    @property
    def size(self) -> int:
        """How many trades it holds."""
        return len(self.sales)

    @property
    def day(self) -> int:
        """The day by which its papers are filed."""
        return self.clearance.declared_day

    @property
    def entry(self) -> str:
        """The number of its declaration."""
        return entry_id(self.office, self.day, self.number)

    @property
    def declared(self) -> Paper:
        """The declaration that stands."""
        return self.declarations[-1]

    @property
    def keys(self) -> list[str]:
        """What its trades are called."""
        return [sale.key for sale in self.sales]

    def papers(self) -> list[Paper]:
        """Return all papers of the lot."""
        return [*(paper for sale in self.sales for paper in sale.papers()), *self.declarations]

    def shows_on(self, fault: Fault) -> list[str]:
        """Return the trades whose papers show the fault."""
        return self.shown.get(fault.name, self.keys)


def plan_of(run: Run, number: int, room: int) -> Plan:
    """Draw the plan of the lot that begins with trade `number`; `room` trades are left."""
    if is_faulty(run, number):
        alone = room == 1 or is_faulty(run, number + 1)
        able = [fault for fault in run.faults if not (alone and fault.paired)]
        chosen = faults_of(run, number, able)
        return Plan(chosen, None, 2 if any(fault.paired for fault in chosen) else 1)
    r = dice(run.seed, number, "plan")
    negative = negative_of(run, r)
    if negative is not None:
        return Plan((), negative, 1)
    size = weighed(r, steps(run.town.habits["records_per_lot"])) + 1
    return Plan((), None, clean_after(run, number, min(size, room)))


def clean_lot(run: Run, number: int, plan: Plan) -> Lot:
    """Return a lot whose papers agree, before anything is done to it."""
    town, r = run.town, dice(run.seed, number)
    day = town.starts_on + between(r, 0, town.days - 1)
    agent, office = pick(r, town.firms["agents"]), office_of(run, r)
    buyers = town.buyers[weighed(r, town.country_steps)]
    per_unit = town.habits["yuan_cents_per_dollar"]
    sales = []
    for place in range(plan.size):
        worth = min(between(r, *town.habits["worth"]) * WHOLE, LOT_WORTH_MAX // plan.size)
        goods = lines(run, r, worth=worth, cents_per_unit=per_unit)
        buyer = pick(r, buyers)
        sales.append(
            new_sale(run, r, number=number + place, buyer=buyer, goods=goods, declared_day=day)
        )
    lot = Lot(run, r, plan, number, agent, office, Clearance.drawn(r, day), sales)
    container = f"SYNU{number % 10**7:07}"
    for sale in sales:
        add_papers(run, r, sale, agent=agent, container=container, declaration_no=lot.entry)
        files, index = evidence(
            run,
            r,
            key=("trade_no", sale.trade_no),
            day=sale.confirmed_at // DAY,
            parties=sale.buyer.name,
        )
        lot.kept += files
        sale.more += index
    lot.declarations.append(declared(lot, sales))
    return lot


def declared(lot: Lot, sales: Sequence[Sale]) -> Paper:
    """Return the declaration of what `sales` hold."""
    return declaration(
        lot.run,
        lot.r,
        sales,
        number=lot.entry,
        office=lot.office,
        agent=lot.agent,
        clearance=lot.clearance,
    )


def return_table(lot: Lot, qty: int) -> Paper:
    """Return the table that says how much of the declaration's first line came back."""
    line = lot.declared.lines[0]
    return Paper(
        "return_table",
        {
            "number": lot.declared.head["entry_id"],
            "trade_no": lot.sales[0].trade_no,
            "returned_on": lot.clearance.left_at // DAY + between(lot.r, 4, 14),
        },
        [{"line_no": line["line_no"], "goods": line["goods"], "qty": qty}],
    )
