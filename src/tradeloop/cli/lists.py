"""`tradeloop lists`: white, black and other lists come in by version, are shown, and appealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, day_of, now

if TYPE_CHECKING:
    from tradeloop.parties.facts import ListVersion, Standing
    from tradeloop.parties.list_import import Imported

app = typer.Typer(no_args_is_help=True, help="White, black, sanctions and other lists, dated.")

TOLD_MAX = 20
ListOnOption = Annotated[
    datetime | None, typer.Option("--on", **DAY, help="As of this day; default today.")
]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or workbook: subject, value, from, to, …")],
    code: Annotated[str, typer.Option("--list", help="white, black, sunshine, grade, …")],
    from_on: Annotated[
        datetime | None,
        typer.Option("--from", **DAY, help="First day of this version; default today."),
    ] = None,
    to_on: Annotated[
        datetime | None,
        typer.Option("--to", **DAY, help="Last day of lines that say none."),
    ] = None,
    source: Annotated[str, typer.Option(help="Whose list it is, where lines do not say.")] = "",
    screening: Annotated[
        bool,
        typer.Option("--screening", help="Look for buyers on it; black and sanctions always are."),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a list as its next version; the same file again changes nothing.

    Whom it no longer names ends the day before its first day. A line that cannot be read is told
    with its number, and the others are taken. Headings, in any order: subject/统一社会信用代码 or
    name/名称 with country/国家, and if you like number/证件号, value/等级, from/起始日期,
    to/截止日期, source/来源, appeal until/申诉期限.
    """
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
    with opened(home) as found:
        from tradeloop.parties.list_import import import_list  # noqa: PLC0415 - Django is set up
        from tradeloop.parties.list_lines import ListRefused, named  # noqa: PLC0415 - the same
        from tradeloop.parties.memory import SecretChanged  # noqa: PLC0415 - the same
        from tradeloop.registry.fingerprints import key_of  # noqa: PLC0415 - the same

        try:
            cells, odd = named(rows)
            done = import_list(
                code=code, rows=cells, now=now(), secret=key_of(found.keys), source=source,
                from_date=from_on.date() if from_on else None,
                to_date=to_on.date() if to_on else None, screening=screening,
            )  # fmt: skip
        except (ListRefused, SecretChanged) as error:
            raise fail(f"{file}: {error}") from None
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        _tell(done, file, odd)


@app.command()
def show(
    code: Annotated[str | None, typer.Argument(help="The list; none shows all versions.")] = None,
    on: ListOnOption = None,
    history: Annotated[
        bool, typer.Option("--history", help="All periods, not those of one day.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show whom a list names on a day, or which lists and versions there are."""
    from tradeloop.cli.screen import fail  # noqa: PLC0415 - keeps --help fast
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    day = day_of(on)
    with opened(home):
        from tradeloop.parties import queries  # noqa: PLC0415 - Django is set up now

        if code is None:
            _show_versions(queries.list_versions(), as_json=as_json)
            return
        if not queries.list_versions(code):
            known = ", ".join(dict.fromkeys(one.list_code for one in queries.list_versions()))
            raise fail(f"There is no list {code}. Known are {known or 'none: import one'}.")
        found = queries.listings(code) if history else queries.list_on(code, on=day)
    _show(found, f"list {code}" + ("" if history else f" on {day}"), as_json=as_json)


@app.command()
def appeal(
    code: Annotated[str, typer.Argument(help="The list.")],
    subject: Annotated[str, typer.Argument(help="Whom it names, by its key there.")],
    because: Annotated[str, typer.Option(help="Why the entry is wrong, or was found so.")],
    by: Annotated[
        str | None, typer.Option(help="Who appeals, default the subject; or who decides.")
    ] = None,
    upheld: Annotated[
        bool | None,
        typer.Option("--upheld/--rejected", help="Decide the open appeal; upheld ends the entry."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(**DAY, help="With --upheld: the last day that counts; default yesterday."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Note an appeal against an entry of a list, or decide the one that is open.

    An appeal changes nothing until it is decided.
    """
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.parties import appeals  # noqa: PLC0415 - Django is set up now

        try:
            if upheld is None:
                is_new = appeals.appeal(
                    code=code, subject=subject, by=by or subject, because=because, at=now()
                )
            else:
                is_new = appeals.decide_appeal(
                    code=code, subject=subject, upheld=upheld, by=by or "", because=because,
                    at=now(), last=last.date() if last else None,
                )  # fmt: skip
        except (appeals.AppealRefused, appeals.EntryUnknown) as error:
            raise fail(str(error)) from None
    says = "noted" if upheld is None else "upheld" if upheld else "rejected"
    if as_json:
        typer.echo(json.dumps({"list": code, "subject": subject, "appeal": says, "new": is_new}))
        return
    typer.echo(
        f"The appeal of {subject} on list {code} is {says}" + ("." if is_new else " before.")
    )


def _tell(done: Imported, file: Path, odd: Sequence[str]) -> None:
    if odd:
        typer.echo(f"{file}: columns that are not kept: {', '.join(odd)}", err=True)
    for line in (*done.refused, *done.warnings)[:TOLD_MAX]:
        typer.echo(f"{file}: {line}", err=True)
    if (more := len(done.refused) + len(done.warnings) - TOLD_MAX) > 0:
        typer.echo(f"{file}: {more:,} more lines; --json tells all.", err=True)
    if not done.is_new:
        typer.echo(
            f"List {done.list_code} is known so, as version {done.version}: nothing changed."
        )
        return
    typer.echo(
        f"List {done.list_code}, version {done.version}: {done.added:,} entries added, "
        f"{done.kept:,} kept, {done.ended:,} ended, {len(done.refused):,} lines refused; "
        f"{done.hits:,} buyers may be on it."
    )


def _show_versions(found: Sequence[ListVersion], *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.markup import escape  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same

    if as_json:
        lines = [asdict(one) for one in found]
        typer.echo(json.dumps({"versions": lines}, ensure_ascii=False, default=_iso))
        return
    table = Table(title=f"{len(found):,} versions of lists", title_justify="left")
    for name in ("list", "version", "from", "entries", "screening", "source", "imported"):
        table.add_column(name, justify="right" if name in {"version", "entries"} else "left")
    for one in found:
        table.add_row(
            escape(one.list_code), str(one.number), str(one.from_date), f"{one.entries:,}",
            "yes" if one.is_screening else "", escape(one.source), f"{one.imported_at:%Y-%m-%d}",
        )  # fmt: skip
    console().print(table)


def _show(found: Sequence[Standing], title: str, *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.markup import escape  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same
    from tradeloop.parties.tokens import shown  # noqa: PLC0415 - the same

    if as_json:
        lines = [asdict(one) for one in found]
        typer.echo(json.dumps({"entries": lines}, ensure_ascii=False, default=_iso))
        return
    table = Table(title=f"{len(found):,} entries of {title}", title_justify="left")
    for name in ("subject", "name", "value", "from", "to", "source", "appeal"):
        table.add_column(name, overflow="fold")
    for one in found:
        appealed = "" if one.appeal is None else _decided(one.appeal.upheld)
        table.add_row(
            escape(shown(one.subject)), escape(one.name or ""), escape(one.value),
            str(one.from_date), str(one.to_date or ""), escape(one.source), appealed,
        )  # fmt: skip
    console().print(table)


def _decided(upheld: bool | None) -> str:  # noqa: FBT001 - three answers
    return "open" if upheld is None else "upheld" if upheld else "rejected"


def _iso(value: object) -> str:
    from datetime import date  # noqa: PLC0415 - keeps --help fast

    assert isinstance(value, date)  # noqa: S101 - our facts hold nothing else that JSON lacks
    return value.isoformat()
