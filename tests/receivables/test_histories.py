"""Whatever happens in whatever order: no money is lost, none is applied twice, all is explained."""

from __future__ import annotations

import random
from collections import defaultdict
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest

from receivables.books import NOON, check, day, opened, paid, payment, sold, usd
from tradeloop.receivables import actions, queries
from tradeloop.receivables.facts import Applied, CreditKind, NewReceivable
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")
SELLERS, BUYERS = ("S1", "S2"), ("buyer:1", "buyer:2", "buyer:3")


class Town:
    """One history of chance."""

    def __init__(self, seed: int, rule: Applied) -> None:
        self.chance = random.Random(seed)
        self.rule = rule
        self.count = 0
        self.trades: list[NewReceivable] = []

    def step(self) -> None:
        deeds = [self.sell, self.sell, self.pay, self.pay, self.pay, self.credit, self.withdraw]
        self.chance.choice([*deeds, self.lose] if self.count % 9 == 0 else deeds)()

    def pair(self) -> dict[str, str]:
        return {"seller": self.chance.choice(SELLERS), "buyer": self.chance.choice(BUYERS)}

    def next(self) -> int:
        self.count += 1
        return self.count

    def sell(self) -> None:
        lines = [
            sold(f"T{self.next()}", self.chance.choice((1, 7, 100, 10_000)),
                 self.chance.randrange(100), currency=self.chance.choice(("USD", "EUR")),
                 **self.pair())
            for _ in range(self.chance.randrange(1, 6))
        ]  # fmt: skip
        self.trades += lines
        opened(*lines)

    def pay(self) -> None:
        lines = [
            payment(f"P{self.next()}", self.chance.choice((1, 3, 50, 999, 15_000)),
                    self.chance.randrange(140), currency=self.chance.choice(("USD", "EUR")),
                    names=f"T{self.chance.randrange(1, self.count + 2)}", **self.pair())
            for _ in range(self.chance.randrange(1, 5))
        ]  # fmt: skip
        paid(*lines, rule=self.rule)

    def credit(self) -> None:
        if self.trades:
            trade = self.chance.choice(self.trades)
            with suppress(actions.CreditTooLarge, actions.RequestUnreadable):
                actions.credit(
                    id=UUID(int=self.next()), trade=trade.trade, kind=CreditKind.SET_OFF,
                    amount=usd(self.chance.choice((1, 50))) if trade.amount.currency == "USD"
                    else trade.amount, counts_on=day(self.chance.randrange(140)), because="chance",
                    at=NOON,
                )  # fmt: skip

    def withdraw(self) -> None:
        with suppress(actions.PaymentUnknown):
            actions.withdraw_payment(
                id=f"P{self.chance.randrange(1, self.count + 2)}", because="chance", at=NOON
            )

    def lose(self) -> None:
        with suppress(actions.LossBegun):
            actions.begin_loss(
                **self.pair(), loss_on=day(self.chance.randrange(60, 120)), because="chance",
                at=NOON,
            )  # fmt: skip


def every_rule_was_the_one_of_its_day() -> None:
    with cursor() as cur:
        cur.execute(
            "select a.rule = 'pro-rata', l.loss_on is not null and p.paid_on >= l.loss_on "
            "from receivables_application as a "
            "join receivables_payment as p on p.id = a.payment_id "
            "left join receivables_loss as l using (seller, buyer)"
        )
        assert all(is_shared == is_recovery for is_shared, is_recovery in cur)


@pytest.mark.parametrize("rule", [Applied.OLDEST_FIRST, Applied.AS_NAMED])
@pytest.mark.parametrize("seed", range(6))
def test_after_every_step_of_a_history_all_sums_agree(seed: int, rule: Applied) -> None:
    town = Town(seed, rule)
    for _ in range(25):
        town.step()
        check()
    every_rule_was_the_one_of_its_day()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 160))
def test_after_every_step_of_many_histories_all_sums_agree(seed: int) -> None:
    town = Town(seed, Applied.OLDEST_FIRST if seed % 2 else Applied.AS_NAMED)
    for _ in range(120):
        town.step()
        check()
    every_rule_was_the_one_of_its_day()


@pytest.mark.parametrize("seed", range(8))
def test_payments_fall_on_debts_as_if_done_by_hand(seed: int) -> None:
    chance = random.Random(seed)
    debts = [sold(f"T{n}", chance.randrange(1, 99), chance.randrange(9)) for n in range(20)]
    opened(*debts)
    owing = {one.trade: one.amount.minor for one in debts}
    oldest = sorted(debts, key=lambda one: (one.shipped_on, one.trade))
    expected: dict[str, dict[str, int]] = defaultdict(dict)
    lines = [payment(f"P{n}", chance.randrange(1, 99), 20 + n) for n in range(24)]
    for line in lines:
        left = line.amount.minor
        for debt in oldest:
            part = min(left, owing[debt.trade])
            if part:
                expected[line.id][debt.trade] = part
                owing[debt.trade] -= part
                left -= part

    half = chance.randrange(24)
    said = (*paid(*lines[:half]), *paid(*lines[half:]))

    assert {
        one.id: {part.trade: part.amount.minor for part in one.parts} for one in said if one.parts
    } == expected
    found = queries.owed(on=date(2100, 1, 1), settled=True)
    assert {one.trade: one.open.minor for one in found} == owing
    check()


@pytest.mark.parametrize("seed", range(8))
def test_recoveries_are_shared_as_if_done_by_hand(seed: int) -> None:
    chance = random.Random(seed)
    debts = [sold(f"T{n}", chance.choice((1, 2, 33, 1_000)), chance.randrange(9)) for n in range(9)]
    opened(*debts)
    actions.begin_loss(
        seller=debts[0].seller, buyer=debts[0].buyer, loss_on=day(60), because="chance", at=NOON
    )
    oldest = sorted(debts, key=lambda one: (one.shipped_on, one.trade))
    owing = {one.trade: one.amount.minor for one in oldest}
    for number in range(7):
        paid_minor = chance.choice((1, 8, 100, 700, 2_500))
        (answer,) = paid(payment(f"R{number}", paid_minor, 60 + chance.randrange(9)))

        total = sum(owing.values())
        give = min(paid_minor, total)
        shares = {trade: give * size // total if total else 0 for trade, size in owing.items()}
        odd = give - sum(shares.values())
        for trade, size in owing.items():
            extra = min(odd, size - shares[trade])
            shares[trade] += extra
            odd -= extra
        owing = {trade: size - shares[trade] for trade, size in owing.items()}
        assert {part.trade: part.amount.minor for part in answer.parts} == {
            trade: share for trade, share in shares.items() if share
        }
        assert answer.left == usd(paid_minor - give)
    check()


def test_what_was_received_since_a_day_is_told_without_what_went_back() -> None:
    opened(sold("A", 100))
    paid(payment("P1", 10, 5), payment("P2", 20, 50), payment("P3", 30, 40))
    actions.withdraw_payment(id="P2", because="returned", at=NOON)

    found = queries.received(seller="91330782MA", buyer="buyer:0a1b", from_on=day(10))

    assert [(one.id, one.amount, one.paid_on) for one in found] == [("P3", usd(30), day(40))]
