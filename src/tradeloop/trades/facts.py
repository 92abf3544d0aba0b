"""What judging gives: a report over a batch, and the whole story of one trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file that gave nothing, where it broke and why."""

    file: str
    position: str | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One finding of a code, to show."""

    code: str
    weight: str
    count: int
    trade: str | None
    file: str | None
    position: str | None
    field: str | None
    seen: str | None
    expected: str | None
    meaning: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a batch came to. `verified` is in minor units, each trade rounded half up once."""

    files: int
    read: int
    kept: int
    unreadable: tuple[Unread, ...]
    documents: Mapping[str, int]
    purpose: str
    on: date
    trades: int
    grades: Mapping[str, int]
    findings: Mapping[str, int]
    verified: Mapping[str, int]
    examples: tuple[Example, ...]

    def as_json(self) -> dict[str, object]:
        """Return the object that `verify --json` prints; `docs/reference/json` has its schema."""
        whole = asdict(self)
        del whole["examples"]
        whole["on"] = self.on.isoformat()
        return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of a trade: whether its two sides agree, and what each says."""

    link: str
    status: str
    left: str | None
    right: str | None
    tolerance: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One finding of a trade, with what it means and what to do."""

    code: str
    weight: str
    file: str | None
    position: str | None
    field: str | None
    seen: str | None
    expected: str | None
    meaning: str
    remedy: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A kept file that an index or its own name puts to a trade; it is never judged."""

    file: str
    kind: str | None
    dated_on: date | None
    parties: str | None
    digest: str
    attached_by: str  # index, name


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Why one trade has its grade, and what would make it proven."""

    trade: str
    purpose: str
    on: date
    grade: str
    currency: str | None
    verified_minor: int
    buyer: str | None
    due_on: date | None
    due_rule: str | None
    links: tuple[Link, ...]
    findings: tuple[Told, ...]
    evidence: tuple[Evidence, ...]

    def as_json(self) -> dict[str, object]:
        """Return the object that `explain --json` prints; `docs/reference/json` has its schema."""
        whole = asdict(self)
        whole["on"] = self.on.isoformat()
        whole["due_on"] = _written(self.due_on)
        for one in whole["evidence"]:
            one["dated_on"] = _written(one["dated_on"])
        return whole


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
