"""What the log binds of a fact: its leaf data, byte by byte, and the commitment to its body."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import rfc8785

LEAF_VERSION = 1


def leaf_data(*, entry_id: int, kind: str, at: str, commitment: bytes) -> bytes:
    """Return the RFC 8785 bytes of all that a fact shows; `journal_leaf_hash` makes the same.

    Args:
        entry_id: The number that the fact was recorded under.
        kind: `folder.event`.
        at: UTC with microseconds, as `written` gives it.
        commitment: SHA-256(salt ‖ body).
    """
    return rfc8785.dumps(
        {"at": at, "commitment": commitment.hex(), "id": entry_id, "kind": kind, "v": LEAF_VERSION}
    )


def commitment_of(salt: bytes, body: str) -> bytes:
    """Return what binds a body without showing it: SHA-256(salt ‖ body)."""
    return hashlib.sha256(salt + body.encode()).digest()


def once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON whose names stand once: else its readers could differ.

    Raises:
        ValueError: A name stands twice.
    """
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a name stands twice in one object")
    return found


def written(at: datetime) -> str:
    """Return a time as leaves have it: `2026-01-01T12:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
