"""A lake of papers, open: its parts, its index and its verdicts, and the reads over them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow.parquet as pq

from tradeloop.bulk.engine import MEMORY_BYTES_DEFAULT, engine
from tradeloop.documents.outcome import Batch, Outcome
from tradeloop.documents.read import NOTES
from tradeloop.documents.sink import table_of, write_part
from tradeloop.store.folder import INCOMING, LakeFolder, Manifest, Part
from tradeloop.store.index import Index, Row
from tradeloop.trades.actions import UNWATCHED, Judged, Watch
from tradeloop.trades.judge import Facts, judge
from tradeloop.trades.lake import keys
from tradeloop.trades.lake.few import Few
from tradeloop.trades.lake.indexing import FEW_ROWS_MAX, few_rows, index_few, index_many, rebuild
from tradeloop.trades.lake.standing import Standing

INDEX, VERDICTS = "index.sqlite", "verdicts.sqlite"
APART_ROWS_MAX = 1_000_000  # a batch beyond this makes the index anew, which is faster


@dataclass(slots=True)
class Lake:
    """One lake, open; keep it open where answers must come in milliseconds."""

    path: Path
    few: Few | None = None  # judges a few papers in milliseconds; without it the bulk engine does
    memory_bytes: int = MEMORY_BYTES_DEFAULT
    folder: LakeFolder = field(init=False)
    _open: ExitStack = field(init=False, default_factory=ExitStack)
    _index: Index | None = field(init=False, default=None)
    _standing: Standing | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Look at the folder; nothing is written before something is added."""
        self.folder = LakeFolder(self.path)

    def __enter__(self) -> Self:
        """Open for the length of a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close its files."""
        self._close_index()
        self._open.close()

    @property
    def standing(self) -> Standing:
        """The verdicts."""
        if self._standing is None:
            self._standing = Standing(self.path / VERDICTS)
            self._open.callback(self._standing.close)
        return self._standing

    @property
    def index(self) -> Index:
        """The index; `catch_up` first where it must hold every batch."""
        if self._index is None:
            self._index = Index(self.path / INDEX, form=keys.form())
        return self._index

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """Return the Parquet files that count, by table."""
        return self._by_table(self.folder.parts())

    def catch_up(self, rows: Sequence[Row] = ()) -> None:
        """Index what is not in the index yet; call it within `folder.locked`.

        Args:
            rows: Those of the last batch, where they are at hand.
        """
        known = self.folder.manifests()
        missing = known[self.index.batches :]
        if not missing:
            return
        replaced = max(one.replaces for one in known)
        # What a compaction holds is in the index already.
        parts = {one.number: () if one.replaces else one.parts for one in missing}
        many = sum(part.rows for some in parts.values() for part in some)
        if many > APART_ROWS_MAX or missing[0].number <= replaced:
            self._close_index()
            notes = {one.number: one.notes for one in known}
            rebuild(self.path / INDEX, self.parts(), notes, self.memory_bytes)
            return
        for one in missing:
            at_hand = rows if one.number == known[-1].number else ()
            self._index_batch(one, self._by_table(parts[one.number]), at_hand)

    def _index_batch(
        self, batch: Manifest, parts: Mapping[str, Sequence[Path]], rows: Sequence[Row]
    ) -> None:
        if sum(part.rows for part in batch.parts) <= FEW_ROWS_MAX or not parts:
            found = rows or few_rows(parts, batch.notes)
            index_few(self.index, batch.number, found, parts, batch.notes)
            return
        with engine(self.path / INCOMING, on_disk=False, memory_bytes=self.memory_bytes) as con:
            index_many(con, self.index, parts, {batch.number: batch.notes})

    def ready(self) -> Index:
        """Return the index with every batch in it.

        Raises:
            LakeMissing: There is no lake.
        """
        if len(self.folder.manifests()) > self.index.batches:
            with self.folder.locked():
                self.catch_up()
        return self.index

    def edition(self) -> tuple[str, int]:
        """Return which lake it is, and its last batch; what is judged later has that too.

        A lake is known by its place and the time of its first batch: another may be made there.

        Raises:
            LakeMissing: There is no lake.
        """
        known = self.folder.manifests()
        name = f"{self.path.resolve()} {known[0].made_at}" if known else ""
        return name, len(known)

    def facts(self, notes: Path) -> Facts:
        """Return where all facts lie, for the bulk engine; `notes` is a folder of more parts."""
        tables = {table: [str(path) for path in paths] for table, paths in self.parts().items()}
        return Facts(folder=notes, tables=tables, may_repeat=False)

    def batch(self) -> Batch:
        """Return what all files came to, as if they had come in one batch."""
        parts = self.parts()
        rows = [row for path in parts.get("files", ()) for row in pq.read_table(path).to_pylist()]
        outcomes = [Outcome(**row) for row in (*rows, *self._notes("files"))]
        outcomes.sort(key=lambda one: one.path)
        counts = [
            row for path in parts.get("counts", ()) for row in pq.read_table(path).to_pylist()
        ]
        return Batch(outcomes=outcomes, counts=[*counts, *self._notes("counts")])

    @contextmanager
    def judged(self, *, purpose: str, on: date, watch: Watch = UNWATCHED) -> Iterator[Judged]:
        """Judge every trade of the lake, and keep the database open for a `with` block.

        Raises:
            LakeMissing: There is no lake.
        """
        bound = self.memory_bytes
        with self.folder.reading(), tempfile.TemporaryDirectory(prefix="tradeloop-") as folder:
            facts, edition = self._facts_of_an_edition(Path(folder))
            on_disk = facts.bytes() * 10 > bound
            with engine(Path(folder), on_disk=on_disk, memory_bytes=bound) as con:
                judge(con, facts, purpose=purpose, on=on, progress=watch.asked)
                yield Judged(con, self.batch(), edition)

    def _facts_of_an_edition(self, notes: Path) -> tuple[Facts, tuple[str, int]]:
        """Return where all facts lie, and what they are all of: a batch may come meanwhile."""
        while True:
            edition = self.edition()
            for name, schema in NOTES.items():
                write_part(notes, name, "notes", table_of(self._notes(name), schema))
            facts = self.facts(notes)
            if edition == self.edition():
                return facts, edition

    def _by_table(self, parts: Iterable[Part]) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for part in parts:
            found.setdefault(part.table, []).append(self.path / part.path)
        return found

    def _notes(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table that the manifests themselves hold."""
        return [dict(row) for one in self.folder.manifests() for row in one.notes.get(table, ())]

    def _close_index(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index = None
