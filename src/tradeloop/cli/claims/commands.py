"""`tradeloop claims`: from the first notice of a loss to the money, and every figure explained."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption

app = typer.Typer(
    no_args_is_help=True,
    help="A buyer does not pay: tell, claim, prove, agree, be paid.\n\n"
    "Merchant: notice, insolvent, file, evidence, show, sign. "
    "Handler: assess, approve, refuse, offer, pay.",
)
ClaimArgument = Annotated[str, typer.Argument(help="The id of the claim, chosen at its notice.")]
ByOption = Annotated[str, typer.Option("--by", help="Who does it, as the records name them.")]
BecauseOption = Annotated[str, typer.Option(help="The reason, kept for ever.")]
OnOption = Annotated[
    datetime | None, typer.Option("--on", **DAY, help="As of this day; default today.")
]


@app.command()
def notice(
    claim: ClaimArgument,
    trades: Annotated[
        list[str], typer.Argument(help="firm/number of each trade that may be lost.")
    ],
    policyholder: Annotated[str, typer.Option(help="The seller, as cover names it.")],
    buyer: Annotated[str, typer.Option(help="The buyer's key.")],
    by: ByOption,
    scheme: Annotated[str, typer.Option(help="Its code.")] = "yiwu-market-procurement",
    known_on: Annotated[
        datetime | None, typer.Option(**DAY, help="When the loss was known; default today.")
    ] = None,
    because: BecauseOption = "default",
    insolvent_on: Annotated[
        datetime | None, typer.Option(**DAY, help="When a court accepted the case.")
    ] = None,
    incomplete: Annotated[bool, typer.Option(help="Something is still to be told.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell of a possible loss; it has a clock of its own."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.notice(
        claim, trades, policyholder=policyholder, buyer=buyer, by=by, scheme=scheme,
        known_on=known_on, because=because, insolvent_on=insolvent_on, is_complete=not incomplete,
        home=home, as_json=as_json,
    )  # fmt: skip


@app.command("complete-notice")
def complete_notice(
    claim: ClaimArgument, by: ByOption, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Say that all is told that was left open with `notice --incomplete`."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("complete_notice", claim, by=by, home=home, as_json=as_json)


@app.command()
def insolvent(
    claim: ClaimArgument,
    on: Annotated[
        datetime, typer.Option("--on", **DAY, help="The day on which a court accepted it.")
    ],
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell that the buyer is insolvent: no waiting is asked, and what is shipped is uncovered."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("insolvent", claim, on=on.date(), by=by, home=home, as_json=as_json)


@app.command()
def file(
    claim: ClaimArgument,
    by: ByOption,
    amount: Annotated[
        list[str] | None,
        typer.Option(help="TRADE=1234.50; without any, all that is open of every trade."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Of the amounts; default the debt's.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Claim what is unpaid, once the waiting is over; with insolvency at once."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.file(claim, amount or (), currency=currency, by=by, home=home, as_json=as_json)


@app.command()
def show(
    claim: ClaimArgument, on: OnOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Show where a claim stands, what is missing, by when, by which rule, and each figure."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.show(claim, on=on, home=home, as_json=as_json)


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help="Only claims that stand so.")] = None,
    policyholder: Annotated[str | None, typer.Option(help="Only of this seller.")] = None,
    buyer: Annotated[str | None, typer.Option(help="Only on this buyer.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 100,
    late: Annotated[
        bool, typer.Option("--late", help="Instead: last days that passed, and who is awaited.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List claims, the latest notice first; or what somebody is late with."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast
    from tradeloop.cli.claims import late as command  # noqa: PLC0415 - the same

    if late:
        command.list_late(home=home, as_json=as_json)
        return
    calls.list_claims(
        state=state, policyholder=policyholder, buyer=buyer, limit=limit, home=home, as_json=as_json
    )


@app.command()
def evidence(
    claim: ClaimArgument,
    paper: Annotated[Path, typer.Argument(help="The file.")],
    kind: Annotated[str, typer.Option(help="proof-of-debt, communication, collection, …")],
    by: ByOption,
    trade: Annotated[str | None, typer.Option(help="Where each trade needs its own.")] = None,
    dated: Annotated[datetime | None, typer.Option(**DAY)] = None,
    says: Annotated[
        list[str] | None, typer.Option(help="Key fields: buyer=…, currency=USD, amount=1234.50")
    ] = None,
    id: Annotated[UUID | None, typer.Option("--id", help="Yours, kept for retries.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a paper; hear what is still missing."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.evidence(
        claim, paper, kind=kind, by=by, trade=trade, dated=dated, fields=says or (), id=id,
        home=home, as_json=as_json,
    )  # fmt: skip


@app.command()
def supplement(
    claim: ClaimArgument,
    answered_by: Annotated[
        str | None, typer.Option(help="Who says that there is no more to bring.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the one request for all that is missing, or say that it is answered."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.supplement(claim, answered_by=answered_by, home=home, as_json=as_json)


@app.command()
def calculate(
    claim: ClaimArgument, on: OnOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Work out what a claim comes to as things stand; nothing is kept."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.calculate(claim, on=on, home=home, as_json=as_json)


@app.command()
def enrol(
    person: Annotated[str, typer.Argument(help="Who will sign.")],
    party: Annotated[str, typer.Option("--for", help="The policyholder for whom they sign.")],
    by: ByOption,
    home: HomeOption = None,
) -> None:
    """Give a person a second factor; print the address that their telephone reads, once."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.enrol(person, party=party, by=by, home=home)


@app.command()
def forget(
    person: Annotated[str, typer.Argument(help="Whose telephone is lost.")],
    because: BecauseOption,
    by: ByOption,
    home: HomeOption = None,
) -> None:
    """Take a person's second factor away; whoever does signs nothing for that policyholder."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.forget(person, by=by, because=because, home=home)


@app.command()
def sign(
    claim: ClaimArgument,
    person: Annotated[str, typer.Option(help="Who signs.")],
    file: Annotated[Path, typer.Option(help="The agreement that was read: only it is signed.")],
    code: Annotated[str | None, typer.Option(help="Of the telephone, this minute.")] = None,
    copy: Annotated[
        UUID | None, typer.Option(help="Signed with ink: the scan's id as evidence.")
    ] = None,
    checked_by: Annotated[str | None, typer.Option(help="The handler who compared it.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign the agreement that was offered, with a code; or take a copy signed with ink."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.sign(
        claim, person=person, file=file, code=code, copy=copy, checked_by=checked_by, home=home,
        as_json=as_json,
    )  # fmt: skip


@app.command()
def withdraw(
    claim: ClaimArgument,
    because: BecauseOption,
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a claim back; its trades may be claimed anew."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("withdraw", claim, because=because, by=by, home=home, as_json=as_json)
