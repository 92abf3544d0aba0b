"""The verbs of the registry: each is one call of the database, safe to repeat.

They join the transaction that is open, or are one of their own. Within an open transaction make
one call with all lines rather than several: several lock in the order in which they come, and
two such transactions may wait for one another (the database then ends one of them).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tradeloop.registry.asked import (
    CallUnreadable,
    check,
    check_because,
    wrong_with_ask,
    wrong_with_move,
    wrong_with_paper,
    wrong_with_value,
)
from tradeloop.registry.call import called, changed
from tradeloop.registry.facts import Answer, Ask, Change, MoveAnswer, MoveAsk, Taken, Value

SWEPT_AT_ONCE = 10_000
"""How many holds end in one call of a sweep."""


def hold(*, lines: Sequence[Ask], now: datetime, whole: bool = False) -> tuple[Answer, ...]:
    """Set value aside; return one answer for each line, in their order.

    Each line is granted in full, or down to its `at_least_minor`, or refused, as if the lines had
    come one by one: a refused line takes nothing from the next. With `whole` all are granted or
    none. A line whose id was used before hears its first answer again, a refusal too; with other
    content it is refused as `id-reused`.

    Args:
        lines: At most 10,000.
        now: The caller's clock.
        whole: All or nothing.

    Raises:
        CallUnreadable: A line is malformed; the message says which and how.
        ClockWrong: `now` is too far from the database's clock.
    """
    check(lines, wrong_with_ask)
    if not lines:
        return ()
    rows = _hold_one(lines[0], now) if len(lines) == 1 else _hold_many(lines, now, whole=whole)
    return tuple(
        Answer(
            id=line.id, refusal=refusal, granted_minor=granted, free_minor=free, others=others,
            twins=twins, repeated=repeated, entry_id=entry, commitment=commitment,
        )
        for line, (refusal, granted, free, others, twins, repeated, entry, commitment)
        in zip(lines, rows, strict=True)
    )  # fmt: skip


def _hold_one(line: Ask, now: datetime) -> list[tuple[Any, ...]]:
    return called(
        "select * from registry_hold_one(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        now,
        *(
            line.id, line.paper, line.purpose, line.holder, line.unit, line.amount_minor,
            line.amount_minor if line.at_least_minor is None else line.at_least_minor,
            line.expires_at, line.rate,
        ),
    )  # fmt: skip


def _hold_many(lines: Sequence[Ask], now: datetime, *, whole: bool) -> list[tuple[Any, ...]]:
    return called(
        "select * from registry_hold(%s, %s, %s::uuid[], %s::text[], %s::text[], %s::text[], "
        "%s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[])",
        now,
        *(
            whole,
            [line.id for line in lines],
            [line.paper for line in lines],
            [line.purpose for line in lines],
            [line.holder for line in lines],
            [line.unit for line in lines],
            [line.amount_minor for line in lines],
            [
                line.amount_minor if line.at_least_minor is None else line.at_least_minor
                for line in lines
            ],
            [line.expires_at for line in lines],
            [line.rate for line in lines],
        ),
    )


def move(*, lines: Sequence[MoveAsk], now: datetime) -> tuple[MoveAnswer, ...]:
    """Commit, release, spend, expire or hand over; return one answer for each line.

    Raises:
        CallUnreadable: A line is malformed; the message says which and how.
        ClockWrong: `now` is too far from the database's clock.
    """
    check(lines, wrong_with_move)
    if not lines:
        return ()
    rows = called(
        "select * from registry_move(%s, %s::uuid[], %s::uuid[], %s::text[], %s::bigint[], "
        "%s::text[], %s::text[])",
        now,
        *(
            [line.id for line in lines],
            [line.hold for line in lines],
            [line.event for line in lines],
            [line.amount_minor for line in lines],
            [line.by for line in lines],
            [line.to for line in lines],
        ),
    )
    return tuple(
        MoveAnswer(
            id=line.id, refusal=refusal, moved_minor=moved, state=state, repeated=repeated,
            entry_id=entry, commitment=commitment,
        )
        for line, (refusal, moved, state, repeated, entry, commitment)
        in zip(lines, rows, strict=True)
    )  # fmt: skip


def expire(*, now: datetime, limit: int | None = None) -> int:
    """Free what ran out before `now`, the oldest first; return how many holds ended.

    At most `limit` in one call, or `SWEPT_AT_ONCE`. Call again while some did, each time in a
    transaction of its own.
    """
    ((expired,),) = called("select registry_expire(%s, %s)", now, limit or SWEPT_AT_ONCE)
    return int(expired)


def sweep(now: datetime) -> bool:
    """Free some of what ran out before `now`; say whether there may be more."""
    return expire(now=now) > 0


def expire_all(now: datetime) -> int:
    """Free all that ran out before `now`, some at a time; return how many holds ended."""
    total = 0
    while freed := expire(now=now):
        total += freed
    return total


def take_in(*, values: Sequence[Value], now: datetime, because: str) -> tuple[Taken, ...]:
    """Make the values what their papers prove: open what is new, amend what differs.

    Safe to repeat: what is so already changes nothing. An amendment below what is used leaves the
    book over-used, and the answer says by how much.

    Args:
        values: Any number, each paper once for a purpose.
        now: The caller's clock.
        because: Kept in the journal: where the figures come from.

    Raises:
        CallUnreadable: A value is malformed; the message says which and how.
        ClockWrong: `now` is too far from the database's clock.
    """
    check(values, wrong_with_value, most=None)
    check_because(because)
    if not values:
        return ()
    rows = called(
        "select outcome, over_minor from registry_take_in(%s, %s, %s::text[], %s::text[], "
        "%s::text[], %s::bigint[], %s::text[], %s::integer[])",
        now,
        *(
            because,
            [value.paper for value in values],
            [value.unit for value in values],
            [value.purpose for value in values],
            [value.amount_minor for value in values],
            [name for value in values for name in value.names],
            [line for line, value in enumerate(values, start=1) for _ in value.names],
        ),
    )
    return tuple(
        Taken(paper=value.paper, purpose=value.purpose, outcome=outcome, over_minor=over)
        for value, (outcome, over) in zip(values, rows, strict=True)
    )


def adjust(
    *, id: UUID, paper: str, purpose: str, unit: str, amount_minor: int, now: datetime, because: str
) -> Change:
    """Amend a value by hand: for `purpose` it is `amount_minor` from now on.

    Raises:
        CallUnreadable: The amount, unit or name is malformed.
        ClockWrong: `now` is too far from the database's clock.
    """
    given = Value(paper=paper, unit=unit, purpose=purpose, amount_minor=amount_minor)
    check([given], wrong_with_value)
    check_because(because)
    return changed(
        "select registry_adjust(%s, %s, %s, %s, %s, %s, %s)",
        now,
        id,
        paper,
        purpose,
        unit,
        amount_minor,
        because,
    )


def freeze(*, id: UUID, paper: str, now: datetime, because: str) -> Change:
    """Stop new holds and commitments on a value, for every purpose.

    What is held may still be released, spent if committed, or expire.

    Raises:
        CallUnreadable: The name is malformed, or no reason is given.
        ClockWrong: `now` is too far from the database's clock.
    """
    check([paper], wrong_with_paper)
    check_because(because)
    return changed("select registry_freeze(%s, %s, %s, %s)", now, id, paper, because)


def thaw(*, id: UUID, paper: str, now: datetime) -> Change:
    """Allow holds and commitments on a value again.

    Raises:
        CallUnreadable: The name is malformed.
        ClockWrong: `now` is too far from the database's clock.
    """
    check([paper], wrong_with_paper)
    return changed("select registry_freeze(%s, %s, %s, null)", now, id, paper)


def fold(*, id: UUID, into: str, parts: Sequence[str], now: datetime) -> Change:
    """Make several values one: lists are folded into the declaration made of them.

    What is free, held, committed and spent goes over, for every purpose; no sum changes, and every
    name of a part is a name of the whole from now on. All parts or none.

    Raises:
        CallUnreadable: A name is malformed.
        ClockWrong: `now` is too far from the database's clock.
    """
    if not parts:
        raise CallUnreadable(f"Nothing is to be folded into {into}. Name its lists.")
    check([into, *parts], wrong_with_paper)
    return changed("select registry_fold(%s, %s, %s, %s::text[])", now, id, into, sorted(parts))
