"""What the insurer does by itself in a season: white list, room, one limit that is cut, premium."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta

from tradeloop.cover import actions as limits
from tradeloop.cover.billing import bill
from tradeloop.cover.terms import CoverTerms, PremiumTerms
from tradeloop.economy.papers.dice import dice
from tradeloop.economy.season.bank import account_of
from tradeloop.economy.season.clock import Clock
from tradeloop.economy.season.habits import Habits, happens
from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.parties.list_import import import_list
from tradeloop.parties.tokens import person_key
from tradeloop.settlement.actions import add_account
from tradeloop.store.database import cursor
from tradeloop.trades.offers import OfferedTrade

WAITING = """
select distinct buyer from cover_certificate
where scheme = %s and buyer = any(%s) and covered_minor < amount_minor
"""
BUSIEST = """
select first, buyer
from (
    select buyer, count(*) as trades, min(trade collate "C") as first
    from receivables_receivable where not buyer = any(%s) group by buyer
) as each
order by trades desc, first limit 1
"""


@dataclass(slots=True, kw_only=True)
class Insurer:
    """The insurer between two days; `white` and `cut` are what it did for whom."""

    scheme: str
    seed: int
    habits: Habits
    clock: Clock
    cover_terms: Sequence[CoverTerms]
    premium_terms: Sequence[PremiumTerms]
    from_on: date
    to_on: date
    moved: set[str] = field(default_factory=set)  # buyers who owe less since room was last given
    white: int = 0  # merchants on the white list
    cut: str | None = None  # a trade of the buyer whose limit was cut

    def begin(self, offers: Sequence[OfferedTrade], secret: bytes) -> None:
        """Open the insurer's account; put a share of the merchants on the white list."""
        insurer = f"insurer:{self.scheme}"
        add_account(account=account_of(insurer), owner=insurer, at=self.clock.now())
        sellers = {one.seller: key_of(one, secret) for one in offers}
        white = [
            sellers[one]
            for one in sorted(sellers)
            if happens(dice(self.seed, "white", one), self.habits.white_percent)
        ]
        self.white = len(white)
        if white:
            import_list(
                code="white", now=self.clock.now(), secret=secret, from_date=self.from_on,
                source="a synthetic list",
                rows=[
                    (line, {"subject": one, "from": str(self.from_on), "to": str(self.to_on)})
                    for line, one in enumerate(white, 2)
                ],
            )  # fmt: skip

    def give_room(self, moved: AbstractSet[str]) -> None:
        """Cover what waited where buyers owe less than before, every other week and at last."""
        self.moved |= moved
        days = (self.clock.day - self.from_on).days
        if days % self.habits.insurer["room_each_days"] and self.clock.day < self.to_on:
            return
        with cursor() as cur:
            cur.execute(WAITING.encode(), (self.scheme, sorted(self.moved)))
            waiting = [buyer for (buyer,) in cur.fetchall()]
        self.moved.clear()
        if waiting:
            limits.give_room(
                scheme=self.scheme, buyers=waiting, terms=self.cover_terms, at=self.clock.now()
            )

    def cut_a_limit(self, stopped: Collection[str]) -> None:
        """Cut, once, the limit of the buyer with the most debts, of those who pay."""
        on, figures = self.clock.day, self.habits.insurer
        if self.cut or on < self.from_on + timedelta(days=figures["cut_on_day"]):
            return
        with cursor() as cur:
            cur.execute(BUSIEST.encode(), (sorted(stopped),))
            found = cur.fetchone()
        if found is None:
            return
        self.cut, buyer = found
        currency = self.cover_terms[0].buyer_limit.currency
        limits.set_limit(
            id=f"season-{self.seed}-cut", scheme=self.scheme, buyer=buyer, told_on=on,
            amount=Money(figures["cut_to"] * 10 ** MINOR_DIGITS[currency], currency),
            because=figures["cut_because"], at=self.clock.now(),
        )  # fmt: skip

    def bill(self) -> None:
        """Bill premium at the end of each quarter."""
        on, step = self.clock.day, timedelta(days=self.habits.step_days)
        for days in self.habits.insurer["bill_days"]:
            if on - step < self.from_on + timedelta(days=days) <= on:
                bill(
                    scheme=self.scheme, terms=self.premium_terms, cover=self.cover_terms, on=on,
                    at=self.clock.now(),
                )  # fmt: skip


def key_of(offer: OfferedTrade, secret: bytes) -> str:
    """Return the key under which the books know a merchant: that of a person is a secret."""
    is_firm = offer.name.partition("/")[0] == offer.seller
    return offer.seller if is_firm else person_key(secret, offer.seller)
