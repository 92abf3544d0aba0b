"""A purchase of stock, and what is on its papers."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradeloop.economy.papers.credit.goods import Line
from tradeloop.economy.papers.paper import Paper
from tradeloop.economy.papers.town import Firm


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
