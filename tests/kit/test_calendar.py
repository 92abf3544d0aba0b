"""A deadline falls on the day that the rule and China's official calendar give."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.kit.calendar import (
    SHANGHAI,
    DeadlineUndefined,
    add_months,
    by_day_of_next_month,
    is_provisional,
    is_working_day,
    roll_forward,
    within_days,
)

days = st.dates(date(2001, 1, 1), date(2060, 12, 31))
RULE = {"rule": "monthly-summary", "source": "Test manual, section 1"}


@pytest.mark.parametrize(
    "worked",
    [
        date(2024, 2, 4),
        date(2024, 2, 9),  # New Year's Eve was not yet a holiday
        date(2024, 4, 7),
        date(2024, 10, 12),
        date(2025, 1, 26),
        date(2025, 2, 8),
        date(2025, 9, 28),
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 10, 10),
        date(2018, 12, 29),  # moved by the notice for 2019
        date(2006, 12, 30),  # moved by the notice for 2007
    ],
)
def test_a_weekend_that_was_swapped_is_worked(worked: date) -> None:
    assert is_working_day(worked)
    assert roll_forward(worked) == worked


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 2, 10), date(2024, 2, 17)),
        (date(2024, 10, 1), date(2024, 10, 7)),
        (date(2025, 1, 28), date(2025, 2, 4)),
        (date(2025, 10, 1), date(2025, 10, 8)),
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ],
)
def test_a_holiday_is_free_from_its_first_day_to_its_last(first: date, last: date) -> None:
    free = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert not any(is_working_day(day) for day in free)
    assert is_working_day(last + timedelta(days=1))
    assert {roll_forward(day) for day in free} == {last + timedelta(days=1)}


@pytest.mark.parametrize(
    ("day", "provisional"),
    [
        (date(2024, 12, 31), False),
        (date(2026, 12, 28), False),
        (date(2100, 1, 4), True),
    ],
)
def test_a_day_beyond_the_published_calendar_is_provisional(
    day: date, *, provisional: bool
) -> None:
    assert is_provisional(day) is provisional


def test_the_last_three_days_of_the_latest_published_year_are_already_provisional() -> None:
    day = date(2026, 12, 28)
    while not is_provisional(day):
        day += timedelta(days=1)

    assert (day.month, day.day) == (12, 29)


@given(days, days)
def test_after_a_provisional_day_every_day_is_provisional(first: date, second: date) -> None:
    earlier, later = sorted((first, second))

    assert is_provisional(later) or not is_provisional(earlier)


@given(days)
def test_rolling_forward_gives_the_nearest_working_day_not_before(day: date) -> None:
    rolled = roll_forward(day)

    assert rolled >= day
    assert is_working_day(rolled)
    assert not any(is_working_day(day + timedelta(days=n)) for n in range((rolled - day).days))


def test_lists_of_february_2026_are_summed_up_by_monday_16_march() -> None:
    deadline = by_day_of_next_month(date(2026, 2, 1), 15, **RULE)

    assert deadline.on == date(2026, 3, 16)
    assert deadline.rule == "monthly-summary"
    assert deadline.source == "Test manual, section 1"
    assert not deadline.provisional


def test_lists_of_december_are_summed_up_in_january() -> None:
    assert by_day_of_next_month(date(2025, 12, 31), 15, **RULE).on == date(2026, 1, 15)


def test_a_deadline_on_a_swapped_sunday_stays_there() -> None:
    assert by_day_of_next_month(date(2024, 12, 1), 26, **RULE).on == date(2025, 1, 26)


def test_a_deadline_on_a_calendar_not_yet_published_says_so() -> None:
    assert by_day_of_next_month(date(2100, 5, 1), 15, **RULE).provisional


@pytest.mark.parametrize("day", [0, 29])
def test_a_monthly_deadline_needs_a_day_that_every_month_has(day: int) -> None:
    with pytest.raises(DeadlineUndefined, match="from 1 to 28"):
        by_day_of_next_month(date(2026, 2, 1), day, **RULE)


@pytest.mark.parametrize(
    ("n", "last"),
    [(0, date(2026, 1, 10)), (30, date(2026, 2, 9)), (45, date(2026, 2, 24))],
)
def test_within_days_counts_from_the_day_after(n: int, last: date) -> None:
    assert within_days(date(2026, 1, 10), n, **RULE).on == last


def test_within_days_rests_on_no_holiday_calendar() -> None:
    deadline = within_days(date(2100, 1, 1), 1, **RULE)

    assert deadline.on == date(2100, 1, 2)
    assert not is_working_day(deadline.on)
    assert not deadline.provisional


def test_a_deadline_does_not_run_backwards() -> None:
    with pytest.raises(DeadlineUndefined, match="zero or more"):
        within_days(date(2026, 1, 10), -1, **RULE)


@pytest.mark.parametrize(
    ("day", "n", "later"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_calendar_months_keep_the_day_or_end_with_the_month(day: date, n: int, later: date) -> None:
    assert add_months(day, n) == later


@given(days, st.integers(-600, 600))
def test_months_there_and_back_never_move_past_the_day(day: date, n: int) -> None:
    back = add_months(add_months(day, n), -n)

    assert (back.year, back.month) == (day.year, day.month)
    assert back.day <= day.day


def test_customs_time_is_eight_hours_ahead_all_year() -> None:
    offsets = {datetime(2026, month, 1, tzinfo=SHANGHAI).utcoffset() for month in range(1, 13)}

    assert offsets == {timedelta(hours=8)}
