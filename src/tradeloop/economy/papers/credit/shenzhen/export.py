"""The sale of the same stock abroad: the contract, the declaration in table form, what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit import money
from tradeloop.economy.papers.credit.clearance import Clearance
from tradeloop.economy.papers.credit.goods import CENT, Line, worth_of
from tradeloop.economy.papers.credit.place import Buyer
from tradeloop.economy.papers.credit.run import Run, entry_id, number_of
from tradeloop.economy.papers.dice import between, pick, weighed
from tradeloop.economy.papers.paper import Paper
from tradeloop.economy.papers.town import Firm

MODES = ("9710", "9810")
MARGIN_PERCENT = (115, 160)
DAYS_FROM_RECEIPT = (2, 12)  # until the goods are declared


@dataclass(slots=True)
class Export:
    """The papers of one sale abroad."""

    number: int
    no: str
    exporter: Firm
    buyer: Buyer
    goods: list[Line]  # priced in dollars
    mode: str
    office: str
    clearance: Clearance
    terms_days: int
    contracts: list[Paper] = field(default_factory=list)  # all versions; the last one stands
    declarations: list[Paper] = field(default_factory=list)  # likewise
    payments: list[Paper] = field(default_factory=list)
    more: list[Paper] = field(default_factory=list)

    @property
    def contract(self) -> Paper:
        """The contract that stands."""
        return self.contracts[-1]

    @property
    def declared(self) -> Paper:
        """The declaration that stands."""
        return self.declarations[-1]

    @property
    def key(self) -> str:
        """What the trade is called: `exporter/contract number`."""
        return f"{self.exporter.uscc}/{self.no}"

    @property
    def due(self) -> int:
        """The day on which payment is due."""
        return self.clearance.left_at // DAY + self.terms_days

    def papers(self) -> list[Paper]:
        """Return all papers of the sale."""
        return [*self.contracts, *self.declarations, *self.payments, *self.more]


def new_export(  # noqa: PLR0913 - what a sale is made of
    run: Run, r: Random, number: int, *, exporter: Firm, stock: Sequence[Line], received_on: int
) -> Export:
    """Return the sale of a part of `stock`, with all its papers."""
    town = run.town
    declared_day = received_on + between(r, *DAYS_FROM_RECEIPT)
    made = Export(
        number=number,
        no=number_of(run, "SC", number),
        exporter=exporter,
        buyer=pick(r, town.buyers[weighed(r, town.country_steps)]),
        goods=_for_sale(run, r, stock),
        mode=pick(r, MODES),
        office=pick(r, town.offices),
        clearance=Clearance.drawn(r, declared_day),
        terms_days=pick(r, town.habits["terms_days"]),
    )
    made.contracts.append(_contract(r, made))
    made.declarations.append(declaration(run, made, made.goods))
    made.payments += _payments(run, r, made)
    return made


def _for_sale(run: Run, r: Random, stock: Sequence[Line]) -> list[Line]:
    percent = between(r, 50, 100)
    margin = between(r, *MARGIN_PERCENT)
    sold = []
    for line in stock:
        price = line.price * margin // run.town.habits["yuan_cents_per_dollar"] // CENT * CENT
        part = line.of(max(line.cartons * percent // 100, 1))
        sold.append(part._replace(price=max(price, CENT)))
    return sold


def _contract(r: Random, export: Export) -> Paper:
    by_date = r.random() < 1 / 4
    head = {
        "no": export.no,
        "kind": "sale",
        "mode": export.mode,
        "seller_uscc": export.exporter.uscc,
        "seller_name": export.exporter.name,
        "buyer_name": export.buyer.name,
        "buyer_country": export.buyer.country,
        "buyer_id_no": export.buyer.id_no,
        "signed_on": export.clearance.declared_day - between(r, 3, 25),
        "currency": "USD",
        "amount": worth_of(export.goods),
        "price_basis": "FOB",
        "delivery_on": export.clearance.declared_day + 7,
        "terms_days": None if by_date else export.terms_days,
        "due_on": export.due if by_date else None,
        "payment_method": pick(r, ("T/T", "O/A", "D/A")),
    }
    return Paper(
        "contract",
        head,
        [
            {
                "goods": line.ware.name,
                "hs": line.ware.hs[:6],
                "qty": line.qty,
                "unit": line.ware.unit,
                "price": line.price,
                "total": line.total,
            }
            for line in export.goods
        ],
    )


def declaration(run: Run, export: Export, goods: Sequence[Line], part: int = 0) -> Paper:
    """Return the declaration of some of the goods; `part` tells one from the next."""
    firm, clearance = export.exporter, export.clearance
    head = {
        "entry_id": entry_id(export.office, clearance.declared_day, export.number, part),
        "mode": export.mode,
        "direction": "E",
        "office": export.office,
        "consignor_code": firm.customs_code,
        "consignor_uscc": firm.uscc,
        "consignor_name": firm.name,
        "agent_code": firm.customs_code,
        "agent_name": firm.name,
        "transport": "2",
        "bill_no": number_of(run, "BL", export.number, part),
        "contract_no": export.no,
        "destination": export.buyer.country,
        "currency": "USD",
        "price_basis": "FOB",
        "packages": sum(line.cartons for line in goods),
        "gross_kg": sum(line.gross for line in goods),
        "net_kg": sum(line.net for line in goods),
        "declared_on": clearance.declared_day,
        "status": ("released", "closed")[export.number // 2 % 2],
        "released_at": clearance.released_at,
        "left_at": clearance.left_at,
    }
    return Paper(
        "CN.declaration",
        head,
        [
            {
                "line_no": place,
                "hs": line.ware.hs,
                "goods": line.ware.name,
                "qty": line.qty,
                "unit": line.ware.unit,
                "price": line.price,
                "total": line.total,
                "origin": "CHN",
                "destination": export.buyer.country,
            }
            for place, line in enumerate(goods, 1)
        ],
    )


def payment(run: Run, export: Export, part: int, *, day: int, amount: int) -> Paper:
    """Return a payment of the buyer to the exporter."""
    return money.statement(
        run,
        export.number,
        part,
        day=day,
        amount=amount,
        currency="USD",
        payer=export.buyer.name,
        order_no=export.no,
        payee_uscc=export.exporter.uscc,
    )


def _payments(run: Run, r: Random, export: Export) -> list[Paper]:
    paid = money.instalments(
        r,
        run.town.habits,
        amount=worth_of(export.goods),
        from_day=export.clearance.declared_day,
        due=export.due,
        last_day=run.town.last_day,
    )
    return [
        payment(run, export, part, day=day, amount=amount)
        for part, (day, amount) in enumerate(paid)
    ]
