"""Buyers: how fast papers find theirs, and how fast a list is taken and looked through.

It runs on a PostgreSQL of its own that keeps nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from tradeloop.site.start import start
from tradeloop.store.server import passing_server

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
SECRET = b"for a benchmark, and nothing else"
LETTERS = "aaabcdeeefghiiklmnnoooprrsssttuvz"
FORMS = ("Ltd", "GmbH", "LLC", "S.A.", "Co., Ltd.", "Inc.")
COUNTRIES = ("ARE", "EGY", "DEU", "RUS", "IND", "MEX")


def measure(papers: int, distinct: int, known: int, listed: int) -> dict[str, object]:
    """Resolve, screen and import once each; return seconds."""
    from tradeloop.parties import actions, queries  # noqa: PLC0415 - Django is set up now
    from tradeloop.parties.facts import Told  # noqa: PLC0415 - the same
    from tradeloop.parties.list_import import import_list  # noqa: PLC0415 - the same
    from tradeloop.parties.list_lines import named  # noqa: PLC0415 - the same

    dice = random.Random(1)
    words = ["".join(dice.choices(LETTERS, k=dice.randint(3, 9))) for _ in range(30_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def name() -> str:
        return f"{' '.join(dice.choices(words, weights, k=3))} {dice.choice(FORMS)}"

    def told(number: int) -> Told:
        bears = f"P{number:08}" if dice.random() < 0.5 else None  # noqa: PLR2004 - half of them
        return Told(name=name(), country=dice.choice(COUNTRIES), number=bears)

    before = [told(number) for number in range(known)]
    new = [told(known + number) for number in range(distinct)]
    asked = dice.choices(new, k=papers)
    table = [["name", "country"], *([name(), dice.choice(COUNTRIES)] for _ in range(listed))]
    rows = named(list(enumerate(table, 1)))[0]

    def resolve(them: list[Told]) -> Callable[[], object]:
        return lambda: actions.resolve(told=them, now=NOON, secret=SECRET)

    def take() -> object:
        return import_list(code="sanctions", rows=rows, now=NOON, secret=SECRET, source="made")

    one = [told(10**7)]
    seconds = {
        "first_buyers": timed(resolve(before)), "papers_of_new_buyers": timed(resolve(asked)),
        "papers_of_known_buyers": timed(resolve(asked)), "one_new_buyer": timed(resolve(one)),
        "one_known_buyer": timed(resolve(one)), "list_and_all_buyers": timed(take),
        "same_list_again": timed(take),
        "one_buyer_screened": timed(lambda: (resolve([told(10**8)])(), actions.screen(now=NOON))),
    }  # fmt: skip
    keys = [answer.buyer for answer in actions.resolve(told=asked, now=NOON, secret=SECRET)]
    seconds["hits_of_all_asked"] = timed(
        lambda: queries.screened(sorted(set(keys)), on=date(2026, 3, 9))
    )
    return {
        "papers": papers, "distinct": distinct, "known": known, "listed": listed, "s": seconds,
        "buyers": len(set(keys)),
    }  # fmt: skip


def timed(task: Callable[[], object]) -> float:
    """Return how many seconds a task takes."""
    began = time.perf_counter()
    task()
    return round(time.perf_counter() - began, 4)


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true")
    words.add_argument("--papers", type=int, default=100_000)
    words.add_argument("--distinct", type=int, default=2_000)
    words.add_argument("--known", type=int, default=5_000)
    words.add_argument("--listed", type=int, default=20_000)
    given = words.parse_args()
    with passing_server() as address:
        start(address, clock_skew_s_max=None)
        from tradeloop.store.database import leave  # noqa: PLC0415 - Django is set up now

        found = measure(given.papers, given.distinct, given.known, given.listed)
        leave()
    print(json.dumps(found, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
