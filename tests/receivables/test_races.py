"""Many pay at once: each payment is applied once, nothing is overpaid, and nobody waits on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from receivables.books import check, open_now, opened, paid, payment, sold
from tradeloop.receivables import queries
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
