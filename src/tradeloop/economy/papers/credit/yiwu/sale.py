"""A sale in the market, and what is on its papers."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit.goods import Line
from tradeloop.economy.papers.credit.place import Buyer
from tradeloop.economy.papers.paper import Paper
from tradeloop.economy.papers.town import Firm


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
    def shown_merchant(self) -> str:
        """The merchant's credit code, or what may be seen of the identity number."""
        number = self.merchant_id
        return f"{number[:2]}********{number[-2:]}" if number else self.merchant.uscc

    @property
    def key(self) -> str:
        """What the trade is called: `merchant/trade number`."""
        return f"{self.shown_merchant}/{self.trade_no}"

    @property
    def due(self) -> int:
        """The day on which payment is due."""
        return self.confirmed_at // DAY + self.terms_days

    def papers(self) -> list[Paper]:
        """Return all papers of this sale alone."""
        return [*self.records, *self.packing, *self.payments, *self.more]
