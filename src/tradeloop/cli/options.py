"""Options that many commands share, and the one place where a clock is read."""

from __future__ import annotations

import enum
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.kit.calendar import SHANGHAI


class Purpose(enum.StrEnum):
    """What the verdict is wanted for; each purpose requires other papers."""

    CUSTOMS = "customs"
    FINANCE = "finance"
    INSURANCE = "insurance"


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The folder of this installation: database, lake, keys. "
        "Default TRADELOOP_HOME, else your own data folder; DATABASE_URL names another server.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
OnOption = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Judge as of this day; default today."),
]


def now() -> datetime:
    """Return the time in Shanghai."""
    return datetime.now(SHANGHAI)


def day_of(given: datetime | None) -> date:
    """Return the day asked for, or today in Shanghai."""
    return given.date() if given else now().date()
