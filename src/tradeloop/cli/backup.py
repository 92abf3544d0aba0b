"""`tradeloop backup` and `tradeloop restore`: everything in one file, and everything from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import HomeOption, JsonOption, now

if TYPE_CHECKING:
    from tradeloop.store.archive import Manifest

FileArgument = Annotated[Path, typer.Argument(help="The file of the backup.")]


def backup(
    file: FileArgument,
    home: HomeOption = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Leave the secret keys out.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write everything to one new file: database, lake, keys. Others may work meanwhile.

    With the keys in it the file is as secret as they are. It is written whole or not at all.
    """
    from tradeloop.site.backup import back_up  # noqa: PLC0415 - keeps --help fast

    made = back_up(into=file, home=home, made_at=now(), with_keys=not without_keys)
    if made.has_keys:
        typer.echo(
            f"{file} holds secret keys: who has it can sign in your name. Keep it as you keep "
            "them, or use --without-keys.",
            err=True,
        )
    _show(made, "Backed up", as_json=as_json)


def restore(file: FileArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Make a new home of a backup, and prove that it is what was backed up.

    Only a home that is new or empty is taken (with DATABASE_URL the database must be empty too).
    """
    from tradeloop.site import backup as site  # noqa: PLC0415 - keeps --help fast

    _show(site.restore(file=file, home=home, now=now()), "Restored", as_json=as_json)


def _show(manifest: Manifest, done: str, *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    if as_json:
        typer.echo(json.dumps(asdict(manifest), ensure_ascii=False, indent=2))
        return
    size_bytes = sum(one.size_bytes for one in manifest.members.values())
    typer.echo(
        f"{done}: {sum(manifest.rows.values()):,} rows of {len(manifest.rows)} tables, "
        f"{len(manifest.members):,} members, {size_bytes:,} bytes, as of {manifest.made_at}."
    )
    for name, value in manifest.totals.items():
        typer.echo(f"  {name}: {value}")
