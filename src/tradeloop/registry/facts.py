"""The nouns of the registry: what is asked, what is answered, how a value stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MINOR_MAX = 2**63 - 1
"""The largest amount that the database can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One line: set so much of a value aside.

    `id` is chosen by the caller before the first try and kept for every retry. `paper` names the
    value, `kind:authority:number`. `unit` is a currency (amounts in its minor units) or a unit of
    goods. With `at_least_minor` less than all may be granted, down to that. `expires_at` is
    exclusive: from then on what is not committed is free again; None commits at once what is
    granted. `rate` is the id of the exchange
    rate that the caller converted by.
    """

    id: UUID
    paper: str
    purpose: str
    holder: str
    unit: str
    amount_minor: int
    expires_at: datetime | None
    at_least_minor: int | None = None
    rate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a line was answered, for ever; a retry hears the same.

    `refusal` is a code of `refusals.csv`, or None if `granted_minor` is held now. `free_minor` is
    what was left after the line. `others` counts the live holds of other holders, whom nobody
    learns. `twins` counts values that may be the same goods under another number. The fact
    `entry_id` of the journal, bound by `commitment`, says so.
    """

    id: UUID
    refusal: str | None
    granted_minor: int
    free_minor: int
    others: int
    twins: int
    repeated: bool
    entry_id: int | None
    commitment: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAsk:
    """Do something to a hold: `event` is one of `lifecycle.Event`.

    No amount means all of it. `by` is the holder who asks; None is the operator. `to` is the next
    holder of a hand-over.
    """

    id: UUID
    hold: UUID
    event: str
    amount_minor: int | None = None
    by: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAnswer:
    """What a move was answered, for ever; `state` is the hold's after it."""

    id: UUID
    refusal: str | None
    moved_minor: int
    state: str | None
    repeated: bool
    entry_id: int | None
    commitment: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What papers prove: this value, for this purpose, known also by these names."""

    paper: str
    unit: str
    purpose: str
    amount_minor: int
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What taking in a value did: `opened`, `adjusted`, `unchanged`, or why it was refused.

    `over_minor` is by how much more is used than the papers prove now.
    """

    paper: str
    purpose: str
    outcome: str
    over_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The answer to an adjustment, freeze, thaw or fold, for ever."""

    refusal: str | None
    paper: str | None = None
    before_minor: int | None = None
    amount_minor: int | None = None
    free_minor: int | None = None
    over_minor: int | None = None
    parts: int | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One hold as its own holder, or the operator, sees it; in the order of priority."""

    id: UUID
    paper: str
    purpose: str
    holder: str
    state: str
    granted_minor: int
    committed_minor: int
    spent_minor: int
    freed_minor: int
    asked_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFacts:
    """How a value stands for one purpose, in minor units or whole units of goods."""

    purpose: str
    amount_minor: int
    held_minor: int
    committed_minor: int
    spent_minor: int
    live_holds: int
    over_used_since: datetime | None

    @property
    def free_minor(self) -> int:
        """What can be granted; nothing while it is over-used."""
        return max(0, self.amount_minor - self.used_minor)

    @property
    def over_minor(self) -> int:
        """By how much more is used than there is."""
        return max(0, self.used_minor - self.amount_minor)

    @property
    def used_minor(self) -> int:
        """What is held, committed or spent."""
        return self.held_minor + self.committed_minor + self.spent_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinFacts:
    """A value that may be the same goods under another number; which one, a holder does not see."""

    paper: str | None
    agree: Sequence[str]
    differ: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityFacts:
    """A value, its names, its books, and the holds that the reader may see."""

    paper: str
    unit: str
    names: Sequence[str]
    frozen_because: str | None
    books: Sequence[BookFacts]
    holds: Sequence[Line]
    twins: Sequence[TwinFacts]
