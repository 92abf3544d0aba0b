"""The verbs: verify a batch of papers, and explain one trade of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tradeloop.bulk.engine import MEMORY_BYTES_DEFAULT, engine
from tradeloop.bulk.questions import answer, questions
from tradeloop.documents.gather import gather
from tradeloop.documents.outcome import Batch
from tradeloop.documents.read import read
from tradeloop.trades import export, queries
from tradeloop.trades.facts import Report, Story
from tradeloop.trades.judge import PACKAGE, Facts, judge


class NothingRead(Exception):
    """Not one file gave a fact, so there is nothing to judge."""

    def __init__(self, batch: Batch) -> None:
        """Say how many files there were, and what to give instead."""
        self.batch = batch
        kept = sum(one.status == "kept" for one in batch.outcomes)
        super().__init__(
            f"Nothing could be read: {len(batch.outcomes)} files, {kept} kept, "
            f"{len(batch.outcomes) - kept} unreadable. Give customs messages (CEB303, CEB603 …), "
            "papers as workbooks, CSV or JSON lines (tradeloop template shows their headings), "
            "a folder or a zip archive of them."
        )


@dataclass(frozen=True, slots=True)
class Watch:
    """Who wants to hear how far the work is; by default nobody."""

    gathered: Callable[[int], None] = lambda _: None
    read: Callable[[int], None] = lambda _: None
    asked: Callable[[str], None] = lambda _: None


UNWATCHED = Watch()


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers that were read: where their facts lie, and what each file came to."""

    facts: Facts
    batch: Batch


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged batch, while its database is open."""

    con: duckdb.DuckDBPyConnection
    batch: Batch
    edition: tuple[str, int] = ("", 0)  # of a lake: which one, and its last batch


def verify(
    paths: Sequence[Path],
    *,
    purpose: str,
    on: date,
    out: Path | None = None,
    memory_bytes: int = MEMORY_BYTES_DEFAULT,
    workers: int | None = None,
    watch: Watch = UNWATCHED,
) -> Report:
    """Read and judge all papers below `paths`; with `out`, write the results there.

    Args:
        paths: Files, folders and zip archives.
        purpose: customs, finance or insurance.
        on: The day as of which to judge.
        out: A folder for `verdicts`, `findings`, `links`, `records` and a workbook.
        memory_bytes: What the database may hold in memory.
        workers: Processes that read; default as many as there are cores.
        watch: Who hears of the progress.

    Raises:
        FileNotFoundError: One of `paths` is not there.
        NothingRead: No file gave a fact.
        DiskFull: There was no room for facts or results.
    """
    with judged(
        paths, purpose=purpose, on=on, memory_bytes=memory_bytes, workers=workers, watch=watch
    ) as done:
        return results(done, purpose=purpose, on=on, out=out)


def results(done: Judged, *, purpose: str, on: date, out: Path | None) -> Report:
    """Return what judged papers came to; with `out`, write the results there.

    Raises:
        DiskFull: There was no room for the results.
    """
    report = queries.report(done.con, done.batch, purpose=purpose, on=on)
    if out is not None:
        for question in questions(PACKAGE, "6_count"):
            answer(done.con, question)
        export.write_tables(done.con, out)
        from tradeloop.trades import workbook  # noqa: PLC0415 - its library is slow to wake

        workbook.write_workbook(done.con, report, out / "trades.xlsx")
    return report


def explain(
    trade: str,
    paths: Sequence[Path],
    *,
    purpose: str,
    on: date,
    watch: Watch = UNWATCHED,
) -> Story:
    """Return why one trade of the papers below `paths` has its grade.

    Raises:
        TradeUnknown: No trade, or more than one, bears this name.
        NothingRead: No file gave a fact.
    """
    with judged(paths, purpose=purpose, on=on, watch=watch) as done:
        return queries.story(done.con, trade, on=on)


@contextmanager
def judged(
    paths: Sequence[Path],
    *,
    purpose: str,
    on: date,
    memory_bytes: int = MEMORY_BYTES_DEFAULT,
    workers: int | None = None,
    watch: Watch = UNWATCHED,
) -> Iterator[Judged]:
    """Read and judge, and keep the database open for the length of a `with` block.

    Everything written on the way lies in a temporary folder that goes with the block.
    """
    with (
        papers_read(paths, workers=workers, watch=watch) as papers,
        judged_for(papers, purpose=purpose, on=on, memory_bytes=memory_bytes, watch=watch) as done,
    ):
        yield done


@contextmanager
def papers_read(
    paths: Sequence[Path], *, workers: int | None = None, watch: Watch = UNWATCHED
) -> Iterator[Papers]:
    """Read all papers below `paths`, and keep their facts for the length of a `with` block.

    Raises:
        FileNotFoundError: One of `paths` is not there.
        NothingRead: No file gave a fact.
        DiskFull: There was no room for the facts.
    """
    sources = gather(paths)
    watch.gathered(len(sources))
    with tempfile.TemporaryDirectory(prefix="tradeloop-") as folder:
        into = Path(folder, "facts")
        batch = read(sources, into=into, workers=workers, progress=watch.read)
        if not any(one.status == "read" for one in batch.outcomes):
            raise NothingRead(batch)
        yield Papers(Facts(folder=into, tables=batch.tables), batch)


@contextmanager
def judged_for(
    papers: Papers,
    *,
    purpose: str,
    on: date,
    memory_bytes: int = MEMORY_BYTES_DEFAULT,
    watch: Watch = UNWATCHED,
) -> Iterator[Judged]:
    """Judge papers that were read, for one purpose; they may be judged for another after it."""
    # Tables take some ten times what their Parquet takes.
    on_disk = papers.facts.bytes() * 10 > memory_bytes
    with (
        tempfile.TemporaryDirectory(prefix="tradeloop-") as folder,
        engine(Path(folder), on_disk=on_disk, memory_bytes=memory_bytes) as con,
    ):
        judge(con, papers.facts, purpose=purpose, on=on, progress=watch.asked)
        yield Judged(con, papers.batch)
