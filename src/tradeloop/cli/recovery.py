"""`tradeloop recovery`: what comes back after a claim is shared to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, day_of, now

app = typer.Typer(
    no_args_is_help=True, help="What comes back after a claim: open, receive, costs, write off."
)
ClaimArgument = Annotated[str, typer.Argument(help="The id of the claim.")]
AmountArgument = Annotated[str, typer.Argument(help="As people write it: 1234.50")]
ByOption = Annotated[str, typer.Option("--by", help="Who enters it.")]
SideOption = Annotated[str, typer.Option("--side", help="insurer or insured: who had the money.")]
IdOption = Annotated[str | None, typer.Option("--id", help="Yours, kept for retries.")]
OnOption = Annotated[datetime | None, typer.Option("--on", **DAY, help="Default today.")]


@app.command("open")
def open_(
    claim: ClaimArgument, by: ByOption, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Begin to pursue the debt of a paid claim: the rights against the buyer go over."""
    with _opened(home):
        from tradeloop.recovery import actions  # noqa: PLC0415 - Django is set up now

        actions.open_pursuit(claim=claim, by=by, at=now())
        _show(claim, as_json=as_json)


@app.command()
def receive(
    claim: ClaimArgument,
    amount: AmountArgument,
    side: SideOption,
    by: ByOption,
    on: OnOption = None,
    id: IdOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in money that came back, and share it."""
    with _opened(home):
        from tradeloop.recovery import actions  # noqa: PLC0415 - Django is set up now

        actions.receive(
            id=id or str(uuid4()), claim=claim, amount=_money(claim, amount), by=by,
            received_on=day_of(on), received_by=side, at=now(),
        )  # fmt: skip
        _show(claim, as_json=as_json)


@app.command()
def sweep(
    by: ByOption,
    claims: Annotated[list[str] | None, typer.Argument(help="Without any, all.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in what buyers paid merchants after their claims were paid."""
    import json  # noqa: PLC0415 - keeps --help fast

    with _opened(home):
        from tradeloop.kit.terms import plain  # noqa: PLC0415 - Django is set up now
        from tradeloop.recovery import actions  # noqa: PLC0415 - the same

        found = actions.sweep(claims=claims or None, by=by, at=now())
        said = {"receipts": plain(found)}
    typer.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{len(found):,} taken in.")


@app.command()
def costs(
    claim: ClaimArgument,
    amount: AmountArgument,
    side: SideOption,
    because: Annotated[str, typer.Option(help="What it was for.")],
    by: ByOption,
    on: OnOption = None,
    id: IdOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter an approved cost that the buyer did not bear."""
    with _opened(home):
        from tradeloop.recovery import actions  # noqa: PLC0415 - Django is set up now

        actions.spend(
            id=id or str(uuid4()), claim=claim, amount=_money(claim, amount), spent_on=day_of(on),
            spent_by=side, because=because, by=by, at=now(),
        )  # fmt: skip
        _show(claim, as_json=as_json)


@app.command("hand-over")
def hand_over(
    claim: ClaimArgument,
    amount: AmountArgument,
    side: SideOption,
    by: ByOption,
    on: OnOption = None,
    id: IdOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter that one side handed on what is the other's."""
    with _opened(home):
        from tradeloop.recovery import actions  # noqa: PLC0415 - Django is set up now

        actions.hand_over(
            id=id or str(uuid4()), claim=claim, from_side=side, amount=_money(claim, amount),
            handed_on=day_of(on), by=by, at=now(),
        )  # fmt: skip
        _show(claim, as_json=as_json)


@app.command("write-off")
def write_off(
    claim: ClaimArgument,
    because: Annotated[str, typer.Option(help="The reason, kept for ever.")],
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Expect nothing more; the claim is closed. Later money revives it."""
    with _opened(home):
        from tradeloop.recovery import actions  # noqa: PLC0415 - Django is set up now

        actions.write_off(claim=claim, because=because, by=by, at=now())
        _show(claim, as_json=as_json)


@app.command()
def show(claim: ClaimArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show what came back, how each receipt was shared, and who owes whom."""
    with _opened(home):
        _show(claim, as_json=as_json)


@contextmanager
def _opened(home: Path | None) -> Iterator[None]:
    from tradeloop.cli.screen import fail  # noqa: PLC0415 - keeps --help fast
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.recovery.actions import REFUSED  # noqa: PLC0415 - Django is set up now

        try:
            yield
        except REFUSED as error:
            raise fail(str(error)) from None


def _money(claim: str, amount: str) -> Any:  # noqa: ANN401 - a Money, whose module loads late
    from tradeloop.cli.registry.says import minor  # noqa: PLC0415 - keeps --help fast
    from tradeloop.kit.money import Money  # noqa: PLC0415 - the same
    from tradeloop.recovery.queries import pursuit  # noqa: PLC0415 - the same

    currency = pursuit(claim).nothing.currency
    return Money(minor(amount, currency), currency)


def _show(claim: str, *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast
    from dataclasses import asdict  # noqa: PLC0415 - the same

    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same
    from tradeloop.kit.money import Money  # noqa: PLC0415 - the same
    from tradeloop.kit.terms import plain  # noqa: PLC0415 - the same
    from tradeloop.recovery import queries  # noqa: PLC0415 - the same

    found, stands = queries.pursuit(claim), queries.position(claim)
    rows = queries.receipts(claim)
    if as_json:
        told = {
            "claim": claim, "state": found.state.value, "pursued": plain(found.pursued),
            "position": plain(stands), "receipts": [json.loads(row["said"]) for row in rows],
        }  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    currency = found.nothing.currency
    typer.echo(
        f"Claim {claim}, {found.state.value}: {found.pursued.paid} paid of a debt of "
        f"{found.pursued.debt}, {found.pursued.covered} of it covered"
    )
    table = Table(title=f"{len(rows):,} receipts", title_justify="left")
    names = ("received", "by", "amount", "costs repaid", "to insurer", "to insured", "hand on by")
    for name in names:
        table.add_column(name, justify="left" if name in {"received", "by"} else "right")
    for row in rows:
        gone = " (taken back)" if row["withdrawn_on"] else ""
        figures = ("amount_minor", "costs_repaid_minor", "to_insurer_minor", "to_insured_minor")
        table.add_row(
            f"{row['received_on']}{gone}", row["received_by"],
            *(str(Money(row[name], currency)) for name in figures), str(row["payover_by"]),
        )  # fmt: skip
    console().print(table)
    for name, amount in asdict(stands).items():
        if name != "insured_owes":
            typer.echo(f"{name.replace('_', ' ')}: {Money(amount['minor'], currency)}")
    who, whom = ("insured", "insurer") if stands.insured_owes.minor >= 0 else ("insurer", "insured")
    size = max(stands.insured_owes, found.nothing - stands.insured_owes)
    typer.echo(f"The {who} owes the {whom} {size}")
