"""One run of a town: its seed and its wishes, and the flights that its parcels leave by."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from tradeloop.economy.papers.clock import DAY, MINUTE, day_of
from tradeloop.economy.papers.dice import between, dice
from tradeloop.economy.papers.town import Firm, Place, Town

NUMBERS_MAX = 10**9
LISTS_PER_TRADE_MAX = 4
SEEDS_APART = 200  # runs with different seeds keep their list numbers apart this often


@dataclass(frozen=True, slots=True)
class Flight:
    """A plane with one master bill: all parcels on it have one carrier, agent and office."""

    number: int  # unique in the run; elder flights are negative
    bill: str
    voyage: str
    plane: str
    leaves_at: int
    carrier: Firm
    agent_number: int
    agent: Firm
    place: Place
    depot: Firm


@dataclass(slots=True)
class World:
    """A run. A trade is a function of this and of its number alone."""

    town: Town
    seed: int
    fault_rate: float
    lines_min: int
    lines_max: int
    tag: int = 0  # four digits that set the numbers of this seed apart
    bill_ends: tuple[int, ...] = ()
    flights: dict[int, Flight] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Work out what the seed alone decides."""
        self.tag = dice(self.seed, "tag").randrange(10_000)
        self.bill_ends = tuple(accumulate(self.town.habits["parcels_per_bill"]))

    @property
    def round_size(self) -> int:
        """Return after how many trades the sizes of the bills begin anew."""
        return self.bill_ends[-1]

    def serial(self, trade: int, parcel: int) -> int:
        """Return the number of a list, below `NUMBERS_MAX`, unique in the run."""
        first = (self.tag % SEEDS_APART) * (NUMBERS_MAX // SEEDS_APART)
        return (first + trade * LISTS_PER_TRADE_MAX + parcel) % NUMBERS_MAX

    def flight(self, trade: int, *, elder: bool = False) -> Flight:
        """Return the plane that takes a trade's parcels; an elder one left months before."""
        turn, rest = divmod(trade, self.round_size)
        number = turn * len(self.bill_ends) + bisect_right(self.bill_ends, rest) + 1
        key = -number if elder else number
        if key not in self.flights:
            self.flights[key] = self._flight(number, key)
        return self.flights[key]

    def _flight(self, number: int, key: int) -> Flight:
        r = dice(self.seed, "flight", number)
        town = self.town
        # The first plane leaves when the first orders can have become parcels.
        leaves_at = (day_of(town.starts_on) + 6 + between(r, 0, town.days - 1)) * DAY
        leaves_at += between(r, 0, 24 * 12 - 1) * 5 * MINUTE
        if key < 0:
            leaves_at -= town.habits["elder_days"] * DAY
        agent = between(r, 0, len(town.firms["agents"]) - 1)
        place = agent % len(town.places)
        mark = "E" if key < 0 else "M"
        return Flight(
            number=key,
            bill=f"SYN{mark}{self.tag:04}{number:08}",
            voyage=f"SY{number % 10_000:04}",
            plane=f"SYN-PLANE-{between(r, 1, 40):02}",
            leaves_at=leaves_at,
            carrier=town.firms["carriers"][between(r, 0, len(town.firms["carriers"]) - 1)],
            agent_number=agent,
            agent=town.firms["agents"][agent],
            place=town.places[place],
            depot=town.firms["depots"][place % len(town.firms["depots"])],
        )
