"""What the readers tell beside the facts: a code, what was seen and expected, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """Something to be told about a field or a place: a finding's code and what it is about."""

    code: str
    field: str | None = None
    seen: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Something told, with its place: message, record and line count from 1; 0 is the whole.

    `place` says the same as the reader of the file sees it: `line 12`, `sheet 交易, cell F15`.
    """

    told: Told
    kind: str
    message: int = 0
    record: int = 0
    line: int = 0
    place: str | None = None
