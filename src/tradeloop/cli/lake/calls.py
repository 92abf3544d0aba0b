"""`tradeloop lake`: papers that come in whenever they come, and what they do to the verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.bulk.disk import DiskFull
from tradeloop.cli.screen import GRADE_STYLES, broken, console, fail, watching
from tradeloop.kit.money import Money
from tradeloop.trades.actions import NothingRead
from tradeloop.trades.lake import add as lake_add
from tradeloop.trades.lake import compact as lake_compact
from tradeloop.trades.lake import reads as lake_reads
from tradeloop.trades.lake.add import Added
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.standing import Judgement
from tradeloop.trades.queries import TradeUnknown
from tradeloop.trades.terms import NoTermsYet

SHOWN_MAX = 10


@contextmanager
def opened(path: Path) -> Iterator[Lake]:
    """Open a lake; what the world did wrong becomes one sentence and an exit code."""
    try:
        with Lake(path) as lake:
            yield lake
    except (NothingRead, NoTermsYet, TradeUnknown) as error:
        raise fail(str(error)) from None
    except (DiskFull, OSError) as error:
        raise broken(error) from None


def add(
    paths: Sequence[Path],
    *,
    path: Path,
    purposes: Sequence[str],
    on: date,
    made_at: datetime,
    as_json: bool,
) -> None:
    """Take in the papers and say what they changed."""
    with opened(path) as lake, watching() as watch:
        added = lake_add.add(
            lake,
            paths,
            purposes=purposes,
            on=on,
            made_at=made_at,
            watch=watch,
            waiting=lambda: typer.echo(f"{path}: another command adds to it; waiting.", err=True),
        )
    if as_json:
        typer.echo(json.dumps(_as_json(added), ensure_ascii=False, indent=2))
    else:
        _show_added(added, path)


def show_batches(path: Path, *, as_json: bool) -> None:
    """List the batches of the lake."""
    with opened(path) as lake:
        batches = lake_reads.batches(lake)
    if as_json:
        typer.echo(json.dumps({"batches": [asdict(one) for one in batches]}, ensure_ascii=False))
        return
    table = Table(title=f"{len(batches):,} batches in {path}", title_justify="left")
    for name in ("batch", "when", "files", "records", "judged", "changed"):
        table.add_column(name, justify="left" if name == "when" else "right")
    for one in batches:
        what = f"compacted up to {one.replaces}" if one.replaces else f"{sum(one.files.values()):,}"
        judged, changed = (
            "\n".join(f"{purpose} {said[key]:,}" for purpose, said in one.judged.items())
            for key in ("trades", "changed")
        )
        records = f"{sum(one.records.values()):,}"
        table.add_row(str(one.number), one.made_at[:19], what, records, judged, changed)
    console().print(table)


def show_history(trade: str, path: Path, *, as_json: bool) -> None:
    """Show what became of one trade, from batch to batch."""
    with opened(path) as lake:
        steps = lake_reads.history(lake, trade)
    if as_json:
        found = {"trade": trade, "steps": [asdict(one) for one in steps]}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table(title=escape(trade), title_justify="left")
    for name in ("batch", "when", "purpose", "as of", "grade", "verified"):
        table.add_column(name, overflow="fold")
    for one in steps:
        worth = str(Money(one.verified_minor, one.currency)) if one.currency else ""
        table.add_row(
            str(one.batch), one.made_at[:19], one.purpose, one.on, _styled(one.grade), worth
        )
    console().print(table)


def compact(path: Path, *, made_at: datetime) -> None:
    """Merge many small parts into few."""
    with opened(path) as lake:
        done = lake_compact.compact(lake, made_at=made_at)
    typer.echo(f"{path}: {done.before:,} parts became {done.after:,}.")


def _as_json(added: Added) -> dict[str, object]:
    return {
        "batch": added.number,
        "files": added.files,
        "records": added.records,
        "repeated": list(added.repeated),
        "unreadable": [{"file": file, "because": because} for file, because in added.unreadable],
        "judged": [asdict(one) | {"on": one.on.isoformat()} for one in added.judgements],
    }


def _show_added(added: Added, path: Path) -> None:
    to = console()
    files = ", ".join(f"{count:,} {status}" for status, count in added.files.items())
    name = f"Batch {added.number}" if added.number else "Nothing new"
    to.print(f"{name} in {escape(str(path))}: {files or 'no new file'}.")
    if added.repeated:
        to.print(f"{len(added.repeated):,} files were in the lake already, and change nothing:")
        for one in added.repeated[:SHOWN_MAX]:
            to.print(f"  {escape(one)}")
    for file, because in added.unreadable[:SHOWN_MAX]:
        to.print(f"[red]unreadable[/red] {escape(f'{file}: {because}')}")
    for kind, count in added.records.items():
        to.print(f"  {count:>9,} {kind}")
    for judgement in added.judgements:
        _show_judgement(judgement)


def _show_judgement(one: Judgement) -> None:
    to = console()
    to.print(
        f"\nPurpose {one.purpose}, as of {one.on}: {one.judged:,} trades judged, "
        f"{one.changed:,} changed."
    )
    for move, count in sorted(one.grades.items()):
        to.print(f"  {count:>9,} {move}")
    for change in one.changes[:SHOWN_MAX]:
        worth = ""
        if change.currency and change.verified_minor:
            worth = f", {Money(change.verified_minor, change.currency)}"
        to.print(
            f"  [dim]{escape(change.trade)}[/dim]: {_styled(change.before)} → "
            f"{_styled(change.after)}{worth}"
        )
    if one.changed > SHOWN_MAX:
        to.print(
            f"  … and {one.changed - SHOWN_MAX:,} more; tradeloop lake history TRADE tells one"
        )


def _styled(grade: str | None) -> str:
    return f"[{GRADE_STYLES[grade]}]{grade}[/]" if grade else "none"
