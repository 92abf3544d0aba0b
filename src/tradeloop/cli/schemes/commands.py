"""`tradeloop schemes`: the products as folders of dated terms, and their worked examples."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import DAY, JsonOption, now

app = typer.Typer(
    no_args_is_help=True,
    help="Schemes are folders: dated terms with their source, and worked examples that run.",
)

FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        envvar="TRADELOOP_SCHEMES",
        help="Your own folder of schemes, LINE/CODE/scheme.toml, beside those that come with us.",
    ),
]


@app.command("list")
def list_schemes(folder: FolderOption = None, as_json: JsonOption = False) -> None:
    """List the schemes and the days from which each version of their terms counts."""
    from tradeloop.cli.schemes import run as command  # noqa: PLC0415 - keeps --help fast

    command.show_list(folder, as_json=as_json)


@app.command()
def show(
    scheme: Annotated[str, typer.Argument(help="Its code, such as yiwu-market-procurement.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", **DAY, help="As of this day; default today."),
    ] = None,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every term of a scheme on a day, with its source and the digest of each section."""
    from tradeloop.cli.schemes import run as command  # noqa: PLC0415 - keeps --help fast

    command.show(scheme, folder, (on or now()).date(), as_json=as_json)


@app.command()
def check(
    scheme: Annotated[str | None, typer.Argument(help="Only this one; default all.")] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Run this file of examples instead.")
    ] = None,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read every term and run the worked examples.

    Ends with 1 if an example differs, showing what was expected and what came out, and with 2 if
    a file says something that cannot be used.
    """
    from tradeloop.cli.schemes import run as command  # noqa: PLC0415 - keeps --help fast

    command.check(scheme, cases, folder, as_json=as_json)


@app.command()
def new(
    code: Annotated[str, typer.Argument(help="The new code: small letters, digits, hyphens.")],
    source: Annotated[str, typer.Option("--from", help="The scheme to begin from.")],
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", help="Your folder of schemes, made if need be; default --folder, or schemes."
        ),
    ] = None,
    folder: FolderOption = None,
) -> None:
    """Begin a scheme as a copy of another: terms, examples and README, in a folder of your own."""
    from tradeloop.cli.schemes import run as command  # noqa: PLC0415 - keeps --help fast

    command.new(code, source, into, folder)
