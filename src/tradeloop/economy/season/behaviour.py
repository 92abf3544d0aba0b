"""Who pays when: each debt has a plan, from the seed and its name alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tradeloop.economy.papers.dice import dice
from tradeloop.economy.season.habits import PERCENT, Habits, happens, of_weight, within
from tradeloop.kit.money import Money
from tradeloop.trades.offers import OfferedTrade

Person = tuple[str, str]
"""A buyer as papers tell of it: name and country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What one buyer owes for one trade, as it was opened."""

    trade: str
    seller: str  # its key; that of a person is another in each home
    account: str  # of the seller
    buyer: str  # its key, which is another in each home
    person: Person
    amount: Money
    shipped_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """Money that a buyer sends; `kept` is what banks on the way keep of it."""

    id: str
    debt: Debt
    on: date
    amount: Money
    kept: Money
    payer: str
    is_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Goods that come back: so much less is owed."""

    debt: Debt
    on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """Another day to pay that seller and buyer agreed on."""

    debt: Debt
    on: date
    to_date: date


Happening = Paying | Returned | Extended


def defaulters(offers: Sequence[OfferedTrade], habits: Habits, seed: int) -> Mapping[Person, date]:
    """Return from when on some of the buyers pay nothing any more: a share, and not too few.

    Those whose first goods left early are taken: what they owe is due within the year.
    """
    first: dict[Person, date] = {}
    shipped = [one.shipped_on for one in offers if one.shipped_on]
    for one in offers:
        if one.shipped_on and one.buyer_name and one.verified_minor > 0:
            person = person_of(one)
            first[person] = min(one.shipped_on, first.get(person, one.shipped_on))
    until = min(shipped, default=date.max) + timedelta(days=habits.buyers["early_days"])
    early = sorted(
        (person for person, on in first.items() if on <= until),
        key=lambda person: (dice(seed, "defaults", *person).random(), person),
    )
    share = round(len(first) * habits.buyers["defaults_percent"] / PERCENT)
    count = max(share, habits.buyers["defaults_at_least"])
    return {
        person: first[person]
        + timedelta(days=within(dice(seed, "stops", *person), habits.buyers["stop_after_days"]))
        for person in early[:count]
    }


def person_of(offer: OfferedTrade) -> Person:
    """Return the buyer of an offer as its paper tells of it."""
    return offer.buyer_name or "", offer.buyer_country or ""


def plan(debt: Debt, habits: Habits, seed: int, *, stops: date | None) -> list[Happening]:
    """Return all that will happen to a debt, in any order.

    A buyer who stops pays nothing from that day on, but for a part of some debts, much later.
    """
    r = dice(seed, "pays", debt.trade)
    found = list(_of_the_way(debt, habits, r))
    if stops is None:
        return found
    kept = [one for one in found if one.on < stops]
    if len(kept) < len(found) and happens(r, habits.buyers["come_back_percent"]):
        share = within(r, habits.buyers["come_back_share"])
        on = debt.due_on + timedelta(days=within(r, habits.buyers["come_back_days"]))
        kept += _pays(debt, habits, r, [(on, _percent(debt.amount, share))], name="back")
    return kept


def _of_the_way(debt: Debt, habits: Habits, r: Random) -> Iterator[Happening]:
    way = of_weight(r, habits.ways)
    on, nothing = debt.due_on, debt.amount - debt.amount
    back = nothing
    if way == "returned":
        back = _percent(debt.amount, within(r, habits.parts["returned_share"]))
        if back.minor:
            yield Returned(debt=debt, on=debt.shipped_on + timedelta(days=10), amount=back)
    elif way == "extended":
        to_date = on + timedelta(days=within(r, habits.parts["extended_by"]))
        yield Extended(debt=debt, on=on - timedelta(days=3), to_date=to_date)
        on = to_date
    elif way == "in-parts":
        first = _percent(debt.amount, within(r, habits.parts["first_share"]))
        second = on + timedelta(days=within(r, habits.paid_after["in-parts"]))
        on += timedelta(days=within(r, habits.paid_after["on-time"]))
        yield from _pays(debt, habits, r, [(on, first), (second, debt.amount - first)])
        return
    after = habits.paid_after.get(way, habits.paid_after["on-time"])
    on += timedelta(days=within(r, after))
    yield from _pays(debt, habits, r, [(on, debt.amount - back)])


def _pays(
    debt: Debt, habits: Habits, r: Random, parts: Sequence[tuple[date, Money]], name: str = "pays"
) -> Iterator[Paying]:
    """Yield payments, none before the goods left; how they look is a matter of chance too."""
    sister = happens(r, habits.buyers["sister_percent"])
    for number, (on, amount) in enumerate(parts, 1):
        kept = amount - amount
        charge = Money(within(r, habits.buyers["charges_minor"]), amount.currency)
        if happens(r, habits.buyers["charges_percent"]) and charge < amount and not sister:
            kept = charge
        is_named = happens(r, habits.buyers["named_percent"])
        if amount.minor:
            yield Paying(
                id=f"{debt.trade} {name} {number}", debt=debt, amount=amount, kept=kept,
                on=max(on, debt.shipped_on + timedelta(days=1)), is_named=is_named,
                payer=_sister_of(debt.person) if sister else debt.person[0],
            )  # fmt: skip


def _sister_of(person: Person) -> str:
    return person[0].replace("BUYER", "SISTER")


def _percent(amount: Money, percent: int) -> Money:
    """Return so many hundredths of an amount, rounded down."""
    return Money(amount.minor * percent // PERCENT, amount.currency)
