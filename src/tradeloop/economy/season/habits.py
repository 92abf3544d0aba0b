"""How people of the town behave in a year: the shares and days of `habits.toml`, by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from tradeloop.economy.papers.dice import between, steps, weighed

PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The figures of a season, each table as the file has it."""

    year_days: int
    step_days: int
    white_percent: float
    buyers: Mapping[str, Any]
    ways: Mapping[str, float]
    paid_after: Mapping[str, Sequence[int]]
    parts: Mapping[str, Sequence[int]]
    insurer: Mapping[str, Any]
    claims: Mapping[str, Any]
    refusals: Mapping[str, Mapping[str, str]]


@cache
def habits() -> Habits:
    """Return the habits that come with the town."""
    text = files("tradeloop.economy.season").joinpath("habits.toml").read_text(encoding="utf-8")
    return Habits(**tomllib.loads(text))


def happens(r: Random, percent: float) -> bool:
    """Throw for something that happens so many times in a hundred."""
    return r.random() * PERCENT < percent


def of_weight(r: Random, weights: Mapping[str, float]) -> str:
    """Return one of some names, each as likely as its weight says."""
    return list(weights)[weighed(r, steps(list(weights.values())))]


def within(r: Random, bounds: Sequence[int]) -> int:
    """Return a whole number between two bounds, both inclusive."""
    low, high = bounds
    return between(r, low, high)
