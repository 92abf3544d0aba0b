"""The demo goes on: what is proven is registered, asked for often, used once, proven offline."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import duckdb
import typer

from tradeloop.journal.checkpoint import PublicKeys
from tradeloop.journal.keys import public_keys
from tradeloop.journal.verify import verify
from tradeloop.kit.money import Money
from tradeloop.registry.facts import Answer, Ask, MoveAsk
from tradeloop.site.opened import opened

RACERS = 16
HOLD = timedelta(hours=72)


def register_all(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    purpose: str,
    on: date,
    clock: Callable[[], datetime],
) -> str:
    """Register every proven trade of a judged town in a new home; say what that did."""
    if (folder / "postgres").exists():
        shutil.rmtree(folder)  # of an earlier demo
    with opened(folder) as home:
        from tradeloop.registry.fingerprints import key_of  # noqa: PLC0415 - Django is set up now
        from tradeloop.registry.register import Registering, register  # noqa: PLC0415 - the same
        from tradeloop.trades.registration import judged_trades  # noqa: PLC0415 - the same

        given = Registering(
            purpose=purpose, on=on, now=clock, source="a synthetic town", complete=True,
            secret=key_of(home.keys),
        )  # fmt: skip
        began = time.monotonic()
        done = register(judged_trades(con), given)
        return (
            f"\n{done.outcomes['opened']:,} proven trades are registered for {purpose} in "
            f"{time.monotonic() - began:.1f} s; {done.outcomes['not-proven']:,} are not proven "
            "and cannot be used."
        )


def use_one(folder: Path, *, purpose: str, clock: Callable[[], datetime]) -> None:
    """Ask for one value from sixteen connections at once; use it; prove it offline."""
    with opened(folder):
        from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now
        from tradeloop.store.database import cursor  # noqa: PLC0415 - the same

        with cursor() as cur:
            cur.execute(
                "select c.paper, c.unit, b.amount_minor from registry_book as b "
                "join registry_capacity as c on c.id = b.capacity_id "
                "order by b.amount_minor desc, c.paper limit 1"
            )
            paper, unit, amount = cur.fetchone() or ("", "USD", 0)
        part = amount * 6 // 10
        typer.echo(
            f"\n{paper} proves {Money(amount, unit)}. Sixteen banks ask for "
            f"{Money(part, unit)} of it, at the same moment:"
        )
        answers = _race(lambda n: _ask(paper, purpose, unit, part, n, clock()))
        for refusal, count in Counter(one.refusal or "granted" for one in answers).items():
            typer.echo(f"  {count:>3} × {refusal}")
        refused = next(one for one in answers if one.refusal)
        typer.echo(
            f"  Each of those refused hears that {Money(refused.free_minor, unit)} is free and "
            f"that {refused.others} other holds, never who."
        )
        (held,) = (one for one in answers if one.refusal is None)
        actions.move(lines=[MoveAsk(id=uuid4(), hold=held.id, event="commit")], now=clock())
        actions.move(
            lines=[MoveAsk(id=uuid4(), hold=held.id, event="spend", amount_minor=part // 2),
                   MoveAsk(id=uuid4(), hold=held.id, event="release")],
            now=clock(),
        )  # fmt: skip
        typer.echo(
            "  The loan is paid out, then repaid half from the buyer's payment and half from own "
            f"funds: {Money(part // 2, unit)} of the value is spent for ever, the rest is free."
        )
    text, keys = _proof(folder, held)
    began = time.perf_counter()
    said = verify(text, keys).says
    typer.echo(f"  Checked offline in {(time.perf_counter() - began) * 1000:.1f} ms: {said}")


def _ask(paper: str, purpose: str, unit: str, amount: int, number: int, now: datetime) -> Answer:
    from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now

    line = Ask(
        id=uuid4(), paper=paper, purpose=purpose, holder=f"synthetic-bank:{number}", unit=unit,
        amount_minor=amount, expires_at=now + HOLD,
    )  # fmt: skip
    (answer,) = actions.hold(lines=[line], now=now)
    return answer


def _race(ask: Callable[[int], Answer]) -> list[Answer]:
    from tradeloop.store.database import leave  # noqa: PLC0415 - Django is set up now

    ready = threading.Barrier(RACERS)

    def run(number: int) -> Answer:
        try:
            ready.wait()
            return ask(number)
        finally:
            leave()

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(run, range(1, RACERS + 1)))


def _proof(folder: Path, held: Answer) -> tuple[str, PublicKeys]:
    """Return the proof that a hold stands in the journal, and the public keys to check it with."""
    with opened(folder) as home:
        from tradeloop.journal import promise, proof  # noqa: PLC0415 - Django is set up now

        assert held.entry_id is not None  # noqa: S101 - what was granted stands in the journal
        keys = public_keys(home.keys)
        return promise.as_text(proof.proof(held.entry_id, keys=keys)), keys
