"""What follows from what: each kind of fact and the reactions to it, on one screen."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from django.db import transaction

from tradeloop.cover import room
from tradeloop.jobs import of_claims
from tradeloop.jobs.attempt import attempt, retry_at
from tradeloop.jobs.facts import Failure, Ran
from tradeloop.journal.facts import Sequenced
from tradeloop.journal.queries import sequenced
from tradeloop.registry import notices
from tradeloop.store.database import cursor

Reaction: TypeAlias = Callable[[Sequenced], None]
"""Acts on a fact in the open transaction; safe to repeat. Its place is kept under its name."""

REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    **dict.fromkeys(
        (
            "claims.noticed", "claims.notice-completed", "claims.insolvent", "claims.filed",
            "claims.assessed", "claims.evidence", "claims.answered", "claims.approved",
            "claims.recalculated", "claims.offered", "claims.signed", "claims.payout-ordered",
            "claims.stayed", "claims.resumed", "claims.signal-raised", "claims.signal-cleared",
            "claims.refused", "claims.reopened", "claims.withdrawn",
        ),
        (of_claims.keep_last_days,),
    ),
    "claims.paid": (of_claims.keep_last_days, of_claims.pursue_paid),
    "receivables.applied": (room.payments_made_room, of_claims.sweep_payments),
    "receivables.credited": (room.payments_made_room, of_claims.sweep_payments),
    "receivables.credit-withdrawn": (of_claims.sweep_payments,),
    "receivables.withdrawn": (of_claims.sweep_payments,),
    "recovery.opened": (of_claims.sweep_payments,),
    "registry.adjusted": (notices.tell_holders,),
    "registry.folded": (notices.tell_holders,),
    "registry.frozen": (notices.tell_holders,),
    "registry.taken-in": (notices.tell_holders,),
    "settlement.confirmed": (of_claims.hear_bank,),
    "settlement.rejected": (of_claims.hear_bank,),
}  # fmt: skip

FACTS_READ = 500


class ReactionNamesClash(ValueError):
    """Two reactions have one name, and would share their place in the journal."""


class _Step(enum.Enum):
    """What became of one fact that did not fail."""

    HANDLED = enum.auto()
    BY_ANOTHER = enum.auto()  # another worker had handled it
    BUSY = enum.auto()  # another worker is at this reaction now


def react(*, now: datetime, table: Mapping[str, tuple[Reaction, ...]] = REACTIONS) -> Ran:
    """Let every reaction read the journal to its end, in the order of the log.

    A reaction and its place move in one transaction, a fact each. One that fails stops at that fact
    and is tried again later; the others go on. A new one begins with the first fact ever.
    """
    return sum(
        (_catch_up(name, does, kinds, now) for name, (does, kinds) in _by_name(table).items()),
        Ran(done=0, failed=()),
    )


def name_of(reaction: Reaction) -> str:
    """Return the name under which a reaction keeps its place: module and function.

    Who moves or renames it renames its row in `jobs_progress` by a migration, or it begins anew.
    """
    return f"{reaction.__module__.removeprefix('tradeloop.')}.{reaction.__qualname__}"


def _by_name(
    table: Mapping[str, tuple[Reaction, ...]],
) -> dict[str, tuple[Reaction, frozenset[str]]]:
    found: dict[str, tuple[Reaction, frozenset[str]]] = {}
    for kind, reactions in table.items():
        for reaction in reactions:
            name = name_of(reaction)
            known, kinds = found.get(name, (reaction, frozenset()))
            if known is not reaction:
                raise ReactionNamesClash(
                    f"Two reactions are called {name}. Rename one: each keeps its own place."
                )
            found[name] = reaction, kinds | {kind}
    return found


def _catch_up(name: str, does: Reaction, kinds: frozenset[str], now: datetime) -> Ran:
    done = 0
    first = _begin(name, now)
    while first is not None and (facts := sequenced(first=first, limit=FACTS_READ)):
        for fact in facts:
            if fact.kind not in kinds:
                continue
            step = _handle(name, does, fact, now)
            if isinstance(step, Failure):
                return Ran(done=done, failed=(step,))
            if step is _Step.BUSY:
                return Ran(done=done, failed=())
            done += step is _Step.HANDLED
        first = facts[-1].leaf_index + 1
        _move(name, first)
    return Ran(done=done, failed=())


def _begin(name: str, now: datetime) -> int | None:
    """Return the leaf to read next; None if the reaction waits for its next try."""
    with cursor() as cur:
        cur.execute(
            "insert into jobs_progress (reaction) values (%s) on conflict do nothing", (name,)
        )
        cur.execute(
            "select next_leaf from jobs_progress "
            "where reaction = %s and (retry_at is null or retry_at <= %s)",
            (name, now),
        )
        row = cur.fetchone()
    return None if row is None else int(row[0])


@transaction.atomic
def _handle(name: str, does: Reaction, fact: Sequenced, now: datetime) -> _Step | Failure:
    with cursor() as cur:
        cur.execute(
            "select next_leaf, tries from jobs_progress where reaction = %s for update skip locked",
            (name,),
        )
        row = cur.fetchone()
        if row is None:
            return _Step.BUSY
        if row[0] > fact.leaf_index:
            return _Step.BY_ANOTHER
        error = attempt(lambda: does(fact))
        if error is None:
            cur.execute(
                "update jobs_progress set next_leaf = %s, tries = 0, error = null, "
                "retry_at = null where reaction = %s",
                (fact.leaf_index + 1, name),
            )
            return _Step.HANDLED
        tries, again = row[1] + 1, retry_at(now, row[1] + 1)
        cur.execute(
            "update jobs_progress set next_leaf = %s, tries = %s, error = %s, retry_at = %s "
            "where reaction = %s",
            (fact.leaf_index, tries, error, again, name),
        )
    what = f"{name} at leaf {fact.leaf_index} ({fact.kind})"
    return Failure(what=what, error=error, tries=tries, retry_at=again)


def _move(name: str, leaf: int) -> None:
    """Go past facts that do not concern the reaction."""
    with cursor() as cur:
        cur.execute(
            "update jobs_progress set next_leaf = %s where reaction = %s and next_leaf < %s",
            (leaf, name, leaf),
        )
