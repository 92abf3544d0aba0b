"""A sale in the market: the merchant's trade record, the packing list, and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tradeloop.economy.papers.clock import DAY, HOUR, SECOND
from tradeloop.economy.papers.credit import money
from tradeloop.economy.papers.credit.goods import Line, worth_of
from tradeloop.economy.papers.credit.place import Buyer
from tradeloop.economy.papers.credit.run import Run, number_of
from tradeloop.economy.papers.dice import between, pick, steps, weighed
from tradeloop.economy.papers.paper import Paper
from tradeloop.economy.papers.town import Firm

TERMS = ("both", "days", "date")  # how a record says when payment is due
METHODS = ("T/T", "O/A", "D/P", "D/A", "L/C")


@dataclass(slots=True)
class Sale:
    """The papers of one trade, but for the declaration, which may hold other merchants' too."""

    number: int
    trade_no: str
    merchant: Firm
    merchant_id: str | None  # instead of the credit code
    buyer: Buyer
    goods: list[Line]
    confirmed_at: int
    terms_days: int
    records: list[Paper] = field(default_factory=list)  # all versions; the last one stands
    packing: list[Paper] = field(default_factory=list)
    payments: list[Paper] = field(default_factory=list)
    more: list[Paper] = field(default_factory=list)

    @property
    def record(self) -> Paper:
        """The record that stands."""
        return self.records[-1]

    @property
    def key(self) -> str:
        """What the trade is called: `merchant/trade number`."""
        return f"{self.merchant_id or self.merchant.uscc}/{self.trade_no}"

    @property
    def due(self) -> int:
        """The day on which payment is due."""
        return self.confirmed_at // DAY + self.terms_days

    def papers(self) -> list[Paper]:
        """Return all papers of this sale alone."""
        return [*self.records, *self.packing, *self.payments, *self.more]


def new_sale(  # noqa: PLR0913 - what a sale is made of
    run: Run, r: Random, *, number: int, buyer: Buyer, goods: list[Line], declared_day: int
) -> Sale:
    """Return a sale without papers yet, confirmed in the week before it is declared."""
    merchant = pick(r, run.town.firms["merchants"])
    by_id = r.random() * 100 < run.town.habits["only_id_percent"]
    confirmed_day = declared_day - between(r, 1, 6)
    return Sale(
        number=number,
        trade_no=number_of(run, "T", number),
        merchant=merchant,
        merchant_id=f"SYN-ID-M{merchant.uscc[12:17]}" if by_id else None,
        buyer=buyer,
        goods=goods,
        confirmed_at=confirmed_day * DAY + between(r, 9 * HOUR, 18 * HOUR) // SECOND * SECOND,
        terms_days=pick(r, run.town.habits["terms_days"]),
    )


def add_papers(  # noqa: PLR0913 - what the papers name besides the sale
    run: Run, r: Random, sale: Sale, *, agent: Firm, container: str, declaration_no: str
) -> None:
    """Write the record, the packing list and the payments of a sale."""
    sale.records.append(
        _record(run, r, sale, agent=agent, container=container, declaration_no=declaration_no)
    )
    sale.packing.append(packing_list(run, sale, container, sale.goods))
    payments = money.instalments(
        r,
        run.town.habits,
        amount=worth_of(sale.goods),
        from_day=sale.confirmed_at // DAY + 1,
        due=sale.due,
        last_day=run.town.last_day,
    )
    to_merchant = not sale.merchant_id and r.random() * 100 < run.town.habits["payee_percent"]
    for part, (day, amount) in enumerate(payments):
        sale.payments.append(
            payment(run, sale, part, day=day, amount=amount, to_merchant=to_merchant)
        )


def payment(  # noqa: PLR0913 - one paper's fields
    run: Run, sale: Sale, part: int, *, day: int, amount: int, to_merchant: bool = True
) -> Paper:
    """Return a payment of the buyer for a sale."""
    return money.statement(
        run,
        sale.number,
        part,
        day=day,
        amount=amount,
        currency="USD",
        payer=sale.buyer.name,
        trade_no=sale.trade_no,
        payee_uscc=sale.merchant.uscc if to_merchant and not sale.merchant_id else None,
    )


def _record(  # noqa: PLR0913 - what the record names besides the sale
    run: Run, r: Random, sale: Sale, *, agent: Firm, container: str, declaration_no: str
) -> Paper:
    habits, buyer = run.town.habits, sale.buyer
    says = TERMS[weighed(r, steps([habits["terms"][name] for name in TERMS]))]
    return Paper(
        "MP.trade",
        {
            "trade_no": sale.trade_no,
            "market": habits["market"],
            "booth_no": f"SYN-{sale.merchant.uscc[12:17]}",
            "merchant_name": sale.merchant.name,
            "merchant_uscc": None if sale.merchant_id else sale.merchant.uscc,
            "merchant_id": sale.merchant_id,
            "agent_uscc": agent.uscc,
            "purchaser_name": buyer.name,
            "purchaser_country": buyer.country,
            "purchaser_id_type": buyer.id_type,
            "purchaser_id_no": buyer.id_no,
            "contact": buyer.contact,
            "terms_days": None if says == "date" else sale.terms_days,
            "due_on": None if says == "days" else sale.due,
            "payment_method": pick(r, METHODS),
            "currency": "USD",
            "amount": worth_of(sale.goods),
            "price_basis": "FOB",
            "packing_list_no": number_of(run, "PL", sale.number),
            "declaration_no": declaration_no,
            "container_no": container,
            "confirmed_at": sale.confirmed_at,
        },
        [
            {
                "line_no": place,
                "goods": line.ware.name,
                "hs": line.ware.hs[: pick(r, (4, 6, 8, 10))],
                "qty": line.qty,
                "unit": line.ware.unit,
                "price": line.price,
                "total": line.total,
            }
            for place, line in enumerate(sale.goods, 1)
        ],
    )


def packing_list(
    run: Run, sale: Sale, container: str, goods: Sequence[Line], part: int = 0
) -> Paper:
    """Return the list of some goods of a sale; `part` tells one from the next."""
    return Paper(
        "packing_list",
        {
            "no": number_of(run, "PL", sale.number, part),
            "trade_no": sale.trade_no,
            "packages": sum(line.cartons for line in goods),
            "gross_kg": sum(line.gross for line in goods),
            "net_kg": sum(line.net for line in goods),
            "container_no": container,
        },
        [{"goods": line.ware.name, "packages": line.cartons, "qty": line.qty} for line in goods],
    )
