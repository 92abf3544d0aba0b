"""Papers come into a lake as one batch, whole or not at all; the trades they touch are judged."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tradeloop.bulk.disk import as_disk_full
from tradeloop.bulk.engine import engine
from tradeloop.documents.facts import tables
from tradeloop.documents.gather import Source, gather
from tradeloop.documents.outcome import Batch
from tradeloop.documents.read import notes, read_facts, without_known, write_notes
from tradeloop.store.folder import Manifest, day_of
from tradeloop.store.index import Row
from tradeloop.trades.actions import UNWATCHED, NothingRead, Watch
from tradeloop.trades.judge import PLACE, source_of
from tradeloop.trades.lake.indexing import few_rows
from tradeloop.trades.lake.judge import Begun, begin, finish
from tradeloop.trades.lake.opened import Lake
from tradeloop.trades.lake.standing import Judgement

NOTES_MAX = 200  # beyond so many rows they are parts; below, parts would cost more than they hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came in, and what it did to the verdicts."""

    number: int | None  # of the batch; none where nothing new came
    files: Mapping[str, int]  # by what they came to
    records: Mapping[str, int]  # by kind
    repeated: tuple[str, ...]  # files that were in the lake already
    unreadable: tuple[tuple[str, str], ...]  # files, and why
    judgements: tuple[Judgement, ...]


def add(  # noqa: PLR0913 - the wishes of one command, all by name
    lake: Lake,
    paths: Sequence[Path],
    *,
    purposes: Sequence[str],
    on: date,
    made_at: datetime,
    workers: int | None = None,
    watch: Watch = UNWATCHED,
    waiting: Callable[[], None] = lambda: None,
) -> Added:
    """Take in all papers below `paths` as one batch, and judge the trades they touch.

    Args:
        lake: Where to; made if it is not there.
        paths: Files, folders and zip archives.
        purposes: What to keep verdicts for.
        on: The day as of which to judge.
        made_at: When this is, for the record of the batch.
        workers: Processes that read.
        watch: Who hears of the progress.
        waiting: Called if another process adds to this lake, before waiting for it.

    Raises:
        FileNotFoundError: One of `paths` is not there.
        NothingRead: No file gave a fact, and none was in the lake before.
        DiskFull: There was no room; the batch is in whole or not at all, and may be added again.
    """
    sources = gather(paths)
    wishes = _Wishes(purposes, on, made_at, workers, watch)
    try:
        with lake.folder.locked(waiting):
            lake.catch_up()
            new, known = without_known(sources, lake.index.knows)
            watch.gathered(len(new))
            came = _bring(lake, new, wishes) if new else _Came()
            if came.number is None and not known:
                raise NothingRead(came.batch)
            lake.catch_up(came.rows)
            judgements = tuple(
                finish(lake, one, purpose=purpose, on=on, watch=watch)
                for purpose, one in zip_longest(purposes, came.begun)
            )
    except OSError as error:
        raise as_disk_full(error, lake.path) from error
    batch = came.batch
    return Added(
        number=came.number,
        files=_files(batch),
        records=_records(batch),
        repeated=tuple(one.path for one in known),
        unreadable=tuple(
            (one.path, one.because or "") for one in batch.outcomes if one.status == "unreadable"
        ),
        judgements=tuple(one for one in judgements if one is not None),
    )


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the caller of `add` asked for."""

    purposes: Sequence[str]
    on: date
    made_at: datetime
    workers: int | None
    watch: Watch


@dataclass(frozen=True, slots=True)
class _Came:
    """What became of new files: their batch, its rows if few, and the judging that has begun."""

    number: int | None = None
    batch: Batch = field(default_factory=Batch)
    rows: Sequence[Row] = ()
    begun: Sequence[Begun | None] = ()


def _bring(lake: Lake, sources: Sequence[Source], wishes: _Wishes) -> _Came:
    """Read the sources and commit them as a batch, unless all are unreadable.

    The trades are judged while the batch is written: the one needs another process, the other the
    disk. A verdict is kept only after the commit.
    """
    with lake.folder.incoming() as (number, made):
        facts = made / "facts"
        facts.mkdir(exist_ok=True)  # also where no file gives a fact
        batch = read_facts(sources, into=facts, workers=wishes.workers, progress=wishes.watch.read)
        if all(one.status == "unreadable" for one in batch.outcomes):
            return _Came(batch=batch)
        for table, paths in batch.tables.items():
            (facts / table).mkdir(parents=True, exist_ok=True)
            for place, given in enumerate(paths):
                shutil.copyfile(given, facts / table / f"given-{place:06}.parquet")
        if batch.tables or any(lake.index.has_rows_of(one.file or 0) for one in batch.outcomes):
            _leave_out_known(lake, facts)
        few_notes = notes(batch)
        if sum(len(rows) for rows in few_notes.values()) > NOTES_MAX:
            write_notes(batch, facts)
            few_notes = {}
        rows = few_rows(
            {path.name: sorted(path.glob("*.parquet")) for path in facts.iterdir()}, few_notes
        )
        begun = [begin(lake, rows, purpose=one, on=wishes.on) for one in wishes.purposes]
        parts = [
            lake.folder.take_in(
                path,
                table=path.parent.name,
                number=number,
                day=day_of(wishes.made_at),
                rows=pq.read_metadata(path).num_rows,
            )
            for path in sorted(facts.glob("*/*.parquet"))
        ]
        lake.folder.commit(
            Manifest(
                number=number,
                made_at=wishes.made_at.isoformat(),
                parts=tuple(parts),
                notes=few_notes,
                files=_files(batch),
                records=_records(batch),
            )
        )
        return _Came(number, batch, rows, begun)


def _leave_out_known(lake: Lake, facts: Path) -> None:
    """Leave out rows that the lake has: the same facts may come as messages and as tables."""
    there = lake.parts()
    with engine(facts.parent, on_disk=False, memory_bytes=lake.memory_bytes) as con:
        for folder in sorted(facts.iterdir()):
            if folder.name in tables():
                _rewrite(con, folder, there.get(folder.name, ()))


def _rewrite(con: duckdb.DuckDBPyConnection, folder: Path, there: Sequence[Path]) -> None:
    """Write the parts of a table anew, each row once and none that is there."""
    paths = sorted(folder.glob("*.parquet"))
    if not paths or (len(paths) == 1 and not there):
        return
    schema = tables()[folder.name]
    place = ", ".join(name for name in (*PLACE, "line") if name in schema.names)
    con.register(f"no_{folder.name}", schema.empty_table())
    new = source_of(folder.name, schema, paths, once=len(paths) > 1)
    old = source_of(folder.name, schema, there)
    written = folder / "once.beginning"
    where = str(written).replace("'", "''")
    con.execute(
        f"copy (select new.* from {new} as new anti join {old} as old using ({place})) "
        f"to '{where}' (format parquet, compression zstd)"
    )
    for path in paths:
        path.unlink()
    written.rename(folder / "once.parquet")


def _files(batch: Batch) -> dict[str, int]:
    return dict(sorted(Counter(one.status for one in batch.outcomes).items()))


def _records(batch: Batch) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in batch.counts:
        kind = str(one["kind"])
        found[kind] = found.get(kind, 0) + int(str(one["records"]))
    return dict(sorted(found.items()))
