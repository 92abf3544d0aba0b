"""What the registry answered, in words for people or as JSON; and amounts as people write them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

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
    Line,
    MoveAnswer,
    Taken,
)

UNIT_DIFFERS = "unit-differs"
FREE_IS_TOLD = {"not-enough", "another-line-refused"}
# A comma that is no thousands separator would make 15 of 1,5.
AMOUNT = re.compile(r"-?(\d{1,20}|\d{1,3}(,\d{3}){1,6})(\.\d{1,9})?", re.ASCII)


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


def _until(until: str, at: datetime | None) -> str:
    return f"{until}{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def tell_holds(
    lines: Sequence[Ask], answers: Sequence[Answer], units: Mapping[str, str], *, silent: bool
) -> None:
    """Say what each line was answered, unless silent; end with 1 if one was refused.

    `units` are those of values that were asked for in another.
    """
    for line, answer in zip(lines, answers, strict=True) if not silent else ():
        if answer.refusal:
            free = others = ""
            if answer.refusal in FREE_IS_TOLD:
                free = f" {shown(answer.free_minor, line.unit)} is free"
                others = f", {answer.others} other holds." if answer.others else "."
            elif line.paper in units and answer.refusal == UNIT_DIFFERS:
                free = f" It is in {units[line.paper]}, and {line.unit} was asked for."
            typer.echo(f"Refused ({answer.refusal}): {_meaning(answer.refusal)}{free}{others}")
        else:
            typer.echo(
                f"{'Held' if line.expires_at else 'Committed'}: "
                f"{shown(answer.granted_minor, line.unit)} of {line.paper} "
                f"for {line.holder}{_until(' until ', line.expires_at)}, as {answer.id}. "
                f"{shown(answer.free_minor, line.unit)} is left."
            )
        if answer.twins:
            typer.echo(
                f"{answer.twins} values may be the same goods under another number: "
                f"tradeloop registry show {line.paper}"
            )
    if any(answer.refusal for answer in answers):
        raise typer.Exit(exits.REFUSED)


def tell_move(
    answer: MoveAnswer, event: str, unit: str, stands: Line | None, *, as_json: bool
) -> None:
    """Say what became of a hold; end with 1 if it was refused."""
    if as_json:
        typer.echo(json_of(plain(answer)))
    elif answer.refusal:
        typer.echo(f"Refused ({answer.refusal}): {_meaning(answer.refusal)}{_left(stands, unit)}")
    else:
        moved = f" {shown(answer.moved_minor, unit)}" if answer.moved_minor else ""
        typer.echo(f"Done: {event}{moved}; the hold is {answer.state}.")
    if answer.refusal:
        raise typer.Exit(exits.REFUSED)


def _left(stands: Line | None, unit: str) -> str:
    if stands is None:
        return ""
    left = stands.granted_minor - stands.freed_minor - stands.spent_minor
    of_it = f", {shown(left, unit)} of it" if stands.state in {"held", "committed"} else ""
    return f" The hold is {stands.state}{of_it}."


def tell_taken(taken: Taken, unit: str, *, as_json: bool) -> None:
    """Say what taking in a value did; end with 1 if it was refused."""
    good = taken.outcome in {"opened", "adjusted", "unchanged"}
    if as_json:
        typer.echo(json_of(asdict(taken)))
    elif good:
        over = f"; {shown(taken.over_minor, unit)} OVER-USED" if taken.over_minor else ""
        typer.echo(f"{taken.paper} ({taken.purpose}): {taken.outcome}{over}.")
    else:
        typer.echo(f"Refused ({taken.outcome}): {_meaning(taken.outcome)}")
    if not good:
        raise typer.Exit(exits.REFUSED)


def tell_change(done: Change, said: str, *, as_json: bool) -> None:
    """Say what was done to a value, in the words `said`; end with 1 if it was refused."""
    if as_json:
        typer.echo(json_of({name: value for name, value in asdict(done).items()
                          if value is not None or name == "refusal"}))  # fmt: skip
    elif done.refusal:
        what = f" {done.paper}:" if done.paper else ""
        typer.echo(f"Refused ({done.refusal}):{what} {_meaning(done.refusal)}")
    else:
        typer.echo(said)
    if done.refusal:
        raise typer.Exit(exits.REFUSED)


def tell_value(found: CapacityFacts) -> None:
    """Show how a value stands: names, books, live holds, possible twins."""
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
                _until("", one.expires_at), str(one.id),
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


def with_free(book: BookFacts) -> dict[str, int]:
    """Return what follows from the figures of a book."""
    return {"free_minor": book.free_minor, "over_minor": book.over_minor}


def plain(answer: Answer | MoveAnswer) -> dict[str, Any]:
    """Return an answer for JSON, a refusal with its reason."""
    said = asdict(answer)
    said["commitment"] = answer.commitment.hex() if answer.commitment else None
    if answer.refusal:
        said["because"] = _meaning(answer.refusal)
    return said


def json_of(value: object) -> str:
    """Return the JSON that a command prints."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_text)


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
