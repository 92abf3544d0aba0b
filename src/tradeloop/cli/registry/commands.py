"""`tradeloop registry`: set value aside, use it, give it back, and see how it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from tradeloop.cli.options import HomeOption, JsonOption, now
from tradeloop.cli.screen import fail

app = typer.Typer(
    no_args_is_help=True,
    help="Use a value only once: hold, commit, release, spend.\n\n"
    "A PAPER is kind:authority:number, as in list:CN.customs:29242026I000000001.",
)
PaperArgument = Annotated[str, typer.Argument(help="A name of the value: kind:authority:number.")]
HoldArgument = Annotated[UUID, typer.Argument(help="The id of the hold.")]
AmountArgument = Annotated[
    str, typer.Argument(help="As people write it: 1234.50 for a currency, a whole number of goods.")
]
PartArgument = Annotated[str | None, typer.Argument(help="A part of it; default all.")]
UnitArgument = Annotated[str, typer.Argument(help="A currency, USD, or a unit of goods, pieces.")]
PurposeOption = Annotated[str, typer.Option(help="The book: finance, insurance, …")]
IdOption = Annotated[
    UUID | None,
    typer.Option("--id", help="Your id of this request; the same again hears the same answer."),
]
ByOption = Annotated[
    str | None, typer.Option("--by", help="The holder who asks; default the operator.")
]
BecauseOption = Annotated[str, typer.Option(help="Kept in the journal.")]


@app.command()
def hold(
    paper: PaperArgument,
    amount: AmountArgument,
    unit: UnitArgument,
    holder: Annotated[str, typer.Option(help="Who holds it, as in bank:NB-1.")],
    purpose: PurposeOption = "finance",
    at_least: Annotated[str | None, typer.Option(help="Take less than all, down to this.")] = None,
    hours: Annotated[
        int | None,
        typer.Option(
            min=1, max=87_600, help="Until it frees itself unless committed. [default: 72]"
        ),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="The same as a time, in Shanghai, exclusive.")
    ] = None,
    commit: Annotated[
        bool, typer.Option("--commit", help="Commit it at once: it does not free itself.")
    ] = False,
    rate: Annotated[str | None, typer.Option(help="The exchange rate that was used.")] = None,
    id: IdOption = None,
    lake: Annotated[
        Path | None, typer.Option(help="Register the trade from this lake if it is not yet.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set so much of a value aside, exactly once. Exit code 1 if it was refused."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    if commit and (hours or until):
        raise fail("What is committed at once has no end. Give --commit, or --hours or --until.")
    calls.hold(
        paper, amount, unit, holder=holder, purpose=purpose, at_least=at_least, hours=hours,
        until=until, at_once=commit, rate=rate, id=id, lake=lake, home=home, as_json=as_json,
        now=now(),
    )  # fmt: skip


@app.command("hold-lines")
def hold_lines(
    file: Annotated[Path, typer.Argument(help="JSON lines, one request each; - for the input.")],
    whole: Annotated[bool, typer.Option("--all-or-nothing", help="Grant all or none.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for many lines in one call: one answer each, in their order.

    A line has id, paper, purpose, holder, unit, amount_minor, expires_at (null commits at once),
    and may have at_least_minor and rate. Exit code 1 if a line was refused.
    """
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.hold_lines(file, whole=whole, home=home, as_json=as_json, now=now())


@app.command()
def commit(
    hold: HoldArgument, amount: PartArgument = None, by: ByOption = None, id: IdOption = None,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Use a hold: the loan is paid out, the cover begins. What is not committed is free again."""
    _move(hold, "commit", amount, by=by, id=id, home=home, as_json=as_json)


@app.command()
def release(
    hold: HoldArgument, amount: PartArgument = None, by: ByOption = None, id: IdOption = None,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Give back what is held or committed: it was repaid from own funds, or never needed."""
    _move(hold, "release", amount, by=by, id=id, home=home, as_json=as_json)


@app.command()
def spend(
    hold: HoldArgument, amount: PartArgument = None, by: ByOption = None, id: IdOption = None,
    home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Use up what is committed for ever: it was repaid from the value's own proceeds."""
    _move(hold, "spend", amount, by=by, id=id, home=home, as_json=as_json)


@app.command("hand-over")
def hand_over(
    hold: HoldArgument,
    to: Annotated[str, typer.Argument(help="The next holder.")],
    by: ByOption = None, id: IdOption = None, home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Hand a hold over to another holder; it keeps its priority."""
    _move(hold, "hand-over", None, by=by, to=to, id=id, home=home, as_json=as_json)


@app.command()
def expire(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Free what has run out by now."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.expire(home=home, as_json=as_json, now=now())


@app.command("open")
def open_value(
    paper: PaperArgument,
    amount: AmountArgument,
    unit: UnitArgument,
    because: BecauseOption,
    purpose: PurposeOption = "finance",
    name: Annotated[list[str] | None, typer.Option(help="Further papers that name it.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a value that no trade proves: a policy's limit, a bank line, a quota, a stock."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.open_value(
        paper, amount, unit, purpose=purpose, names=name or [], because=because, home=home,
        as_json=as_json, now=now(),
    )  # fmt: skip


@app.command()
def adjust(
    paper: PaperArgument,
    amount: AmountArgument,
    unit: UnitArgument,
    because: BecauseOption,
    purpose: PurposeOption = "finance",
    id: IdOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Amend a value: it is so much from now on. Less than is used leaves it over-used, and told."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.adjust(
        paper, amount, unit, purpose=purpose, because=because, id=id, home=home, as_json=as_json,
        now=now(),
    )  # fmt: skip


@app.command()
def freeze(
    paper: PaperArgument, because: BecauseOption, id: IdOption = None, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Stop new holds and commitments on a value, for every purpose."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.freeze(paper, because=because, id=id, home=home, as_json=as_json, now=now())


@app.command()
def thaw(
    paper: PaperArgument, id: IdOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Allow holds and commitments on a value again."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.freeze(paper, because=None, id=id, home=home, as_json=as_json, now=now())


@app.command()
def fold(
    into: Annotated[str, typer.Argument(help="The declaration, as declaration:CN.customs:….")],
    parts: Annotated[list[str], typer.Argument(help="The lists that it is made of.")],
    id: IdOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fold lists into the declaration made of them: all they are worth and all that is held."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.fold(into, parts, id=id, home=home, as_json=as_json, now=now())


@app.command()
def show(
    paper: PaperArgument,
    viewer: Annotated[
        str | None, typer.Option("--as", help="See it as this holder does; default the operator.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how a value stands: its names, its books, its holds by priority, possible twins."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.show(paper, viewer=viewer, home=home, as_json=as_json)


@app.command("over-used")
def over_used(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List what is used beyond its amount since an amendment; exit code 1 if there is any."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.over_used(home=home, as_json=as_json)


@app.command()
def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Recompute every book from the journal and from its holds; exit code 1 if one differs."""
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.check(home=home, as_json=as_json)


def _move(
    hold: UUID, event: str, amount: str | None, *, by: str | None, id: UUID | None,
    home: Path | None, as_json: bool, to: str | None = None,
) -> None:  # fmt: skip
    from tradeloop.cli.registry import calls  # noqa: PLC0415 - keeps --help fast

    calls.move(hold, event, amount, by=by, to=to, id=id, home=home, as_json=as_json, now=now())
