"""`tradeloop verify`: a report for people or one JSON object for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tradeloop.bulk.disk import DiskFull
from tradeloop.cli.screen import (
    GRADE_STYLES,
    WEIGHT_STYLES,
    broken,
    console,
    fail,
    watching,
)
from tradeloop.kit.money import Money
from tradeloop.trades.actions import NothingRead
from tradeloop.trades.actions import verify as judge_papers
from tradeloop.trades.facts import Example, Report
from tradeloop.trades.lake import reads as lake_reads
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.places import readable
from tradeloop.trades.queries import report_of_nothing
from tradeloop.trades.terms import NoTermsYet

UNREADABLE_SHOWN_MAX = 10


def run(
    paths: Sequence[Path],
    *,
    lake: Path | None,
    purpose: str,
    on: date,
    out: Path | None,
    as_json: bool,
    memory_bytes: int,
) -> None:
    """Judge the papers, or those of a lake, and print what they came to."""
    try:
        with watching() as watch:
            if lake is not None:
                with Lake(lake, memory_bytes=memory_bytes) as opened:
                    report = lake_reads.verify(opened, purpose=purpose, on=on, out=out, watch=watch)
            else:
                report = judge_papers(
                    paths, purpose=purpose, on=on, out=out, memory_bytes=memory_bytes, watch=watch
                )
    except NothingRead as error:
        for one in error.batch.outcomes:
            if one.because:
                typer.echo(f"{one.path}: {one.because}", err=True)
        if as_json:
            report = report_of_nothing(error.batch, purpose=purpose, on=on)
            typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        raise fail(str(error)) from None
    except NoTermsYet as error:
        raise fail(str(error)) from None
    except (DiskFull, OSError) as error:
        raise broken(error) from None
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        return
    show(report, console())
    if out is not None:
        typer.echo(
            f"\nWritten to {out}: trades.xlsx, and verdicts, findings, links, owed, records, files "
            "and evidence."
        )


def show(report: Report, to: Console) -> None:
    """Print the report: what was read, the grades, the findings, what would complete the rest."""
    to.print(
        f"{report.files:,} files: {report.read:,} read, {report.kept:,} kept, "
        f"{len(report.unreadable):,} unreadable. "
        f"{sum(report.documents.values()):,} papers. Purpose {report.purpose}, as of {report.on}.\n"
    )
    for one in report.unreadable[:UNREADABLE_SHOWN_MAX]:
        place = readable(one.file, one.position)
        where = f", {place}" if place else ""
        to.print(f"[red]unreadable[/red] {escape(f'{one.file}{where}: {one.because}')}")
    if len(report.unreadable) > UNREADABLE_SHOWN_MAX:
        to.print(f"… and {len(report.unreadable) - UNREADABLE_SHOWN_MAX:,} more")
    _show_grades(report, to)
    _show_findings([one for one in report.examples if one.weight != "note"], "Findings", to)
    _show_findings([one for one in report.examples if one.weight == "note"], "Notes", to)
    _show_remedies(report, to)


def _show_grades(report: Report, to: Console) -> None:
    table = Table(title=f"Trades: {report.trades:,}", title_justify="left")
    table.add_column("grade", overflow="fold")
    table.add_column("trades", justify="right")
    table.add_column("share", justify="right")
    for grade, count in report.grades.items():
        share = f"{100 * count / report.trades:.1f} %" if report.trades else ""
        table.add_row(f"[{GRADE_STYLES[grade]}]{grade}[/]", f"{count:,}", share)
    to.print(table)
    for currency, minor in report.verified.items():
        to.print(f"verified value: [bold]{Money(minor, currency)}[/bold]")


def _show_findings(examples: Sequence[Example], title: str, to: Console) -> None:
    if not examples:
        return
    table = Table(title=title, title_justify="left")
    for name in ("code", "weight"):
        table.add_column(name, no_wrap=True)
    table.add_column("count", justify="right")
    table.add_column("for example", overflow="fold")
    for one in examples:
        seen = f"{one.field}: " if one.field else ""
        seen += f"seen {one.seen}, expected {one.expected}" if one.expected else one.seen or ""
        place = readable(one.file, one.position)
        where = " · ".join(part for part in (one.trade, _short(one.file), place) if part)
        style = WEIGHT_STYLES[one.weight]
        table.add_row(
            one.code,
            f"[{style}]{one.weight}[/]",
            f"{one.count:,}",
            f"{escape(seen)}\n[dim]{escape(where)}[/dim]",
        )
    to.print()
    to.print(table)


def _show_remedies(report: Report, to: Console) -> None:
    """Say what would complete the incomplete, most trades first."""
    gaps = [one for one in report.examples if one.weight != "note" and one.code.endswith(GAPS)]
    if gaps:
        to.print("\n[bold]What would complete the incomplete[/bold]")
        for one in gaps:
            to.print(f"  {one.count:>7,} × {one.code}: {one.remedy}")
    if report.trades:
        to.print("\nWhy one trade has its grade: tradeloop explain ORDER-NUMBER PATH…")


GAPS = ("-missing", "-stale", "-unavailable")


def _short(path: str | None) -> str | None:
    return "/".join(path.split("/")[-2:]) if path else None
