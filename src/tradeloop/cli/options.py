"""Options that many commands share, and the one place where a clock is read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.kit.calendar import SHANGHAI

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The folder of this installation: database, lake, keys. "
        "Default TRADELOOP_HOME, else your own data folder; DATABASE_URL names another server.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def now() -> datetime:
    """Return the time in Shanghai."""
    return datetime.now(SHANGHAI)
