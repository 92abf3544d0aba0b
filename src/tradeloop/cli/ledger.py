"""`tradeloop ledger`: what every account comes to, what happened on one, and posting by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, now

if TYPE_CHECKING:
    from tradeloop.ledger.facts import Balance, Entry, Statement

app = typer.Typer(no_args_is_help=True, help="Who owes what, on any day.")

OnOption = Annotated[
    datetime | None, typer.Option("--on", **DAY, help="As of this day; default today.")
]


@app.command("trial-balance")
def trial_balance(
    on: OnOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """List every account; in each currency the debits equal the credits.

    Ends with 2 if they do not, or if a kept sum differs from its postings.
    """
    from tradeloop.cli.screen import fail  # noqa: PLC0415 - keeps --help fast
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.ledger import queries  # noqa: PLC0415 - Django is set up now

        found = queries.trial_balance(on=(on or now()).date())
        different = queries.different_sums()
    _show(found.balances, f"Trial balance on {found.on}", found.on, as_json=as_json)
    if not found.is_even or different:
        raise fail(
            f"The books are not even, or {len(different)} sums differ from their postings "
            f"{[f'{name} {day}' for name, day in different[:3]]}: somebody changed the tables by "
            "hand. Restore them from the backup, and compare the journal."
        )


@app.command()
def balances(
    prefix: Annotated[str, typer.Argument(help="What names begin with, as in nb-bank:")] = "",
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the accounts whose names begin with PREFIX."""
    from tradeloop.site.opened import opened  # noqa: PLC0415 - keeps --help fast

    day = (on or now()).date()
    with opened(home):
        from tradeloop.ledger import queries  # noqa: PLC0415 - Django is set up now

        found = queries.balances(prefix, on=day)
    _show(found, f"Accounts {prefix}… on {day}" if prefix else f"Accounts on {day}", day,
          as_json=as_json)  # fmt: skip


@app.command()
def statement(
    account: Annotated[str, typer.Argument(help="owner:what or owner:what:detail")],
    from_on: Annotated[datetime, typer.Option("--from", **DAY, help="First day.")],
    to_on: Annotated[
        datetime | None, typer.Option("--to", **DAY, help="Last day; default today.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what happened on one account, with the balance after each movement."""
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    with opened(home):
        from tradeloop.ledger import queries  # noqa: PLC0415 - Django is set up now
        from tradeloop.ledger.facts import AccountMalformed  # noqa: PLC0415 - the same

        try:
            found = queries.statement(
                account, from_on=from_on.date(), to_on=(to_on or now()).date()
            )
        except (AccountMalformed, queries.PeriodBackwards) as error:
            raise fail(str(error)) from None
    if as_json:
        statements = [_statement_as_json(one) for one in found]
        typer.echo(json.dumps({"account": account, "statements": statements}, ensure_ascii=False))
        return
    if not found:
        typer.echo(f"Nothing was posted to {account} up to that day.")
    for one in found:
        _show_statement(one)


@app.command()
def post(
    file: Annotated[Path, typer.Argument(help="JSON lines, an entry each.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Post entries by hand: all of a file or none, each at most once.

    A line is {"key", "on", "why", "postings": [{"debit", "credit", "currency", "minor"}]}, and
    "reverses" with the key of an entry that it takes back.
    """
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.cli.screen import fail  # noqa: PLC0415 - the same
    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    try:
        entries = _read(file)
    except (OSError, ValueError) as error:
        raise fail(f"{file}: {error}") from None
    if not entries:
        raise fail(f"{file} has no entry. Write one on each line, or name the file that has them.")
    with opened(home):
        from tradeloop.ledger.actions import (  # noqa: PLC0415 - Django is set up now
            PostingRefused,
        )
        from tradeloop.ledger.actions import post as post_entries  # noqa: PLC0415 - the same

        try:
            posted = post_entries(entries=entries, at=now())
        except PostingRefused as error:
            raise fail(f"{file}: {error} Nothing was posted.") from None
    new = sum(one.is_new for one in posted)
    if as_json:
        typer.echo(json.dumps({"posted": new, "repeated": len(posted) - new}))
    else:
        typer.echo(f"{new:,} entries posted, {len(posted) - new:,} were in the books already.")


def _read(file: Path) -> list[Entry]:
    """Return the entries of a file.

    Raises:
        ValueError: A line is none; the message names it.
    """
    import json  # noqa: PLC0415 - keeps --help fast

    from tradeloop.ledger.wire import entry_of  # noqa: PLC0415 - the same

    entries = []
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), 1):
        try:
            if line.strip():
                entries.append(entry_of(json.loads(line)))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"line {number}: {error} Nothing was posted.") from None
    return entries


def _show(found: Iterable[Balance], title: str, on: date, *, as_json: bool) -> None:
    import json  # noqa: PLC0415 - keeps --help fast

    from rich.markup import escape  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same

    if as_json:
        lines = [
            {
                "account": one.account,
                "currency": one.debit.currency,
                "debit_minor": str(one.debit.minor),
                "credit_minor": str(one.credit.minor),
                "balance_minor": str(one.balance.minor),
            }
            for one in found
        ]
        typer.echo(json.dumps({"on": on.isoformat(), "balances": lines}, ensure_ascii=False))
        return
    table = Table(title=escape(title), title_justify="left")
    table.add_column("account", overflow="fold")
    for name in ("debit", "credit", "balance"):
        table.add_column(name, justify="right")
    for one in found:
        table.add_row(escape(one.account), str(one.debit), str(one.credit), str(one.balance))
    console().print(table)


def _show_statement(one: Statement) -> None:
    from rich.markup import escape  # noqa: PLC0415 - keeps --help fast
    from rich.table import Table  # noqa: PLC0415 - the same

    from tradeloop.cli.screen import console  # noqa: PLC0415 - the same

    title = f"{one.account}, {one.from_on} to {one.to_on}; * posted on a later day"
    table = Table(title=escape(title), title_justify="left")
    for name in ("on", "entry", "with", "why"):
        table.add_column(name, overflow="fold")
    for name in ("amount", "balance"):
        table.add_column(name, justify="right")
    table.add_row(str(one.from_on), "", "", "opening", "", str(one.opening))
    for each in one.movements:
        day = f"{each.on}{'*' if each.is_backdated else ''}"
        undone = f" (undone by {each.reversed_by})" if each.reversed_by else ""
        undone += f" (undoes {each.reverses})" if each.reverses else ""
        table.add_row(
            day, escape(each.key), escape(each.other), escape(f"{each.why}{undone}"),
            str(each.amount), str(each.balance),
        )  # fmt: skip
    table.add_row(str(one.to_on), "", "", "closing", "", str(one.closing))
    console().print(table)


def _statement_as_json(one: Statement) -> dict[str, object]:
    return {
        "currency": one.opening.currency,
        "opening_minor": str(one.opening.minor),
        "movements": [
            {
                "on": each.on.isoformat(), "posted_at": each.posted_at.isoformat(),
                "is_backdated": each.is_backdated, "key": each.key, "why": each.why,
                "other": each.other, "amount_minor": str(each.amount.minor),
                "balance_minor": str(each.balance.minor), "reverses": each.reverses,
                "reversed_by": each.reversed_by,
            }
            for each in one.movements
        ],
        "closing_minor": str(one.closing.minor),
    }  # fmt: skip
