"""`tradeloop cover`: trades are insured by themselves, limits set, premium billed."""

from __future__ import annotations

import enum
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli.options import DAY, HomeOption, JsonOption, OnOption, day_of, now

SCHEME = "yiwu-market-procurement"

app = typer.Typer(
    no_args_is_help=True,
    help="Insure proven trades by themselves, and see why one is not.\n\n"
    "What a scheme covers, how far and at what price: tradeloop schemes show.",
)
policy = typer.Typer(no_args_is_help=True, help="Policies: begin, list, end.")
app.add_typer(policy, name="policy")

SchemeOption = Annotated[str, typer.Option("--scheme", help="See tradeloop schemes list.")]
DayOption = Annotated[datetime | None, typer.Option("--on", **DAY, help="Default today.")]
BecauseOption = Annotated[str, typer.Option(help="Kept in the journal.")]


class Language(enum.StrEnum):
    """What a paper speaks."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


OfArgument = Annotated[
    str | None, typer.Argument(help="A certificate, a trade, a policyholder or a buyer.")
]


@app.command()
def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; none with --lake.")
    ] = None,
    lake: Annotated[Path | None, typer.Option(help="Take all papers of this lake.")] = None,
    trade: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    scheme: SchemeOption = SCHEME,
    on: OnOption = None,
    rates: Annotated[
        str | None, typer.Option(help="Whose exchange rates count, as in PBC.")
    ] = None,
    no_policies: Annotated[
        bool, typer.Option("--no-new-policies", help="Only for merchants that have a policy.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge, register and offer trades; those that pass are covered at once, with a certificate.

    Nobody has to visit anybody: a merchant on file gets its policy with its first shipment. All
    reasons against a trade are told at once, with what would pass. Again changes nothing.
    """
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.run(
        paths or [], lake=lake, chosen=trade or [], scheme=scheme, on=day_of(on), rates=rates,
        policies_begin=not no_policies, home=home, as_json=as_json, now=now,
    )  # fmt: skip


@app.command("list")
def list_(
    of: OfArgument = None, scheme: SchemeOption = SCHEME, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """List certificates: what is covered, what is not, and until when it is to be paid."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.list_(of, scheme=scheme, home=home, as_json=as_json)


@app.command()
def show(
    trade: Annotated[str, typer.Argument(help="The name of a trade: firm/number.")],
    scheme: SchemeOption = SCHEME, home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Show why a trade is covered or not: each answer, its reasons, what would pass."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.show(trade, scheme=scheme, home=home, as_json=as_json)


@app.command()
def certificate(
    number: Annotated[str, typer.Argument(help="Of the certificate, as cover list tells it.")],
    out: Annotated[Path, typer.Option("--out", help="The PDF file to write; a new one.")],
    language: Annotated[Language, typer.Option(help="What the paper speaks.")] = Language.ZH,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="The paper says that all on it is made up.")
    ] = False,
    scheme: SchemeOption = SCHEME,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a certificate as PDF, to print or to send; its QR code leads to the proof."""
    from tradeloop.cli.cover import papers  # noqa: PLC0415 - keeps --help fast

    papers.certificate(
        number, language=language.value, out=out, synthetic=synthetic, scheme=scheme, home=home,
        as_json=as_json, now=now(),
    )  # fmt: skip


@app.command()
def limit(
    buyer: Annotated[str, typer.Argument(help="The key of the buyer, buyer:….")],
    amount: Annotated[str, typer.Argument(help="In the currency of the limits; 0 withdraws it.")],
    because: BecauseOption,
    id: Annotated[str, typer.Option(help="The number of the decision; the same again is safe.")],
    told: Annotated[
        datetime | None,
        typer.Option(**DAY, help="When policyholders are told; default today."),
    ] = None,
    from_date: Annotated[
        datetime | None, typer.Option("--from", **DAY, help="If it counts later.")
    ] = None,
    policyholder: Annotated[str | None, typer.Option(help="For this one alone.")] = None,
    at_once: Annotated[
        bool, typer.Option(help="A cut without notice, for a special cause.")
    ] = False,
    scheme: SchemeOption = SCHEME,
    home: HomeOption = None,
) -> None:
    """Set a buyer's limit. Goods that were shipped before a cut keep their cover."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.limit(
        buyer, amount, because=because, id=id, told=day_of(told),
        from_date=from_date.date() if from_date else None, policyholder=policyholder,
        at_once=at_once, scheme=scheme, home=home, now=now(),
    )  # fmt: skip


@app.command()
def pool(
    scheme: Annotated[str, typer.Argument(help="See tradeloop schemes list.")],
    year: Annotated[int, typer.Argument(min=2000, max=2999, help="Of the earliest shipment.")],
    amount: Annotated[str, typer.Argument(help="In the currency of the limits.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the pool of a year, or amend it: all claims together are paid no more than it."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.pool(scheme, year, amount, home=home, as_json=as_json, now=now())


@app.command()
def room(
    buyer: Annotated[list[str] | None, typer.Argument(help="Their keys; none means all.")] = None,
    scheme: SchemeOption = SCHEME, home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Cover what limits had no room for, as far as payments made room since."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.room(buyer or [], scheme=scheme, home=home, as_json=as_json, now=now())


@app.command()
def bill(
    on: DayOption = None, scheme: SchemeOption = SCHEME, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Bill the premium that policies have come to by a day, less what was billed before."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.bill(on=day_of(on), scheme=scheme, home=home, as_json=as_json, now=now())


@app.command()
def score(
    of: Annotated[str, typer.Argument(help="A policyholder, or the key of a buyer.")],
    on: DayOption = None, home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Score a seller or a buyer by a card of whole points, each with its reason."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.score(of, on=day_of(on), home=home, as_json=as_json)


@app.command()
def overdue(
    on: DayOption = None, scheme: SchemeOption = SCHEME, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """List insured debts past their day, and by when a possible loss has to be told."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.overdue(on=day_of(on), scheme=scheme, home=home, as_json=as_json)


@app.command()
def exposure(
    on: DayOption = None, scheme: SchemeOption = SCHEME, home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Show what is covered and unpaid of each buyer as the books stand, and what is free."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.exposure(on=day_of(on), scheme=scheme, home=home, as_json=as_json)


@app.command()
def replay(
    scheme: SchemeOption = SCHEME, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Work every answer out again from what was given then. Exit code 1 if one differs."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.replay(scheme=scheme, home=home, as_json=as_json)


@policy.command("begin")
def policy_begin(
    policyholder: Annotated[str, typer.Argument(help="As in the names of its trades.")],
    from_date: Annotated[datetime, typer.Option("--from", **DAY, help="First day of insurance.")],
    to_date: Annotated[
        datetime | None,
        typer.Option("--to", **DAY, help="Last day; default the scheme's period."),
    ] = None,
    estimated: Annotated[str | None, typer.Option(help="Turnover expected in it.")] = None,
    scheme: SchemeOption = SCHEME,
    home: HomeOption = None,
) -> None:
    """Begin a policy by hand; zero-visit cover begins them by itself."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.policy_begin(
        policyholder, from_date=from_date.date(), to_date=to_date.date() if to_date else None,
        estimated=estimated, scheme=scheme, home=home, now=now(),
    )  # fmt: skip


@policy.command("list")
def policy_list(
    policyholder: Annotated[str | None, typer.Argument(help="Only this one's.")] = None,
    scheme: SchemeOption = SCHEME, home: HomeOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """List policies with their periods."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.policy_list(policyholder, scheme=scheme, home=home, as_json=as_json)


@policy.command("end")
def policy_end(
    policy: Annotated[str, typer.Argument(help="Its number, as policy list tells it.")],
    because: BecauseOption,
    on: DayOption = None,
    home: HomeOption = None,
) -> None:
    """End a policy early; what was shipped by that day keeps its cover."""
    from tradeloop.cli.cover import calls  # noqa: PLC0415 - keeps --help fast

    calls.policy_end(policy, because=because, on=day_of(on), home=home, now=now())
