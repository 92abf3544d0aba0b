"""What the commands of `tradeloop registry` do: words become one call of an action."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import typer

from tradeloop.cli import exits
from tradeloop.cli.registry.lines import lines_of
from tradeloop.cli.registry.opened import registry
from tradeloop.cli.registry.says import (
    UNIT_DIFFERS,
    json_of,
    minor,
    plain,
    shown,
    tell_change,
    tell_holds,
    tell_move,
    tell_taken,
    tell_value,
    with_free,
)
from tradeloop.cli.screen import fail
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.registry.facts import (
    Answer,
    Ask,
    MoveAsk,
    Value,
)
from tradeloop.store.home import Home

HOURS = 72


def hold(
    paper: str, amount: str, unit: str, *, holder: str, purpose: str, at_least: str | None,
    hours: int | None, until: datetime | None, at_once: bool, rate: str | None, id: UUID | None,
    lake: Path | None, home: Path | None, as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Hold one line."""
    line = Ask(
        id=id or uuid4(), paper=paper, purpose=purpose, holder=holder, unit=unit,
        amount_minor=minor(amount, unit), rate=rate,
        at_least_minor=None if at_least is None else minor(at_least, unit),
        expires_at=None if at_once else until.replace(tzinfo=SHANGHAI) if until
        else now + timedelta(hours=hours or HOURS),
    )  # fmt: skip
    with registry(home) as found:
        from tradeloop.registry import actions, queries  # noqa: PLC0415 - Django is set up now

        # Who repeats a request without a time means the time of the first.
        if id and not (hours or until or at_once) and (asked := queries.hold(id)):
            line = replace(line, expires_at=asked.expires_at)
        if lake is not None:
            from tradeloop.cli.register import open_from_lake  # noqa: PLC0415 - only where asked for

            open_from_lake(lake, paper, purpose=purpose, home=found, now=now)
        (answer,) = actions.hold(lines=[line], now=now)
        promised = _promised([answer], found) if as_json else []
        units = _units_wanted([line], [answer])
    if as_json:
        typer.echo(json_of({**plain(answer), "promise": next(iter(promised), None)}))
    tell_holds([line], [answer], units, silent=as_json)


def hold_lines(file: Path, *, whole: bool, home: Path | None, as_json: bool, now: datetime) -> None:
    """Hold the lines of a file of JSON lines, in one call."""
    lines = lines_of(file)
    with registry(home) as found:
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        answers = actions.hold(lines=lines, now=now, whole=whole)
        promised = _promised(answers, found) if as_json else []
        units = _units_wanted(lines, answers)
    if as_json:
        said = {"answers": [plain(one) for one in answers], "promises": promised}
        typer.echo(json_of(said))
    tell_holds(lines, answers, units, silent=as_json)


def _units_wanted(lines: Sequence[Ask], answers: Sequence[Answer]) -> Mapping[str, str]:
    """Return in which unit the values are that were asked for in another."""
    from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now

    asked = zip(lines, answers, strict=True)
    papers = [line.paper for line, answer in asked if answer.refusal == UNIT_DIFFERS]
    return queries.units(papers) if papers else {}


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
        stands = queries.hold(hold) if answer.refusal and answer.state else None
        if stands and by not in {None, stands.holder}:
            stands = None  # it was handed over since: another's hold is nobody's business
    tell_move(answer, event, unit, stands, as_json=as_json)


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
    tell_taken(taken, unit, as_json=as_json)


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
    tell_change(done, said, as_json=as_json)


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
    tell_change(done, f"{paper} is {done.state}.", as_json=as_json)


def fold(
    into: str, parts: Sequence[str], *, id: UUID | None, home: Path | None, as_json: bool,
    now: datetime,
) -> None:  # fmt: skip
    """Fold lists into a declaration."""
    with registry(home):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

        done = actions.fold(id=id or uuid4(), into=into, parts=parts, now=now)
    tell_change(done, f"{done.parts} values are part of {into} now.", as_json=as_json)


def show(paper: str, *, viewer: str | None, home: Path | None, as_json: bool) -> None:
    """Show how a value stands."""
    with registry(home):
        from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now

        try:
            found = queries.capacity(paper, viewer=viewer)
        except queries.CapacityUnknown as error:
            raise fail(str(error)) from None
    if as_json:
        books = [{**asdict(one), **with_free(one)} for one in found.books]
        typer.echo(json_of({**asdict(found), "books": books}))
        return
    tell_value(found)


def over_used(*, home: Path | None, as_json: bool) -> None:
    """List what is over-used."""
    with registry(home):
        from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now

        found = queries.over_used()
    if as_json:
        typer.echo(json_of({"over_used": [
            {"paper": paper, "unit": unit, **asdict(book), **with_free(book)}
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
        typer.echo(json_of({"disagreements": [asdict(one) for one in found]}))
    for one in () if as_json else found:
        typer.echo(
            f"{one.paper} ({one.purpose}): the book says {one.book}, the journal {one.journal}, "
            f"the holds {one.holds}"
        )
    if found:
        raise typer.Exit(exits.REFUSED)
    if not as_json:
        typer.echo("Every book is what the journal and the holds add up to.")


def _promised(answers: Sequence[Answer], home: Home) -> list[dict[str, Any]]:
    """Return the signed promise of each fact that the answers stand in; none without the log's key.

    The answers stand whatever becomes of the promises, so they must be told.
    """
    from tradeloop.jobs.sequencing import KEYS_AWAY  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal import queries  # noqa: PLC0415 - the same
    from tradeloop.journal.keys import signer  # noqa: PLC0415 - the same
    from tradeloop.journal.promise import promise  # noqa: PLC0415 - the same

    log = queries.log()
    try:
        by = signer(home.keys, log=log)
        if log not in {None, by.log}:
            return []  # told where the log is fed
        facts = queries.recorded([one.entry_id for one in answers if one.entry_id])
        return [promise(fact, signer=by) for fact in facts]
    except KEYS_AWAY:
        return []
