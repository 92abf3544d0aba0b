"""`tradeloop register`: what judged trades are worth becomes value that can be used once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import typer

from tradeloop.bulk.disk import DiskFull
from tradeloop.cli.registry.opened import registry
from tradeloop.cli.registry.says import shown
from tradeloop.cli.screen import broken, fail, watching
from tradeloop.store.home import Home
from tradeloop.trades.actions import NothingRead, Watch, judged
from tradeloop.trades.lake import reads as lake_reads
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.queries import TradeUnknown
from tradeloop.trades.terms import NoTermsYet

if TYPE_CHECKING:
    from tradeloop.registry.register import Registered, Registering

SAID = {
    "opened": "opened", "adjusted": "amended", "unchanged": "as they were",
    "withdrawn": "proven no longer, worth nothing now",
    "kept": "not proven by these papers alone, left as they were",
    "not-proven": "not proven, not registered", "name-malformed": "with a name that cannot be kept",
    "name-taken": "whose name belongs to another value", "unit-differs": "in another currency now",
    "currency-changed": "in another currency now, worth nothing until somebody looks at them",
    "too-large": "beyond what their declaration can count",
    "given-twice": "given twice, not registered",
    "amount-negative": "of less than nothing, not registered",
    "several-earlier": "that may be one of several values under other codes, not registered",
}  # fmt: skip


def run(
    paths: Sequence[Path], *, lake: Path | None, purpose: str, on: date, chosen: Sequence[str],
    home: Path | None, as_json: bool, now: Callable[[], datetime],
) -> None:  # fmt: skip
    """Judge the papers and register what is proven."""
    with registry(home) as found:
        from tradeloop.registry.editions import Overtaken  # noqa: PLC0415 - the same
        from tradeloop.registry.fingerprints import key_of  # noqa: PLC0415 - Django is set up now
        from tradeloop.registry.register import Registering, register  # noqa: PLC0415 - the same
        from tradeloop.trades.registration import judged_trades  # noqa: PLC0415 - the same

        given = Registering(
            purpose=purpose, on=on, now=now, complete=lake is not None, chosen=frozenset(chosen),
            source=source_of(paths, lake), secret=key_of(found.keys),
            whole=lake is not None and not chosen,
        )  # fmt: skip
        _check_secret(given.secret)
        try:
            with (
                watching() as watch,
                judged_papers(paths, lake, purpose=purpose, on=on, watch=watch) as (con, edition),
            ):
                result = register(judged_trades(con), of_edition(given, edition))
        except (NothingRead, NoTermsYet, TradeUnknown, Overtaken) as error:
            raise fail(str(error)) from None
        except (DiskFull, OSError) as error:
            raise broken(error) from None
    if as_json:
        typer.echo(json.dumps({
            "purpose": purpose, "on": on.isoformat(), "trades": dict(result.outcomes),
            "over_used": [
                {"paper": one.paper, "over_minor": one.over_minor} for one in result.over_used
            ],
            "unsure": [
                {"trade": name, "may_be": list(papers)} for name, papers in result.unsure
            ],
            "new_twins": result.twins,
        }, ensure_ascii=False, indent=2))  # fmt: skip
        return
    if not result.outcomes:
        typer.echo("No trade is in these papers; nothing was registered.")
    for outcome, count in sorted(result.outcomes.items()):
        typer.echo(f"{count:>9,} {SAID.get(outcome, outcome)}")
    for one in result.over_used:
        typer.echo(f"OVER-USED by {shown(one.over_minor, 'minor units')}: {one.paper}")
    tell_unsure(result)
    if result.twins:
        typer.echo(f"{result.twins:,} values may be the same goods as others: registry show PAPER")


def tell_unsure(result: Registered) -> None:
    """Name the trades that were not registered, for they may be goods that are."""
    for name, values in result.unsure:
        typer.echo(
            f"NOT REGISTERED: {name} has the order number and a customs list of "
            f"{' and of '.join(values)}. Where that is the same goods, leave out the papers under "
            "the other code, and give values that are not of these goods 0; where it is not, "
            "give it a value by hand: tradeloop registry open.",
            err=True,
        )


def of_edition(given: Registering, edition: tuple[str, int]) -> Registering:
    """Say which edition of a lake was judged."""
    lake, batch = edition
    return replace(given, lake=lake, batch=batch)


def source_of(paths: Sequence[Path], lake: Path | None) -> str:
    """Return how the journal names where papers are: a lake by its whole path, files as given."""
    return f"lake {lake.resolve()}" if lake else ", ".join(map(str, paths))


@contextmanager
def judged_papers(
    paths: Sequence[Path], lake: Path | None, *, purpose: str, on: date, watch: Watch
) -> Iterator[tuple[duckdb.DuckDBPyConnection, tuple[str, int]]]:
    """Judge papers or a lake; give the database, and which edition of a lake it is of."""
    if lake is None:
        with judged(paths, purpose=purpose, on=on, watch=watch) as read:
            yield read.con, ("", 0)
        return
    with Lake(lake) as papers, papers.judged(purpose=purpose, on=on, watch=watch) as done:
        yield done.con, done.edition


def _check_secret(secret: bytes) -> None:
    """Refuse another secret than the first: under it no goods would be found to be the same."""
    from tradeloop.parties.memory import (  # noqa: PLC0415 - Django is set up now
        SecretChanged,
        check_secret,
    )

    try:
        check_secret(secret)
    except SecretChanged as error:
        raise fail(str(error)) from None


def open_from_lake(lake: Path, paper: str, *, purpose: str, home: Home, now: datetime) -> None:
    """Register the trade that a paper belongs to, if it is in the lake and not registered yet."""
    from tradeloop.registry import queries  # noqa: PLC0415 - Django is set up now
    from tradeloop.registry.editions import Overtaken  # noqa: PLC0415 - the same
    from tradeloop.registry.fingerprints import key_of  # noqa: PLC0415 - the same
    from tradeloop.registry.register import Registering, register  # noqa: PLC0415 - the same
    from tradeloop.trades.registration import judged_trades  # noqa: PLC0415 - the same

    if queries.is_open(paper, purpose):
        return
    given = Registering(
        purpose=purpose, on=now.date(), now=lambda: now, complete=True,
        source=source_of((), lake), secret=key_of(home.keys),
    )  # fmt: skip
    _check_secret(given.secret)
    kind, _, rest = paper.partition(":")
    number = rest.partition(":")[2]
    try:
        with Lake(lake) as papers:
            given = of_edition(given, papers.edition())
            with lake_reads.judged_around(
                papers, kind, number, purpose=purpose, on=now.date()
            ) as con:
                register(judged_trades(con), given)
    except (NothingRead, NoTermsYet, TradeUnknown, Overtaken) as error:
        raise fail(str(error)) from None
    except (DiskFull, OSError) as error:
        raise broken(error) from None
