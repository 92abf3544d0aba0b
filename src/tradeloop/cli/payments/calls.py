"""What the keeping commands of `tradeloop payments` do: words become calls, answers sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from tradeloop.cli import exits
from tradeloop.cli.money_says import amount_of, tell_paid
from tradeloop.cli.screen import fail
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money
from tradeloop.settlement.collections import CollectionsUnreadable, payments_of
from tradeloop.settlement.facts import Booked, Matching, TakenIn, Waiting
from tradeloop.settlement.xml import BYTES_MAX
from tradeloop.site.opened import opened

SHOWN_MAX = 200


@contextmanager
def settlement(home: Path | None) -> Iterator[None]:
    """Open the home; what the verbs refuse is one sentence and exit code 2."""
    with opened(home):
        from tradeloop.receivables.actions import (  # noqa: PLC0415 - Django is set up now
            REFUSED as OF_RECEIVABLES,
        )
        from tradeloop.settlement.actions import REFUSED  # noqa: PLC0415 - the same

        try:
            yield
        except (*REFUSED, *OF_RECEIVABLES, MoveNotAllowed) as error:
            raise fail(str(error)) from None
        except UnicodeEncodeError:
            raise fail("A word of the call is no UTF-8. Write it anew.") from None


def add_account(number: str, owner: str, *, home: Path | None, now: datetime) -> None:
    """Say whose account it is."""
    with settlement(home):
        from tradeloop.settlement import actions  # noqa: PLC0415 - Django is set up now

        is_new = actions.add_account(account=number, owner=owner, at=now)
    typer.echo(f"Account {number} {'belongs' if is_new else 'belonged before'} to {owner}.")


def list_accounts(*, home: Path | None, as_json: bool) -> None:
    """List the accounts."""
    with settlement(home):
        from tradeloop.settlement import queries  # noqa: PLC0415 - Django is set up now

        found = queries.accounts()
    if as_json:
        lines = [{"account": number, "owner": owner} for number, owner in found]
        typer.echo(json.dumps({"accounts": lines}, ensure_ascii=False))
        return
    for number, owner in found:
        typer.echo(f"{number}  {owner}")


def take_in(
    files: Sequence[Path], *, charges: Sequence[str], home: Path | None, as_json: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Take in files, then match what is open."""
    bounds = {money.currency: money.minor for money in map(_bound, charges)}
    given: list[tuple[str, bytes]] = []
    failed: list[str] = []
    for file in files:
        try:
            with file.open("rb") as stream:
                given.append((file.name, stream.read(BYTES_MAX + 1)))
        except OSError as error:
            failed.append(f"{file}: {error.strerror}. Name a file that can be read.")
    taken: list[TakenIn] = []
    with settlement(home):
        from tradeloop.settlement import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.settlement.taken import BankFileUnreadable  # noqa: PLC0415 - the same

        for name, data in given:
            try:
                taken.append(actions.take_in_bank_file(data=data, name=name, at=now))
            except BankFileUnreadable as error:
                failed.append(str(error))
        matched = actions.match_open(at=now, charges_max_minor=bounds)
    if as_json:
        typer.echo(json.dumps(_taken_json(taken, matched), ensure_ascii=False))
    else:
        _tell_taken(taken, matched)
    for sentence in failed:
        typer.echo(sentence, err=True)
    if failed:
        raise typer.Exit(exits.NOTHING_READ)


def show_doubts(seller: str | None, *, home: Path | None, as_json: bool) -> None:
    """List what waits for a person."""
    with settlement(home):
        from tradeloop.settlement import queries  # noqa: PLC0415 - Django is set up now

        found = queries.waiting(seller)
    if as_json:
        lines = [_waiting_json(one) for one in found]
        typer.echo(json.dumps({"waiting": lines}, ensure_ascii=False))
        return
    typer.echo(f"{len(found):,} payments wait for a person.")
    for one in found[:SHOWN_MAX]:
        what = "reversal, " if one.is_reversal else ""
        typer.echo(f"\n{one.payment}")
        typer.echo(f"  {what}{one.left} on {one.paid_on} from {one.payer or 'an unnamed payer'}")
        for text in one.says:
            typer.echo(f"  it says: {text}")
        typer.echo(f"  {one.because}")
        if one.may_pay:
            typer.echo(f"  perhaps: {', '.join(one.may_pay)}")
    if len(found) > SHOWN_MAX:
        typer.echo(f"{len(found) - SHOWN_MAX:,} more; --json gives all.")


def decide(
    payment: str, trades: Sequence[str], *, takes_back: str | None, aside: bool, by: str,
    because: str, home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Keep what a person says of a payment."""
    if sum((bool(trades), takes_back is not None, aside)) != 1:
        raise fail("Say one thing: the trades it is for, or --takes-back PAYMENT, or --aside.")
    made: Sequence[Booked] = ()
    with settlement(home):
        from tradeloop.settlement import actions  # noqa: PLC0415 - Django is set up now

        said: dict[str, Any] = {"by": by, "because": because, "at": now}
        if trades:
            made = actions.decide(payment=payment, trades=trades, **said)
        elif takes_back is not None:
            actions.take_back(reversal=payment, payment=takes_back, **said)
        else:
            actions.set_aside(payment=payment, **said)
    if as_json:
        lines = [_booked_json(one) for one in made]
        typer.echo(json.dumps({"payment": payment, "booked": lines}, ensure_ascii=False))
        return
    for one in made:
        typer.echo(f"{one.amount} booked for {one.trade} (as {one.booked_as})")
    if takes_back is not None:
        typer.echo(f"{takes_back} is taken back; what it cleared is owed again.")
    elif aside:
        typer.echo(f"{payment} pays nothing that is owed here.")


def add(file: Path, *, home: Path | None, as_json: bool, now: datetime) -> None:
    """Enter the payments of a table."""
    try:
        lines = payments_of(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise fail(f"{file}: {error.strerror}. Name a file that can be read.") from None
    except UnicodeDecodeError:
        raise fail(f"{file}: it is not UTF-8. Save it as CSV in UTF-8.") from None
    except CollectionsUnreadable as error:
        raise fail(f"{file}: {error}") from None
    with settlement(home):
        from tradeloop.receivables import actions  # noqa: PLC0415 - Django is set up now

        answers = actions.pay(payments=lines, at=now)
    tell_paid(answers, as_json=as_json)


def _bound(text: str) -> Money:
    amount, _, currency = text.partition(":")
    return amount_of(amount, currency)


def _tell_taken(taken: Sequence[TakenIn], matched: Matching) -> None:
    for one in taken:
        before = "" if one.is_new else " (taken in before)"
        typer.echo(
            f"{one.name}: {one.payments:,} payments, {one.repeated:,} told before, "
            f"{one.not_booked:,} not booked yet{before}."
        )
        for sentence in one.noticed:
            typer.echo(f"  {sentence}")
    for match in matched.booked[:SHOWN_MAX]:
        differed = f"; {', '.join(match.differed)} not" if match.differed else ""
        typer.echo(f"{match.amount} for {match.trade}: {', '.join(match.agreed)} agreed{differed}")
    typer.echo(
        f"{len(matched.booked):,} matches booked, {matched.waiting:,} payments wait for a person"
        + (": see `payments doubts`." if matched.waiting else ".")
    )


def _taken_json(taken: Sequence[TakenIn], matched: Matching) -> dict[str, Any]:
    return {
        "files": [
            {
                "name": one.name, "digest": one.digest, "is_new": one.is_new,
                "payments": one.payments, "repeated": one.repeated, "not_booked": one.not_booked,
                "noticed": one.noticed,
            }
            for one in taken
        ],
        "booked": [_booked_json(one) for one in matched.booked],
        "waiting": matched.waiting,
    }  # fmt: skip


def _booked_json(one: Booked) -> dict[str, Any]:
    return {
        "payment": one.payment, "trade": one.trade, "minor": one.amount.minor,
        "currency": one.amount.currency, "charge_minor": one.charge.minor, "agreed": one.agreed,
        "differed": one.differed, "booked_as": one.booked_as, "by": one.by,
    }  # fmt: skip


def _waiting_json(one: Waiting) -> dict[str, Any]:
    return {
        "payment": one.payment, "account": one.account, "seller": one.seller,
        "paid_on": one.paid_on and one.paid_on.isoformat(), "left_minor": one.left.minor,
        "currency": one.left.currency, "is_reversal": one.is_reversal, "payer": one.payer,
        "says": one.says, "because": one.because, "may_pay": one.may_pay,
    }  # fmt: skip
