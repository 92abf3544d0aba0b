"""China's working days, and the last day on which something may still be done."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone of customs' local times, and of every deadline."""

LAST_DAY_OF_EVERY_MONTH = 28


class DeadlineUndefined(ValueError):
    """The figures do not lead to one last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day on which something may be done, and the rule that set it."""

    on: date  # inclusive, Asia/Shanghai
    rule: str  # id of the rule, kept with the date
    source: str  # law, notice or wording
    provisional: bool  # the calendar it rests on may still be changed


def is_working_day(day: date) -> bool:
    """Say whether offices work on `day`.

    A weekend that was swapped for a holiday is worked; the swapped weekday is not.

    Source:
        The State Council's yearly notices on holidays, checked from 2001 onwards. Beyond the
        latest of them only the festivals themselves are known: see `is_provisional`.
    """
    return _is_worked(day.year)(day)


def roll_forward(day: date) -> date:
    """Return `day` if it is worked, else the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_provisional(day: date) -> bool:
    """Say whether a notice still to come may turn `day` from worked to free, or back.

    The notice for a year also moves days at the very end of the year before (as in 2006, 2007,
    2011 and 2018), so the last three days of the latest published year are provisional too.
    """
    return day > date(_last_published_year(), 12, 28)


def within_days(start: date, n: int, *, rule: str, source: str) -> Deadline:
    """Return the deadline "within `n` days of `start`": the last day is `start` plus `n`.

    Args:
        start: The day of the event. It is not counted.
        n: Calendar days, zero or more. The last day stands even if nobody works on it, so the
            deadline rests on no holiday calendar and is never provisional.
        rule: Id of the rule that asks for it.
        source: Where the rule is written.

    Raises:
        DeadlineUndefined: `n` is negative.
    """
    if n < 0:
        raise DeadlineUndefined(
            f"Rule {rule} allows {n} days from {start}. Give zero or more, counted forwards."
        )
    return Deadline(on=start + timedelta(days=n), rule=rule, source=source, provisional=False)


def by_day_of_next_month(month_start: date, day: int, *, rule: str, source: str) -> Deadline:
    """Return the deadline "by the `day`th of the next month", moved on to a working day.

    Args:
        month_start: The month in which it happened; only its year and month are read.
        day: From 1 to 28, so that every month has it.
        rule: Id of the rule that asks for it.
        source: Where the rule is written.

    Raises:
        DeadlineUndefined: `day` is one that some month lacks.
    """
    if not 1 <= day <= LAST_DAY_OF_EVERY_MONTH:
        raise DeadlineUndefined(
            f"Rule {rule} asks for day {day} of a month. "
            f"Give a day from 1 to {LAST_DAY_OF_EVERY_MONTH}: some months have no other."
        )
    on = roll_forward(add_months(month_start.replace(day=1), 1).replace(day=day))
    return Deadline(on=on, rule=rule, source=source, provisional=is_provisional(on))


def add_months(day: date, n: int) -> date:
    """Return the same day `n` calendar months later, or the last of that month if it is shorter.

    A negative `n` counts back: six months after 31 August is 28 (or 29) February.
    """
    years, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


@cache
def _is_worked(year: int) -> Callable[[date], bool]:
    # One calendar for each year, never grown afterwards: an answer cannot depend on earlier ones.
    return country_holidays("CN", years=year, expand=False).is_working_day


@cache
def _last_published_year() -> int:
    # Only a published notice names the weekends that are worked in exchange for other days.
    return max(int(year) for year in country_holidays("CN").special_public_holidays)
