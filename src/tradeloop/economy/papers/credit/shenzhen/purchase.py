"""A purchase of stock: the contract, the supplier's VAT invoices, what came and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tradeloop.economy.papers.credit import money
from tradeloop.economy.papers.credit.goods import CENT, Line
from tradeloop.economy.papers.credit.run import Run, number_of
from tradeloop.economy.papers.dice import between, pick
from tradeloop.economy.papers.paper import Paper, Row
from tradeloop.economy.papers.town import Firm

VAT_PERCENT = 13
TIMELY = ("both", "days", "date")  # how a contract says when payment is due


@dataclass(slots=True)
class Purchase:
    """The papers of one purchase."""

    number: int
    no: str
    supplier: Firm
    exporter: Firm
    goods: list[Line]  # priced without tax
    signed_on: int
    received_on: int
    terms_days: int
    contracts: list[Paper] = field(default_factory=list)  # all versions; the last one stands
    invoices: list[Paper] = field(default_factory=list)
    receipts: list[Paper] = field(default_factory=list)
    payments: list[Paper] = field(default_factory=list)
    more: list[Paper] = field(default_factory=list)

    @property
    def contract(self) -> Paper:
        """The contract that stands."""
        return self.contracts[-1]

    @property
    def key(self) -> str:
        """What the trade is called: `supplier/contract number`."""
        return f"{self.supplier.uscc}/{self.no}"

    @property
    def due(self) -> int:
        """The day on which payment is due."""
        return self.received_on + self.terms_days

    def papers(self) -> list[Paper]:
        """Return all papers of the purchase."""
        return [
            *self.contracts, *self.invoices, *self.receipts, *self.payments, *self.more
        ]  # fmt: skip


def new_purchase(  # noqa: PLR0913 - what a purchase is made of
    run: Run, r: Random, number: int, *, supplier: Firm, exporter: Firm, goods: list[Line]
) -> Purchase:
    """Return a purchase with all its papers."""
    town = run.town
    signed_on = town.starts_on + between(r, 0, town.days - 1)
    made = Purchase(
        number=number,
        no=number_of(run, "PC", number),
        supplier=supplier,
        exporter=exporter,
        goods=goods,
        signed_on=signed_on,
        received_on=signed_on + between(r, 8, 20),
        terms_days=pick(r, town.habits["terms_days"]),
    )
    made.contracts.append(_contract(made, pick(r, TIMELY)))
    made.invoices.append(invoice(run, made, goods, part=0))
    made.receipts.append(receipt(run, made, goods, part=0))
    made.payments += _payments(run, r, made)
    return made


def taxed(line: Line) -> tuple[int, int]:
    """Return the tax on a line and the line with its tax, in whole cents."""
    tax = (line.total * VAT_PERCENT // 100 + CENT // 2) // CENT * CENT
    return tax, line.total + tax


def gross_of(goods: Sequence[Line]) -> int:
    """Return the worth of goods with tax."""
    return sum(taxed(line)[1] for line in goods)


def invoice(run: Run, purchase: Purchase, goods: Sequence[Line], *, part: int) -> Paper:
    """Return the supplier's VAT invoice over some goods; `part` tells one from the next."""
    rows: list[Row] = []
    for line in goods:
        tax, _ = taxed(line)
        rows.append(
            {
                "goods": line.ware.name,
                "unit": line.ware.unit,
                "qty": line.qty,
                "price": line.price,
                "net": line.total,
                "rate_bp": VAT_PERCENT * 100,
                "tax": tax,
            }
        )
    net, tax = sum(row["net"] for row in rows), sum(row["tax"] for row in rows)
    head = {
        "number": invoice_number(run, purchase.number, part),
        "issued_on": purchase.received_on + 2 + part,
        "kind": "special",
        "state": "valid",
        "seller_uscc": purchase.supplier.uscc,
        "seller_name": purchase.supplier.name,
        "buyer_uscc": purchase.exporter.uscc,
        "buyer_name": purchase.exporter.name,
        "contract_no": purchase.no,
        "currency": "CNY",
        "net": net,
        "tax": tax,
        "gross": net + tax,
    }
    return Paper("CN.einvoice", head, rows)


def invoice_number(run: Run, trade: int, part: int) -> str:
    """Return a number of 20 digits; no tax office gives out its block."""
    return f"2699{run.tag:04}{trade:010}{part:02}"


def receipt(run: Run, purchase: Purchase, goods: Sequence[Line], *, part: int) -> Paper:
    """Return the note by which the exporter's store says what came."""
    return Paper(
        "goods_receipt",
        {
            "no": number_of(run, "GR", purchase.number, part + 1),
            "contract_no": purchase.no,
            "supplier_name": purchase.supplier.name,
            "supplier_uscc": purchase.supplier.uscc,
            "received_on": purchase.received_on + 3 * part,
            "received_by": f"SYN-STORE-{purchase.number % 7 + 1}",
        },
        [{"goods": line.ware.name, "qty": line.qty, "unit": line.ware.unit} for line in goods],
    )


def payment(run: Run, purchase: Purchase, part: int, *, day: int, amount: int) -> Paper:
    """Return a payment of the exporter to its supplier."""
    return money.statement(
        run,
        purchase.number,
        part,
        day=day,
        amount=amount,
        currency="CNY",
        payer=purchase.exporter.name,
        order_no=purchase.no,
        payee_uscc=purchase.supplier.uscc,
    )


def _contract(purchase: Purchase, says: str) -> Paper:
    head = {
        "no": purchase.no,
        "kind": "purchase",
        "seller_uscc": purchase.supplier.uscc,
        "seller_name": purchase.supplier.name,
        "buyer_uscc": purchase.exporter.uscc,
        "buyer_name": purchase.exporter.name,
        "buyer_country": "CHN",
        "signed_on": purchase.signed_on,
        "currency": "CNY",
        "amount": gross_of(purchase.goods),
        "delivery_on": purchase.received_on,
        "terms_days": None if says == "date" else purchase.terms_days,
        "due_on": None if says == "days" else purchase.due,
        "payment_method": "T/T",
    }
    return Paper(
        "contract",
        head,
        [
            {
                "goods": line.ware.name,
                "hs": line.ware.hs,
                "qty": line.qty,
                "unit": line.ware.unit,
                "price": line.price * (100 + VAT_PERCENT) // 100,
                "total": taxed(line)[1],
            }
            for line in purchase.goods
        ],
    )


def _payments(run: Run, r: Random, purchase: Purchase) -> list[Paper]:
    paid = money.instalments(
        r,
        run.town.habits,
        amount=gross_of(purchase.goods),
        from_day=purchase.signed_on,
        due=purchase.due,
        last_day=run.town.last_day,
    )
    return [
        payment(run, purchase, part, day=day, amount=amount)
        for part, (day, amount) in enumerate(paid)
    ]
