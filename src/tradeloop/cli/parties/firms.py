"""The commands of `tradeloop parties` on firms: numbers, roles, and who belongs together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, day_of, now

TOLD_MAX = 20
FromOption = Annotated[
    datetime | None, typer.Option("--from", **DAY, help="First day; default today.")
]


def firm(
    key: Annotated[str, typer.Argument(help="As in names of trades, before the stroke.")],
    name: Annotated[str, typer.Option(help="As its licence writes it.")],
    identifier: Annotated[
        str | None, typer.Option(help="Unified social credit code, or customs code.")
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="merchant, agent, consolidator, insurer, bank, …")
    ] = None,
    ended: Annotated[
        list[str] | None, typer.Option(help="A role that it has no longer from that day.")
    ] = None,
    from_on: FromOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a firm with its number, its name and its roles from a day on."""
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.parties import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.parties.firms import FirmRefused  # noqa: PLC0415 - the same

        try:
            is_new = actions.register_firm(
                key=key, name=name, from_date=day_of(from_on), at=now(), identifier=identifier,
                roles=role or (), ended=ended or (),
            )  # fmt: skip
        except FirmRefused as error:
            raise fail(str(error)) from None
    if as_json:
        typer.echo(json.dumps({"firm": key, "new": is_new}, ensure_ascii=False))
        return
    typer.echo(f"{key} is kept." if is_new else f"{key} is known so: nothing changed.")


def firms(
    on: Annotated[
        datetime | None, typer.Option("--on", **DAY, help="As of this day; default today.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List firms with their numbers, and the roles that they have on a day."""
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.markup import escape  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.parties import known  # noqa: PLC0415 - Django is set up now

        found = known.firms(on=day_of(on))
    if as_json:
        typer.echo(json.dumps({"firms": [asdict(one) for one in found]}, ensure_ascii=False))
        return
    from tradeloop.parties.tokens import shown  # noqa: PLC0415 - the same

    table = Table(title=f"{len(found):,} firms on {day_of(on)}", title_justify="left")
    for column in ("firm", "name", "number", "roles"):
        table.add_column(column, overflow="fold")
    for one in found:
        number = f"{one.identifier_kind} {one.identifier}" if one.identifier else ""
        table.add_row(escape(shown(one.key)), escape(one.name), number, ", ".join(one.roles))
    console().print(table)


def relate(
    a: Annotated[str, typer.Argument(help="The key of a seller or buyer …")],
    b: Annotated[str, typer.Argument(help="… and of another.")],
    because: Annotated[str, typer.Option(help="What they have in common.")],
    source: Annotated[str, typer.Option(help="Who says so.")],
    from_on: FromOption = None,
    to_on: Annotated[
        datetime | None, typer.Option("--to", **DAY, help="Last day; default none.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two parties belong together from a day on; the same with --to ends it."""
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.parties import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.parties.relations import RelationRefused  # noqa: PLC0415 - the same

        try:
            is_new = actions.relate(
                a=a, b=b, from_date=day_of(from_on), to_date=to_on.date() if to_on else None,
                because=because, source=source, at=now(),
            )  # fmt: skip
        except RelationRefused as error:
            raise fail(str(error)) from None
    if as_json:
        typer.echo(json.dumps({"a": a, "b": b, "new": is_new}, ensure_ascii=False))
        return
    typer.echo(f"{a} and {b} belong together" + ("." if is_new else ", as was known."))


def relations(
    file: Annotated[Path, typer.Argument(help="CSV or workbook: a, b, because, from, to, source.")],
    source: Annotated[str, typer.Option(help="Who says so, where lines do not.")] = "",
    from_on: FromOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a table of parties that belong together; the same again changes nothing."""
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.cli.tables import rows_of  # noqa: PLC0415 - the same
    from tradeloop.documents.gather import Unreadable  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    try:
        rows = rows_of(file)
    except (Unreadable, OSError) as error:
        raise fail(f"{file}: {error}") from None
    with opened(home):
        from tradeloop.parties.list_lines import ListRefused  # noqa: PLC0415 - Django is set up
        from tradeloop.parties.relation_lines import (  # noqa: PLC0415 - the same
            import_relations,
        )

        try:
            done = import_relations(table=rows, at=now(), from_date=day_of(from_on), source=source)
        except ListRefused as error:
            raise fail(f"{file}: {error}") from None
    for line in done.refused[:TOLD_MAX]:
        typer.echo(f"{file}: {line}", err=True)
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    typer.echo(
        f"{done.taken:,} relations taken, {done.known:,} were known, "
        f"{len(done.refused):,} lines refused."
    )
