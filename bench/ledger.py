"""The ledger with a million postings: how fast entries go in, and how long each read takes."""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tradeloop.site.start import start
from tradeloop.store.server import passing_server

START = date(2025, 1, 1)
NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)
BATCH = 5_000
ACCOUNTS = 10_000
DAYS = 365


def main(postings: int) -> dict[str, float]:
    """Fill a ledger, then time its reads; return seconds and rows per second."""
    with passing_server() as address:
        start(address, clock_skew_s_max=None)
        from tradeloop.kit.money import Money  # noqa: PLC0415 - Django is set up now
        from tradeloop.ledger import actions, queries  # noqa: PLC0415 - the same
        from tradeloop.ledger.facts import Entry, Posting  # noqa: PLC0415 - the same
        from tradeloop.store.database import cursor, leave  # noqa: PLC0415 - the same

        dice = random.Random(1)

        def entry(number: int) -> Entry:
            seller = f"firm-{dice.randrange(ACCOUNTS)}:owes"
            amount = dice.randrange(100, 10**7)
            return Entry(
                key=f"loan-{number}", on=START + timedelta(days=dice.randrange(DAYS)), why="Loan",
                postings=(
                    Posting(debit=seller, credit="bank:cash", amount=Money(amount, "USD")),
                    Posting(debit=seller, credit="bank:fees", amount=Money(amount // 99, "USD")),
                ),
            )  # fmt: skip

        began = time.perf_counter()
        for first in range(0, postings // 2, BATCH):
            last = min(first + BATCH, postings // 2)
            actions.post(entries=[entry(number) for number in range(first, last)], at=NOON)
        took = time.perf_counter() - began
        with cursor() as cur:
            cur.execute("vacuum analyze")

        end, month = START + timedelta(days=DAYS), START + timedelta(days=31)
        reads: dict[str, Callable[[], object]] = {
            "balance_of_the_busiest_account_s": lambda: queries.balance(
                "bank:cash", on=month, currency="USD"
            ),
            "trial_balance_s": lambda: queries.trial_balance(on=end),
            "balances_of_one_owner_s": lambda: queries.balances("firm-77:", on=end),
            "statement_of_a_year_s": lambda: queries.statement(
                "firm-77:owes", from_on=START, to_on=end
            ),
            "statement_of_the_busiest_day_s": lambda: queries.statement(
                "bank:cash", from_on=month, to_on=month
            ),
            "count_everything_anew_s": queries.different_sums,
            "post_one_entry_s": lambda: actions.post(
                entries=[entry(10**9 + dice.randrange(10**9))], at=NOON
            ),
        }
        figures = {"postings": postings, "postings_per_s": round(postings / took)}
        figures |= {name: _median_s(read) for name, read in reads.items()}
        assert queries.trial_balance(on=end).is_even
        leave()
        return figures


def _median_s(read: Callable[[], object], turns: int = 5) -> float:
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        read()
        times.append(time.perf_counter() - began)
    return round(statistics.median(times), 5)


if __name__ == "__main__":
    found = main(int(os.environ.get("POSTINGS", "1000000")))
    if "--json" in sys.argv:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:<34} {value:>14,}")
