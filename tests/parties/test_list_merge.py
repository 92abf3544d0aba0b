"""After each version each day of a subject is said at most once; past days stay as they were."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tradeloop.parties.list_merge import Content, Held, Row, merge

DAY = timedelta(days=1)
START = date(2026, 1, 1)
DAYS = st.integers(min_value=0, max_value=20).map(lambda n: START + n * DAY)


def content(value: str, to_date: date | None) -> Content:
    return Content(
        subject="S", name=None, country=None, number=None, value=value, to_date=to_date,
        source="s", appeal_until=None,
    )  # fmt: skip


@st.composite
def version(draw: st.DrawFn) -> list[Row]:
    days = sorted(draw(st.lists(DAYS, unique=True, max_size=6)))
    pairs = list(zip(days[::2], days[1::2], strict=False))
    return [
        Row(line=n, from_date=a, content=content(draw(st.sampled_from("AB")), b))
        for n, (a, b) in enumerate(pairs)
    ]


def said_on(held: list[Held], day: date) -> list[str]:
    return [h.content.value for h in held
            if h.from_date <= day and (h.last is None or h.last >= day)]  # fmt: skip


@given(st.lists(st.tuples(version(), DAYS), max_size=5))
def test_after_each_version_each_day_is_said_at_most_once(
    versions: list[tuple[list[Row], date]],
) -> None:
    held: list[Held] = []
    first = START
    for rows, day in versions:
        first = max(first, day)
        before = {d: said_on(held, d) for d in (START + n * DAY for n in range(25))}

        done = merge(held, rows, from_date=first)

        held = [
            Held(id=h.id, content=h.content, from_date=h.from_date,
                 last=min(h.last or date.max, first - DAY) if h.id in done.ended else h.last)
            for h in held
        ]  # fmt: skip
        held += [
            Held(id=len(held) + n, content=c, from_date=a, last=c.to_date)
            for n, (c, a) in enumerate(done.added)
        ]
        for d, was in before.items():
            now = said_on(held, d)
            given_now = [r.content.value for r in rows
                         if r.from_date and r.content.to_date
                         and r.from_date <= d <= r.content.to_date]  # fmt: skip
            assert len(now) <= 1
            if d >= first:
                assert now == given_now
            else:
                assert now == (was or given_now)
