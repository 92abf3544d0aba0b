"""Who pays what and when: a part, late, in instalments, or never."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tradeloop.economy.papers.credit.goods import CENT
from tradeloop.economy.papers.credit.run import Run, number_of
from tradeloop.economy.papers.dice import between, pick, steps, weighed
from tradeloop.economy.papers.paper import Paper

HABITS = ("none", "part", "instalments", "late")
PART_PERCENT = (15, 60)


def instalments(  # noqa: PLR0913 - whole numbers of three kinds, all by name
    r: Random, habits: Mapping[str, Any], *, amount: int, from_day: int, due: int, last_day: int
) -> list[tuple[int, int]]:
    """Return the days and amounts of what was paid: never all, for something is still owed."""
    habit = HABITS[weighed(r, steps([habits["paid"][name] for name in HABITS]))]
    if habit == "none":
        return []
    count = between(r, 2, 3) if habit == "instalments" else 1
    late = between(r, 5, 40) if habit == "late" else -between(r, 0, 25)
    day = max(due + late, from_day)
    share = amount * between(r, *PART_PERCENT) // 100 // count // CENT * CENT
    days = [day + turn * between(r, 7, 20) for turn in range(count)]
    return [(one, share) for one in days if one <= last_day and share]


def statement(  # noqa: PLR0913 - one paper's fields
    run: Run,
    trade: int,
    part: int,
    *,
    day: int,
    amount: int,
    currency: str,
    payer: str,
    **fields: str | None,
) -> Paper:
    """Return one payment; `fields` say what it was for and who was paid."""
    head = {
        "ref": number_of(run, "PAY", trade, part + 1),
        "paid_on": day,
        "currency": currency,
        "amount": amount,
        "payer": payer,
    }
    return Paper("statement", head | fields)


def other_spelling(r: Random, name: str) -> str:
    """Return the name as another clerk would write it."""
    ways = (
        name.title(),
        name.replace("., ", " ").replace(".", ""),
        name.replace("CO., LTD", "COMPANY LIMITED"),
        name.replace(" ", "  ").lower(),
    )
    return pick(r, [way for way in ways if way != name])
