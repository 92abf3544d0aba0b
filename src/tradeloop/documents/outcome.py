"""What one file came to, what a batch of them came to, and why a file gave nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tradeloop.documents.tables.facts import TablesRead
from tradeloop.documents.told import Placed
from tradeloop.documents.tolerant import Read

# What can make a whole file unreadable, if it stands alone.
REASONS = frozenset(
    {"record-broken", "key-missing", "file-truncated", "row-malformed", "heading-missing",
     "heading-doubled", "heads-missing", "table-unknown"}
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What one file came to."""

    path: str
    status: str  # read, kept, unreadable
    file: int | None = None
    digest: str | None = None
    bytes: int = 0
    kind: str | None = None
    because: str | None = None
    position: str | None = None


@dataclass(slots=True)
class Batch:
    """What came of a batch of files; the facts themselves are in Parquet parts."""

    outcomes: list[Outcome] = field(default_factory=list)
    told: list[dict[str, object]] = field(default_factory=list)
    counts: list[dict[str, object]] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)  # fact files that came as Parquet

    def add(self, other: Batch) -> None:
        """Take over what another batch holds."""
        self.outcomes += other.outcomes
        self.told += other.told
        self.counts += other.counts
        for table, paths in other.tables.items():
            self.tables.setdefault(table, []).extend(paths)


def file_key(digest: str) -> int:
    """Return the key that facts of a file carry: the first 63 bits of its SHA-256.

    >>> file_key("ff" * 32) == 2**63 - 1
    True
    """
    return int(digest[:16], 16) >> 1


def pair_key(digest: str, of_lines: str) -> int:
    """Return the key of facts that stand on two files: a change in either makes another key."""
    return file_key(hashlib.sha256(f"{digest} {of_lines}".encode()).hexdigest())


def told_row(outcome: Outcome, placed: Placed) -> dict[str, object]:
    """Return what is told of a file as a row of the table `told`."""
    told = placed.told
    return {
        "file": outcome.file or 0,
        "message": placed.message,
        "record": placed.record,
        "line": placed.line,
        "kind": placed.kind or outcome.kind,
        "code": told.code,
        "field": told.field,
        "seen": told.seen,
        "expected": told.expected,
        "place": placed.place,
    }


def first_reason(found: Read | TablesRead) -> tuple[str, str | None]:
    """Return why no fact came of a file, in words, and where."""
    # Where none of the usual reasons is told, the key itself could not be read.
    for placed in sorted(found.told, key=lambda one: one.told.code not in REASONS):
        if placed.told.code in REASONS or isinstance(found, TablesRead):
            told = placed.told
            where = f"{placed.message}/{placed.record}/{placed.line}"
            where += f" ({placed.place})" if placed.place else ""
            field_name = f" in {told.field}" if told.field else ""
            return f"{told.code}{field_name}: seen {told.seen}, expected {told.expected}", where
    return "no record of the message is in it; get it again", None
