"""`tradeloop rates`: exchange rates come in from tables, and are shown as they are used."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, now

if TYPE_CHECKING:
    from tradeloop.ledger.rates import Rate

app = typer.Typer(no_args_is_help=True, help="Dated exchange rates with their source.")

COLUMNS = ("id", "on", "per", "base", "rate", "quote", "source", "corrects", "why")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or workbook: date, base, rate, …")],
    source: Annotated[
        str | None, typer.Option(help="Whose rates these are, where the table does not say.")
    ] = None,
    correct: Annotated[
        str | None, typer.Option(help="Why rates that are known otherwise were wrong.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a table of rates: whole or not at all; the same again changes nothing.

    Headings, in any order: date/日期, base/货币, rate/汇率, and if you like quote/报价货币 (else
    CNY), per/单位 (else 1) and source/来源.
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
    with opened(home):
        from tradeloop.ledger.rate_import import (  # noqa: PLC0415 - Django is set up now
            import_rates,
        )
        from tradeloop.ledger.rate_lines import (  # noqa: PLC0415 - the same
            RatesRefused,
            named,
        )

        try:
            done = import_rates(rows=named(rows), at=now(), source=source, correct=correct)
        except RatesRefused as error:
            raise fail(f"{file}: {error}") from None
    for warning in done.warnings:
        typer.echo(f"{file}: {warning}", err=True)
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    typer.echo(
        f"{done.added:,} rates added, {done.corrected:,} corrected, "
        f"{done.known:,} were known already."
    )


@app.command("list")
def list_(
    base: Annotated[str | None, typer.Option(help="Only rates of this currency.")] = None,
    quote: Annotated[str | None, typer.Option(help="Only rates in this currency.")] = None,
    from_on: Annotated[datetime | None, typer.Option("--from", **DAY)] = None,
    to_on: Annotated[datetime | None, typer.Option("--to", **DAY)] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 100,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List rates, newest first, with those that were corrected later."""
    import json  # noqa: PLC0415 - keeps --help fast

    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.ledger.rates import listed, plain  # noqa: PLC0415 - Django is set up now

        found = listed(
            base=base and base.upper(), quote=quote and quote.upper(),
            from_on=from_on.date() if from_on else date.min,
            to_on=to_on.date() if to_on else date.max, limit=limit,
        )  # fmt: skip
        lines = [_as_json(rate, plain(rate.rate)) for rate in found]
    if as_json:
        typer.echo(json.dumps({"rates": lines}, ensure_ascii=False))
        return
    table = Table(title=f"{len(lines):,} rates", title_justify="left")
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in {"id", "per", "rate"} else "left")
    for line in lines:
        table.add_row(*("" if line[name] is None else str(line[name]) for name in COLUMNS))
    console().print(table)


@app.command()
def show(
    base: Annotated[str, typer.Argument(help="From this currency, as in USD …")],
    to: Annotated[str, typer.Argument(help="… to this one, as in CNY.")],
    source: Annotated[str, typer.Option(help="Whose rates count.")],
    on: Annotated[
        datetime | None, typer.Option(**DAY, help="The day whose rate counts; default today.")
    ] = None,
    within: Annotated[
        int, typer.Option(min=0, help="Days before it whose rate will do as well.")
    ] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the rate that a conversion on a day would use: direct, inverse, or through CNY."""
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.kit.money import CurrencyUnknown  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.ledger.rates import NoRate, plain, quoted  # noqa: PLC0415 - Django is set up

        try:
            found = quoted(
                base.upper(), to.upper(), on=(on or now()).date(), source=source,
                age_days_max=within,
            )  # fmt: skip
        except (NoRate, CurrencyUnknown) as error:
            raise fail(str(error)) from None
        steps = [_as_json(rate, plain(rate.rate)) for rate in found.steps]
    ratio = found.ratio
    if as_json:
        exact = {"numerator": str(ratio.numerator), "denominator": str(ratio.denominator)}
        answer = {"rate_id": found.rate_id, **exact, "steps": steps}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    about = ratio.numerator * 10**8 // ratio.denominator
    typer.echo(f"1 {found.base} is about {about // 10**8}.{about % 10**8:08} {found.to}")
    for step in found.steps:
        typer.echo(f"  {step}")


def _as_json(rate: Rate, text: str) -> dict[str, object]:
    return {
        "id": rate.id, "on": rate.on.isoformat(), "base": rate.base, "quote": rate.quote,
        "rate": text, "per": rate.per, "source": rate.source, "corrects": rate.corrects,
        "why": rate.why,
    }  # fmt: skip
