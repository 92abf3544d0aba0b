"""`tradeloop explain`: the whole story of one trade."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import groupby
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
from tradeloop.trades.actions import explain as tell
from tradeloop.trades.facts import Story, Told
from tradeloop.trades.lake import reads as lake_reads
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.places import readable
from tradeloop.trades.queries import TradeUnknown
from tradeloop.trades.terms import NoTermsYet

ALIKE_SHOWN_MAX = 3  # of findings with one code
STATUS_STYLES = {
    "match": "green",
    "mismatch": "red",
    "missing": "yellow",
    "stale": "yellow",
    "unavailable": "yellow",
}


def run(
    trade: str,
    paths: Sequence[Path],
    *,
    lake: Path | None,
    purpose: str,
    on: date,
    as_json: bool,
) -> None:
    """Judge the papers, or those of a lake, and tell the story of one trade."""
    try:
        with watching() as watch:
            if lake is not None:
                with Lake(lake) as opened:
                    story = lake_reads.explain(opened, trade, purpose=purpose, on=on, watch=watch)
            else:
                story = tell(trade, paths, purpose=purpose, on=on, watch=watch)
    except (NothingRead, NoTermsYet, TradeUnknown) as error:
        raise fail(str(error)) from None
    except (DiskFull, OSError) as error:
        raise broken(error) from None
    if as_json:
        typer.echo(json.dumps(story.as_json(), ensure_ascii=False, indent=2))
    else:
        show(story, console())


def show(story: Story, to: Console) -> None:
    """Print the verdict, the links with both values, the findings and what would pass."""
    grade = f"[{GRADE_STYLES[story.grade]}]{story.grade}[/]"
    name = f"[bold]{escape(story.trade)}[/bold]"
    to.print(f"Trade {name} is {grade} for {story.purpose}, as of {story.on}.")
    if story.currency and story.verified_minor:
        to.print(f"Verified value: {Money(story.verified_minor, story.currency)}")
    if story.due_on:
        who = f" by {escape(story.buyer)}" if story.buyer else ""
        to.print(f"Owed{who}, due on {story.due_on} ({story.due_rule}).")
    links = Table(title="Links", title_justify="left")
    for name in ("link", "status", "left", "right", "tolerance"):
        links.add_column(name, overflow="fold")
    for link in story.links:
        status = f"[{STATUS_STYLES[link.status]}]{link.status}[/]"
        shown = (escape(text or "") for text in (link.left, link.right, link.tolerance))
        links.add_row(link.link, status, *shown)
    to.print(links)
    for code, found in groupby(story.findings, key=lambda one: one.code):
        same = list(found)
        for one in same[:ALIKE_SHOWN_MAX]:
            _show_finding(one, to)
        if len(same) > ALIKE_SHOWN_MAX:
            to.print(f"\n… and {len(same) - ALIKE_SHOWN_MAX} more {code}; --json has them all")
    _show_evidence(story, to)
    _show_what_would_pass(story, to)


def _show_evidence(story: Story, to: Console) -> None:
    """List what was kept for this trade; nothing of it was judged."""
    if story.evidence:
        to.print("\n[bold]Kept as evidence[/bold], not judged")
    for one in story.evidence:
        about = " · ".join(str(part) for part in (one.kind, one.dated_on, one.parties) if part)
        to.print(f"  {escape(one.file)} ({escape(about)}; SHA-256 {one.digest[:16]}…)")


def _show_finding(one: Told, to: Console) -> None:
    where = " · ".join(part for part in (one.file, readable(one.file, one.position)) if part)
    seen = f" {one.field}: seen {one.seen}, expected {one.expected}." if one.field else ""
    style = WEIGHT_STYLES[one.weight]
    to.print(f"\n[{style}]{one.weight}[/] [bold]{one.code}[/bold] — {one.meaning}{escape(seen)}")
    if where:
        to.print(f"  where: {escape(where)}")
    to.print(f"  source: {one.source}")


def _show_what_would_pass(story: Story, to: Console) -> None:
    if story.grade == "proven":
        return
    weighty = [one for one in story.findings if one.weight != "note"]
    to.print("\n[bold]What would make it proven[/bold]")
    for remedy in dict.fromkeys(one.remedy for one in weighty):
        to.print(f"  • {remedy}")
