"""`tradeloop payments`, the part that keeps: bank files, doubts, decisions, accounts and orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, day_of, now

account = typer.Typer(no_args_is_help=True, help="Whose account it is on which money arrives.")
ChargesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--charges-max",
        help="Largest charge of banks that still settles a debt, as in 30:USD; none if not said.",
    ),
]
ByOption = Annotated[str, typer.Option(help="Who decides.")]
BecauseOption = Annotated[str, typer.Option(help="Kept in the journal.")]


@account.command("add")
def account_add(
    number: Annotated[str, typer.Argument(help="IBAN or the bank's own number.")],
    owner: Annotated[str, typer.Argument(help="The seller's code, or insurer:….")],
    home: HomeOption = None,
) -> None:
    """Say whose account it is, so that money on it pays what that seller is owed."""
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.add_account(number, owner, home=home, now=now())


@account.command("list")
def account_list(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the accounts."""
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.list_accounts(home=home, as_json=as_json)


def take_in(
    files: Annotated[list[Path], typer.Argument(help="camt.053 or camt.054, as the bank sent it.")],
    charges: ChargesOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in bank files, once each, and book the payments that say clearly what they pay.

    Exit code 2 when a file could not be read; the others are taken in all the same.
    """
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.take_in(files, charges=charges or (), home=home, as_json=as_json, now=now())


def match(
    charges: ChargesOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Match again what waits: debts, names and accounts may have come since."""
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.take_in([], charges=charges or (), home=home, as_json=as_json, now=now())


def doubts(
    seller: Annotated[str | None, typer.Option(help="Only on accounts of this one.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the payments that wait for a person, with why, and what they may pay."""
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.show_doubts(seller, home=home, as_json=as_json)


def decide(
    payment: Annotated[str, typer.Argument(help="Its id, as `payments doubts` shows it.")],
    by: ByOption,
    trades: Annotated[
        list[str] | None, typer.Argument(help="What it is for: firm/number, in this order.")
    ] = None,
    takes_back: Annotated[
        str | None, typer.Option(help="For a reversal: the payment that it takes back.")
    ] = None,
    aside: Annotated[bool, typer.Option("--aside", help="It pays nothing that is owed.")] = False,
    because: BecauseOption = "decided by a person",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a payment that waits is for; the same again changes nothing."""
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.decide(
        payment, trades or (), takes_back=takes_back, aside=aside, by=by, because=because,
        home=home, as_json=as_json, now=now(),
    )  # fmt: skip


def add(
    file: Annotated[Path, typer.Argument(help="CSV: id, seller, buyer, amount, currency, day.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter payments that no bank file tells of. Exit code 1 if one of them was refused.

    A column names may say which trade the buyer means.
    """
    from tradeloop.cli.payments import calls  # noqa: PLC0415 - keeps --help fast

    calls.add(file, home=home, as_json=as_json, now=now())


def orders(
    out: Annotated[
        Path | None, typer.Option(help="Write those not sent yet into this new file, once.")
    ] = None,
    message: Annotated[
        str | None, typer.Option(help="The file's name for the bank; the same again, same file.")
    ] = None,
    debtor: Annotated[str | None, typer.Option(help="Who pays, as the bank has it.")] = None,
    account: Annotated[str | None, typer.Option(help="From which account.")] = None,
    agent: Annotated[str | None, typer.Option(help="BIC of our bank.")] = None,
    execute_on: Annotated[
        datetime | None, typer.Option("--on", **DAY, help="Default today.")
    ] = None,
    only: Annotated[str, typer.Option(help="What their purpose begins with.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List payment orders; with --out, write those not sent yet as pain.001 for your bank."""
    from tradeloop.cli.payments import ordering  # noqa: PLC0415 - keeps --help fast

    if out is None:
        ordering.list_orders(home=home, as_json=as_json)
        return
    said = {"--message": message, "--debtor": debtor, "--account": account, "--agent": agent}
    if missing := [name for name, text in said.items() if not text]:
        raise typer.BadParameter(f"Give {', '.join(missing)} too.", param_hint="--out")
    ordering.send_orders(
        out, message=message or "", debtor=debtor or "", account=account or "", agent=agent or "",
        execute_on=day_of(execute_on), only=only, home=home, now=now(),
    )  # fmt: skip


def mend_order(
    id: Annotated[UUID, typer.Argument(help="Of the order.")],
    name: Annotated[str, typer.Option(help="The holder's name, as the bank has it.")],
    account: Annotated[str, typer.Option(help="The holder's account.")],
    by: ByOption,
    agent: Annotated[str | None, typer.Option(help="BIC of the holder's bank.")] = None,
    because: BecauseOption = "as the bank has it",
    home: HomeOption = None,
) -> None:
    """Correct name and account of an order that was held, before it is sent."""
    from tradeloop.cli.payments import ordering  # noqa: PLC0415 - keeps --help fast

    ordering.mend_order(
        id, name=name, account=account, agent=agent, by=by, because=because, home=home, now=now()
    )


def settle_order(
    id: Annotated[UUID, typer.Argument(help="Of the order.")],
    event: Annotated[str, typer.Argument(help="confirm or reject.")],
    by: ByOption,
    because: Annotated[str, typer.Option(help="Kept in the journal.")],
    home: HomeOption = None,
) -> None:
    """Say what became of an order where no bank file tells it."""
    from tradeloop.cli.payments import ordering  # noqa: PLC0415 - keeps --help fast

    ordering.settle_order(id, event, by=by, because=because, home=home, now=now())


def add_to(app: typer.Typer) -> None:
    """Add these commands to `tradeloop payments`."""
    app.add_typer(account, name="account")
    commands: dict[str, Callable[..., None]] = {
        "take-in": take_in, "match": match, "doubts": doubts, "decide": decide, "add": add,
        "orders": orders, "mend-order": mend_order, "settle-order": settle_order,
    }  # fmt: skip
    for name, command in commands.items():
        app.command(name)(command)
