"""`tradeloop work`: does what happens by itself, until it is told to end."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import HomeOption, JsonOption, now

AGAIN_S = 1.0


def work(
    once: Annotated[bool, typer.Option("--once", help="Do what is due, then end.")] = False,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--now", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="With --once: do what is due by this time in Shanghai.",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """React to what happened, do what recurs and what is due; each exactly once.

    Any number of workers may run. Without --once it works until SIGTERM or Ctrl-C. Ends with 2 if
    something failed with --once; it is tried again at the next run after its waiting time.
    """
    if (at is not None or as_json) and not once:
        raise typer.BadParameter("--now and --json go with --once.", param_hint="--once")
    from tradeloop.site.opened import opened  # noqa: PLC0415 - keeps --help fast

    if not once:
        _until_told(home)
        return
    with opened(home) if at is None else opened(home, clock_skew_s_max=None):
        _once(now() if at is None else at.replace(tzinfo=now().tzinfo), as_json=as_json)


def _until_told(home: Path | None) -> None:
    """Work until SIGTERM or Ctrl-C; a database that went away is started again, or waited for."""
    import django.db  # noqa: PLC0415 - keeps --help fast
    import psycopg  # noqa: PLC0415 - the same

    from tradeloop.site.opened import DatabaseLost, opened  # noqa: PLC0415 - the same
    from tradeloop.store.own import ServerUnreachable  # noqa: PLC0415 - the same

    lost = (DatabaseLost, ServerUnreachable, psycopg.OperationalError, django.db.OperationalError)
    has_worked = is_told = False
    while True:
        try:
            with opened(home):
                has_worked, is_told = True, False
                if _work():
                    typer.echo("Ended.", err=True)
                    return
        except lost:
            if not has_worked:
                raise
        if not is_told:
            typer.echo("The database went away; work goes on when it is there again.", err=True)
        is_told = True
        time.sleep(AGAIN_S)


def _work() -> bool:
    """Return whether the worker was told to end; if not, the database went away."""
    from tradeloop.jobs import worker  # noqa: PLC0415 - Django is set up now

    typer.echo("Working. End with Ctrl-C or SIGTERM.", err=True)
    return worker.run(
        clock=now,
        told=lambda one: typer.echo(f"{one.what}: {one.error}; again at {one.retry_at}", err=True),
    )


def _once(at: datetime, *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.jobs.turn import turn  # noqa: PLC0415 - Django is set up now

    done = turn(now=at)
    counts = {
        "reactions": done.reactions.done, "recurring": done.recurring.done, "due": done.due.done,
    }  # fmt: skip
    if as_json:
        failed = [
            {"what": one.what, "error": one.error, "tries": one.tries,
             "retry_at": one.retry_at.isoformat()}
            for one in done.failed
        ]  # fmt: skip
        typer.echo(json.dumps({**counts, "failed": failed}, ensure_ascii=False))
    else:
        said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        typer.echo(f"{said}; {len(done.failed):,} failed.")
    if done.failed:
        raise fail("\n".join(f"{one.what}: {one.error}" for one in done.failed))
