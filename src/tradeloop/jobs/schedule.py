"""Who does what is due, and what recurs: two tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tradeloop.claims import unnoticed
from tradeloop.jobs import of_claims
from tradeloop.jobs.actions import Doer
from tradeloop.jobs.attempt import attempt
from tradeloop.jobs.facts import Failure, Ran
from tradeloop.registry import actions as registry
from tradeloop.store.database import cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """Something done every so often; `action` is told the time, and is safe to repeat.

    One that answers True has done a part: the rest is done at once, in a transaction of its own, so
    that nobody waits for the locks of all parts.
    """

    name: str
    every_s: int
    action: Callable[[datetime], object]


DOERS: Mapping[str, Doer] = {**of_claims.DOERS}
"""For each kind of deadline, what does it."""

RECURRING: Sequence[Recurring] = (
    Recurring(name="registry.expire", every_s=60, action=registry.sweep),
    Recurring(name="claims.unnoticed", every_s=3600, action=unnoticed.tell_merchants),
)


def run_recurring(*, now: datetime, table: Sequence[Recurring] = RECURRING) -> Ran:
    """Do what was not done for as long as it says; each part is one transaction, by one worker.

    One that fails is tried again after its time; the others go on.
    """
    return sum((_run(one, now) for one in table), Ran(done=0, failed=()))


def _run(one: Recurring, now: datetime) -> Ran:
    while (ran := _run_part(one, now)) is None:
        pass
    return ran


@transaction.atomic
def _run_part(one: Recurring, now: datetime) -> Ran | None:
    """Do it, or a part of it; None if there is more to do."""
    with cursor() as cur:
        cur.execute(
            "insert into jobs_recurrence (name) values (%s) on conflict do nothing", (one.name,)
        )
        cur.execute(
            "select tries from jobs_recurrence where name = %s "
            "and (last_at is null or last_at <= %s) for update skip locked",
            (one.name, now - timedelta(seconds=one.every_s)),
        )
        row = cur.fetchone()
        if row is None:
            return Ran(done=0, failed=())
        answers: list[object] = []
        error = attempt(lambda: answers.append(one.action(now)))
        if error is None and answers[0] is True:
            return None
        tries = 0 if error is None else row[0] + 1
        cur.execute(
            "update jobs_recurrence set last_at = %s, error = %s, tries = %s where name = %s",
            (now, error, tries, one.name),
        )
    if error is None:
        return Ran(done=1, failed=())
    again = now + timedelta(seconds=one.every_s)
    return Ran(done=0, failed=(Failure(what=one.name, error=error, tries=tries, retry_at=again),))
