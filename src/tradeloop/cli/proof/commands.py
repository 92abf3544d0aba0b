"""`tradeloop proof`: what the journal's log proves, and what anybody can check by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import HomeOption, JsonOption, now

app = typer.Typer(
    no_args_is_help=True,
    help="Proofs that a fact is in the log, and that nobody changed the log.",
)

KeyOption = Annotated[
    Path | None,
    typer.Option("--key", help="The log's key file; default that of this installation."),
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Write it to this file.")]
HeldOption = Annotated[
    list[Path] | None,
    typer.Option("--held", help="A checkpoint that you kept; may be given several times."),
]


@app.command()
def get(
    entry: Annotated[int, typer.Argument(help="The number that the fact was recorded under.")],
    out: OutOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the proof that a fact is in the log: one file that holds all that is needed."""
    from tradeloop.cli.proof import papers as command  # noqa: PLC0415 - keeps --help fast

    command.get(entry, out=out, home=home, as_json=as_json, at=now())


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A promise, a proof or a consistency proof.")],
    key: KeyOption = None,
    promise: Annotated[
        Path | None, typer.Option("--promise", help="The promise that this proof must keep.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a paper of the log. Works offline; no database is asked. Exit code 2 if it fails."""
    from tradeloop.cli.proof import papers as command  # noqa: PLC0415 - keeps --help fast

    command.verify(file, key=key, promise=promise, home=home, as_json=as_json)


@app.command()
def consistency(
    old: Annotated[Path, typer.Argument(help="The checkpoint that you kept.")],
    new: Annotated[
        Path | None, typer.Argument(help="A later checkpoint; default the latest.")
    ] = None,
    out: OutOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the proof that the log has only grown since a checkpoint. Exit code 2 if it has not."""
    from tradeloop.cli.proof import papers as command  # noqa: PLC0415 - keeps --help fast

    command.consistency(old, new, out=out, home=home, as_json=as_json)


@app.command()
def checkpoint(out: OutOption = None, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Sign what is new and print the checkpoint. Keep it: nobody can change what it covers."""
    from tradeloop.cli.proof import papers as command  # noqa: PLC0415 - keeps --help fast

    command.checkpoint(out=out, home=home, as_json=as_json, at=now())


@app.command()
def keys(out: OutOption = None, home: HomeOption = None) -> None:
    """Print the log's public keys, for those who check its papers."""
    from tradeloop.cli.proof import papers as command  # noqa: PLC0415 - keeps --help fast

    command.keys(out=out, home=home)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write, JSON lines.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole log to a file that anybody can audit."""
    from tradeloop.cli.proof import log as command  # noqa: PLC0415 - keeps --help fast

    command.export(file, home=home, as_json=as_json)


@app.command()
def audit(
    file: Annotated[
        Path | None, typer.Argument(help="An exported log; default the database.")
    ] = None,
    key: KeyOption = None,
    held: HeldOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute the log and tell each damage by name. Exit code 2 if there is any."""
    from tradeloop.cli.proof import log as command  # noqa: PLC0415 - keeps --help fast

    command.audit(file, key=key, held=held or [], home=home, as_json=as_json)
