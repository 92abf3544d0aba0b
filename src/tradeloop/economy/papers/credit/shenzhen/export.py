"""The sale of stock abroad, and what is on its papers."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit.clearance import Clearance
from tradeloop.economy.papers.credit.goods import Line
from tradeloop.economy.papers.credit.place import Buyer
from tradeloop.economy.papers.paper import Paper
from tradeloop.economy.papers.town import Firm


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
