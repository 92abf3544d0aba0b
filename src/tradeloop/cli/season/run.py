"""What `tradeloop season` does: make a town, judge it once, register it, play its year, tell it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from tradeloop.bulk.disk import DiskFull, as_disk_full
from tradeloop.cli.people_key import people_key
from tradeloop.cli.screen import broken, fail, watching
from tradeloop.cli.season import says
from tradeloop.economy import papers
from tradeloop.economy.papers.credit.place import load
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.site.opened import opened
from tradeloop.store.home import Home
from tradeloop.trades.actions import NothingRead, judged
from tradeloop.trades.offers import OfferedTrade, offered_trades
from tradeloop.trades.registration import JudgedTrade, judged_trades

SCHEMES = {"yiwu": "yiwu-market-procurement"}
PURPOSE = "insurance"
FAULTS = 0.03
PAPERS, HOME, RESULT = "town", "home", "season.json"
LISTS = ("certificates.csv", "claims.csv", "payments.csv", "recoveries.csv", "decisions.csv")
FILES = frozenset({PAPERS, HOME, RESULT, *LISTS})
"""What a folder of results holds, and nothing else."""


def run(
    *, town: str, trades: int, seed: int, out: Path, home: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Play a season and print its table."""
    if town not in SCHEMES:
        raise fail(f"{town} has no scheme to play. Name one of {', '.join(SCHEMES)}.")
    lives = home or out / HOME
    for folder in (out, lives):
        refuse_if_used(folder)
    if Home.found(lives).database_url:
        raise fail(
            "A season plays its own time. Unset DATABASE_URL: it needs a database of its own."
        )
    try:
        told = play(town=town, trades=trades, seed=seed, out=out, home=lives)
    except (DiskFull, OSError) as error:
        raise broken(error) from None
    if as_json:
        typer.echo((out / RESULT).read_text("utf-8"), nl=False)
    else:
        says.tell(told, out)


def play(*, town: str, trades: int, seed: int, out: Path, home: Path) -> dict[str, Any]:
    """Play a season in a new home; write its results, and return the figures."""
    made, offers = _judged(town, trades, seed, out / PAPERS)
    shipped = [one.shipped_on for one in offers if one.shipped_on]
    if not shipped:
        raise fail("No goods have left the country: there is no season. Ask for more trades.")
    with opened(home, clock_skew_s_max=None) as found:
        from tradeloop.economy.season.lists import write_lists  # noqa: PLC0415 - the same
        from tradeloop.economy.season.table import figures  # noqa: PLC0415 - the same
        from tradeloop.economy.season.year import Season, live  # noqa: PLC0415 - Django is set up now
        from tradeloop.registry.fingerprints import key_of  # noqa: PLC0415 - the same
        from tradeloop.registry.register import Registering, register  # noqa: PLC0415 - the same

        secret = key_of(found.keys)
        before = datetime.combine(min(shipped), time(8), SHANGHAI)
        register([made], Registering(
            purpose=PURPOSE, on=load(town).judged_on, now=lambda: before, complete=True,
            source="a synthetic town", secret=secret,
        ))  # fmt: skip
        with Progress(
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
        ) as bar:
            task = bar.add_task("playing the year", total=None)
            lived = live(offers, Season(
                scheme=SCHEMES[town], seed=seed, secret=secret, people_key=people_key(found),
                told=_shown(bar, task),
            ))  # fmt: skip
        told = figures(lived)
        write_lists(lived, out)
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
    (out / RESULT).write_text(f"{text}\n", encoding="utf-8")
    return told


def refuse_if_used(folder: Path) -> None:
    """Refuse a folder that has anything in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise fail(
            f"{folder} is not an empty folder. Name a new one: a season begins with nothing."
        )


def _judged(
    town: str, trades: int, seed: int, into: Path
) -> tuple[Sequence[JudgedTrade], Sequence[OfferedTrade]]:
    """Make the town's papers and judge them once, as of the day on which its truth holds."""
    try:
        papers.generate(
            town=town, trades=trades, seed=seed, faults=FAULTS, form="papers", into=into
        )
    except OSError as error:
        raise broken(as_disk_full(error, into)) from None
    try:
        with watching() as watch, judged(
            [into], purpose=PURPOSE, on=load(town).judged_on, watch=watch
        ) as done:  # fmt: skip
            made = [one for some in judged_trades(done.con) for one in some]
            return made, [one for some in offered_trades(done.con) for one in some]
    except NothingRead as error:
        raise fail(str(error)) from None


def _shown(bar: Progress, task: Any) -> Callable[[date], None]:  # noqa: ANN401 - an id of rich's
    def told(day: date) -> None:
        bar.update(task, advance=1, description=f"playing the year: {day}")

    return told
