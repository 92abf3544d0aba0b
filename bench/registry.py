"""Holding value exactly once, beside pgbench and the path that most would write, in one run.

A durable PostgreSQL of its own (fsync on), 50,000 values; a fifth of the lines ask for one of 100
hot ones, 1 % ask for absurd amounts, 2 % repeat an id. Everything is on: purposes, expiry, ids that
are remembered, a fact in the journal for each call, and the sequencer working beside. Requests are
made before the clock starts, and each connection has made its first calls, as those of pgbench
are open before its clock starts.

Bars: batches 2.5 × pgbench -N from 16 clients, single calls from 16 clients 0.5 × of it.
`--flat` adds the cost of a line from 10,000 to 5,000,000 values, beside the same of a bare update:
it should grow no faster (`flat_vs_bare` at most 1). It takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from uuid import UUID

from tradeloop.site.start import start
from tradeloop.store.lasting import lasting_server
from tradeloop.store.programs import program

VALUES, HOT, AMOUNT = 50_000, 100, 1_000_000
BATCH = 1_000
CLIENTS = 16
LINES_A_SECOND_MAX = 80_000  # so many requests are made beforehand for each second
WARM_UP_LINES = 10  # of each client: a connection plans its first calls, and prepares the sixth
SHARE_HOT, SHARE_ABSURD, SHARE_REPEATED = 0.2, 0.01, 0.02
Line = tuple[UUID, int, int, str]  # id, number of the value, amount, holder


@dataclass(frozen=True)
class Job:
    """What some clients do at once."""

    name: str
    clients: int
    size: int  # lines in a call
    is_ours: bool = True
    turn: int = 0


JOBS = (
    Job("batch_1", 1, BATCH), Job("batch_4", 4, BATCH), Job("batch_16", CLIENTS, BATCH),
    Job("single_1", 1, 1), Job("single_16", CLIENTS, 1), Job("naive_16", CLIENTS, 1, is_ours=False),
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--seconds", type=float, default=6.0, help="of each measurement")
    wishes.add_argument("--rounds", type=int, default=3, help="all measurements in turn so often")
    wishes.add_argument("--flat", action="store_true", help="also with up to 5,000,000 values")
    wishes.add_argument("--json", action="store_true")
    asked = wishes.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        lasting_server(Path(folder) / "postgres") as address,
    ):
        subprocess.run(
            [program("pgbench"), "--initialize", "--quiet", "--scale=10", address],
            check=True, capture_output=True,
        )  # fmt: skip
        start(address)
        open_values(1, VALUES)
        found = measured(address, Path(folder), asked.rounds, asked.seconds)
        if not asked.json:
            show(found)
        if asked.flat:
            more = flat(asked.seconds)
            found |= more
            if not asked.json:
                show(more)
        check()
    if asked.json:
        print(json.dumps(found))


def show(found: Mapping[str, float]) -> None:
    """Print figures as they are there."""
    for name, value in found.items():
        print(f"{name:34} {value:14,.2f}", flush=True)


def measured(address: str, folder: Path, rounds: int, seconds: float) -> dict[str, float]:
    """Take all measurements in turn, so that noise is noise for all; return medians and ratios."""
    rates: dict[str, list[float]] = {}
    waits: dict[str, list[float]] = {}
    for turn in range(rounds):
        rates.setdefault("pgbench_N_16", []).append(pgbench(address, seconds))
        for job in JOBS:
            rate, took = run(address, folder, replace(job, turn=turn), seconds)
            rates.setdefault(job.name, []).append(rate)
            waits.setdefault(job.name, []).extend(took)
    median = {name: statistics.median(found) for name, found in rates.items()}
    pg = median["pgbench_N_16"]
    best = max(median[name] for name in ("batch_1", "batch_4", "batch_16"))
    return {
        **{f"{name} /s": value for name, value in median.items()},
        "batch_vs_pgbench": best / pg,
        "batch16_vs_pgbench": median["batch_16"] / pg,
        "single16_vs_pgbench": median["single_16"] / pg,
        "batch_vs_naive": best / median["naive_16"],
        "single16_vs_naive": median["single_16"] / median["naive_16"],
        **{
            f"{name} {part} ms": at(waits[name], share) * 1000
            for name in ("single_16", "batch_4")
            for part, share in (("p50", 0.50), ("p99", 0.99))
        },
    }


def pgbench(address: str, seconds: float) -> float:
    """Return the transactions a second of pgbench -N from 16 clients."""
    done = subprocess.run(
        [program("pgbench"), "-N", f"-c{CLIENTS}", "-j2", f"-T{max(1, round(seconds))}", "-n",
         address],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def run(address: str, folder: Path, job: Job, seconds: float) -> tuple[float, list[float]]:
    """Let some processes work for a while; return their lines a second, and each call's time."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(job.clients + 1)
    stop = context.Event()
    results = context.SimpleQueue()
    beside = context.Process(target=sequencer, args=(address, folder, ready, stop))
    others = [
        context.Process(target=client, args=(address, job, seconds, n, ready, results))
        for n in range(job.clients)
    ]
    for process in (beside, *others):
        process.start()
    found = [results.get() for _ in others]
    stop.set()
    for process in (beside, *others):
        process.join()
    return sum(rate for rate, _ in found), [one for _, took in found for one in took]


def client(  # noqa: PLR0913, PLR0917 - as a process is told
    address: str, job: Job, seconds: float, number: int, ready: Barrier, results: object
) -> None:  # fmt: skip
    """Make requests, wait for the others, then ask until the time or the requests are over."""
    start(address)
    chance = random.Random(f"{job} {number}")
    work = batch if job.is_ours else naive
    lines = int(seconds * LINES_A_SECOND_MAX / job.clients)
    calls = [requests(chance, job.size) for _ in range(lines // job.size)]
    for _ in range(max(1, WARM_UP_LINES // job.size)):
        work(requests(chance, job.size))
    ready.wait()
    took: list[float] = []
    began = time.perf_counter()
    for call in calls:
        before = time.perf_counter()
        if before - began > seconds:
            break
        work(call)
        took.append(time.perf_counter() - before)
    passed = time.perf_counter() - began
    results.put((len(took) * job.size / passed, took))  # type: ignore[attr-defined]


def requests(chance: random.Random, size: int) -> list[Line]:
    """Return so many lines: a fifth for hot values, some absurd, some with an id used before."""
    lines: list[Line] = []
    for _ in range(size):
        number = chance.randrange(HOT) if chance.random() < SHARE_HOT else chance.randrange(VALUES)
        amount = 10 * AMOUNT if chance.random() < SHARE_ABSURD else chance.randrange(1, 2_000)
        if lines and chance.random() < SHARE_REPEATED:
            lines.append(chance.choice(lines))
        else:
            id = UUID(int=chance.getrandbits(128))
            lines.append((id, number, amount, f"bank:{chance.randrange(9)}"))
    return lines


def batch(lines: Sequence[Line]) -> None:
    """Ask by the public call."""
    from tradeloop.registry import actions  # noqa: PLC0415 - Django is set up now
    from tradeloop.registry.facts import Ask  # noqa: PLC0415 - the same

    now = datetime.now(UTC)
    answers = actions.hold(
        lines=[
            Ask(
                id=id, paper=paper(number), purpose="finance", holder=holder, unit="USD",
                amount_minor=amount, expires_at=now + timedelta(hours=72),
            )
            for id, number, amount, holder in lines
        ],
        now=now,
    )  # fmt: skip
    assert len(answers) == len(lines)


def naive(lines: Sequence[Line]) -> None:
    """Ask as most would write it: look with a lock, decide in Python, save both rows."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up now

    from tradeloop.registry.models import Book, Hold, Paper  # noqa: PLC0415 - the same

    now = datetime.now(UTC)
    for id, number, amount, holder in lines:
        with transaction.atomic():
            named = Paper.objects.get(key=paper(number))
            book = Book.objects.select_for_update().get(
                capacity_id=named.capacity_id, purpose="naive"
            )
            free = book.amount_minor - book.held_minor - book.committed_minor - book.spent_minor
            granted = amount if amount <= free else 0
            if granted:
                book.held_minor += granted
                book.live_holds += 1
                book.save(update_fields=["held_minor", "live_holds"])
            Hold.objects.create(
                id=id, paper=named.key, purpose="naive", holder=holder, unit="USD",
                asked_minor=amount, least_minor=amount, expires_at=now + timedelta(hours=72),
                asked_at=now, refusal=None if granted else "not-enough", granted_minor=granted,
                free_minor=free - granted, others=0, twins=0, entry_id=0, line=1,
                state="held" if granted else "refused", capacity_id=named.capacity_id,
                held_by=holder, committed_minor=0, spent_minor=0, freed_minor=0,
            )  # fmt: skip


def sequencer(address: str, folder: Path, ready: Barrier, stop: Event) -> None:
    """Feed the log as a worker does, and sweep what ran out."""
    start(address)
    from tradeloop.journal.keys import signer  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal.sequence import sequence_once  # noqa: PLC0415 - the same
    from tradeloop.registry import actions  # noqa: PLC0415 - the same

    by = signer(folder / "keys")
    ready.wait()
    while not stop.wait(1.0):
        sequence_once(now=datetime.now(UTC), signer=by)
        actions.expire(now=datetime.now(UTC))


def flat(seconds: float) -> dict[str, float]:
    """Return the microseconds a line costs in batches with ever more values, one client.

    Beside it stands the least that anybody could do with PostgreSQL: one table of values, found by
    their paper, one update, one row kept. It grows too, as ever fewer pages are in the processor's
    cache; `flat_vs_bare` is our growth over its growth: at 1 or below, nothing of ours adds to it.
    """
    found: dict[str, float] = {}
    opened = VALUES
    chance = random.Random(1)
    sizes = (10_000, 100_000, 1_000_000, 5_000_000)
    open_bare(1, opened)
    for values in sizes:
        if values > opened:
            open_values(opened + 1, values)
            open_bare(opened + 1, values)
            opened = values
        for name, work in (("line", batch), ("bare line", bare)):
            calls = [
                [(UUID(int=chance.getrandbits(128)), chance.randrange(values), 1, "bank:1")
                 for _ in range(BATCH)]
                for _ in range(max(5, int(seconds * 8)))
            ]  # fmt: skip
            work(calls.pop())
            costs = []
            for call in calls:
                before = time.perf_counter()
                work(call)
                costs.append((time.perf_counter() - before) / BATCH * 1e6)
            found[f"{name} at {values:,} values µs"] = statistics.median(costs)
    grown, bare_grown = (
        found[f"{name} at {sizes[-1]:,} values µs"] / found[f"{name} at {sizes[0]:,} values µs"]
        for name in ("line", "bare line")
    )
    return {**found, "growth": grown, "growth of bare": bare_grown,
            "flat_vs_bare": grown / bare_grown}  # fmt: skip


def open_bare(first: int, last: int) -> None:
    """Open the same values for the bare path."""
    from tradeloop.store.database import cursor  # noqa: PLC0415 - Django is set up now

    with cursor() as cur:
        cur.execute("create table if not exists bare_value (paper text primary key, held bigint)")
        cur.execute(
            "create table if not exists bare_answer (id uuid primary key, paper text, minor bigint)"
        )
        cur.execute(
            "insert into bare_value select 'order:CN.bench:' || n - 1, 0 "
            "from generate_series(%s::bigint, %s::bigint) as n",
            (first, last),
        )
        cur.execute("vacuum analyze bare_value")


def bare(lines: Sequence[Line]) -> None:
    """Add to what is held, and keep the line; nothing is checked, nothing is told."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up now

    from tradeloop.store.database import cursor  # noqa: PLC0415 - the same

    with transaction.atomic(), cursor() as cur:
        cur.execute("set local enable_seqscan = off; set local enable_hashjoin = off")
        cur.execute(
            "with line as (select * from unnest(%s::uuid[], %s::text[], %s::bigint[]) "
            "as line (id, paper, minor)), "
            "kept as (insert into bare_answer select id, paper, minor from line) "
            "update bare_value as v set held = held + taken.minor "
            "from (select paper, sum(minor) as minor from line group by paper) as taken "
            "where v.paper = taken.paper",
            ([line[0] for line in lines], [paper(line[1]) for line in lines],
             [line[2] for line in lines]),
        )  # fmt: skip


def open_values(first: int, last: int) -> None:
    """Open values by their numbers; a second book for the path that most would write."""
    from tradeloop.store.database import cursor  # noqa: PLC0415 - Django is set up now

    with cursor() as cur:
        cur.execute(
            "with opened as (insert into registry_capacity (paper, unit, opened_at) "
            "select 'order:CN.bench:' || n - 1, 'USD', now() "
            "from generate_series(%s::bigint, %s::bigint) as n "
            "returning id, paper), "
            "named as (insert into registry_paper (key, capacity_id) select paper, id from opened) "
            "insert into registry_book (capacity_id, purpose, amount_minor, own_minor) "
            "select id, purpose, %s, %s from opened "
            "cross join (values ('finance'), ('naive')) as p (purpose) "
            "where purpose = 'finance' or id <= %s",
            (first, last, AMOUNT, AMOUNT, VALUES),
        )
        cur.execute("vacuum analyze registry_capacity, registry_paper, registry_book")


def check() -> None:
    """All that was granted was free, whoever asked how."""
    from tradeloop.store.database import cursor  # noqa: PLC0415 - Django is set up now

    with cursor() as cur:
        cur.execute(
            "select count(*) from registry_book as b left join ("
            "select capacity_id, purpose, sum(granted_minor) as granted from registry_hold "
            "group by 1, 2) as h using (capacity_id, purpose) "
            "where coalesce(granted, 0) <> held_minor or held_minor > amount_minor"
        )
        assert cur.fetchone() == (0,)


def paper(number: int) -> str:
    """Return the name of a value."""
    return f"order:CN.bench:{number}"


def at(values: Sequence[float], share: float) -> float:
    """Return the value below which such a share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


if __name__ == "__main__":
    main()
