"""What `tradeloop claims list --late` says: which last day passed, and who is awaited."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli.claims.words import home_of
from tradeloop.cli.options import day_of
from tradeloop.cli.screen import console

COLUMNS = ("code", "claim", "trade", "whom", "last_day", "rule", "source", "says", "told_at")


def list_late(*, home: Path | None, as_json: bool) -> None:
    """List last days that passed, as far as somebody is still awaited."""
    with home_of(home):
        from tradeloop.claims.unnoticed import late_now  # noqa: PLC0415 - Django is set up now

        listing(late_now(on=day_of(None)), as_json=as_json)


def listing(found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Say what somebody is late with, the earliest last day first."""
    if as_json:
        lines = [
            {name: None if one[name] is None else str(one[name]) for name in COLUMNS}
            for one in ({**row, "claim": row["claim_id"]} for row in found)
        ]
        typer.echo(json.dumps({"late": lines}, ensure_ascii=False))
        return
    table = Table(title=f"{len(found):,} last days passed", title_justify="left")
    for name in ("of", "last day", "awaited", "from", "says"):
        table.add_column(name, overflow="fold")
    for one in found:
        table.add_row(
            escape(one["claim_id"] or one["trade"]), str(one["last_day"]), one["code"],
            escape(one["whom"]), escape(one["says"]),
        )  # fmt: skip
    console().print(table)
