"""Papers come into a lake as one batch, whole or not at all; the trades they touch are judged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from tradeloop.trades.actions import UNWATCHED, NothingRead, Watch
from tradeloop.trades.judge import PLACE, source_of
from tradeloop.trades.lake import Lake
from tradeloop.trades.lake_judge import judge_batch
from tradeloop.trades.standing import Judgement

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
        DiskFull: There was no room; the lake is as it was before.
    """
    sources = gather(paths)
    try:
        with lake.folder.locked(waiting):
            lake.catch_up()
            new, known = without_known(sources, lake.index.knows)
            watch.gathered(len(new))
            number, batch = _take_in(lake, new, made_at, workers, watch) if new else (None, Batch())
            if number is None and not known:
                raise NothingRead(batch)
            rows = lake.catch_up()
            judgements = tuple(
                judge_batch(lake, rows, purpose=purpose, on=on, watch=watch) for purpose in purposes
            )
    except OSError as error:
        raise as_disk_full(error, lake.path) from error
    return Added(
        number=number,
        files=_counted((one.status, 1) for one in batch.outcomes),
        records=_counted((str(one["kind"]), int(str(one["records"]))) for one in batch.counts),
        repeated=tuple(one.path for one in known),
        unreadable=tuple(
            (one.path, one.because or "") for one in batch.outcomes if one.status == "unreadable"
        ),
        judgements=tuple(one for one in judgements if one is not None),
    )


def _take_in(
    lake: Lake, sources: Sequence[Source], made_at: datetime, workers: int | None, watch: Watch
) -> tuple[int | None, Batch]:
    """Read the sources and commit them as a batch, unless all are unreadable."""
    with lake.folder.incoming() as (number, made):
        facts = made / "facts"
        batch = read_facts(sources, into=facts, workers=workers, progress=watch.read)
        if all(one.status == "unreadable" for one in batch.outcomes):
            return None, batch
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
        parts = []
        for path in sorted(facts.glob("*/*.parquet")):
            rows = pq.read_metadata(path).num_rows
            parts.append(
                lake.folder.take_in(
                    path, table=path.parent.name, number=number, day=day_of(made_at), rows=rows
                )
            )
        lake.folder.commit(
            Manifest(
                number=number,
                made_at=made_at.isoformat(),
                parts=tuple(parts),
                notes=few_notes,
                files=_counted((one.status, 1) for one in batch.outcomes),
                records=_counted(
                    (str(one["kind"]), int(str(one["records"]))) for one in batch.counts
                ),
            )
        )
    return number, batch


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


def _counted(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, count in pairs:
        found[name] = found.get(name, 0) + count
    return dict(sorted(found.items()))
