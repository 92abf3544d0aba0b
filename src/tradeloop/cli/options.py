"""Options that many commands share, and the one place where a clock is read."""

from __future__ import annotations

import enum
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

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


def written_day(text: str) -> datetime:
    """Return the day that a word of the call names.

    Raises:
        BadParameter: It is none, or not written year, month, day.
    """
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d")  # noqa: DTZ007 - a day, no moment
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no day. Write year, month and day, as 2026-05-31."
        ) from None


DAY: dict[str, Any] = {"parser": written_day, "metavar": "DAY"}
"""What an option or argument that is a day has in common: `typer.Option("--on", **DAY)`."""
OnOption = Annotated[
    datetime | None, typer.Option("--on", **DAY, help="Judge as of this day; default today.")
]


def now() -> datetime:
    """Return the time in Shanghai."""
    return datetime.now(SHANGHAI)


def day_of(given: datetime | None) -> date:
    """Return the day asked for, or today in Shanghai."""
    return given.date() if given else now().date()
