"""`make demo`: three synthetic towns, judged, compared with the truth; value used; a year."""

from __future__ import annotations

import csv
import re
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import typer
from rich.console import Console
from rich.table import Table

from tradeloop.cli import demo_use, explain, generate
from tradeloop.cli.options import now
from tradeloop.cli.screen import console, watching
from tradeloop.cli.season import run as season_run
from tradeloop.cli.season import says as season_says
from tradeloop.economy.papers.truth import TRUTH_FILE
from tradeloop.kit.money import Money
from tradeloop.trades import queries
from tradeloop.trades.actions import judged_for, papers_read
from tradeloop.trades.facts import Example, Report, Story

SEED = 1
FAULTS = 0.03
JUDGED_ON = date(2026, 11, 1)
SEASON_TRADES = 300
MEANINGS = {"customs": "proven", "finance": "financeable", "insurance": "insurable"}
REASONS_SHOWN_MAX = 5
WEIGHTY = ("refuse", "review")
OF_VALUE = """
select j.purpose, count(v.trade)
from judging as j
left join verdicts as v on v.verified_minor > 0
group by j.purpose
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """One town of the tour; its truth is about the last of the purposes."""

    town: str
    says: str
    trades: int
    purposes: tuple[str, ...]
    files: str  # what a folder of its papers holds, and nothing else
    is_used: bool = False  # whether its values are registered and one of them is used


STOPS = (
    Stop(
        "hangzhou", "parcels, prepaid and released by list", 20_000,
        ("finance", "insurance", "customs"), r"CEB\d{3}|firms\.csv",
    ),
    Stop(
        "yiwu", "market trade (1039) sold on credit to named buyers", 2_000,
        ("customs", "finance", "insurance"),
        r"MP\.trade|packing_list|CN\.\w+|statement|return_table|evidence", is_used=True,
    ),
    Stop(
        "shenzhen", "stock bought on credit, then sold abroad", 2_000,
        ("customs", "finance", "insurance"),
        r"contract|goods_receipt|CN\.\w+|statement|return_table|evidence",
    ),
)  # fmt: skip


def main(folder: Path) -> None:
    """Make the towns below `folder`, judge them, and explain one faulty trade of each."""
    started = time.monotonic()
    to = console()
    for number, stop in enumerate(STOPS, 1):
        typer.echo(f"\n{number}. {stop.town.capitalize()}: {stop.says}\n")
        _visit(stop, folder / stop.town, to)
    typer.echo(f"\n{len(STOPS) + 1}. A year in Yiwu: insured, paid or not, claimed, shared\n")
    _live(folder / "season")
    typer.echo(f"\nDone in {time.monotonic() - started:.0f} s. The papers are in {folder}.")


def _live(into: Path) -> None:
    """Live a small season, and print the programme's table."""
    if into.is_dir() and all(path.name in season_run.FILES for path in into.iterdir()):
        shutil.rmtree(into)  # of an earlier demo, and nothing else
    season_run.refuse_if_used(into)
    told = season_run.play(
        town="yiwu", trades=SEASON_TRADES, seed=SEED, out=into, home=into / "home"
    )
    season_says.tell(told, into)


def _visit(stop: Stop, into: Path, to: Console) -> None:
    ours = re.compile(rf"{stop.files}|(truth|hard_negatives)\.csv")
    if into.is_dir() and all(ours.fullmatch(path.name) for path in into.iterdir()):
        shutil.rmtree(into)  # an earlier demo, whole or interrupted, and nothing else
    generate.run(
        town=stop.town, trades=stop.trades, seed=SEED, faults=FAULTS, form="papers", out=into
    )
    with (into / TRUTH_FILE).open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    reports: dict[str, Report] = {}
    of_value: dict[str, int] = {}
    registered = ""
    with watching() as watch, papers_read([into], watch=watch) as papers:
        for purpose in stop.purposes:
            with judged_for(papers, purpose=purpose, on=JUDGED_ON, watch=watch) as done:
                report = queries.report(done.con, done.batch, purpose=purpose, on=JUDGED_ON)
                reports[purpose] = report
                of_value |= dict(done.con.execute(OF_VALUE).fetchall())
                if purpose == stop.purposes[-1]:
                    compared = _compared(done.con, truth, report.trades)
                    story = queries.story(done.con, truth[0]["trade"], on=JUDGED_ON)
                    if stop.is_used:
                        registered = demo_use.register_all(
                            done.con, into.parent / "home", purpose=purpose, on=JUDGED_ON, clock=now
                        )
    _show_reports(stop, reports, of_value, to)
    typer.echo(f"\nAgainst {into / TRUTH_FILE}, purpose {stop.purposes[-1]}: {compared}")
    _show_story(story, truth[0], into, to)
    if stop.is_used:
        typer.echo(registered)
        demo_use.use_one(into.parent / "home", purpose=stop.purposes[-1], clock=now)


def _show_reports(
    stop: Stop, reports: dict[str, Report], of_value: dict[str, int], to: Console
) -> None:
    """Print for each purpose how many trades are proven and for how much; then why not the rest.

    A proven trade of which nothing is owed any more is of no value to a bank or an insurer.
    """
    last = reports[stop.purposes[-1]]
    papers = sum(last.documents.values())
    to.print(f"{last.files:,} files, {papers:,} papers, {last.kept:,} files kept as evidence.\n")
    table = Table()
    for name in ("purpose", "which means"):
        table.add_column(name, overflow="fold")
    for name in ("trades", "proven", "of value", "share", "incomplete", "contradicted", "verified"):
        table.add_column(name, justify="right")
    for purpose, meaning in MEANINGS.items():
        report = reports[purpose]
        grades = report.grades
        share = f"{100 * of_value[purpose] / report.trades:.1f} %" if report.trades else ""
        worth = "\n".join(str(Money(minor, code)) for code, minor in report.verified.items())
        table.add_row(
            purpose, meaning, f"{report.trades:,}", f"[green]{grades['proven']:,}[/green]",
            f"{of_value[purpose]:,}", share,
            f"{grades['incomplete']:,}", f"{grades['contradicted']:,}", worth or "0",
        )  # fmt: skip
    to.print(table)
    for purpose, meaning in MEANINGS.items():
        _show_reasons(reports[purpose], f"Why the rest is not {meaning}", to)


def _show_reasons(report: Report, title: str, to: Console) -> None:
    weighty = sorted(
        (one for one in report.examples if one.weight in WEIGHTY), key=lambda one: -one.count
    )
    if weighty:
        to.print(f"\n[bold]{title}[/bold]")
    for one in weighty[:REASONS_SHOWN_MAX]:
        to.print(f"  {one.count:>7,} × {one.code}: {_remedy(one)}")
    if len(weighty) > REASONS_SHOWN_MAX:
        rest = sum(one.count for one in weighty[REASONS_SHOWN_MAX:])
        to.print(f"  {rest:>7,} × {len(weighty) - REASONS_SHOWN_MAX} other findings of weight")


def _remedy(one: Example) -> str:
    return one.remedy if one.weight == "review" else one.meaning


def _show_story(story: Story, row: dict[str, str], into: Path, to: Console) -> None:
    typer.echo(
        f"\nOne of them has the fault {row['fault']}: tradeloop explain {row['trade']} {into} "
        f"--purpose {story.purpose} --on {JUDGED_ON}\n"
    )
    explain.show(story, to)


def _compared(con: duckdb.DuckDBPyConnection, truth: Sequence[dict[str, str]], trades: int) -> str:
    """Say how many planted faults were found, and how many clean trades were doubted."""
    told = con.execute(
        "select distinct trade, code, weight <> 'note' from findings where trade is not null"
    ).fetchall()
    found = {(trade, code) for trade, code, _ in told}
    plain = [row for row in truth if not row["masked_by"]]
    hits = sum((row["trade"], row["code"]) in found for row in plain)
    faulty = {row["trade"] for row in truth}
    doubted = {trade for trade, _, of_weight in told if of_weight and trade not in faulty}
    return (
        f"{hits:,} of {len(plain):,} planted faults were found under their code "
        f"({len(truth) - len(plain)} more hide behind another fault); "
        f"{len(doubted):,} of {trades - len(faulty):,} clean trades were doubted."
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
