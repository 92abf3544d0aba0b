"""What the commands of `tradeloop receivables` do: words become one call, its answer a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli.money_says import amount_of, tell_paid
from tradeloop.cli.screen import console, fail
from tradeloop.receivables.facts import Applied, CreditKind, NewPayment, Owed, Part, Statement
from tradeloop.site.opened import opened

SHOWN_MAX = 500


@contextmanager
def receivables(home: Path | None) -> Iterator[None]:
    """Open the home; what the verbs refuse is one sentence and exit code 2."""
    with opened(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        try:
            yield
        except actions.REFUSED as error:
            raise fail(str(error)) from None
        except UnicodeEncodeError:
            raise fail("A word of the call is no UTF-8. Write it anew.") from None


def show_owed(
    *, on: date, seller: str | None, buyer: str | None, late: bool, settled: bool,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """List what is owed."""
    with receivables(home):
        from tradeloop.receivables import queries  # noqa: PLC0415 - Django is set up now

        if late:
            found = queries.overdue(on, seller=seller, buyer=buyer)
        else:
            found = queries.owed(on=on, seller=seller, buyer=buyer, settled=settled)
    if as_json:
        lines = [_owed_json(one) for one in found]
        typer.echo(json.dumps({"on": on.isoformat(), "receivables": lines}, ensure_ascii=False))
        return
    title = f"{len(found):,} receivables {'overdue ' if late else ''}on {on}"
    table = Table(title=title, title_justify="left")
    for name in ("trade", "buyer", "amount", "open", "shipped", "due", "pay to"):
        table.add_column(name, justify="right" if name in {"amount", "open"} else "left")
    for one in found[:SHOWN_MAX]:
        due = f"{one.due_on}" + (f" → {one.extended_to}" if one.extended_to else "")
        row = (one.trade, one.buyer, str(one.amount), str(one.open), str(one.shipped_on), due,
               one.assignee or one.seller)  # fmt: skip
        table.add_row(*map(escape, row))
    console().print(table)
    if len(found) > SHOWN_MAX:
        typer.echo(f"{len(found) - SHOWN_MAX:,} more; --json gives all.")


def show_one(trade: str, *, on: date, home: Path | None, as_json: bool) -> None:
    """Show one receivable with what clears it."""
    with receivables(home):
        from tradeloop.receivables import queries  # noqa: PLC0415 - Django is set up now

        found = queries.owed(on=on, trades=[trade])
        parts = tuple(one for one in queries.applied_to(trade) if one.counts_on <= on)
    if not found:
        raise fail(f"Trade {trade!r} has no receivable on {on}. Write its name as firm/number.")
    (one,) = found
    if as_json:
        clears = [_part_json(part) for part in parts]
        typer.echo(json.dumps({**_owed_json(one), "cleared_by": clears}, ensure_ascii=False))
        return
    typer.echo(f"{one.trade}: {one.open} of {one.amount} is open on {on}.")
    typer.echo(f"Owed by {one.buyer}, shipped {one.shipped_on}, due {one.due_on}"
               + (f", extended to {one.extended_to}" if one.extended_to else "") + ".")  # fmt: skip
    typer.echo(f"To be paid to {one.assignee or one.seller}.")
    for part in parts:
        typer.echo(f"{part.counts_on}  {part.amount}  {part.rule.value}  {part.payment}")


def show_statement(
    seller: str, buyer: str, *, from_on: date, to_on: date, home: Path | None, as_json: bool
) -> None:
    """Show what passed between two."""
    with receivables(home):
        from tradeloop.receivables import queries  # noqa: PLC0415 - Django is set up now

        found = queries.statement(seller=seller, buyer=buyer, from_on=from_on, to_on=to_on)
    if as_json:
        typer.echo(json.dumps({"statements": [_statement_json(one) for one in found]},
                              ensure_ascii=False))  # fmt: skip
        return
    if not found:
        typer.echo(f"Nothing passed between {seller} and {buyer}.")
    for one in found:
        title = f"{one.seller} and {one.buyer}, {one.from_on} to {one.to_on}"
        table = Table(title=escape(title), title_justify="left")
        for name in ("on", "what", "name", "amount", "owed"):
            table.add_column(name, justify="right" if name in {"amount", "owed"} else "left")
        table.add_row(str(one.from_on), "opening", "", "", str(one.opening))
        for each in one.movements:
            row = (str(each.on), each.what, each.name, str(each.amount), str(each.balance))
            table.add_row(*map(escape, row))
        table.add_row(str(one.to_on), "closing", "", "", str(one.closing))
        console().print(table)


def pay(
    id: str, seller: str, buyer: str, amount: str, currency: str, *, names: str | None,
    as_named: bool, on: date, home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Enter one payment."""
    line = NewPayment(
        id=id, seller=seller, buyer=buyer, amount=amount_of(amount, currency), paid_on=on,
        names=names,
    )  # fmt: skip
    rule = Applied.AS_NAMED if as_named else Applied.OLDEST_FIRST
    with receivables(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        answers = actions.pay(payments=[line], at=now, rule=rule)
    tell_paid(answers, as_json=as_json)


def withdraw(id: str, *, because: str, home: Path | None, as_json: bool, now: datetime) -> None:
    """Take a payment back."""
    with receivables(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        moved = actions.withdraw_payment(id=id, because=because, at=now)
    back = -sum(one.minor for one in moved if one.minor < 0)
    _say({"payment": id, "owed_again_minor": back}, f"{id} is taken back; what it cleared is owed "
         "again.", as_json=as_json)  # fmt: skip


def credit(
    trade: str, amount: str, currency: str, *, kind: str, because: str, id: UUID | None, on: date,
    home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Let less be owed."""
    if kind not in list(CreditKind):
        raise fail(f"{kind!r} is no kind of credit. Give one of {', '.join(CreditKind)}.")
    money = amount_of(amount, currency)
    with receivables(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        answer = actions.credit(
            id=id or uuid4(), trade=trade, kind=CreditKind(kind), amount=money, counts_on=on,
            because=because, at=now,
        )  # fmt: skip
    _say(
        {
            "id": str(answer.id), "trade": trade, "is_new": answer.is_new,
            "open_minor": answer.open.minor, "currency": currency,
        },
        f"{answer.open} of {trade} is open now (credit {answer.id}).", as_json=as_json,
    )  # fmt: skip


def extend(
    trade: str, to: date, *, on: date, home: Path | None, as_json: bool, now: datetime
) -> None:
    """Let the buyer pay later."""
    with receivables(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        is_new = actions.extend(trade=trade, to_date=to, agreed_on=on, at=now)
    _say({"trade": trade, "to": to.isoformat(), "is_new": is_new},
         f"{trade} is to be paid by {to}; its first due date stays the reference.",
         as_json=as_json)  # fmt: skip


def assign(
    trades: Sequence[str], to: str, *, on: date, home: Path | None, as_json: bool, now: datetime
) -> None:
    """Let somebody else be paid."""
    with receivables(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        new = actions.assign(trades=trades, assignee=to, from_date=on, at=now)
    _say({"assignee": to, "trades": len(set(trades)), "new": new},
         f"{len(set(trades)):,} trades are to be paid to {to} from {on} on, {new:,} of them new.",
         as_json=as_json)  # fmt: skip


def release(trade: str, *, on: date, home: Path | None, as_json: bool, now: datetime) -> None:
    """Let the seller be paid again."""
    with receivables(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        is_new = actions.release_assignment(trade=trade, released_on=on, at=now)
    _say({"trade": trade, "is_new": is_new}, f"{trade} is to be paid to its seller from {on} on.",
         as_json=as_json)  # fmt: skip


def _say(answer: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else sentence)


def _owed_json(one: Owed) -> dict[str, Any]:
    return {
        "trade": one.trade, "seller": one.seller, "buyer": one.buyer,
        "currency": one.amount.currency, "minor": one.amount.minor, "open_minor": one.open.minor,
        "shipped_on": one.shipped_on.isoformat(), "due_on": one.due_on.isoformat(),
        "extended_to": one.extended_to and one.extended_to.isoformat(), "assignee": one.assignee,
    }  # fmt: skip


def _part_json(one: Part) -> dict[str, Any]:
    return {
        "payment": one.payment, "minor": one.amount.minor, "counts_on": one.counts_on.isoformat(),
        "rule": one.rule.value,
    }  # fmt: skip


def _statement_json(one: Statement) -> dict[str, Any]:
    return {
        "seller": one.seller, "buyer": one.buyer, "currency": one.opening.currency,
        "opening_minor": one.opening.minor, "closing_minor": one.closing.minor,
        "movements": [
            {
                "on": each.on.isoformat(), "what": each.what, "name": each.name,
                "minor": each.amount.minor, "balance_minor": each.balance.minor,
            }
            for each in one.movements
        ],
    }  # fmt: skip
