"""What a call may say: names, amounts and times that can be kept; else what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from tradeloop.kit.money import MINOR_DIGITS
from tradeloop.registry.facts import MINOR_MAX, Ask, MoveAsk, Value

LINES_MAX = 10_000
PAPER = re.compile(r"[a-z][a-z0-9-]{0,30}:[^:\s]{1,100}:\S(?:.{0,198}\S)?")
NAME_MAX = 200
UNIT_OF_GOODS = re.compile(r"[a-z][a-z0-9-]{0,30}")
PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,30}")
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# Times that every zone, and whoever reads them back, can write with four digits of a year.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class CallUnreadable(ValueError):
    """A call has a line that says nothing sensible; nothing was asked, nothing was written."""


def check(
    lines: Sequence[Any], wrong: Callable[[Any], str | None], most: int | None = LINES_MAX
) -> None:
    """Refuse a call of more than `most` lines, or with a line that `wrong` finds fault with.

    Raises:
        CallUnreadable: The message says which line, what was seen and what was expected.
    """
    if most is not None and len(lines) > most:
        raise CallUnreadable(f"The call has {len(lines):,} lines; at most {most:,}. Split it.")
    for place, line in enumerate(lines, start=1):
        if said := wrong(line):
            raise CallUnreadable(f"Line {place}: {said} Nothing of the call was done.")


def check_because(because: str) -> None:
    """Refuse a reason that says nothing or cannot be kept.

    Raises:
        CallUnreadable: The message says what was seen.
    """
    if said := _wrong_with_text("because", because):
        raise CallUnreadable(f"{said} Nothing was done.")


def wrong_with_ask(line: Ask) -> str | None:
    """Say what is wrong with a line that asks for value, or None."""
    return (
        wrong_with_paper(line.paper)
        or _wrong_with_purpose(line.purpose)
        or _wrong_with_unit(line.unit)
        or _wrong_with_name("holder", line.holder)
        or _wrong_with_number("amount_minor", line.amount_minor)
        or (line.at_least_minor is not None and _wrong_with_number(
            "at_least_minor", line.at_least_minor))
        or (line.rate is not None and _wrong_with_name("rate", line.rate))
        or (line.expires_at is not None and wrong_with_time("expires_at", line.expires_at))
        or None
    )  # fmt: skip


def wrong_with_move(line: MoveAsk) -> str | None:
    """Say what is wrong with a line that moves a hold, or None."""
    return (
        _wrong_with_name("event", line.event)
        or (line.amount_minor is not None and _wrong_with_number(
            "amount_minor", line.amount_minor))
        or (line.by is not None and _wrong_with_name("by", line.by))
        or (line.to is not None and _wrong_with_name("to", line.to))
        or None
    )  # fmt: skip


def wrong_with_value(value: Value) -> str | None:
    """Say what is wrong with a value to be taken in, or None."""
    return (
        wrong_with_paper(value.paper)
        or next(filter(None, map(wrong_with_paper, value.names)), None)
        or _wrong_with_purpose(value.purpose)
        or _wrong_with_unit(value.unit)
        or _wrong_with_number("amount_minor", value.amount_minor)
    )


def wrong_with_paper(paper: str) -> str | None:
    """Say why a text names no paper, or None."""
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


def wrong_with_time(field: str, value: datetime) -> str | None:
    """Say why a time cannot be kept, or None."""
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
