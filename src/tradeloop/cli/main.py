"""The commands, their options and their exit codes; what they do lives behind them.

Exit codes: 0 done; 1 something must be mended; 2 nothing could be read, or a word of the call was
wrong; 3 no room on the disk.
"""

from __future__ import annotations

import enum
import io
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from tradeloop.cli import exits, ledger, lists, rates, recovery, work
from tradeloop.cli.backup import backup, restore
from tradeloop.cli.claims import handler as claims
from tradeloop.cli.cover import commands as cover
from tradeloop.cli.doctor import doctor
from tradeloop.cli.lake import commands as lake
from tradeloop.cli.options import HomeOption, JsonOption, OnOption, Purpose, day_of, now
from tradeloop.cli.parties import commands as parties
from tradeloop.cli.payments import commands as payments
from tradeloop.cli.proof import commands as proof
from tradeloop.cli.receivables import commands as receivables
from tradeloop.cli.registry import commands as registry
from tradeloop.cli.schemes import commands as schemes
from tradeloop.cli.season import commands as season
from tradeloop.store.home import HomeUnusable

app = typer.Typer(
    name="tradeloop",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Prove that a cross-border trade is real, from its own papers.\n\n"
    "Start with a folder of customs messages, workbooks or CSV, or make some:\n\n"
    "  tradeloop generate --town yiwu --trades 200 --faults 0.05 --out town\n\n"
    "  tradeloop verify town --purpose insurance\n\n"
    "  tradeloop explain TRADE-NUMBER town --purpose insurance",
)


class Form(enum.StrEnum):
    """What the generator writes."""

    PAPERS = "papers"
    PARQUET = "parquet"
    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"


class TableForm(enum.StrEnum):
    """What a template is written as."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"


OfLakeOption = Annotated[
    Path | None, typer.Option("--lake", help="Judge the papers of this lake instead of PATH.")
]
PurposeOption = Annotated[
    Purpose, typer.Option(help="What the verdict is for; each purpose requires other papers.")
]


app.add_typer(claims.app, name="claims")
app.add_typer(cover.app, name="cover")
app.add_typer(lake.app, name="lake")
app.add_typer(ledger.app, name="ledger")
app.add_typer(lists.app, name="lists")
app.add_typer(parties.app, name="parties")
app.add_typer(rates.app, name="rates")
app.add_typer(receivables.app, name="receivables")
app.add_typer(recovery.app, name="recovery")
app.add_typer(registry.app, name="registry")
app.command()(season.season)
app.command()(work.work)
app.add_typer(payments.app, name="payments")
app.add_typer(proof.app, name="proof")
app.add_typer(schemes.app, name="schemes")


@app.command()
def verify(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, folders and zip archives.")
    ] = None,
    purpose: PurposeOption = Purpose.CUSTOMS,
    on: OnOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write verdicts, findings and links here (Parquet, CSV, workbook)."),
    ] = None,
    as_json: JsonOption = False,
    lake: OfLakeOption = None,
    memory: Annotated[
        int, typer.Option(min=200, help="MiB that the database may hold in memory.")
    ] = 1200,
) -> None:
    """Judge every trade: proven, incomplete (what is missing) or contradicted (where).

    Reads customs messages as they come (any namespace prefix, damaged files as far as they go), and
    trade records, declarations, invoices and other papers as workbooks, CSV or JSON lines. Other
    files (PDF, pictures) are kept, not read. Exit code 0 when judged, 2 when nothing could be read.
    """
    from tradeloop.cli import verify as command  # noqa: PLC0415 - keeps --help fast

    if (lake is None) == (not paths):
        raise typer.BadParameter("Name the papers, or a lake with --lake.", param_hint="PATHS")
    command.run(
        paths or (), lake=lake, purpose=purpose.value, on=day_of(on), out=out, as_json=as_json,
        memory_bytes=memory * 1024 * 1024,
    )  # fmt: skip


@app.command()
def explain(
    trade: Annotated[str, typer.Argument(help="Its name (firm/order number) or its order number.")],
    paths: Annotated[
        list[Path] | None, typer.Argument(help="The papers; default this folder.")
    ] = None,
    purpose: PurposeOption = Purpose.CUSTOMS,
    on: OnOption = None,
    as_json: JsonOption = False,
    lake: OfLakeOption = None,
) -> None:
    """Say why one trade has its grade: each link with both values, each finding with its place.

    For a trade that is not proven, say what would make it proven.
    """
    from tradeloop.cli import explain as command  # noqa: PLC0415 - keeps --help fast

    if lake is not None and paths:
        raise typer.BadParameter("Name the papers, or a lake with --lake.", param_hint="PATHS")
    given = paths or [Path()]
    command.run(trade, given, lake=lake, purpose=purpose.value, on=day_of(on), as_json=as_json)


@app.command()
def register(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, folders and zip archives.")
    ] = None,
    purpose: PurposeOption = Purpose.FINANCE,
    on: OnOption = None,
    lake: OfLakeOption = None,
    trade: Annotated[
        list[str] | None, typer.Option(help="Only this trade; may be given several times.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register what proven trades are worth for a purpose, so that it can be used only once.

    Again changes nothing; amended papers amend. What is proven no longer loses its value: with a
    lake, which has all papers, always; with a folder, if its papers contradict.
    """
    from tradeloop.cli import register as command  # noqa: PLC0415 - keeps --help fast

    if (lake is None) == (not paths):
        raise typer.BadParameter("Name the papers, or a lake with --lake.", param_hint="PATHS")
    command.run(
        paths or (), lake=lake, purpose=purpose.value, on=day_of(on), chosen=trade or (), home=home,
        as_json=as_json, now=now,
    )  # fmt: skip


@app.command()
def generate(
    out: Annotated[Path, typer.Option(help="An empty or new folder for the papers.")],
    town: Annotated[str, typer.Option(help="hangzhou, yiwu or shenzhen.")] = "hangzhou",
    trades: Annotated[int, typer.Option(min=1, help="How many trades.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same papers.")] = 1,
    faults: Annotated[
        float, typer.Option(min=0, max=1, help="Share of trades with a fault or a fraud.")
    ] = 0.0,
    form: Annotated[
        Form,
        typer.Option(
            "--as",
            help="Papers as people have them, or tables of facts (parquet); "
            "Yiwu and Shenzhen also in one format alone.",
        ),
    ] = Form.PAPERS,
) -> None:
    """Make a synthetic town with known faults, to try and to test with.

    Nothing in it is real. `truth.csv` says which trade has which fault, and what code tells of it.
    """
    from tradeloop.cli import generate as command  # noqa: PLC0415 - keeps --help fast

    command.run(town=town, trades=trades, seed=seed, faults=faults, form=form.value, out=out)


@app.command()
def template(
    kind: Annotated[
        str | None, typer.Argument(help="MP.trade, packing_list, contract …; none lists them all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write it to.")] = Path(),
    form: Annotated[
        TableForm, typer.Option("--as", help="A workbook, CSV (UTF-8) or JSON lines.")
    ] = TableForm.XLSX,
) -> None:
    """Write an empty paper to fill in, with one example, for papers that are no customs messages.

    Headings may stay in Chinese or English, in any order; further columns are kept. Papers and
    their lines are two sheets or two CSV files (X.csv and X-lines.csv), or one table with a row
    for each line.
    """
    from tradeloop.cli import template as command  # noqa: PLC0415 - keeps --help fast

    command.run(kind, out=out, form=form.value)


for command in (doctor, backup, restore):
    app.command()(command)


def run() -> None:
    """Run the command; what the world did wrong becomes one sentence, never a stack of code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding is no error
    # As Ctrl-C does, so that temporary folders are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(exits.TERMINATED))
    try:
        app()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(exits.PIPE_CLOSED)
    except KeyboardInterrupt:
        sys.exit(exits.INTERRUPTED)
    except HomeUnusable as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(exits.NOTHING_READ)
    except (RuntimeError, OSError) as error:
        if "interrupted" in str(error).lower():
            sys.exit(exits.INTERRUPTED)
        if not isinstance(error, OSError):
            raise
        sys.stderr.write(f"{error}\n")
        sys.exit(exits.NO_ROOM)
