"""The verbs of the registry: each is one call of the database, safe to repeat.

They join the transaction that is open, or are one of their own. Within an open transaction make
one call with all lines rather than several: several lock in the order in which they come, and
two such transactions may wait for one another (the database then ends one of them).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from tradeloop.kit.money import MINOR_DIGITS
from tradeloop.registry.facts import (
    MINOR_MAX,
    Answer,
    Ask,
    Change,
    MoveAnswer,
    MoveAsk,
    Taken,
    Value,
)
from tradeloop.store.database import cursor

LINES_MAX = 10_000
PAPER = re.compile(r"[a-z][a-z0-9-]{0,30}:[^:\s]{1,100}:\S(?:.{0,198}\S)?")
NAME_MAX = 200
UNIT_OF_GOODS = re.compile(r"[a-z][a-z0-9-]{0,30}")
PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,30}")
CLOCK_WRONG = "TL002"
ISOLATION_WRONG = "TL003"
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# Times that every zone, and whoever reads them back, can write with four digits of a year.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class CallUnreadable(ValueError):
    """A call has a line that says nothing sensible; nothing was asked, nothing was written."""


class ClockWrong(Exception):
    """The caller's time is too far from the database's; nothing was written."""


class IsolationWrong(Exception):
    """The open transaction looks at the past and would not see what others did; nothing written."""


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
    _check(lines, _wrong_with_ask)
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
    return _called(
        "select * from registry_hold_one(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        now,
        *(
            line.id, line.paper, line.purpose, line.holder, line.unit, line.amount_minor,
            line.amount_minor if line.at_least_minor is None else line.at_least_minor,
            line.expires_at, line.rate,
        ),
    )  # fmt: skip


def _hold_many(lines: Sequence[Ask], now: datetime, *, whole: bool) -> list[tuple[Any, ...]]:
    return _called(
        "select * from registry_hold(%s, %s, %s::uuid[], %s::text[], %s::text[], %s::text[], "
        "%s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[])",
        now,
        *(
            whole,
            _plain(line.id for line in lines),
            _quoted(line.paper for line in lines),
            _quoted(line.purpose for line in lines),
            _quoted(line.holder for line in lines),
            _quoted(line.unit for line in lines),
            _plain(line.amount_minor for line in lines),
            _plain(
                line.amount_minor if line.at_least_minor is None else line.at_least_minor
                for line in lines
            ),
            _plain(f'"{line.expires_at.isoformat()}"' for line in lines),
            _quoted(line.rate for line in lines),
        ),
    )


def move(*, lines: Sequence[MoveAsk], now: datetime) -> tuple[MoveAnswer, ...]:
    """Commit, release, spend, expire or hand over; return one answer for each line.

    Raises:
        CallUnreadable: A line is malformed; the message says which and how.
        ClockWrong: `now` is too far from the database's clock.
    """
    _check(lines, _wrong_with_move)
    if not lines:
        return ()
    rows = _called(
        "select * from registry_move(%s, %s::uuid[], %s::uuid[], %s::text[], %s::bigint[], "
        "%s::text[], %s::text[])",
        now,
        *(
            _plain(line.id for line in lines),
            _plain(line.hold for line in lines),
            _quoted(line.event for line in lines),
            _plain("NULL" if line.amount_minor is None else line.amount_minor for line in lines),
            _quoted(line.by for line in lines),
            _quoted(line.to for line in lines),
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


def expire(*, now: datetime, limit: int = 10_000) -> int:
    """Free what ran out before `now`, the oldest first; return how many holds ended.

    Call again while it returns `limit`.
    """
    ((expired,),) = _called("select registry_expire(%s, %s)", now, limit)
    return int(expired)


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
    _check(values, _wrong_with_value, most=None)
    _check_because(because)
    if not values:
        return ()
    rows = _called(
        "select outcome, over_minor from registry_take_in(%s, %s, %s::text[], %s::text[], "
        "%s::text[], %s::bigint[], %s::text[], %s::integer[])",
        now,
        *(
            because,
            _quoted(value.paper for value in values),
            _quoted(value.unit for value in values),
            _quoted(value.purpose for value in values),
            _plain(value.amount_minor for value in values),
            _quoted(name for value in values for name in value.names),
            _plain(line for line, value in enumerate(values, start=1) for _ in value.names),
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
    _check([given], _wrong_with_value)
    _check_because(because)
    return _changed(
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
    _check([paper], _wrong_with_paper)
    _check_because(because)
    return _changed("select registry_freeze(%s, %s, %s, %s)", now, id, paper, because)


def thaw(*, id: UUID, paper: str, now: datetime) -> Change:
    """Allow holds and commitments on a value again.

    Raises:
        CallUnreadable: The name is malformed.
        ClockWrong: `now` is too far from the database's clock.
    """
    _check([paper], _wrong_with_paper)
    return _changed("select registry_freeze(%s, %s, %s, null)", now, id, paper)


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
    _check([into, *parts], _wrong_with_paper)
    return _changed(
        "select registry_fold(%s, %s, %s, %s::text[])", now, id, into, _quoted(sorted(parts))
    )


def _called(sql: str, now: datetime, *values: object) -> list[tuple[Any, ...]]:
    if said := _wrong_with_time("now", now):
        raise CallUnreadable(f"{said} Nothing of the call was done.")
    try:
        with cursor() as cur:
            cur.execute(sql.encode(), (now, *values))
            return cur.fetchall()
    except psycopg.Error as error:
        if error.sqlstate == CLOCK_WRONG:
            raise ClockWrong(error.diag.message_primary) from None
        if error.sqlstate == ISOLATION_WRONG:
            raise IsolationWrong(error.diag.message_primary) from None
        raise


def _changed(sql: str, now: datetime, *values: object) -> Change:
    ((answer,),) = _called(sql, now, *values)
    return Change(**json.loads(answer))


# Arrays go over the wire as the text that PostgreSQL writes them in: a fifth of the time that
# adapting each element takes.
def _plain(values: Iterable[object]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _quoted(values: Iterable[str | None]) -> str:
    return "{" + ",".join(
        "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in values
    ) + "}"  # fmt: skip


def _check(
    lines: Sequence[Any], wrong: Callable[[Any], str | None], most: int | None = LINES_MAX
) -> None:
    if most is not None and len(lines) > most:
        raise CallUnreadable(f"The call has {len(lines):,} lines; at most {most:,}. Split it.")
    for place, line in enumerate(lines, start=1):
        if said := wrong(line):
            raise CallUnreadable(f"Line {place}: {said} Nothing of the call was done.")


def _check_because(because: str) -> None:
    if said := _wrong_with_text("because", because):
        raise CallUnreadable(f"{said} Nothing was done.")


def _wrong_with_ask(line: Ask) -> str | None:
    return (
        _wrong_with_paper(line.paper)
        or _wrong_with_purpose(line.purpose)
        or _wrong_with_unit(line.unit)
        or _wrong_with_name("holder", line.holder)
        or _wrong_with_number("amount_minor", line.amount_minor)
        or (line.at_least_minor is not None and _wrong_with_number(
            "at_least_minor", line.at_least_minor))
        or (line.rate is not None and _wrong_with_name("rate", line.rate))
        or _wrong_with_time("expires_at", line.expires_at)
    )  # fmt: skip


def _wrong_with_move(line: MoveAsk) -> str | None:
    return (
        _wrong_with_name("event", line.event)
        or (line.amount_minor is not None and _wrong_with_number(
            "amount_minor", line.amount_minor))
        or (line.by is not None and _wrong_with_name("by", line.by))
        or (line.to is not None and _wrong_with_name("to", line.to))
        or None
    )  # fmt: skip


def _wrong_with_value(value: Value) -> str | None:
    return (
        _wrong_with_paper(value.paper)
        or next(filter(None, map(_wrong_with_paper, value.names)), None)
        or _wrong_with_purpose(value.purpose)
        or _wrong_with_unit(value.unit)
        or _wrong_with_number("amount_minor", value.amount_minor)
    )


def _wrong_with_paper(paper: str) -> str | None:
    if isinstance(paper, str) and PAPER.fullmatch(paper) and not UNWRITABLE.search(paper):
        return None
    return (
        f"{paper!r} names no paper; expected kind:authority:number, "
        "as in list:CN.customs:29242026I000000001."
    )


def _wrong_with_purpose(purpose: str) -> str | None:
    if isinstance(purpose, str) and PURPOSE.fullmatch(purpose):
        return None
    return f"{purpose!r} is no purpose; expected lower-case words, as in finance or insurance."


def _wrong_with_unit(unit: str) -> str | None:
    if isinstance(unit, str) and (
        unit in MINOR_DIGITS or (UNIT_OF_GOODS.fullmatch(unit) and unit.upper() not in MINOR_DIGITS)
    ):
        return None
    return (
        f"{unit!r} is no unit; expected a currency of ISO 4217, as in USD, "
        "or a unit of goods in lower case, as in pieces."
    )


def _wrong_with_text(field: str, value: str) -> str | None:
    if isinstance(value, str) and value.strip() == value != "" and not UNWRITABLE.search(value):
        return None
    return f"{field} is {value!r}; expected words without blanks around them."


def _wrong_with_name(field: str, value: str) -> str | None:
    if isinstance(value, str) and len(value) > NAME_MAX:
        return f"{field} has {len(value):,} letters; at most {NAME_MAX}."
    return _wrong_with_text(field, value)


def _wrong_with_time(field: str, value: datetime) -> str | None:
    if not value.tzinfo:
        return f"{field} {value} has no zone; give one, as in +08:00."
    if not EARLIEST <= value < LATEST:
        return f"{field} {value} is no time for a hold; expected years from 1970 to 8999."
    return None


def _wrong_with_number(field: str, value: int) -> str | None:
    if type(value) is not int:
        return f"{field} is {value!r}; expected a whole number of minor units."
    if abs(value) > MINOR_MAX:
        return f"{field} is {value}; at most {MINOR_MAX} can be kept."
    return None
