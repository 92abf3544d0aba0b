"""The commands of `tradeloop claims` for those who decide: look, approve, refuse, offer, pay."""

from __future__ import annotations

import enum
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.claims.commands import BecauseOption, ByOption, ClaimArgument, app
from tradeloop.cli.options import DAY, HomeOption, JsonOption

__all__ = ["app"]


class PaperLanguage(enum.StrEnum):
    """In which language a paper speaks."""

    CHINESE = "zh"
    ENGLISH = "en"
    BOTH = "both"


class PaperKind(enum.StrEnum):
    """Which paper of a claim."""

    FILE = "claim-file"
    CALCULATION = "calculation"
    AGREEMENT = "agreement"


PayoutArgument = Annotated[str, typer.Argument(help="As `claims show` names it: CLAIM/1.")]
OnOption = Annotated[datetime | None, typer.Option("--on", **DAY, help="Default today.")]
SomeArgument = Annotated[list[str] | None, typer.Argument(help="Ids; without any, all that wait.")]


@app.command()
def assess(
    by: ByOption,
    claims: SomeArgument = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at filed claims: signs of fraud, papers, figure; small complete ones are approved."""
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.assess(claims or None, by=by, home=home, as_json=as_json)


@app.command()
def stay(
    claim: ClaimArgument, because: BecauseOption, by: ByOption, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Stop the clock while the buyer disputes the debt."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("stay", claim, because=because, by=by, home=home, as_json=as_json)


@app.command()
def resume(
    claim: ClaimArgument, because: BecauseOption, by: ByOption, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Go on: the dispute is over."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("resume", claim, because=because, by=by, home=home, as_json=as_json)


@app.command()
def signal(
    claim: ClaimArgument,
    code: Annotated[str, typer.Option(help="Kebab-case: police-report, tip, …")],
    because: BecauseOption,
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell of a sign of fraud: the claim is held, with the reason."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("raise_signal", claim, code=code, because=because, by=by, home=home, as_json=as_json)


@app.command()
def clear(
    claim: ClaimArgument,
    number: Annotated[int, typer.Argument(help="Of the signal, as `claims show` numbers it.")],
    why: Annotated[str, typer.Option(help="The reason, kept for ever.")],
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Clear a sign of fraud; not by who raised it."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("clear_signal", claim, signal=number, why=why, by=by, home=home, as_json=as_json)


@app.command()
def approve(
    claim: ClaimArgument,
    by: ByOption,
    decision: Annotated[
        int | None, typer.Option(help="The calculation that was seen; default the one that counts.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stand for a figure; two people must, and neither filed it."""
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.approve(claim, decision=decision, by=by, home=home, as_json=as_json)


@app.command()
def refuse(
    claim: ClaimArgument,
    code: Annotated[str, typer.Option(help="Kebab-case, for lists.")],
    clause: Annotated[str, typer.Option(help="Of the wording.")],
    because: Annotated[str, typer.Option(help="The facts.")],
    remedy: Annotated[str, typer.Option(help="What would change the answer.")],
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refuse a claim: clause, facts, and what would change it."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb(
        "refuse", claim, code=code, clause=clause, because=because, remedy=remedy, by=by, home=home,
        as_json=as_json,
    )  # fmt: skip


@app.command()
def reopen(
    claim: ClaimArgument, because: BecauseOption, by: ByOption, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Look at a refused claim again."""
    from tradeloop.cli.claims import calls  # noqa: PLC0415 - keeps --help fast

    calls.verb("reopen", claim, because=because, by=by, home=home, as_json=as_json)


@app.command()
def offer(
    claim: ClaimArgument,
    number: Annotated[str, typer.Option(help="Of the agreement.")],
    by: ByOption,
    file: Annotated[
        Path | None, typer.Option(help="The agreement as a PDF that you made yourself.")
    ] = None,
    payee: Annotated[
        str | None,
        typer.Option(help="NAME/ACCOUNT/BANK: make the scheme's PDF; without it, plain text."),
    ] = None,
    language: Annotated[PaperLanguage, typer.Option(help="Of the PDF.")] = PaperLanguage.BOTH,
    out: Annotated[Path | None, typer.Option(help="Write the file that is to be signed.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Offer the agreement on an approved figure: what is signed is this exact file."""
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.offer(
        claim, number=number, by=by, file=file, payee=payee, language=language.value, out=out,
        home=home, as_json=as_json,
    )  # fmt: skip


@app.command()
def paper(
    claim: ClaimArgument,
    out: Annotated[Path, typer.Option(help="A new file.")],
    kind: Annotated[
        PaperKind, typer.Option(help="Everything, the figure, or what is to be signed.")
    ] = PaperKind.FILE,
    language: Annotated[PaperLanguage, typer.Option(help="Of the paper.")] = PaperLanguage.BOTH,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a claim as PDF: its whole file, how its figure came about, or the agreement.

    The agreement is the very file that was offered, byte by byte, in the language it was made in.
    """
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.paper(
        claim, kind=kind.value, language=language.value, out=out, home=home, as_json=as_json
    )


@app.command()
def account(
    claim: ClaimArgument,
    stated: Annotated[
        str, typer.Argument(help="PAYEE=NAME/ACCOUNT or PAYEE=NAME/ACCOUNT/BIC")
    ],
    by: ByOption,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """State where a payee is paid, if the agreement names no account or the bank rejected it.

    Another person orders the payment: tradeloop claims pay.
    """
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.account(claim, stated, by=by, home=home, as_json=as_json)


@app.command()
def pay(
    claim: ClaimArgument,
    by: ByOption,
    account: Annotated[
        list[str] | None,
        typer.Option(
            help="PAYEE=NAME/ACCOUNT or PAYEE=NAME/ACCOUNT/BIC, to be compared with the one stated."
        ),
    ] = None,
    again: Annotated[
        str | None,
        typer.Option(help="A payout (CLAIM/1) that the bank rejected: order it anew."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Order the payout of a signed agreement; if the buyer paid meanwhile, the figure is new.

    The money goes to the account that the agreement names, or that another person stated.
    """
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.pay(claim, by=by, accounts=account or (), again=again, home=home, as_json=as_json)


@app.command()
def paid(
    claim: ClaimArgument,
    payout: PayoutArgument,
    by: ByOption,
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that the bank paid."""
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.paid(claim, payout, on=on, by=by, home=home, as_json=as_json)


@app.command()
def returned(
    claim: ClaimArgument,
    payout: PayoutArgument,
    by: ByOption,
    on: OnOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that the bank sent a payout back after it was paid; then order it anew: pay --again."""
    from tradeloop.cli.claims import handling  # noqa: PLC0415 - keeps --help fast

    handling.returned(claim, payout, on=on, by=by, home=home, as_json=as_json)


@app.command()
def replay(
    claims: SomeArgument = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Make kept calculations again; exit code 1 if one differs by a byte."""
    from tradeloop.cli.claims import replay as command  # noqa: PLC0415 - keeps --help fast

    command.replay(claims or None, home=home, as_json=as_json)
