"""Offering proven trades for cover: many in one batch, and one at a time, in one run.

A durable PostgreSQL of its own. Trades are made up: 2,000 merchants sell to 1,000 buyers, whose
limits are used up by and by, in the order of the offers. Everything is on: names are resolved and
looked for on lists, rules judged, values held once, debts opened, certificates worked out from each
buyer's whole history, every answer kept for replay, the journal written.

Bars, on 2 cores: 100,000 trades in one batch under 60 s; one trade under 50 ms at p99.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tradeloop.cover.terms import CoverTerms
from tradeloop.schemes.load import find, versions
from tradeloop.site.start import start
from tradeloop.store.lasting import lasting_server
from tradeloop.trades.offers import SET_SIZE, OfferedTrade

SCHEME = "yiwu-market-procurement"
FIRST_DAY = date(2026, 1, 5)
OFFERED_ON = FIRST_DAY + timedelta(days=301)
SELLERS, BUYERS = 2_000, 1_000
TERMS = versions(find(SCHEME), "cover", into=CoverTerms)
BATCH_S_MAX, ONE_S_MAX = 60.0, 0.05
SECRET = b"of a benchmark, of 32 bytes....."


def main() -> None:
    """Measure and print."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--trades", type=int, default=100_000)
    wishes.add_argument("--single", type=int, default=500, help="offered one at a time afterwards")
    wishes.add_argument("--json", action="store_true")
    asked = wishes.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        lasting_server(Path(folder) / "postgres") as address,
    ):
        start(address, clock_skew_s_max=None)
        found = measured(asked.trades, asked.single)
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:34} {value:14,.2f}")


def measured(many: int, single: int) -> dict[str, float]:
    """Offer many trades in one batch, then some one by one; return what each took."""
    chance = random.Random(1)
    trades = [made_up(chance, number, many) for number in range(many + single)]
    began = time.perf_counter()
    register(trades)
    registered = time.perf_counter() - began
    began = time.perf_counter()
    outcomes = offer([
        trades[at : min(at + SET_SIZE, many)] for at in range(0, many, SET_SIZE)
    ])  # fmt: skip
    batch = time.perf_counter() - began
    assert outcomes["certified"] + outcomes["refused"] + outcomes["waiting"] == many, outcomes
    took = []
    for one in trades[many:]:
        before = time.perf_counter()
        offer([[one]])
        took.append(time.perf_counter() - before)
    cuts = statistics.quantiles(took, n=100)
    return {
        "registered s": registered,
        "batch s": batch,
        "batch trades/s": many / batch,
        "certified": outcomes["certified"],
        "one trade p50 ms": statistics.median(took) * 1000,
        "one trade p99 ms": cuts[98] * 1000,
        "batch_vs_one_by_one": statistics.mean(took) * many / batch,
        "batch of 100,000, of its bar": batch / many * 100_000 / BATCH_S_MAX,
        "one trade p99, of its bar": cuts[98] / ONE_S_MAX,
    }  # fmt: skip


def made_up(chance: random.Random, number: int, many: int) -> OfferedTrade:
    """Return one trade of a season that is long enough for the merchants' limits.

    None is due before it is offered: who declares late what is past due is not insured.
    """
    shipped_on = FIRST_DAY + timedelta(days=number * 300 // many)
    seller = f"SYN-FIRM-{chance.randrange(SELLERS):05}"
    buyer = chance.randrange(BUYERS)
    return OfferedTrade(
        name=f"{seller}/SYN-T-{number:07}", mode="1039", grade="proven", currency="USD",
        verified_minor=chance.randrange(100_000, 7_000_000), seller=seller,
        buyer_name=f"SYNTHETIC BUYER Q{buyer:04} TRADING", buyer_country="IRQ",
        buyer_number=f"SYN-ID-{buyer:04}", buyer_number_kind="passport",
        recorded_at=datetime.combine(shipped_on - timedelta(days=4), datetime.min.time()),
        due_on=OFFERED_ON + timedelta(days=chance.randrange(1, 58)), payment_method="O/A",
        shipped_on=shipped_on, declaration=f"2923202601{number:08}", declared_currency="USD",
        declared=Decimal(90_000), collected=None,
    )  # fmt: skip


def register(trades: Sequence[OfferedTrade]) -> None:
    """Let the registry know what the trades are worth, as judging would have done."""
    from tradeloop.cover.holding import PURPOSE  # noqa: PLC0415 - Django is set up now
    from tradeloop.registry import actions  # noqa: PLC0415 - the same
    from tradeloop.registry.facts import Value  # noqa: PLC0415 - the same
    from tradeloop.registry.known import paper_of  # noqa: PLC0415 - the same

    for at in range(0, len(trades), 5_000):
        actions.take_in(
            values=[
                Value(paper=paper_of(one.name), unit="USD", purpose=PURPOSE,
                      amount_minor=one.verified_minor)
                for one in trades[at : at + 5_000]
            ],
            now=datetime.now(UTC), because="a benchmark",
        )  # fmt: skip


def offer(sets: Sequence[Sequence[OfferedTrade]]) -> dict[str, int]:
    """Offer trades by the public call."""
    from tradeloop.cover.zero_visit import Covering, cover  # noqa: PLC0415 - Django is set up now

    done = cover(sets, Covering(
        scheme=SCHEME, terms=TERMS,
        on=OFFERED_ON, now=lambda: datetime.now(UTC), secret=SECRET,
        source="a benchmark",
    ))  # fmt: skip
    return {str(name): done.outcomes[name] for name in ("certified", "refused", "waiting")}


if __name__ == "__main__":
    main()
