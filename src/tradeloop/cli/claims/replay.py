"""`tradeloop claims replay`: kept calculations are made again, and those that differ are named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from tradeloop.cli import exits
from tradeloop.cli.claims import says
from tradeloop.cli.claims.words import home_of


def replay(claims: Sequence[str] | None, *, home: Path | None, as_json: bool) -> None:
    """Make calculations again; end with 1 if one differs."""
    with home_of(home):
        from tradeloop.claims.replays import replays  # noqa: PLC0415 - Django is set up now

        found = replays(claims)
        says.replayed(found, as_json=as_json)
    if not all(one.is_same for one in found):
        raise typer.Exit(exits.REFUSED)
