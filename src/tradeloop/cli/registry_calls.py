"""What the commands of `tradeloop registry` do: words become one call, an answer becomes words."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli import exits
from tradeloop.cli.screen import console, fail
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.registry.facts import (
    Answer,
    Ask,
    BookFacts,
    CapacityFacts,
    Change,
    MoveAnswer,
    MoveAsk,
    Taken,
    Value,
)
from tradeloop.site.opened import opened
from tradeloop.store.home import Home

LINE_FIELDS = {
    "id", "paper", "purpose", "holder", "unit", "amount_minor", "expires_at", "at_least_minor",
    "rate",
}  # fmt: skip
HOURS = 72
OPTIONAL = {"at_least_minor", "rate"}
TEXTS = ("id", "paper", "purpose", "holder", "unit", "expires_at")
# A comma that is no thousands separator would make 15 of 1,5.
AMOUNT = re.compile(r"-?(\d{1,20}|\d{1,3}(,\d{3}){1,6})(\.\d{1,9})?", re.ASCII)
FREE_IS_TOLD = {"not-enough", "another-line-refused"}


def hold(
    paper: str, amount: str, unit: str, *, holder: str, purpose: str, at_least: str | None,
    hours: int | None, until: datetime | None, rate: str | None, id: UUID | None, lake: Path | None,
    home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Hold one line."""
    line = Ask(
        id=id or uuid4(), paper=paper, purpose=purpose, holder=holder, unit=unit,
        amount_minor=minor(amount, unit), rate=rate,
        at_least_minor=None if at_least is None else minor(at_least, unit),
        expires_at=until.replace(tzinfo=SHANGHAI) if until else now + timedelta(
            hours=hours or HOURS),
    )  # fmt: skip
    with registry(home) as found:
        from tradeloop.registry import actions, queries  # noqa: PLC0415 - Django is set up now

        # Who repeats a request without a time means the time of the first.
        if id and not (hours or until) and (asked := queries.hold(id)):
            line = replace(line, expires_at=asked.expires_at)
        if lake is not None:
            _register_from(lake, paper, purpose, found, now)
        (answer,) = actions.hold(lines=[line], now=now)
        promised = _promised([answer], found)
    if as_json:
        typer.echo(_json({**_plain(answer), "promise": next(iter(promised), None)}))
    _tell_holds([line], [answer], silent=as_json)


def hold_lines(file: Path, *, whole: bool, home: Path | None, as_json: bool, now: datetime) -> None:
    """Hold the lines of a file of JSON lines, in one call."""
    lines = _lines_of(file)
    with registry(home) as found:
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        answers = actions.hold(lines=lines, now=now, whole=whole)
        promised = _promised(answers, found)
    if as_json:
        said = {"answers": [_plain(one) for one in answers], "promises": promised}
        typer.echo(_json(said))
    _tell_holds(lines, answers, silent=as_json)


def move(
    hold: UUID, event: str, amount: str | None, *, by: str | None, to: str | None,
    id: UUID | None, home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Do one thing to a hold."""
    with registry(home):
        from tradeloop.registry import actions, queries  # noqa: PLC0415 - Django is set up now

        unit = queries.unit_of(hold, by=by) or "units"
        line = MoveAsk(
            id=id or uuid4(), hold=hold, event=event, by=by, to=to,
            amount_minor=None if amount is None else minor(amount, unit),
        )  # fmt: skip
        (answer,) = actions.move(lines=[line], now=now)
    _tell_move(answer, event, unit, as_json=as_json)


def expire(*, home: Path | None, as_json: bool, now: datetime) -> None:
    """Free what ran out."""
    with registry(home):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        total = actions.expire_all(now)
    typer.echo(json.dumps({"expired": total}) if as_json else f"{total:,} holds ran out.")


def open_value(
    paper: str, amount: str, unit: str, *, purpose: str, names: Sequence[str], because: str,
    home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Open a value that no trade proves."""
    value = Value(
        paper=paper, unit=unit, purpose=purpose, amount_minor=minor(amount, unit), names=names
    )
    with registry(home):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        (taken,) = actions.take_in(values=[value], now=now, because=because)
    _tell_taken(taken, unit, as_json=as_json)


def adjust(
    paper: str, amount: str, unit: str, *, purpose: str, because: str, id: UUID | None,
    home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Amend a value."""
    with registry(home):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        done = actions.adjust(
            id=id or uuid4(), paper=paper, purpose=purpose, unit=unit,
            amount_minor=minor(amount, unit), because=because, now=now,
        )  # fmt: skip
    said = ""
    if done.refusal is None:
        said = (
            f"{paper} is {shown(done.amount_minor, unit)} now, {shown(done.free_minor, unit)} free."
        )
        if done.over_minor:
            said += f" {shown(done.over_minor, unit)} more than that is in use: OVER-USED."
    _tell_change(done, said, as_json=as_json)


def freeze(
    paper: str, *, because: str | None, id: UUID | None, home: Path | None, as_json: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Freeze a value, or (no reason) thaw it."""
    with registry(home):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        given = id or uuid4()
        done = (
            actions.thaw(id=given, paper=paper, now=now)
            if because is None
            else actions.freeze(id=given, paper=paper, now=now, because=because)
        )
    _tell_change(done, f"{paper} is {done.state}.", as_json=as_json)


def fold(
    into: str, parts: Sequence[str], *, id: UUID | None, home: Path | None, as_json: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Fold lists into a declaration."""
    with registry(home):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        done = actions.fold(id=id or uuid4(), into=into, parts=parts, now=now)
    _tell_change(done, f"{done.parts} values are part of {into} now.", as_json=as_json)


def show(paper: str, *, viewer: str | None, home: Path | None, as_json: bool) -> None:
    """Show how a value stands."""
    with registry(home):
        from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now

        try:
            found = queries.capacity(paper, viewer=viewer)
        except queries.CapacityUnknown as error:
            raise fail(str(error)) from None
    if as_json:
        books = [{**asdict(one), **_derived(one)} for one in found.books]
        typer.echo(_json({**asdict(found), "books": books}))
        return
    _show(found)


def over_used(*, home: Path | None, as_json: bool) -> None:
    """List what is over-used."""
    with registry(home):
        from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now

        found = queries.over_used()
    if as_json:
        typer.echo(_json({"over_used": [
            {"paper": paper, "unit": unit, **asdict(book), **_derived(book)}
            for paper, unit, book in found
        ]}))  # fmt: skip
    else:
        for paper, unit, book in found:
            typer.echo(
                f"{paper} ({book.purpose}): {shown(book.over_minor, unit)} more is in use than "
                f"there is, since {book.over_used_since}"
            )
        if not found:
            typer.echo("Nothing is over-used.")
    if found:
        raise typer.Exit(exits.REFUSED)


def check(*, home: Path | None, as_json: bool) -> None:
    """Recompute all books."""
    with registry(home):
        from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now

        found = queries.disagreements()
    if as_json:
        typer.echo(_json({"disagreements": [asdict(one) for one in found]}))
    for one in () if as_json else found:
        typer.echo(
            f"{one.paper} ({one.purpose}): the book says {one.book}, the journal {one.journal}, "
            f"the holds {one.holds}"
        )
    if found:
        raise typer.Exit(exits.REFUSED)
    if not as_json:
        typer.echo("Every book is what the journal and the holds add up to.")


@contextmanager
def registry(home: Path | None) -> Iterator[Home]:
    """Open the home; what the world or the caller did wrong becomes one sentence."""
    try:
        with opened(home) as found:
            from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

            try:
                yield found
            except (
                actions.CallUnreadable, actions.ClockWrong, actions.IsolationWrong
            ) as error:  # fmt: skip
                raise fail(str(error)) from None
    except psycopg.OperationalError as error:
        raise fail(f"PostgreSQL: {error}".strip()) from None


def minor(text: str, unit: str) -> int:
    """Return an amount as people write it in minor units; goods are counted in whole units."""
    if not AMOUNT.fullmatch(text):
        raise fail(f"{text!r} is no amount. Write it as 1234.50 or 1,234.50.")
    whole, _, part = text.replace(",", "").partition(".")
    digits, part = MINOR_DIGITS.get(unit, 0), part.rstrip("0")
    if len(part) > digits:
        raise fail(f"{text} {unit} has more than {digits} digits after the point. Round it first.")
    return int(whole + part.ljust(digits, "0"))


def shown(amount: int | None, unit: str) -> str:
    """Return an amount as people read it."""
    if unit in MINOR_DIGITS:
        return str(Money(amount or 0, unit))
    return f"{amount or 0:,} {unit}"


def _register_from(lake: Path, paper: str, purpose: str, home: Home, now: datetime) -> None:
    from tradeloop.cli.register import open_from_lake  # noqa: PLC0415 - only where asked for

    open_from_lake(lake, paper, purpose=purpose, home=home, now=now)


def _lines_of(file: Path) -> list[Ask]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{file}: {error}") from None
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_line_of(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise fail(f"{file}, line {number}: {error}. Nothing was asked.") from None
    return found


def _line_of(given: object) -> Ask:
    if not isinstance(given, dict):
        raise TypeError(f"{given!r} is no object; a line has {', '.join(sorted(LINE_FIELDS))}")
    missing = LINE_FIELDS - OPTIONAL - given.keys()
    unknown = given.keys() - LINE_FIELDS
    if missing or unknown:
        raise ValueError(
            f"check {', '.join(sorted(missing | unknown))}; a line has "
            f"{', '.join(sorted(LINE_FIELDS))}"
        )
    for name in TEXTS:
        if not isinstance(given[name], str):
            raise TypeError(f"{name} is {given[name]!r}; expected a text")
    expires_at = datetime.fromisoformat(given["expires_at"])
    return Ask(**{**given, "id": UUID(given["id"]), "expires_at": expires_at})


def _promised(answers: Sequence[Answer], home: Home) -> list[dict[str, Any]]:
    """Return the signed promise of each fact that the answers stand in; none without the log's key.

    The answers stand whatever becomes of the promises, so they must be told.
    """
    from tradeloop.journal import queries  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal.keys import SecretKeyMissing, signer  # noqa: PLC0415 - the same
    from tradeloop.journal.promise import promise  # noqa: PLC0415 - the same

    by = signer(home.keys)
    if queries.log() not in {None, by.log}:
        return []  # told where the log is fed
    facts = queries.recorded([one.entry_id for one in answers if one.entry_id])
    try:
        return [promise(fact, signer=by) for fact in facts]
    except SecretKeyMissing:
        return []


def _tell_holds(lines: Sequence[Ask], answers: Sequence[Answer], *, silent: bool) -> None:
    for line, answer in zip(lines, answers, strict=True) if not silent else ():
        if answer.refusal:
            free = others = ""
            if answer.refusal in FREE_IS_TOLD:
                free = f" {shown(answer.free_minor, line.unit)} is free"
                others = f", {answer.others} other holds." if answer.others else "."
            typer.echo(f"Refused ({answer.refusal}): {_meaning(answer.refusal)}{free}{others}")
        else:
            typer.echo(
                f"Held: {shown(answer.granted_minor, line.unit)} of {line.paper} for {line.holder} "
                f"until {line.expires_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}, as {answer.id}. "
                f"{shown(answer.free_minor, line.unit)} is left."
            )
        if answer.twins:
            typer.echo(
                f"{answer.twins} values may be the same goods under another number: "
                f"tradeloop registry show {line.paper}"
            )
    if any(answer.refusal for answer in answers):
        raise typer.Exit(exits.REFUSED)


def _tell_move(answer: MoveAnswer, event: str, unit: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(_json(_plain(answer)))
    elif answer.refusal:
        typer.echo(f"Refused ({answer.refusal}): {_meaning(answer.refusal)}")
    else:
        moved = f" {shown(answer.moved_minor, unit)}" if answer.moved_minor else ""
        typer.echo(f"Done: {event}{moved}; the hold is {answer.state}.")
    if answer.refusal:
        raise typer.Exit(exits.REFUSED)


def _tell_taken(taken: Taken, unit: str, *, as_json: bool) -> None:
    good = taken.outcome in {"opened", "adjusted", "unchanged"}
    if as_json:
        typer.echo(_json(asdict(taken)))
    elif good:
        over = f"; {shown(taken.over_minor, unit)} OVER-USED" if taken.over_minor else ""
        typer.echo(f"{taken.paper} ({taken.purpose}): {taken.outcome}{over}.")
    else:
        typer.echo(f"Refused ({taken.outcome}): {_meaning(taken.outcome)}")
    if not good:
        raise typer.Exit(exits.REFUSED)


def _tell_change(done: Change, said: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(_json({name: value for name, value in asdict(done).items()
                          if value is not None or name == "refusal"}))  # fmt: skip
    elif done.refusal:
        what = f" {done.paper}:" if done.paper else ""
        typer.echo(f"Refused ({done.refusal}):{what} {_meaning(done.refusal)}")
    else:
        typer.echo(said)
    if done.refusal:
        raise typer.Exit(exits.REFUSED)


def _show(found: CapacityFacts) -> None:
    typer.echo(f"{found.paper}, in {found.unit}")
    if found.frozen_because:
        typer.echo(f"FROZEN: {found.frozen_because}")
    for name in found.names:
        if name != found.paper:
            typer.echo(f"  also {name}")
    table = Table("purpose", title="Books", title_justify="left")
    for name in ("amount", "held", "committed", "spent", "free", "over-used"):
        table.add_column(name, justify="right")
    for book in found.books:
        figures = (
            book.amount_minor, book.held_minor, book.committed_minor, book.spent_minor,
            book.free_minor, book.over_minor,
        )  # fmt: skip
        table.add_row(book.purpose, *(shown(figure, found.unit) for figure in figures))
    console().print(table)
    if found.holds:
        table = Table(
            "purpose", "holder", "state", title="Live holds, by priority", title_justify="left"
        )
        for name in ("granted", "committed", "until"):
            table.add_column(name, justify="right")
        table.add_column("id", no_wrap=True)
        for one in found.holds:
            table.add_row(
                one.purpose, escape(one.holder), one.state, shown(one.granted_minor, found.unit),
                shown(one.committed_minor, found.unit),
                f"{one.expires_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", str(one.id),
            )  # fmt: skip
        console().print(table)
    for twin in found.twins:
        typer.echo(
            f"Possible twin: {twin.paper or 'another value'}; equal: {', '.join(twin.agree)}; "
            f"different: {', '.join(twin.differ) or 'nothing'}"
        )


def _meaning(code: str) -> str:
    text = files("tradeloop.registry").joinpath("refusals.csv").read_text(encoding="utf-8")
    said = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    return f"{said[code]['meaning']} {said[code]['remedy']}" if code in said else ""


def _derived(book: BookFacts) -> dict[str, int]:
    return {"free_minor": book.free_minor, "over_minor": book.over_minor}


def _plain(answer: Answer | MoveAnswer) -> dict[str, Any]:
    said = asdict(answer)
    said["commitment"] = answer.commitment.hex() if answer.commitment else None
    if answer.refusal:
        said["because"] = _meaning(answer.refusal)
    return said


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_text)


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
