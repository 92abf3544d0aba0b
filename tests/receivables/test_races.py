"""Many pay at once: each payment is applied once, nothing is overpaid, and nobody waits on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from receivables.books import (
    BUYER,
    NOON,
    check,
    day,
    open_now,
    opened,
    paid,
    payment,
    sold,
    usd,
)
from tradeloop.receivables import actions, queries
from tradeloop.receivables.facts import CreditKind
from tradeloop.store.database import leave

pytestmark = pytest.mark.usefixtures("database")


def race(deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Do all deeds at once, each from a connection of its own."""
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            ready.wait()
            return deed()
        finally:
            leave()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_payments_that_race_for_one_debt_never_overpay_it() -> None:
    opened(sold("A", 100))

    race([lambda n=n: paid(payment(f"P{n}", 30)) for n in range(12)])  # type: ignore[misc]

    left = sum(one.left.minor for one in queries.payments(f"P{n}" for n in range(12)).values())
    assert (open_now(), left) == ({"A": 0}, 260)
    check()


def test_one_payment_told_by_many_at_once_is_one() -> None:
    opened(sold("A", 100))

    said = race([lambda: paid(payment("P", 30))[0].is_new] * 12)

    assert sorted(map(bool, said)) == [False] * 11 + [True]
    assert open_now() == {"A": 70}
    check()


def test_one_id_under_two_sellers_at_once_is_one_payment_and_one_refusal() -> None:
    for number in range(10):
        said = race(
            [lambda n=n, of=of: paid(payment(f"P{n}", 30, seller=of))[0].refusal  # type: ignore[misc]
             for of in ("S1", "S2", "S3") for n in [number]]
        )  # fmt: skip
        assert sorted(map(str, said)) == ["None", "other-content", "other-content"]
    check()


def test_debts_and_the_money_for_them_find_one_another_though_they_come_at_once() -> None:
    def both(n: int) -> list[Callable[[], object]]:
        return [
            lambda: opened(*(sold(f"T{n}-{k}", 10, seller=f"S{k}") for k in range(4))),
            lambda: paid(*(payment(f"P{n}-{k}", 10, seller=f"S{k}") for k in reversed(range(4)))),
        ]

    race([deed for n in range(8) for deed in both(n)])

    assert set(open_now().values()) == {0}
    check()


def test_everything_at_once_ends_and_all_sums_agree() -> None:
    opened(*(sold(f"T{n}", 100, n % 9, seller=f"S{n % 5}") for n in range(60)))

    def deeds(n: int) -> list[Callable[[], object]]:
        of = f"S{n % 5}"
        return [
            lambda: opened(*(sold(f"N{n}-{k}", 40, k, seller=f"S{k % 5}") for k in range(9))),
            lambda: paid(*(payment(f"P{n}-{k}", 70, seller=f"S{k % 5}") for k in range(9, 0, -1))),
            lambda: actions.withdraw_payment(id=f"P{(n - 1) % 5}-1", because="race", at=NOON),
            lambda: actions.credit(
                id=UUID(int=n + 1), trade=f"{of}/T{n % 5}", kind=CreditKind.SET_OFF, amount=usd(1),
                counts_on=day(20), because="race", at=NOON,
            ),
            lambda: actions.begin_loss(
                seller=of, buyer=BUYER, loss_on=day(25), because="race", at=NOON
            ),
        ]  # fmt: skip

    refused = 0

    def may_be_refused(deed: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            try:
                return deed()
            except actions.REFUSED as error:
                return error

        return run

    for start in range(0, 10, 5):
        said = race([may_be_refused(deed) for n in range(start, start + 5) for deed in deeds(n)])
        refused += sum(isinstance(one, Exception) for one in said)
        check()
    assert refused < 50
