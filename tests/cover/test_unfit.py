"""A limit or a policy that cannot be is refused by name, and nothing is written."""

from __future__ import annotations

from datetime import date

import pytest

from cover.counter import (
    DAY,
    MERCHANT,
    SCHEME,
    buyer_of,
    codes,
    count,
    issued,
    noon,
    offer,
    terms,
    trade,
)
from tradeloop.cover.actions import LimitUnfit, set_limit
from tradeloop.cover.policies import Begin, PolicyUnfit, begin, end
from tradeloop.kit.money import Money

pytestmark = pytest.mark.usefixtures("database")
MAY = date(2026, 5, 10)


@pytest.mark.parametrize(
    ("buyer", "minor", "told_on"),
    [
        ("buyer:nobody", 0, MAY),
        ("", 10**19, MAY),
        ("", 0, date(9999, 12, 31)),
        ("", 0, date(1, 1, 1)),
    ],
)
def test_a_limit_that_would_bind_nobody_or_cannot_be_kept_is_refused(
    buyer: str, minor: int, told_on: date
) -> None:
    offer(trade("A"))

    with pytest.raises(LimitUnfit):
        set_limit(
            id="L-1", scheme=SCHEME, buyer=buyer or buyer_of("A"), amount=Money(minor, "USD"),
            told_on=told_on, because="bad news", at=noon(MAY + DAY),
        )  # fmt: skip

    assert count("limit") == 0


@pytest.mark.parametrize(
    "wanted",
    [
        Begin(policyholder=" ", from_date=MAY),
        Begin(policyholder="M", from_date=date(9999, 12, 31)),
        Begin(policyholder="M", from_date=MAY, estimated=Money(-1, "USD")),
        Begin(policyholder="M", from_date=MAY, estimated=Money(10**19, "USD")),
    ],
)
def test_a_policy_that_cannot_be_is_refused(wanted: Begin) -> None:
    with pytest.raises(PolicyUnfit):
        begin(scheme=SCHEME, wanted=[wanted], terms=terms(), at=noon(MAY))

    assert count("policy") == 0


def test_a_policy_that_a_person_ended_does_not_begin_again_by_itself() -> None:
    offer(trade("A", 1_000))
    end(policy=issued("A").policy, ends_on=MAY + 5 * DAY, because="fraud", at=noon(MAY + 5 * DAY))

    done = offer(trade("B", 1_000, shipped_on=MAY + 10 * DAY), on=MAY + 11 * DAY)

    assert codes(done, "B") == ["shipped-outside-policy"]
    begin(
        scheme=SCHEME, wanted=[Begin(policyholder=MERCHANT, from_date=MAY + 9 * DAY)],
        terms=terms(), at=noon(MAY + 12 * DAY),
    )  # fmt: skip
    assert not codes(offer(trade("B", 1_000, shipped_on=MAY + 10 * DAY), on=MAY + 12 * DAY), "B")
