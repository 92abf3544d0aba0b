"""`tradeloop generate`: a synthetic town on disk."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from tradeloop.bulk.disk import as_disk_full
from tradeloop.cli.screen import broken, fail
from tradeloop.economy import papers


def run(*, town: str, trades: int, seed: int, faults: float, form: str, out: Path) -> None:
    """Write the town's papers and say what was written."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise fail(f"{out} is not an empty folder. Name a new one, so that no old papers mix in.")
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        task = bar.add_task("making trades", total=trades)
        try:
            made = papers.generate(
                town=town, trades=trades, seed=seed, faults=faults, form=form, into=out,
                progress=lambda count: bar.advance(task, count),
            )  # fmt: skip
        except ValueError as error:
            raise fail(str(error)) from None
        except OSError as error:
            raise broken(as_disk_full(error, out)) from None
    typer.echo(f"{made.trades:,} synthetic trades of {town} in {out}: {made.files:,} files.")
    typer.echo(f"{made.faulty:,} trades have a fault; {out / 'truth.csv'} names them.")
