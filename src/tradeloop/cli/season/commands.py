"""`tradeloop season`: a year in a synthetic town, and the programme's table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import JsonOption

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="An empty or new folder for the database; default OUT/home."),
]


def season(
    out: Annotated[Path, typer.Option(help="An empty or new folder for papers and results.")],
    trades: Annotated[int, typer.Option(min=1, help="How many trades.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same results.")] = 1,
    town: Annotated[str, typer.Option(help="yiwu, the town that has a scheme.")] = "yiwu",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play a year of a synthetic town: cover, payments, defaults, claims, recoveries, premium.

    Nothing in it is real. Time is played, in a home of its own, which must be empty. Writes
    season.json, certificates.csv, claims.csv, payments.csv, recoveries.csv and decisions.csv.
    """
    from tradeloop.cli.season import run as season_run  # noqa: PLC0415 - keeps --help fast

    season_run.run(town=town, trades=trades, seed=seed, out=out, home=home, as_json=as_json)
