"""A year in the town, played day by day: sold, covered, paid or not, claimed, shared, billed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tradeloop.cover.terms import CoverTerms, PremiumTerms
from tradeloop.cover.zero_visit import Covering, cover
from tradeloop.economy.season.bank import Bank, account_of
from tradeloop.economy.season.behaviour import (
    Debt,
    Happening,
    Person,
    defaulters,
    person_of,
    plan,
)
from tradeloop.economy.season.claims import Claims, NotTaken
from tradeloop.economy.season.clock import Clock
from tradeloop.economy.season.habits import Habits, habits
from tradeloop.economy.season.insurer import Insurer
from tradeloop.economy.season.money import Till
from tradeloop.economy.season.payout import Payouts
from tradeloop.kit.money import Money
from tradeloop.schemes.load import find, versions
from tradeloop.store.database import cursor
from tradeloop.trades.offers import OfferedTrade

OPENED = """
select trade, seller, buyer, currency, amount_minor, shipped_on, due_on
from receivables_receivable where trade = any(%s) order by arrival
"""
UNINSURED = """
select r.trade from receivables_receivable as r
where r.due_on < %s and r.amount_minor > r.credited_minor + r.paid_minor
    and not exists (select from cover_certificate as c where c.receivable_id = r.id)
order by r.due_on, r.trade collate "C" limit 1
"""


class NothingOffered(ValueError):
    """None of the trades has left the country, so there is no season."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What a season is played with; `told` hears of each day on which things happened."""

    scheme: str
    seed: int
    secret: bytes  # under which identity numbers are kept
    people_key: bytes  # 32 bytes, which seal people's second factors
    habits: Habits = field(default_factory=habits)
    told: Callable[[date], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What is known of a season beside the books."""

    scheme: str
    seed: int
    from_on: date
    to_on: date
    offers: int
    never_left: int
    stopped: int  # buyers who stopped paying
    white: int  # merchants on the white list
    cut: str | None  # a trade of the buyer whose limit was cut
    files: int
    bookings: int
    by_hand: int  # payments on which a person decided
    not_taken: tuple[NotTaken, ...]
    people: Mapping[str, Person]  # by the key of the buyer
    merchants: Mapping[str, str]  # as the names of trades tell of them, by the key of the seller


def live(offers: Sequence[OfferedTrade], given: Season) -> Lived:
    """Play a year from the first shipment on, in the database that is open.

    Args:
        offers: Judged trades, registered for insurance; the season does not judge.
        given: Scheme, seed, keys, habits.

    Raises:
        NothingOffered: No goods have left.
    """
    played = _Played(offers, given)
    for day in played.days():
        played.live(day)
        given.told(day)
    return played.lived()


class _Played:
    """A season in progress."""

    def __init__(self, offers: Sequence[OfferedTrade], given: Season) -> None:
        shipped = [one.shipped_on for one in offers if one.shipped_on]
        if not shipped:
            raise NothingOffered("No goods have left the country yet. Offer trades that were sent.")
        self.given, self.offers = given, offers
        self.from_on = min(shipped)
        self.to_on = self.from_on + timedelta(days=given.habits.year_days)
        self.clock, self.bank = Clock(self.from_on), Bank()
        scheme, seed, habits = given.scheme, given.seed, given.habits
        self.claims = Claims(scheme=scheme, seed=seed, habits=habits, clock=self.clock)
        self.payouts = Payouts(
            scheme=scheme, seed=seed, habits=habits, clock=self.clock, bank=self.bank,
            people_key=given.people_key,
        )  # fmt: skip
        self.till = Till(self.bank, self.clock)
        self.stops = defaulters(offers, given.habits, given.seed)
        self.by_day: dict[date, list[OfferedTrade]] = defaultdict(list)
        for one in offers:
            if one.shipped_on is not None:
                self.by_day[self._told_on(one.shipped_on)].append(one)
        self.named = {one.name: one for one in offers}
        self.coming: dict[date, list[Happening]] = defaultdict(list)
        self.stopped_keys: set[str] = set()
        self.merchants: dict[str, str] = {}
        self.known: dict[str, Person] = {}
        terms = find(scheme)
        self.cover_terms = versions(terms, "cover", into=CoverTerms)
        self.insurer = Insurer(
            scheme=scheme, seed=seed, habits=habits, clock=self.clock, from_on=self.from_on,
            to_on=self.to_on, cover_terms=self.cover_terms,
            premium_terms=versions(terms, "premium", into=PremiumTerms),
        )  # fmt: skip

    def days(self) -> Iterator[date]:
        """Yield the days on which things are told, the last one is the end of the year."""
        on = self.from_on
        while on < self.to_on:
            on = min(on + timedelta(days=self.given.habits.step_days), self.to_on)
            yield on

    def live(self, day: date) -> None:
        """Let all happen that is told on a day."""
        first = self.clock.day == self.from_on
        self.clock.turn(day)
        if first:
            self.insurer.begin(self.offers, self.given.secret)
        self._offer(day)
        moved = self.till.take_in(self.coming.pop(day, []), self.payouts.told())
        self.insurer.cut_a_limit(self.stopped_keys)
        self.insurer.give_room(moved)
        self.payouts.confirm()
        self.claims.tell()
        self.claims.try_what_is_refused(self._uninsured(day))
        self.claims.file()
        self.claims.go_on()
        self.payouts.go_on()
        self.payouts.pursue()
        self.insurer.bill()

    def lived(self) -> Lived:
        """Return what is known beside the books."""
        return Lived(
            scheme=self.given.scheme, seed=self.given.seed, from_on=self.from_on,
            to_on=self.to_on, offers=len(self.offers),
            never_left=sum(one.shipped_on is None for one in self.offers),
            stopped=len(self.stops), white=self.insurer.white, cut=self.insurer.cut,
            files=self.bank.files,            bookings=self.bank.booked, by_hand=self.till.by_hand,
            not_taken=tuple(self.claims.not_taken), people=self.known, merchants=self.merchants,
        )  # fmt: skip

    def _told_on(self, on: date) -> date:
        """Return the first day on or after `on` on which things are told, after today."""
        step = self.given.habits.step_days
        done = (self.clock.day - self.from_on).days // step
        number = max(-((self.from_on - on).days // step), done + 1, 1)
        return min(self.from_on + timedelta(days=number * step), self.to_on)

    def _offer(self, day: date) -> None:
        """Offer what left since the last day, and plan what becomes of its debts."""
        leaving = self.by_day.pop(day, [])
        if not leaving:
            return
        cover([leaving], Covering(
            scheme=self.given.scheme, terms=self.cover_terms, on=day, now=self.clock.now,
            secret=self.given.secret, source="a synthetic town",
        ))  # fmt: skip
        with cursor() as cur:
            cur.execute(OPENED.encode(), ([one.name for one in leaving],))
            rows = cur.fetchall()
        for trade, seller, buyer, currency, minor, shipped_on, due_on in rows:
            offer = self.named[trade]
            debt = Debt(
                trade=trade, seller=seller, account=account_of(offer.seller), buyer=buyer,
                person=person_of(offer), amount=Money(minor, currency), shipped_on=shipped_on,
                due_on=due_on,
            )  # fmt: skip
            self.till.open(debt)
            self.known.setdefault(buyer, debt.person)
            self.merchants[seller] = trade.partition("/")[0]
            stops = self.stops.get(debt.person)
            if stops is not None:
                self.stopped_keys.add(buyer)
            for one in plan(debt, self.given.habits, self.given.seed, stops=stops):
                if one.on <= self.to_on:
                    self.coming[self._told_on(one.on)].append(one)

    def _uninsured(self, day: date) -> str | None:
        """Return the oldest debt past its day that nobody insures, if there is one."""
        with cursor() as cur:
            cur.execute(UNINSURED.encode(), (day,))
            return next((trade for (trade,) in cur.fetchall()), None)
