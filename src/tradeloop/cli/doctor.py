"""`tradeloop doctor`: is everything as it should be, and what to do where it is not."""

from __future__ import annotations

import typer

from tradeloop.cli import exits
from tradeloop.cli.options import HomeOption, JsonOption, now

STYLES = {"fine": "green", "warning": "yellow", "wrong": "red"}


def doctor(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Look at this installation: Python, PostgreSQL, disk, keys, lake, journal. Changes nothing.

    Exit code 0 when all is fine or only warnings were seen, 1 when something is wrong.
    """
    from tradeloop.site.doctor import examine  # noqa: PLC0415 - keeps --help fast
    from tradeloop.store.health import Scene, State  # noqa: PLC0415 - the same
    from tradeloop.store.home import Home  # noqa: PLC0415 - the same

    found = examine(Scene(Home.found(home), now))
    wrong = any(one.state == State.WRONG for one in found)
    if as_json:
        import json  # noqa: PLC0415 - the same
        from dataclasses import asdict  # noqa: PLC0415 - the same

        report = {"fine": not wrong, "checks": [asdict(one) for one in found]}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        from rich.markup import escape  # noqa: PLC0415 - the same
        from rich.table import Table  # noqa: PLC0415 - the same

        from tradeloop.cli.screen import console  # noqa: PLC0415 - the same

        table = Table("", "what", "seen", "expected", "what to do")
        for one in found:
            words = (one.what, one.seen, one.expected, one.remedy)
            table.add_row(f"[{STYLES[one.state]}]{one.state}[/]", *map(escape, words))
        console().print(table)
    if wrong:
        raise typer.Exit(exits.WRONG)
