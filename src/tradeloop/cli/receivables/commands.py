"""`tradeloop receivables`: who owes whom how much, what was paid, and what was agreed since."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, OnOption, day_of, now

app = typer.Typer(no_args_is_help=True, help="Who owes whom: what is open, late, paid, assigned.")
TradeArgument = Annotated[str, typer.Argument(help="Its name: firm/number.")]
SellerArgument = Annotated[str, typer.Argument(help="The seller's code.")]
BuyerArgument = Annotated[str, typer.Argument(help="The buyer's key, as in buyer:0a1b….")]
AmountArgument = Annotated[str, typer.Argument(help="As people write it: 1234.50.")]
CurrencyArgument = Annotated[str, typer.Argument(help="As in USD.")]
BecauseOption = Annotated[str, typer.Option(help="Kept in the journal.")]


@app.command("list")
def list_(
    seller: Annotated[str | None, typer.Option(help="Only what this one is owed.")] = None,
    buyer: Annotated[str | None, typer.Option(help="Only what this one owes.")] = None,
    late: Annotated[bool, typer.Option("--overdue", help="Only what is past its day.")] = False,
    settled: Annotated[bool, typer.Option("--all", help="What is cleared too.")] = False,
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is owed at the end of a day, the oldest of each seller and buyer first."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.show_owed(
        on=day_of(on), seller=seller, buyer=buyer, late=late, settled=settled, home=home,
        as_json=as_json,
    )  # fmt: skip


@app.command()
def show(
    trade: TradeArgument, on: OnOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Show one receivable: what is open of it, and which payments clear it."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.show_one(trade, on=day_of(on), home=home, as_json=as_json)


@app.command()
def statement(
    seller: SellerArgument,
    buyer: BuyerArgument,
    from_on: Annotated[datetime, typer.Option("--from", **DAY, help="First day.")],
    to_on: Annotated[
        datetime | None, typer.Option("--to", **DAY, help="Last day; default today.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what passed between a seller and a buyer, with the balance after each line."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.show_statement(
        seller, buyer, from_on=from_on.date(), to_on=day_of(to_on), home=home, as_json=as_json
    )


@app.command()
def pay(
    id: Annotated[str, typer.Argument(help="Names the payment for ever; again changes nothing.")],
    seller: SellerArgument,
    buyer: BuyerArgument,
    amount: AmountArgument,
    currency: CurrencyArgument,
    names: Annotated[str | None, typer.Option(help="The trade the buyer says it is for.")] = None,
    as_named: Annotated[
        bool, typer.Option("--as-named", help="That trade first, where the scheme says so.")
    ] = False,
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter one payment: before the loss it clears the oldest debt, after it all pro rata."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.pay(
        id, seller, buyer, amount, currency, names=names, as_named=as_named, on=day_of(on),
        home=home, as_json=as_json, now=now(),
    )  # fmt: skip


@app.command()
def withdraw(
    id: Annotated[str, typer.Argument(help="The payment that the bank took back.")],
    because: BecauseOption = "returned by the bank",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a payment back, as its bank did: what it cleared is owed again."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.withdraw(id, because=because, home=home, as_json=as_json, now=now())


@app.command()
def credit(
    trade: TradeArgument,
    amount: AmountArgument,
    currency: CurrencyArgument,
    kind: Annotated[
        str, typer.Option(help="set-off, goods-returned, price-reduced or bank-charges.")
    ],
    because: Annotated[str, typer.Option(help="Kept in the journal.")],
    id: Annotated[
        UUID | None, typer.Option("--id", help="Your id of it; the same again changes nothing.")
    ] = None,
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let less be owed, though nothing was paid: at most what is open."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.credit(
        trade, amount, currency, kind=kind, because=because, id=id, on=day_of(on), home=home,
        as_json=as_json, now=now(),
    )  # fmt: skip


@app.command()
def extend(
    trade: TradeArgument,
    to: Annotated[datetime, typer.Argument(**DAY, help="The new day to pay.")],
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let the buyer pay later; the first due date stays the reference."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.extend(trade, to.date(), on=day_of(on), home=home, as_json=as_json, now=now())


@app.command()
def assign(
    trades: Annotated[list[str], typer.Argument(help="Their names: firm/number.")],
    to: Annotated[str, typer.Option(help="Who is to be paid, as in bank:NB-1.")],
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let somebody else be paid in the seller's place; all trades or none."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.assign(trades, to, on=day_of(on), home=home, as_json=as_json, now=now())


@app.command()
def release(
    trade: TradeArgument, on: OnOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Let the seller be paid again."""
    from tradeloop.cli.receivables import calls  # noqa: PLC0415 - keeps --help fast

    calls.release(trade, on=day_of(on), home=home, as_json=as_json, now=now())
