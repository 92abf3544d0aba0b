"""What all commands say in the same way: progress and errors go to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tradeloop.cli import exits

if TYPE_CHECKING:
    from tradeloop.trades.actions import Watch

WEIGHT_STYLES = {"refuse": "red", "review": "yellow", "note": "dim"}
GRADE_STYLES = {"proven": "green", "incomplete": "yellow", "contradicted": "red"}


def console() -> Console:
    """Return the console for results; wide where the output is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 120, highlight=False, soft_wrap=False)


def fail(message: str, code: int = exits.NOTHING_READ) -> typer.Exit:
    """Say what went wrong on standard error; return what the command is to raise."""
    typer.echo(message, err=True)
    return typer.Exit(code)


def broken(error: Exception) -> typer.Exit:
    """Say what the disk or the file system refused; return what the command is to raise."""
    if isinstance(error, FileNotFoundError) and error.filename:
        return fail(f"{error.filename}: {error.strerror}. Check the path.")
    if isinstance(error, FileNotFoundError) or not isinstance(error, OSError):
        code = exits.NOTHING_READ if isinstance(error, FileNotFoundError) else exits.NO_ROOM
        return fail(str(error), code)
    where = f"{error.filename}: " if error.filename else ""
    return fail(f"{where}{error.strerror or error}. Name a place that can be used.", exits.NO_ROOM)


@contextmanager
def watching() -> Iterator[Watch]:
    """Show how far reading and judging are, on a terminal only."""
    from tradeloop.trades.actions import Watch  # noqa: PLC0415 - only who judges needs the judge

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with bar:
        reading = bar.add_task("reading files", total=None)
        judging = bar.add_task("asking questions", total=None, visible=False)
        yield Watch(
            gathered=lambda count: bar.update(reading, total=count),
            read=lambda count: bar.advance(reading, count),
            asked=lambda name: bar.update(
                judging, advance=1, visible=True, description=f"asking {name}"
            ),
        )
