"""The nouns of the journal: a fact recorded, its place in the log, the log at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact is in the journal if its transaction commits.

    `commitment` is SHA-256(salt ‖ RFC 8785 bytes of the fact).
    """

    entry_id: int
    kind: str
    at: datetime
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A fact and its place in the log; `body` is None once it was erased."""

    leaf_index: int
    entry_id: int
    kind: str
    at: datetime
    body: str | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log at one size, signed; `note` is what members keep."""

    size: int
    root: bytes
    note: str
    at: datetime
