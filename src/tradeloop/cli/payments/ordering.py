"""What `tradeloop payments orders` and its verbs do with the orders to our bank."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli import exits
from tradeloop.cli.payments.calls import settlement
from tradeloop.cli.screen import broken, console, fail
from tradeloop.settlement.facts import Ordered
from tradeloop.settlement.lifecycle import OrderEvent

SHOWN_MAX = 200


def list_orders(*, home: Path | None, as_json: bool) -> None:
    """List payment orders."""
    with settlement(home):
        from tradeloop.settlement import queries  # noqa: PLC0415 - Django is set up now

        found = queries.orders()
    if as_json:
        typer.echo(json.dumps({"orders": [_order_json(one) for one in found]}, ensure_ascii=False))
        return
    table = Table(title=f"{len(found):,} payment orders", title_justify="left")
    for name in ("order", "to", "account", "amount", "for", "state", "file"):
        table.add_column(name, justify="right" if name == "amount" else "left")
    for one in found[-SHOWN_MAX:]:
        row = (str(one.id), one.name, one.account, str(one.amount), one.what_for, one.state.value,
               one.message or "")  # fmt: skip
        table.add_row(*map(escape, row))
    console().print(table)


def send_orders(
    out: Path, *, message: str, debtor: str, account: str, agent: str, execute_on: date, only: str,
    home: Path | None, now: datetime,
) -> None:  # fmt: skip
    """Write what was not sent yet as a file for the bank."""
    if out.exists():
        raise fail(f"{out} is there already, and may be with the bank. Name a new file.")
    with settlement(home):
        from tradeloop.settlement import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.settlement.accounts import without_blanks  # noqa: PLC0415 - the same

        sent = actions.send_orders(
            message=message, debtor=debtor, account=without_blanks(account), agent=agent,
            execute_on=execute_on, only=only, at=now,
        )  # fmt: skip
    for id_, reason in sent.held:
        typer.echo(f"Order {id_} is held: {reason}. See `payments mend-order`.", err=True)
    if sent.content is None:
        typer.echo("No order is to be sent.")
    else:
        try:
            with out.open("xb") as stream:
                stream.write(sent.content)
        except OSError as error:
            typer.echo(f"The same command with another --out writes {message} again.", err=True)
            raise broken(error) from None
        typer.echo(f"{len(sent.orders):,} orders written to {out}. Hand it to your bank, once.")
    if sent.held:
        raise typer.Exit(exits.REFUSED)


def mend_order(
    id: UUID, *, name: str, account: str, agent: str | None, by: str, because: str,
    home: Path | None, now: datetime,
) -> None:  # fmt: skip
    """Correct an order that is held."""
    with settlement(home):
        from tradeloop.settlement import actions  # noqa: PLC0415 - Django is set up now

        one = actions.mend_order(
            id=id, name=name, account=account, agent=agent, by=by,
            because=because, at=now,
        )  # fmt: skip
    typer.echo(f"Order {id} goes to {one.name}, account {one.account}.")


def settle_order(
    id: UUID, event: str, *, by: str, because: str, home: Path | None, now: datetime
) -> None:
    """Say what became of an order."""
    if event not in {OrderEvent.CONFIRM, OrderEvent.REJECT}:
        raise fail(f"{event!r} cannot happen to an order so. Say confirm or reject.")
    with settlement(home):
        from tradeloop.settlement import actions  # noqa: PLC0415 - Django is set up now

        one = actions.settle_order(id=id, event=OrderEvent(event), by=by, because=because, at=now)
    typer.echo(f"Order {id} is {one.state.value}.")


def _order_json(one: Ordered) -> dict[str, Any]:
    return {
        "id": str(one.id), "payee": one.payee, "name": one.name, "account": one.account,
        "agent": one.agent, "minor": one.amount.minor, "currency": one.amount.currency,
        "what_for": one.what_for, "state": one.state.value, "message": one.message,
        "because": one.because,
    }  # fmt: skip
