"""Sixteen writers record small facts, with and without the sequencer: its cost, and the delay.

A durable PostgreSQL of its own (fsync on); rounds in turn, so that noise is noise for both.
Bars: with the sequencer at least 0.70 of the writing; from commit to proof p99 under 2 s.
"""

from __future__ import annotations

import argparse
import bisect
import json
import multiprocessing
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

from tradeloop.site.start import start
from tradeloop.store.lasting import lasting_server

PROCESSES, THREADS = 4, 4
SAMPLE = 200
Written = list[tuple[int, float]]  # number of the fact, when its commit was known
Signed = list[tuple[int, float]]  # size of the log, when its checkpoint was known


def main() -> None:
    """Run the rounds and print what they came to."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--rounds", type=int, default=5, help="of each kind")
    wishes.add_argument("--seconds", type=float, default=4.0, help="of each round")
    wishes.add_argument("--json", action="store_true")
    asked = wishes.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        lasting_server(Path(folder) / "postgres") as address,
    ):
        start(address)
        found = measured(address, Path(folder), asked.rounds, asked.seconds)
    if asked.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:34} {value:12.3f}")


def measured(address: str, folder: Path, rounds: int, seconds: float) -> dict[str, float]:
    """Alternate rounds without and with the sequencer."""
    from tradeloop.journal.keys import signer  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal.sequence import sequence_once  # noqa: PLC0415 - the same

    by = signer(folder / "keys")
    alone: list[float] = []
    beside: list[float] = []
    delays: list[float] = []
    written_round(address, folder, 1.0, with_sequencer=True)  # warm
    for _ in range(rounds):
        alone.append(
            len(written_round(address, folder, seconds, with_sequencer=False)[0]) / seconds
        )
        sequence_once(now=datetime.now(UTC), signer=by)
        written, signed = written_round(address, folder, seconds, with_sequencer=True)
        beside.append(len(written) / seconds)
        delays += delays_of(written, signed)
    ratios = [two / one for one, two in zip(alone, beside, strict=True)]
    delays.sort()
    return {
        "facts/s without the sequencer": statistics.median(alone),
        "facts/s with the sequencer": statistics.median(beside),
        "ratio": statistics.median(beside) / statistics.median(alone),
        "ratio, lowest pair": min(ratios),
        "ratio, highest pair": max(ratios),
        "commit to proof p50 s": delays[len(delays) // 2],
        "commit to proof p99 s": delays[int(len(delays) * 0.99)],
        "commit to proof, longest s": delays[-1],
        "facts in the log": float(len(delays)),
        **proof_times(folder),
    }


def written_round(
    address: str, folder: Path, seconds: float, *, with_sequencer: bool
) -> tuple[Written, Signed]:
    """Let all writers write for some seconds; return what each wrote, and what was signed."""
    spawn = multiprocessing.get_context("spawn")
    ready, stop, done = spawn.Semaphore(0), spawn.Event(), spawn.Event()
    told = spawn.Queue()
    go = spawn.Event()
    writers = [
        spawn.Process(target=write, args=(address, ready, go, stop, told)) for _ in range(PROCESSES)
    ]
    for one in writers:
        one.start()
    sequencer = spawn.Process(target=sequence, args=(address, folder, ready, done, told))
    if with_sequencer:
        sequencer.start()
    for _ in range(PROCESSES + with_sequencer):
        ready.acquire()
    go.set()
    time.sleep(seconds)
    stop.set()
    written = [fact for _ in writers for fact in told.get()]
    signed: Signed = []
    if with_sequencer:
        done.set()
        signed = told.get()
        sequencer.join()
    for one in writers:
        one.join()
    return written, signed


def write(address: str, ready: object, go: Event, stop: Event, told: object) -> None:
    """Be four writers: each fact is a transaction of its own."""
    start(address)
    from tradeloop.journal import actions  # noqa: PLC0415 - Django is set up now
    from tradeloop.store.database import leave, link  # noqa: PLC0415 - the same

    found: Written = []
    all_linked = threading.Barrier(THREADS + 1)

    def one_writer(number: int) -> None:
        link()
        mine: Written = []
        all_linked.wait()
        go.wait()
        at = datetime.now(UTC)
        while not stop.is_set():
            fact = {"capacity": f"C{number}-{len(mine)}", "minor": len(mine), "state": "held"}
            made = actions.record(kind="bench.held", at=at, fact=fact)
            mine.append((made.entry_id, time.monotonic()))
        found.extend(mine)
        leave()

    threads = [threading.Thread(target=one_writer, args=(n,)) for n in range(THREADS)]
    for one in threads:
        one.start()
    all_linked.wait()
    ready.release()  # type: ignore[attr-defined] # the type of a spawned semaphore has no name
    for one in threads:
        one.join()
    told.put(found)  # type: ignore[attr-defined] # nor has that of its queue


def sequence(address: str, folder: Path, ready: object, done: Event, told: object) -> None:
    """Be the sequencer, as `run` is, and note when each checkpoint is known."""
    start(address)
    from tradeloop.journal.keys import signer  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal.sequence import EVERY_S, sequence_once  # noqa: PLC0415 - the same

    by, signed, last = signer(folder / "keys"), [], False
    sequence_once(now=datetime.now(UTC), signer=by)
    ready.release()  # type: ignore[attr-defined] # as above
    while not last:
        last = done.wait(EVERY_S)
        made = sequence_once(now=datetime.now(UTC), signer=by)
        if made is not None:
            signed.append((made.size, time.monotonic()))
    told.put(signed)  # type: ignore[attr-defined] # as above


def delays_of(written: Written, signed: Signed) -> list[float]:
    """Return for each fact how long after its commit a checkpoint covered it."""
    from tradeloop.store.database import cursor  # noqa: PLC0415 - Django is set up now

    with cursor() as cur:
        cur.execute(
            "select entry_id, leaf_index from journal_leaf where entry_id = any(%s)",
            ([number for number, _ in written],),
        )
        place = dict(cur.fetchall())
    assert len(place) == len(written), "every committed fact has its place"
    sizes = [size for size, _ in signed]
    return [signed[bisect.bisect_right(sizes, place[number])][1] - at for number, at in written]


def proof_times(folder: Path) -> dict[str, float]:
    """Make and check some proofs at the size that the log has grown to."""
    from tradeloop.journal import verify  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal.keys import public_keys  # noqa: PLC0415 - the same
    from tradeloop.journal.promise import as_text  # noqa: PLC0415 - the same
    from tradeloop.journal.proof import proof  # noqa: PLC0415 - the same
    from tradeloop.store.database import cursor  # noqa: PLC0415 - the same

    keys = public_keys(folder / "keys")
    with cursor() as cur:
        cur.execute(
            "select entry_id from journal_leaf "
            "where leaf_index %% greatest((select count(*) / %s from journal_leaf), 1) = 0",
            (SAMPLE,),
        )
        sample = [row[0] for row in cur.fetchall()]
    began = time.perf_counter()
    papers = [as_text(proof(number, keys=keys)) for number in sample]
    made = time.perf_counter()
    for text in papers:
        verify.verify(text, keys)
    checked = time.perf_counter()
    return {
        "one proof made ms": (made - began) / len(sample) * 1000,
        "one proof checked ms": (checked - made) / len(sample) * 1000,
    }


if __name__ == "__main__":
    main()
