"""The verbs: set a deadline, cancel it, and do what is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from django.db import transaction

from tradeloop.jobs.attempt import attempt, retry_at
from tradeloop.jobs.facts import Deadline, Due, Failure, Ran
from tradeloop.jobs.queries import COLUMNS, deadline_of
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.store.database import cursor

Doer: TypeAlias = Callable[[Deadline, datetime], None]
"""Does what a deadline asks for, in the open transaction; is told the time of the run."""


class DeadlineConflicts(RuntimeError):
    """The subject has an open deadline of that kind, or the same fact made another one."""


@transaction.atomic
def set_deadline(
    *, subject: str, kind: str, due: Due, made_by: int, at: datetime, replaces: bool = False
) -> Deadline:
    """Keep in mind that something is to be done; the same call again gives the same deadline.

    Args:
        subject: What it is about, as in `claim:C-7`.
        kind: What is to be done; `schedule.DOERS` has its doer.
        due: From when on, by which rule; for a last day, `Due.after(deadline)`.
        made_by: The journal entry that gave rise to it.
        at: Now, by the caller's clock.
        replaces: Cancel the open one of this subject and kind, if there is one.

    Raises:
        DeadlineConflicts: An open one says something else. Nothing was written.
    """
    wanted = (subject, kind, due.at, due.rule, due.source, due.is_provisional, made_by)
    if made := _made(subject, kind, made_by):
        return _same(made, wanted)
    with cursor() as cur:
        if replaces:
            cur.execute(
                "update jobs_deadline set cancelled_at = %s, cancelled_why = %s "
                "where subject = %s and kind = %s and done_at is null and cancelled_at is null",
                (at, f"replaced by entry {made_by} of the journal", subject, kind),
            )
        cur.execute(
            "insert into jobs_deadline "  # noqa: S608 - our own constant
            "(subject, kind, due_at, rule, source, is_provisional, made_by_id) "
            f"values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning {COLUMNS}",
            wanted,
        )
        row = cur.fetchone()
    if row is not None:
        _tell("jobs.deadline-set", deadline_of(row), at)
        return deadline_of(row)
    if made := _made(subject, kind, made_by):
        return _same(made, wanted)
    raise DeadlineConflicts(
        f"{subject} has an open deadline {kind} already, made by another fact. "
        "Cancel it, or set the new one with replaces=True."
    )


@transaction.atomic
def cancel_deadline(*, subject: str, kind: str, why: str, at: datetime) -> bool:
    """Say that something need not be done any more; return whether it was open.

    Safe to repeat: what is done or cancelled stays as it is.
    """
    with cursor() as cur:
        cur.execute(
            "update jobs_deadline "  # noqa: S608 - our own constant
            "set cancelled_at = %s, cancelled_why = %s where subject = %s "
            f"and kind = %s and done_at is null and cancelled_at is null returning {COLUMNS}",
            (at, why, subject, kind),
        )
        row = cur.fetchone()
    if row is not None:
        _tell("jobs.deadline-cancelled", deadline_of(row), at, why=why)
    return row is not None


def run_due(*, now: datetime, doers: Mapping[str, Doer]) -> Ran:
    """Do what is due at `now`, in order of time, each once, whoever else runs meanwhile.

    What a doer sets for a time before `now` is done in the same run. A doer that fails has done
    nothing; its deadline is tried again later, and the rest go on.
    """
    done, failed = 0, []
    while (outcome := _run_next(now, doers)) is not None:
        if isinstance(outcome, Failure):
            failed.append(outcome)
        else:
            done += 1
    return Ran(done=done, failed=tuple(failed))


@transaction.atomic
def _run_next(now: datetime, doers: Mapping[str, Doer]) -> Deadline | Failure | None:
    """Do the first that is due and that no other worker holds; None if there is none."""
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from jobs_deadline "  # noqa: S608 - our own constant
            "where done_at is null and cancelled_at is null and due_at <= %s "
            "and kind = any(%s) and (retry_at is null or retry_at <= %s) "
            "order by due_at, id limit 1 for update skip locked",
            (now, list(doers), now),
        )
        row = cur.fetchone()
        if row is None:
            return None
        due = deadline_of(row)
        error = attempt(lambda: _do(doers[due.kind], due, now))
        if error is None:
            return replace(due, done_at=now)
        tries, again = due.tries + 1, retry_at(now, due.tries + 1)
        cur.execute(
            "update jobs_deadline set tries = %s, error = %s, retry_at = %s where id = %s "
            "and done_at is null and cancelled_at is null",
            (tries, error, again, due.id),
        )
    return Failure(what=f"{due.kind} of {due.subject}", error=error, tries=tries, retry_at=again)


def _do(doer: Doer, due: Deadline, now: datetime) -> None:
    with cursor() as cur:
        # Done before the doer runs, so that it may set the next deadline of the same kind.
        cur.execute(
            "update jobs_deadline set done_at = %s, error = null, retry_at = null where id = %s",
            (now, due.id),
        )
    doer(due, now)
    _tell("jobs.deadline-done", due, now)


def _made(subject: str, kind: str, made_by: int) -> Deadline | None:
    with cursor() as cur:
        cur.execute(
            f"select {COLUMNS} from jobs_deadline "  # noqa: S608 - our own constant
            "where subject = %s and kind = %s and made_by_id = %s",
            (subject, kind, made_by),
        )
        row = cur.fetchone()
    return None if row is None else deadline_of(row)


def _same(made: Deadline, wanted: tuple[Any, ...]) -> Deadline:
    """Return the deadline that a repeated call asks for, if it asks for the same."""
    is_now = (
        made.subject, made.kind, made.due_at, made.rule, made.source, made.is_provisional,
        made.made_by,
    )  # fmt: skip
    if is_now == wanted:
        return made
    raise DeadlineConflicts(
        f"Entry {made.made_by} made deadline {made.kind} of {made.subject} for {made.due_at} by "
        f"rule {made.rule}; now it is asked for {wanted[2]} by rule {wanted[3]}. "
        "One fact makes one deadline of a kind: record what changed, and set it from there."
    )


def _tell(kind: str, deadline: Deadline, at: datetime, why: str | None = None) -> None:
    fact = {
        "deadline": deadline.id, "subject": deadline.subject, "kind": deadline.kind,
        "due_at": deadline.due_at.astimezone(SHANGHAI).isoformat(), "rule": deadline.rule,
        "source": deadline.source, "made_by": deadline.made_by,
    }  # fmt: skip
    record(kind=kind, at=at, fact=fact if why is None else {**fact, "why": why})
