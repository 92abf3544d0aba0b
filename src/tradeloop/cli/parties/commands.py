"""`tradeloop parties`: names compared and screened; the rest of its commands is put in here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import JsonOption, now
from tradeloop.cli.parties import buyers, firms

if TYPE_CHECKING:
    from tradeloop.parties.facts import Hit, Party, Screened

app = typer.Typer(
    no_args_is_help=True, help="Who is who: names, buyers, firms, and whom lists mean."
)
for command in (
    buyers.buyers, buyers.decide, buyers.hits, buyers.clear,
    firms.firm, firms.firms, firms.relate, firms.relations,
):  # fmt: skip
    app.command()(command)

NAME_HEADINGS = ("name", "buyer", "名称", "买方")
COUNTRY_HEADINGS = ("country", "国家")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A name …")],
    second: Annotated[str, typer.Argument(help="… and another.")],
    country: Annotated[
        list[str] | None,
        typer.Option(help="The country of both (DEU), or given twice: of each."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether two names may be one buyer, and why: same, possibly-the-same or different."""
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from tradeloop.parties.facts import Buyer  # noqa: PLC0415 - the same
    from tradeloop.parties.likeness import compare as compared  # noqa: PLC0415 - the same
    from tradeloop.parties.terms import terms_on  # noqa: PLC0415 - the same

    given = [_country(one) for one in country or ()]
    if len(given) > 2:  # noqa: PLR2004 - one for each name
        raise typer.BadParameter("Give one country for both names, or one for each.")
    countries = (given or [None]) * 2
    found = compared(
        Buyer(key="first", names=(first,), country=countries[0]),
        Buyer(key="second", names=(second,), country=countries[1]),
        terms=terms_on(now().date()),
    )
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    typer.echo(f"{found.verdict} ({found.score_bp / 100:.1f} of 100)")
    for reason in found.reasons:
        typer.echo(f"- {reason}")


@app.command()
def screen(
    file: Annotated[Path, typer.Argument(help="Names: CSV or workbook, columns name, country.")],
    by: Annotated[Path, typer.Option("--list", help="The list to look in, of the same shape.")],
    memory: Annotated[
        int, typer.Option(min=200, help="MiB that the engine may hold in memory.")
    ] = 800,
    as_json: JsonOption = False,
) -> None:
    """Look for each name of a file in a list: each hit with its line, its score and its reasons."""
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from tradeloop.parties.screening import screen as screened  # noqa: PLC0415 - the same
    from tradeloop.parties.terms import terms_on  # noqa: PLC0415 - the same

    asked, listed = _parties(file), _parties(by)
    found = screened(asked, listed, terms=terms_on(now().date()), memory_mib=memory)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    _show(found)


def _show(found: Screened) -> None:
    from rich.table import Table  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same

    title = f"{len(found.hits):,} hits for {found.names:,} names in a list of {found.listed:,}"
    table = Table(title=title, title_justify="left")
    for heading in ("line", "name", "listed", "line there", "score", "verdict", "because"):
        table.add_column(heading, justify="right" if "line" in heading else "left")
    for hit in found.hits:
        table.add_row(*_cells(hit))
    console().print(table)
    if found.cut:
        lines = ", ".join(map(str, found.cut[:10])) + (" …" if len(found.cut) > 10 else "")  # noqa: PLR2004 - as many as fit
        typer.echo(
            f"{len(found.cut):,} names are like too many of the list, only the closest were looked "
            f"at: lines {lines}. Give more of these names.",
            err=True,
        )


def _cells(hit: Hit) -> tuple[str, ...]:
    from rich.markup import escape  # noqa: PLC0415 - keeps --help fast

    return (
        str(hit.asked.line), escape(hit.asked.name), escape(hit.listed.name), str(hit.listed.line),
        f"{hit.score_bp / 100:.1f}", hit.verdict.value, escape("; ".join(hit.reasons)),
    )  # fmt: skip


def _parties(path: Path) -> list[Party]:
    """Return the names of a table; its first row must say which column holds them."""
    from tradeloop.cli.screen import fail  # noqa: PLC0415 - keeps --help fast
    from tradeloop.cli.tables import rows_of  # noqa: PLC0415 - the same
    from tradeloop.documents.gather import Unreadable  # noqa: PLC0415 - the same
    from tradeloop.parties.facts import Party  # noqa: PLC0415 - the same

    try:
        rows = rows_of(path)
    except (Unreadable, OSError) as error:
        raise fail(f"{path}: {error}") from None
    headings = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    at = next((n for n, heading in enumerate(headings) if heading in NAME_HEADINGS), None)
    if at is None:
        raise fail(
            f"{path}: no column of names among {', '.join(headings) or 'nothing'}. "
            "Call it name; a column country (DEU) is welcome."
        )
    where = next((n for n, heading in enumerate(headings) if heading in COUNTRY_HEADINGS), None)
    return [
        Party(line=line, name=cells[at], country=_country(_cell(cells, where), path, line))
        for line, cells in rows[1:]
        if _cell(cells, at).strip()
    ]


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _country(text: str, path: Path | None = None, line: int = 0) -> str | None:
    from tradeloop.cli.screen import fail  # noqa: PLC0415 - keeps --help fast
    from tradeloop.kit import codes  # noqa: PLC0415 - the same

    if not text.strip():
        return None
    found = codes.country(text.strip().upper())
    if found is None or found.iso3 is None:
        where = f"{path}, line {line}: " if path else ""
        raise fail(f"{where}{text!r} is no country. Give three letters, as in DEU.")
    return found.iso3
