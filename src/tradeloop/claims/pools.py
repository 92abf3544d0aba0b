"""The pool of a year is opened, or amended, and counts what was fixed before there was one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tradeloop.claims.fixing import POOL, move_parts, part_of
from tradeloop.claims.lifecycle import State
from tradeloop.claims.rows import do, named
from tradeloop.cover.pool import pool_paper, pool_year, set_pool
from tradeloop.kit.money import Money
from tradeloop.registry import actions as registry
from tradeloop.registry.asked import LINES_MAX
from tradeloop.registry.facts import Ask, Taken

FIXED_BEFORE = """
select u.claim_id, c.terms_on, c.state, d.id as decision, d.pay_minor
from claims_used as u
join claims_claim as c on c.id = u.claim_id
join claims_decision as d on d.id = c.decision_id
where u.scheme = %s and u.pool_hold is null and d.pay_minor > 0 and d.currency = %s
order by u.id
for update of u
"""
STILL_TO_PAY = frozenset({State.APPROVED, State.OFFERED, State.SIGNED, State.ORDERED})


@transaction.atomic
def open_pool(*, scheme: str, year: int, amount: Money, like: Money, at: datetime) -> Taken:
    """Open the pool of a year, or amend it; what claims took of that year already is taken of it.

    Their figures stay, also where they come to more than the pool: it is over-used then, and the
    answer says by how much. The same again changes nothing.

    Raises:
        PoolUnfit: As of `set_pool`.
    """
    before = [
        row
        for row in named(FIXED_BEFORE, scheme, amount.currency)
        if pool_year(row["terms_on"]) == year
    ]
    if not before:
        return set_pool(scheme=scheme, year=year, amount=amount, like=like, at=at)
    fixed = Money(sum(row["pay_minor"] for row in before), amount.currency)
    # Room for them first; then the pool is what it is said to be, and over-used if that is less.
    set_pool(scheme=scheme, year=year, amount=amount + fixed, like=like, at=at)
    parts = [
        part_of(
            pool_paper(scheme, year), POOL, claim=row["claim_id"], decision=row["decision"],
            pay=Money(row["pay_minor"], amount.currency),
        )
        for row in before
    ]  # fmt: skip
    holds = [one.id for one in parts]
    paid = [
        hold for hold, row in zip(holds, before, strict=True) if row["state"] not in STILL_TO_PAY
    ]
    for first in range(0, len(parts), LINES_MAX):
        _hold(parts[first : first + LINES_MAX], at)
    for first in range(0, len(paid), LINES_MAX):
        move_parts(paid[first : first + LINES_MAX], "spend", at)
    do(
        "update claims_used as u set pool_hold = h.hold "
        "from unnest(%s::text[], %s::uuid[]) as h (claim, hold) where u.claim_id = h.claim",
        [row["claim_id"] for row in before], holds,
    )  # fmt: skip
    return set_pool(scheme=scheme, year=year, amount=amount, like=like, at=at)


def _hold(parts: Sequence[Ask], at: datetime) -> None:
    for answer in registry.hold(lines=parts, now=at, whole=True):
        assert answer.refusal is None, answer.refusal  # noqa: S101 - room was made for all
