"""What seller and buyer agree later: another day to pay, somebody else to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.receivables import moves
from tradeloop.receivables.asked import check_begun, check_text
from tradeloop.receivables.found import found, sellers_of
from tradeloop.store.database import cursor


class ExtensionBackwards(Exception):
    """An extension is not later than the day to pay; nothing was written."""


class AlreadyAssigned(Exception):
    """Somebody else is to be paid already; nothing was written."""


class NotAssigned(Exception):
    """Nobody is to be paid in the seller's place, or not yet; nothing was written."""


@transaction.atomic
def extend(*, trade: str, to_date: date, agreed_on: date, at: datetime) -> bool:
    """Let the buyer pay later; the first due date stays the reference. Say whether that is new.

    Raises:
        ReceivableUnknown: The trade has none.
        ExtensionBackwards: The day is not later than the one agreed so far.
    """
    owed = found(trade)
    if owed.extended_to == to_date:
        return False
    now_due = owed.extended_to or owed.due_on
    if to_date <= now_due:
        raise ExtensionBackwards(
            f"{trade} is to be paid by {now_due}; {to_date} is no later. Give a later day. "
            "Nothing was written."
        )
    fact = record(
        kind="receivables.extended", at=at,
        fact={"agreed_on": agreed_on.isoformat(), "to": to_date.isoformat(), "trade": trade},
    )  # fmt: skip
    with cursor() as cur:
        cur.execute(
            "insert into receivables_extension (receivable_id, to_date, agreed_on, made_by) "
            "values (%s, %s, %s, %s)",
            (owed.id, to_date, agreed_on, fact.entry_id),
        )
        cur.execute(
            "update receivables_receivable set extended_to = %s where id = %s", (to_date, owed.id)
        )
    return True


@transaction.atomic
def assign(*, trades: Sequence[str], assignee: str, from_date: date, at: datetime) -> int:
    """Let somebody else be paid in the seller's place; return of how many trades that is new.

    All or none.

    Raises:
        ReceivableUnknown: A trade has none.
        AlreadyAssigned: Another one is to be paid for a trade; have it released first.
        RequestUnreadable: The assignee is no name that can be kept, or the day is still to come.
    """
    check_text("assignee", assignee)
    check_begun("The first day of an assignment", from_date, at)
    moves.lock(*sellers_of(trades))  # at once, so in one order
    wanted = []
    for trade in sorted(set(trades)):
        owed = found(trade)
        if owed.assignee not in {None, assignee}:
            raise AlreadyAssigned(
                f"{trade} is assigned to {owed.assignee}. Have it released first. "
                "Nothing was written."
            )
        if owed.assignee is None:
            wanted.append((trade, owed.id))
    if not wanted:
        return 0
    fact = record(
        kind="receivables.assigned", at=at,
        fact={
            "assignee": assignee, "from": from_date.isoformat(),
            "trades": [trade for trade, _ in wanted],
        },
    )  # fmt: skip
    ids = [id_ for _, id_ in wanted]
    with cursor() as cur:
        cur.execute(
            "insert into receivables_assignment (receivable_id, assignee, from_date, made_by) "
            "select g.id, %s, %s, %s from unnest(%s::bigint[]) as g (id)",
            (assignee, from_date, fact.entry_id, ids),
        )
        cur.execute(
            "update receivables_receivable set assignee = %s where id = any(%s::bigint[])",
            (assignee, ids),
        )
    return len(wanted)


@transaction.atomic
def release_assignment(*, trade: str, released_on: date, at: datetime) -> bool:
    """Let the seller be paid again from a day on; say whether that is new.

    Raises:
        ReceivableUnknown: The trade has none.
        NotAssigned: Nobody ever was to be paid in the seller's place, or only from a later day.
        RequestUnreadable: The day is still to come.
    """
    check_begun("The day of a release", released_on, at)
    owed = found(trade)
    with cursor() as cur:
        cur.execute(
            "select id, from_date, released_on from receivables_assignment "
            "where receivable_id = %s order by id desc limit 1",
            (owed.id,),
        )
        row = cur.fetchone()
    if row is not None and row[2] == released_on:
        return False
    if row is None or row[2] is not None or released_on < row[1]:
        raise NotAssigned(
            f"{trade} is assigned to nobody on {released_on}. Look at it with `receivables show`. "
            "Nothing was written."
        )
    record(
        kind="receivables.released", at=at,
        fact={"assignee": owed.assignee, "released_on": released_on.isoformat(), "trade": trade},
    )  # fmt: skip
    with cursor() as cur:
        cur.execute(
            "update receivables_assignment set released_on = %s where id = %s",
            (released_on, row[0]),
        )
        cur.execute("update receivables_receivable set assignee = null where id = %s", (owed.id,))
    return True
