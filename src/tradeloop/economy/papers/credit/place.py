"""The people, goods and habits of a town that trades on credit, as its file of figures tells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from tradeloop.economy.papers.clock import day_of
from tradeloop.economy.papers.dice import steps
from tradeloop.economy.papers.paper import WHOLE
from tradeloop.economy.papers.town import Firm, credit_code

FORMS_OF_BUYERS = ("TRADING CO., LTD", "IMPORT LLC", "GENERAL STORES", "WHOLESALE S.A.")


@dataclass(frozen=True, slots=True)
class Buyer:
    """A foreign buyer, who shows one identity document."""

    name: str
    country: str
    id_type: str
    id_no: str
    contact: str
    sister: str  # another company of the same people, which sometimes pays


@dataclass(frozen=True, slots=True)
class Ware:
    """A sort of goods, priced in yuan cents, packed in cartons of equal size."""

    name: str
    hs: str  # 10 digits
    unit: str
    cents_min: int
    cents_max: int
    weight: int  # net, of one unit, in 0.00001 kg
    per_carton: int


@dataclass(frozen=True, slots=True)
class CreditTown:
    """All that the trades of such a town draw from."""

    name: str
    starts_on: int  # days since 1970, as all days here
    days: int
    judged_on: date
    last_day: int  # the day before: no paper is younger
    habits: Mapping[str, Any]
    negatives: Mapping[str, float]  # per cent of clean lots
    region: str
    firms: Mapping[str, tuple[Firm, ...]]
    listed: tuple[str, ...]  # the kinds of firms that the firm table knows
    buyers: tuple[tuple[Buyer, ...], ...]  # of each country
    country_steps: tuple[float, ...]
    line_steps: tuple[float, ...]
    offices: tuple[str, ...]
    wares: tuple[Ware, ...]


@cache
def load(name: str) -> CreditTown:
    """Return the town of that name, which must be one of those that trade on credit."""
    path = files("tradeloop.economy.papers").joinpath("towns", f"{name}.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds: Mapping[str, Mapping[str, Any]] = raw["firms"]
    return CreditTown(
        name=name,
        starts_on=day_of(raw["starts_on"]),
        days=raw["days"],
        judged_on=raw["judged_on"],
        last_day=day_of(raw["judged_on"]) - 1,
        habits=raw["habits"],
        negatives=raw["negatives"],
        region=raw["region"],
        firms={
            kind: tuple(firm(raw["region"], row, number) for number in range(1, row["count"] + 1))
            for kind, row in kinds.items()
        },
        listed=tuple(raw["listed"]),
        buyers=tuple(
            tuple(_buyer(name, country, number) for number in range(1, raw["buyers_each"] + 1))
            for country, _ in raw["countries"]
        ),
        country_steps=steps([share for _, share in raw["countries"]]),
        line_steps=steps(raw["habits"]["lines"]),
        offices=tuple(raw["offices"]),
        wares=tuple(_ware(row) for row in raw["goods"]["rows"]),
    )


def firm(region: str, kind: Mapping[str, Any], number: int) -> Firm:
    """Return the firm of that number: `kind` gives its letter and its names."""
    credit = credit_code(region, kind["letter"], number)
    customs = f"{region[:4]}{kind['letter']}{number:05}"
    name = f"{kind['chinese']}{number:04}号({kind['english']} {number:04})"
    return Firm(name, credit, customs, credit)


def _buyer(town: str, country: str, number: int) -> Buyer:
    mark = f"{town[0].upper()}{country}{number:03}"
    form = FORMS_OF_BUYERS[number % len(FORMS_OF_BUYERS)]
    return Buyer(
        name=f"SYNTHETIC BUYER {mark} {form}",
        country=country,
        id_type=("passport", "company register")[number % 2],
        id_no=f"SYN-ID-{mark}",
        contact=f"SYN-CONTACT-{mark}",
        sister=f"SYNTHETIC SISTER {mark} HOLDING",
    )


def _ware(row: list[Any]) -> Ware:
    name, hs, unit, low, high, grams, carton = row
    return Ware(name, hs, unit, round(low * 100), round(high * 100), grams * WHOLE // 1000, carton)
