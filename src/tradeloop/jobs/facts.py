"""What happens by itself, as data: a deadline, what could not be done, what was run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tradeloop.kit import calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """From when on something is to be done, and the rule that says so."""

    at: datetime
    rule: str  # id of the rule
    source: str  # law, notice or wording
    is_provisional: bool = False  # the calendar it rests on may still be changed

    @classmethod
    def after(cls, last: calendar.Deadline) -> Due:
        """Return the moment when the last day of a deadline has passed in Shanghai."""
        return cls(
            at=end_of(last.on), rule=last.rule, source=last.source, is_provisional=last.provisional
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Something to be done once `due_at` has come; `made_by` is the journal entry that made it."""

    id: int
    subject: str
    kind: str
    due_at: datetime
    rule: str
    source: str
    is_provisional: bool
    made_by: int
    done_at: datetime | None
    cancelled_at: datetime | None
    tries: int
    error: str | None
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What could not be done while all else went on; `what` names it for people."""

    what: str
    error: str
    tries: int
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How much was done, and what failed."""

    done: int
    failed: tuple[Failure, ...]

    def __add__(self, other: Ran) -> Ran:
        """Return both together."""
        return Ran(done=self.done + other.done, failed=self.failed + other.failed)


def end_of(day: date) -> datetime:
    """Return the first moment after `day` in Shanghai: when "by that day" has passed."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=calendar.SHANGHAI)
