"""A lake is a folder of batches: each is there whole or not at all, whatever happens meanwhile.

    manifests/00000012.json                      one for each batch; its rename is the commit
    orders/2026-09-01/00000012-1f0c….parquet     the parts of a table, by the day they came in
    incoming/                                    what the next batch is made in

Readers see only parts that a manifest names. What a killed run left is removed by the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tradeloop.store.synced import sync_folder

MANIFESTS, INCOMING, LOCK, READERS = "manifests", "incoming", ".lock", ".readers"
WRITING, DONE = b"w", b"d"


class LakeMissing(FileNotFoundError):
    """The folder holds no lake; the message says how to begin one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One Parquet file of one table."""

    table: str
    path: str  # below the lake
    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One batch: when it came, what was in it, and which parts hold it."""

    number: int
    made_at: str  # ISO 8601
    parts: tuple[Part, ...]
    files: Mapping[str, int] = field(default_factory=dict)  # by what they came to
    records: Mapping[str, int] = field(default_factory=dict)  # by kind
    replaces: int = 0  # a compaction: its parts stand for those of all batches up to this one
    # Rows too few for parts of their own, by table; they count for ever.
    notes: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


class LakeFolder:
    """One lake on disk; knows folders, manifests, digests and locks, not what the parts say."""

    def __init__(self, path: Path) -> None:
        """Look at the lake in `path`; nothing is written."""
        self.path = path
        self._manifests: dict[int, Manifest] = {}
        self._looked_for_leftovers = False

    def begin(self) -> None:
        """Make the folders of a new lake; an old one stays as it is."""
        for name in (MANIFESTS, INCOMING):
            (self.path / name).mkdir(parents=True, exist_ok=True)

    def manifests(self) -> Sequence[Manifest]:
        """Return every batch and compaction, oldest first.

        Raises:
            LakeMissing: There is no lake.
        """
        number = len(self._manifests) + 1
        while (path := self._manifest_path(number)).exists():
            self._manifests[number] = _manifest(path)
            number += 1
        if not self._manifests and not (self.path / MANIFESTS).is_dir():
            raise LakeMissing(
                f"{self.path}: no lake is here. Begin one: tradeloop lake add PATH --lake "
                f"{self.path}"
            )
        return tuple(self._manifests.values())

    def parts(self) -> Sequence[Part]:
        """Return the parts that readers see: the last compaction's, and all that came later."""
        known = self.manifests()
        replaced = max((one.replaces for one in known), default=0)
        return tuple(
            part
            for one in known
            if (one.replaces == replaced if one.replaces else one.number > replaced)
            for part in one.parts
        )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep every part that is seen now from being deleted, for the length of a `with` block.

        Raises:
            LakeMissing: There is no lake.
        """
        self.manifests()
        with (self.path / MANIFESTS / READERS).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    @contextmanager
    def locked(self, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Be the only writer for the length of a `with` block; what a killed one left is removed.

        Args:
            waiting: Called once if another writer is at work, before waiting for it.
        """
        self.begin()
        with (self.path / LOCK).open("r+b" if (self.path / LOCK).exists() else "w+b") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._looked_for_leftovers or os.pread(lock.fileno(), 1, 0) != DONE:
                self._remove_leftovers()
            # Word for the next writer: who is killed leaves `WRITING`.
            os.pwrite(lock.fileno(), WRITING, 0)
            yield
            os.pwrite(lock.fileno(), DONE, 0)

    @contextmanager
    def incoming(self) -> Iterator[tuple[int, Path]]:
        """Give the next batch its number and a folder to be made in; call within `locked`.

        The folder's own folders stay for the next batch: making and removing them takes longer
        than all else that a batch of one paper needs.
        """
        try:
            yield len(self.manifests()) + 1, self.path / INCOMING
        except BaseException:
            self._remove_leftovers()
            raise

    def take_in(self, made: Path, *, table: str, number: int, day: str, rows: int) -> Part:
        """Move a file that is made into its place; nobody sees it before `commit`."""
        with made.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        path = Path(table) / day / f"{number:08}-{digest[:16]}.parquet"
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        made.replace(self.path / path)
        return Part(table=table, path=path.as_posix(), rows=rows, digest=digest)

    def commit(self, manifest: Manifest) -> None:
        """Make a batch seen, all at once, and lasting."""
        for folder in {(self.path / part.path).parent for part in manifest.parts}:
            sync_folder(folder)
        path = self._manifest_path(manifest.number)
        beginning = self.path / INCOMING / path.name
        with beginning.open("w", encoding="utf-8") as file:
            json.dump(asdict(manifest), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        beginning.replace(path)
        sync_folder(path.parent)
        self._manifests[manifest.number] = manifest

    def remove_replaced(self) -> None:
        """Delete the parts that a compaction stands for, unless somebody reads; within `locked`.

        What is left so is deleted with the next compaction.
        """
        with (self.path / MANIFESTS / READERS).open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._remove_unseen()

    def _remove_unseen(self) -> None:
        seen = {part.path for part in self.parts()}
        for one in self.manifests():
            for part in one.parts:
                if part.path not in seen:
                    (self.path / part.path).unlink(missing_ok=True)

    def _remove_leftovers(self) -> None:
        """Remove the working files, and the parts of a batch that has no manifest."""
        shutil.rmtree(self.path / INCOMING)
        (self.path / INCOMING).mkdir()
        committed = len(self.manifests())
        for part in self.path.glob("*/*/*.parquet"):
            number = part.name.partition("-")[0]
            if number.isdigit() and int(number) > committed:
                part.unlink()
        self._looked_for_leftovers = True

    def _manifest_path(self, number: int) -> Path:
        return self.path / MANIFESTS / f"{number:08}.json"


def day_of(made_at: datetime) -> str:
    """Return the folder of the day.

    >>> day_of(datetime(2026, 9, 1, 12))
    '2026-09-01'
    """
    return made_at.date().isoformat()


def _manifest(path: Path) -> Manifest:
    said = json.loads(path.read_text(encoding="utf-8"))
    return Manifest(**said | {"parts": tuple(Part(**part) for part in said["parts"])})
