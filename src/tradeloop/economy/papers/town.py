"""The people and places of a town, as its file of figures gives them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from stdnum.cn import uscc

from tradeloop.economy.papers.dice import dice, steps
from tradeloop.economy.papers.paper import WHOLE

KINDS = {  # the letter that a kind of firm has in its codes, and what its name says
    "sellers": ("A", "合成商户", "Synthetic Seller"),
    "unlisted": ("U", "合成无表商户", "Synthetic Unlisted Seller"),
    "platforms": ("P", "合成平台", "Synthetic Platform"),
    "carriers": ("C", "合成物流", "Synthetic Carrier"),
    "agents": ("D", "合成报关行", "Synthetic Customs Agent"),
    "payers": ("Y", "合成支付", "Synthetic Payment Firm"),
    "depots": ("K", "合成监管场所", "Synthetic Depot"),
    "senders": ("T", "合成申报平台", "Synthetic Sending Firm"),
}


class TownUnknown(ValueError):
    """There is no town of that name."""


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm under both of its codes, and the one that it signs with."""

    name: str
    uscc: str  # 18 places, the last a check digit
    customs_code: str  # 10 places
    code: str  # the one of the two that its papers bear


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel is declared."""

    office: str
    port: str
    depot: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where parcels go and what is paid with there; both in ISO letters and customs digits."""

    iso: str
    customs: str
    currency: str
    currency_customs: str
    cny: int  # yuan for one unit, in 0.00001
    step: int  # smallest price, in 0.00001 of the currency
    share: float


@dataclass(frozen=True, slots=True)
class Good:
    """A sort of goods."""

    number: str
    name: str
    hs: str  # 10 digits
    unit: str
    legal_unit: str
    yuan_min: int
    yuan_max: int
    weight: int  # net, of one unit, in 0.00001 kg


@dataclass(frozen=True, slots=True)
class Town:
    """All that a town's trades draw from."""

    starts_on: date
    days: int
    judged_on: date
    late_plans: date
    habits: Mapping[str, Any]
    negatives: Mapping[str, float]  # per cent of clean trades
    firms: Mapping[str, tuple[Firm, ...]]
    places: tuple[Place, ...]
    destinations: tuple[Destination, ...]
    destination_steps: tuple[float, ...]
    line_steps: tuple[float, ...]
    goods: tuple[Good, ...]


@cache
def load(name: str) -> Town:
    """Return the town of that name.

    Raises:
        TownUnknown: No file of that name; the message lists those that there are.
    """
    folder = files("tradeloop.economy.papers").joinpath("towns")
    known = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())
    if name not in known:
        raise TownUnknown(f"There is no town {name!r}. Choose one of: {', '.join(known)}.")
    raw = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    destinations = tuple(_destination(row) for row in raw["destinations"])
    return Town(
        starts_on=raw["starts_on"],
        days=raw["days"],
        judged_on=raw["judged_on"],
        late_plans=raw["late_plans"],
        habits=raw["habits"],
        negatives=raw["negatives"],
        firms=_firms(name, raw["firms"], raw["habits"]["customs_codes_percent"]),
        places=tuple(Place(**row) for row in raw["places"]),
        destinations=destinations,
        destination_steps=steps([place.share for place in destinations]),
        line_steps=steps(raw["habits"]["lines"]),
        goods=tuple(_good(row, number) for number, row in enumerate(raw["goods"]["rows"], 1)),
    )


def credit_code(region: str, letter: str, number: int) -> str:
    """Return a credit code that has the right form and that no register would give.

    Source:
        GB 32100-2015. The organisation's nine places begin with DEM, which no real one does.
    """
    body = f"91{region}DEM{letter}{number:05}"
    return f"{body}{uscc.calc_check_digit(body)}"


def _firms(
    town: str, counts: Mapping[str, Any], customs_percent: int
) -> Mapping[str, tuple[Firm, ...]]:
    r = dice(town, "firms")
    return {
        kind: tuple(
            _firm(counts["region"], kind, number, by_customs=r.random() * 100 < customs_percent)
            for number in range(1, counts.get(kind, 1) + 1)
        )
        for kind in KINDS
    }


def _firm(region: str, kind: str, number: int, *, by_customs: bool) -> Firm:
    letter, chinese, english = KINDS[kind]
    credit = credit_code(region, letter, number)
    customs = f"{region[:4]}{letter}{number:05}"
    # Only sellers sign with either code: the others' codes are keys of papers and stay as they are.
    code = customs if by_customs and kind == "sellers" else credit
    return Firm(f"{chinese}{number:04}号({english} {number:04})", credit, customs, code)


def _destination(row: Mapping[str, Any]) -> Destination:
    amounts = {key: int(Decimal(row[key]) * WHOLE) for key in ("cny", "step")}
    return Destination(**(dict(row) | amounts))


def _good(row: list[Any], number: int) -> Good:
    name, hs, unit, legal_unit, low, high, grams = row
    return Good(f"SYN-{number:04}", name, hs, unit, legal_unit, low, high, grams * WHOLE // 1000)
