"""The reads: deadlines to come, and what cannot go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tradeloop.jobs.facts import Deadline, Failure
from tradeloop.store.database import cursor

COLUMNS = (
    "id, subject, kind, due_at, rule, source, is_provisional, made_by_id, done_at, cancelled_at, "
    "tries, error, retry_at"
)
NAMES = (
    "id", "subject", "kind", "due_at", "rule", "source", "is_provisional", "made_by", "done_at",
    "cancelled_at", "tries", "error", "retry_at",
)  # fmt: skip


def open_deadlines(
    *, subject: str | None = None, until: datetime | None = None, limit: int = 1000
) -> tuple[Deadline, ...]:
    """Return what is still to be done, the most urgent first."""
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from jobs_deadline "  # noqa: S608 - our own constant
            "where done_at is null and cancelled_at is null "
            "and (%s::text is null or subject = %s) and (%s::timestamptz is null or due_at <= %s) "
            "order by due_at, id limit %s",
            (subject, subject, until, until, limit),
        )
        return tuple(deadline_of(row) for row in cur.fetchall())


def deadlines_of(subjects: Sequence[str], *, kinds: Sequence[str]) -> tuple[Deadline, ...]:
    """Return all deadlines of some kinds that some subjects ever had, in the order of making."""
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from jobs_deadline "  # noqa: S608 - our own constant
            "where subject = any(%s) and kind = any(%s) order by id",
            (list(subjects), list(kinds)),
        )
        return tuple(deadline_of(row) for row in cur.fetchall())


def deadlines(subject: str) -> tuple[Deadline, ...]:
    """Return all deadlines that a subject ever had, in the order in which they were made."""
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from jobs_deadline where subject = %s order by id",  # noqa: S608 - the same
            (subject,),
        )
        return tuple(deadline_of(row) for row in cur.fetchall())


def stuck() -> tuple[Failure, ...]:
    """Return every reaction, deadline and recurrence whose last attempt failed."""
    with cursor() as cur:
        cur.execute(
            "select 'reaction ' || reaction || ' at leaf ' || next_leaf, error, tries, retry_at "
            "from jobs_progress where error is not null union all "
            "select 'deadline ' || kind || ' of ' || subject, error, tries, retry_at "
            "from jobs_deadline where error is not null and done_at is null "
            "and cancelled_at is null union all "
            "select 'recurrence ' || name, error, tries, last_at "
            "from jobs_recurrence where error is not null order by 1"
        )
        return tuple(
            Failure(what=what, error=error, tries=tries, retry_at=again)
            for what, error, tries, again in cur.fetchall()
        )


def deadline_of(row: tuple[Any, ...]) -> Deadline:
    """Return the deadline of a row of `COLUMNS`."""
    return Deadline(**dict(zip(NAMES, row, strict=True)))
