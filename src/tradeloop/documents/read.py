"""Files become facts: a batch is read by both readers, on as many cores as there are.

What came in and what came out add up: files = read + kept + unreadable, and for each kind
records in = facts + repeats + rejected (repeats are found later, by their keys).
"""

from __future__ import annotations

import hashlib
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path

from tradeloop.documents import pairs
from tradeloop.documents.facts import COUNTS, FILES, TOLD
from tradeloop.documents.gather import MIB, Source, Unreadable, read_bytes
from tradeloop.documents.outcome import Batch, told_row
from tradeloop.documents.sink import table_of, write_part
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.work import read_task

NOTES = {"files": FILES, "told": TOLD, "counts": COUNTS}
TASK_BYTES_MIN, TASK_BYTES_MAX = 4 * MIB, 32 * MIB  # files read, and held, by one worker at once
TASKS_A_WORKER = 10  # so that none waits long for the last
TASK_FILES = 2_000
ALONE_BYTES = 16 * MIB  # below this, starting workers costs more than it saves


def read(
    sources: Sequence[Source],
    *,
    into: Path,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Batch:
    """Read every source; write facts, `files`, `told` and `counts` as Parquet below `into`.

    Like `read_facts`, which leaves the notes to its caller.

    Raises:
        DiskFull: There was no room for the facts; nothing half-written is left.
    """
    batch = read_facts(sources, into=into, workers=workers, progress=progress)
    write_notes(batch, into)
    return batch


def read_facts(
    sources: Sequence[Source],
    *,
    into: Path,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Batch:
    """Read every source, write its facts as Parquet below `into`, return what each came to.

    Args:
        sources: As `gather` returns them.
        into: An empty folder; one folder a table is made in it.
        workers: Processes to use; default as many as there are cores, one for a small batch.
        progress: Called with the number of files done since the last call.

    Raises:
        DiskFull: There was no room for the facts; nothing half-written is left.
    """
    together, single = pairs.pair(sources)
    firsts, repeats = _without_repeats(single)
    first_pairs, repeated = pairs.without_repeats(together)
    firsts, repeats = firsts + first_pairs, repeats + repeated
    total = sum(source.bytes for source in firsts)
    if workers is None:
        workers = 1 if total < ALONE_BYTES else os.cpu_count() or 1
    share = total // (workers * TASKS_A_WORKER)
    tasks = list(_tasks(firsts, min(max(share, TASK_BYTES_MIN), TASK_BYTES_MAX)))
    batch = Batch()
    for done, task in _run(tasks, into, workers):
        batch.add(done)
        progress(sum(2 if source.lines else 1 for source in task))
    _add_repeats(batch, repeats)
    progress(len(repeats))
    batch.outcomes.sort(key=lambda one: one.path)
    return batch


def notes(batch: Batch) -> dict[str, list[dict[str, object]]]:
    """Return what is to be kept beside the facts: the files, what was told of them, the counts."""
    files = [asdict(one) for one in batch.outcomes]
    return {"files": files, "told": batch.told, "counts": batch.counts}


def write_notes(batch: Batch, into: Path) -> None:
    """Write the notes as Parquet below `into`.

    Raises:
        DiskFull: There was no room.
    """
    for name, rows in notes(batch).items():
        write_part(into, name, "all", table_of(rows, NOTES[name]))


def without_known(
    sources: Sequence[Source], knows: Callable[[str], bool]
) -> tuple[list[Source], list[Source]]:
    """Return the sources whose bytes are not known yet, with their digests, and the known ones.

    Two files that belong together are known only together: neither says anything alone.
    """
    new: list[Source] = []
    known: list[Source] = []
    together, single = pairs.pair(sources)
    for one in (*together, *single):
        files = [replace(one, lines=None), *([one.lines] if one.lines else ())]
        named = [replace(file, digest=file.digest or _digest_if_readable(file)) for file in files]
        all_known = all(file.digest and knows(file.digest) for file in named)
        (known if all_known else new).extend(named)
    return new, known


def _run(
    tasks: Sequence[Sequence[Source]], into: Path, workers: int
) -> Iterator[tuple[Batch, Sequence[Source]]]:
    if workers == 1 or len(tasks) == 1:
        for number, task in enumerate(tasks):
            yield read_task(task, into=into, part=f"{number:06}"), task
        return
    # Fresh processes, not forks: Arrow and lxml have threads and locks of their own.
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_us
    ) as pool:
        waiting = {
            pool.submit(read_task, task, into=into, part=f"{number:06}"): task
            for number, task in enumerate(tasks)
        }
        for done in as_completed(waiting):
            yield done.result(), waiting[done]


def _leave_interrupts_to_us() -> None:
    """In a worker: Ctrl-C is for the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tasks(sources: Sequence[Source], task_bytes: int) -> Iterator[list[Source]]:
    task: list[Source] = []
    size = 0
    for source in sources:
        if task and (size + source.bytes > task_bytes or len(task) == TASK_FILES):
            yield task
            task, size = [], 0
        task.append(source)
        size += source.bytes
    if task:
        yield task


def _without_repeats(sources: Sequence[Source]) -> tuple[list[Source], list[tuple[Source, str]]]:
    """Return the sources without those whose bytes came before, and these with their digest.

    Only files of equal size are compared, so nearly all are read once.
    """
    sizes = Counter(source.bytes for source in sources)
    seen: set[str] = set()
    firsts, repeats = [], []
    for source in sources:
        digest = source.digest
        if digest is None and sizes[source.bytes] > 1:
            digest = _digest_if_readable(source)
        if digest in seen:
            repeats.append((source, digest))
            continue
        firsts.append(replace(source, digest=digest))
        if digest:
            seen.add(digest)
    return firsts, [(source, digest) for source, digest in repeats if digest]


def _digest_if_readable(source: Source) -> str | None:
    try:
        if source.member is None and not source.because:
            with Path(source.place).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        return hashlib.sha256(read_bytes(source)).hexdigest()
    except (Unreadable, OSError):
        return None


def _add_repeats(batch: Batch, repeats: Sequence[tuple[Source, str]]) -> None:
    by_digest = {one.digest: one for one in batch.outcomes if one.digest}
    counts: dict[str, list[dict[str, object]]] = {}
    for count in batch.counts:
        counts.setdefault(str(count["path"]), []).append(count)
    for source, digest in repeats:
        first = by_digest[digest]
        batch.outcomes.append(replace(first, path=source.path))
        batch.counts += [count | {"path": source.path} for count in counts.get(first.path, ())]
        if first.status == "read":
            told = Told("file-repeated", None, source.path, f"one copy; {first.path} is the other")
            batch.told.append(told_row(first, Placed(told, first.kind or "")))
