"""`tradeloop lake`: the commands of papers that come in over a season, and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import JsonOption, OnOption, Purpose, day_of, now

app = typer.Typer(
    no_args_is_help=True,
    help="Papers that come in over a season: kept, joined and judged as they come.",
)
LakeOption = Annotated[
    Path, typer.Option(envvar="TRADELOOP_LAKE", help="The folder of the lake.", show_default=True)
]


@app.command("add")
def lake_add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders and zip archives.")],
    lake: LakeOption = Path("lake"),
    purpose: Annotated[
        list[Purpose] | None,
        typer.Option(help="What to keep verdicts for; may be given several times."),
    ] = None,
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in papers as one batch, and judge again the trades they touch, and only those.

    Files that are in the lake already change nothing. A batch is in the lake whole or not at all.
    """
    from tradeloop.cli.lake import calls as command  # noqa: PLC0415 - keeps --help fast

    purposes = [one.value for one in dict.fromkeys(purpose or [Purpose.CUSTOMS])]
    command.add(paths, path=lake, purposes=purposes, on=day_of(on), made_at=now(), as_json=as_json)


@app.command("list")
def lake_list(lake: LakeOption = Path("lake"), as_json: JsonOption = False) -> None:
    """List the batches: when each came, its files and records, and the trades it touched."""
    from tradeloop.cli.lake import calls as command  # noqa: PLC0415 - keeps --help fast

    command.show_batches(lake, as_json=as_json)


@app.command("history")
def lake_history(
    trade: Annotated[str, typer.Argument(help="Its name: firm/order number.")],
    lake: LakeOption = Path("lake"),
    as_json: JsonOption = False,
) -> None:
    """Show what became of one trade from batch to batch."""
    from tradeloop.cli.lake import calls as command  # noqa: PLC0415 - keeps --help fast

    command.show_history(trade, lake, as_json=as_json)


@app.command("compact")
def lake_compact(lake: LakeOption = Path("lake")) -> None:
    """Merge the many small files of a lake into few; nothing that they say changes."""
    from tradeloop.cli.lake import calls as command  # noqa: PLC0415 - keeps --help fast

    command.compact(lake, made_at=now())
