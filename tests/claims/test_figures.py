"""Whatever happens, in whatever order: nobody is paid more than the loss, nor a limit twice."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from claims.town import (
    ANNA,
    BO,
    CLERK,
    OVER,
    SELLER,
    SHIPPED_SCHEME,
    a_claim,
    approve,
    at,
    bring,
    complete,
    file,
    offer,
    order,
    paid,
    sign,
    sign_in_ink,
    sold,
    taken_back,
    tell,
    usd,
)  # fmt: skip
from tradeloop.claims import actions, queries
from tradeloop.claims.agree import AgreementRefused
from tradeloop.claims.decide import NothingToPay
from tradeloop.claims.legible import EvidenceRefused
from tradeloop.claims.lifecycle import FIXED, State
from tradeloop.claims.pay import PayoutRefused
from tradeloop.claims.replays import replays
from tradeloop.claims.rows import do, named
from tradeloop.cover.policies import liability_paper
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.receivables.actions import PaymentUnknown, credit
from tradeloop.receivables.facts import CreditKind
from tradeloop.registry import actions as registry
from tradeloop.registry.facts import Value
from tradeloop.store.database import leave

VARIANTS = {
    "by-loss": {},
    "by-payout": {'cap_basis = "loss"': 'cap_basis = "payout"'},
    "for-each": {'cap_per = "buyer"': 'cap_per = "policyholder-and-buyer"'},
    "first-loss": {'first_loss = "none"': 'first_loss = "3,000.00 USD"'},
}
LIMIT = 15_000_000
EXPECTED = (
    AgreementRefused, EvidenceRefused, MoveNotAllowed, NothingToPay, PaymentUnknown, PayoutRefused,
    PermissionError,
)  # fmt: skip


@pytest.fixture
def schemes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the scheme with one switch turned, under a name of its own."""
    for name, changes in VARIANTS.items():
        copy = tmp_path / "insurance" / name
        shutil.copytree(SHIPPED_SCHEME, copy)
        text = (copy / "scheme.toml").read_text(encoding="utf-8")
        for before, after in changes.items():
            assert before in text
            text = text.replace(before, after)
        (copy / "scheme.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", str(tmp_path))


def race(*deeds: Callable[[], object]) -> None:
    """Do things at once, each on a connection of its own."""
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        try:
            ready.wait()
            deed()
        except EXPECTED:
            pass
        finally:
            leave()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def open_loss(trade: str) -> int:
    (row,) = named(
        "select amount_minor - credited_minor - paid_minor as open from receivables_receivable "
        "where trade = %s",
        trade,
    )
    return int(row["open"])


@pytest.mark.usefixtures("database")
def test_a_second_claim_on_a_buyer_has_what_is_left_of_the_limit() -> None:
    a_claim("K-1", 10_000_000)
    complete("K-1")
    approve("K-1")
    a_claim("K-2", 8_000_000, seller="other")
    complete("K-2")

    assert approve("K-2").pay == usd(2_250_000)


@pytest.mark.usefixtures("database")
def test_who_was_fixed_first_keeps_its_part_whatever_comes_later() -> None:
    a_claim("K-1", 10_000_000)
    complete("K-1")
    approve("K-1")
    a_claim("K-2", 8_000_000, seller="other")
    complete("K-2")
    approve("K-2")

    assert not offer("K-1").is_new
    assert not offer("K-2").is_new


@pytest.mark.usefixtures("database")
def test_the_policys_maximum_is_taken_once_and_spent_when_paid() -> None:
    value = Value(
        paper=liability_paper(f"P-{SELLER}"), unit="USD", purpose="liability",
        amount_minor=600_000,
    )  # fmt: skip
    registry.take_in(values=[value], now=at(OVER), because="a test")
    a_claim("K-1", 2_000_000)
    complete("K-1")
    assert approve("K-1").pay == usd(600_000)
    assert not offer("K-1").is_new
    sign("K-1")
    order("K-1")
    actions.confirm_paid(claim="K-1", payout="K-1/1", paid_on=OVER, by=CLERK, at=at(OVER))

    assert named("select held_minor, committed_minor, spent_minor from registry_book") == [
        {"held_minor": 0, "committed_minor": 0, "spent_minor": 600_000}
    ]


@pytest.mark.usefixtures("database")
def test_an_assignee_is_paid_in_the_insureds_place() -> None:
    one = sold("T-1", 2_000_000, assignee="bank")
    other = sold("T-2", 1_000_000)
    tell("K-1", one, other)
    file("K-1")
    complete("K-1")
    approve("K-1")
    offer("K-1")
    sign("K-1")
    bank: list[dict[str, object]] = []
    order("K-1", bank=bank, accounts={})

    assert {one["payee"]: one["amount"] for one in bank} == {
        "bank": usd(900_000), SELLER: usd(450_000)
    }  # fmt: skip


@pytest.mark.usefixtures("database")
def test_an_assignee_of_goods_that_came_back_is_paid_nothing() -> None:
    back, kept = sold("T-1", 1_000_000, assignee="bank"), sold("T-2", 1_000_000)
    tell("K-1", back, kept)
    file("K-1")
    credit(
        id=uuid4(), trade=back, kind=CreditKind.GOODS_RETURNED, amount=usd(1_000_000),
        counts_on=OVER, because="came back", at=at(OVER),
    )  # fmt: skip
    complete("K-1")
    approve("K-1")
    offer("K-1")
    sign("K-1")
    bank: list[dict[str, object]] = []
    order("K-1", bank=bank, accounts={})

    assert {one["payee"]: one["amount"] for one in bank} == {SELLER: usd(450_000)}


@pytest.mark.usefixtures("database")
def test_two_approvals_at_once_fix_one_figure(database: str) -> None:
    a_claim()
    complete()
    seen = queries.case("K-1").decision
    assert seen is not None
    race(
        lambda: actions.approve(claim="K-1", decision=seen, by=ANNA, at=at(OVER)),
        lambda: actions.approve(claim="K-1", decision=seen, by=BO, at=at(OVER)),
        lambda: actions.approve(claim="K-1", decision=seen, by=BO, at=at(OVER)),
    )

    assert queries.case("K-1").state is State.APPROVED
    assert len(named("select from claims_used")) == 1
    assert len(named("select from claims_approval")) == 2
    assert database


@pytest.mark.usefixtures("database")
def test_two_claims_on_one_buyer_at_once_share_one_limit() -> None:
    for number in range(4):
        a_claim(f"K-{number}", 10_000_000, seller=f"s{number}")
        complete(f"K-{number}")

    def both(claim: str) -> None:
        for _ in range(3):
            try:
                approve(claim)
            except NothingToPay:
                return

    race(*(lambda claim=f"K-{n}": both(claim) for n in range(4)))

    taken = sorted(row["amount_minor"] for row in named("select amount_minor from claims_used"))
    assert taken == [5_000_000, 10_000_000]


@pytest.mark.usefixtures("schemes", "database")
def test_a_first_loss_is_borne_once_in_each_period() -> None:
    for claim in ("K-1", "K-2"):
        a_claim(claim, 2_000_000, scheme="first-loss")
        complete(claim)
    next_year = date(2027, 2, 1)
    trade = sold(
        "T-3", 2_000_000, scheme="first-loss", shipped_on=next_year, due_on=date(2027, 3, 1)
    )
    do(
        "insert into cover_policy (id, scheme, policyholder, insured_from, insured_to, state, "
        "currency, made_by) values ('P-2', 'first-loss', %s, %s, %s, 'in-force', 'USD', 1)",
        SELLER, date(2027, 1, 1), date(2027, 12, 31),
    )  # fmt: skip
    do("update cover_certificate set policy_id = 'P-2' where shipped_on = %s", next_year)
    tell("K-3", trade, scheme="first-loss", on=date(2027, 3, 20))
    file("K-3", on=date(2027, 7, 1))
    complete("K-3", on=date(2027, 7, 1))

    assert [approve(one).pay for one in ("K-1", "K-2")] == [usd(600_000), usd(900_000)]
    assert approve("K-3", on=date(2027, 7, 1)).pay == usd(600_000)


@pytest.mark.usefixtures("schemes", "database")
def test_claims_on_two_buyers_at_once_bear_one_first_loss() -> None:
    for number in range(4):
        a_claim(f"K-{number}", 2_000_000, buyer=f"buyer:{number}", scheme="first-loss")
        bring(f"K-{number}", buyer=f"buyer:{number}")
    actions.assess(at=at(OVER), by=CLERK)

    def both(claim: str) -> None:
        for _ in range(3):
            approve(claim)

    race(*(lambda claim=f"K-{n}": both(claim) for n in range(4)))

    borne = sorted(row["first_loss_minor"] for row in named("select * from claims_used"))
    assert borne == [0, 0, 0, 300_000]


@pytest.mark.usefixtures("schemes", "database")
@pytest.mark.parametrize("scheme", VARIANTS)
@pytest.mark.parametrize("seed", range(2))
def test_random_histories_keep_every_promise(seed: int, scheme: str) -> None:
    play(seed, scheme, steps=80)


@pytest.mark.soak
@pytest.mark.usefixtures("schemes", "database")
@pytest.mark.parametrize("scheme", VARIANTS)
@pytest.mark.parametrize("seed", range(100))
def test_long_random_histories_keep_every_promise(seed: int, scheme: str) -> None:
    play(seed, scheme, steps=300)


def play(seed: int, scheme: str, *, steps: int) -> None:
    """Play claims of three merchants on two buyers, and look at the promises after each step."""
    chance = random.Random(seed)
    trades: dict[str, str] = {}
    for number in range(6):
        trades[f"K-{number}"] = a_claim(
            f"K-{number}", chance.choice([90_000, 900_001, 7_000_003]),
            seller=f"s{chance.randrange(3)}", buyer=f"buyer:{chance.randrange(2)}",
            share_bp=chance.choice([4_500, 8_000]), scheme=scheme,
        )  # fmt: skip
        bring(f"K-{number}", buyer=queries.case(f"K-{number}").buyer)
    for step in range(steps):
        act(chance, trades, step)
        look(trades, scheme)


def act(chance: random.Random, trades: dict[str, str], step: int) -> None:
    """Take one claim a step further, or do something else to it; whatever it comes to."""
    claim = chance.choice(sorted(trades))
    trade, state = trades[claim], queries.case(claim).state
    said = {"claim": claim, "by": CLERK, "at": at(OVER)}
    further: dict[State, Callable[[], object]] = {
        State.CLAIMED: lambda: actions.assess(claims=[claim], at=at(OVER), by=CLERK),
        State.CALCULATED: lambda: approve(claim, people=chance.choice([[ANNA], [ANNA, BO]])),
        State.APPROVED: lambda: offer(claim, number=f"A-{claim}-{step}"),
        State.OFFERED: lambda: sign_in_ink(claim),
        State.SIGNED: lambda: order(claim, accounts={}),
        State.STAYED: lambda: actions.resume(**said, because="settled"),
        State.REFUSED: lambda: actions.reopen(**said, because="news"),
    }
    others: list[Callable[[], object]] = [
        lambda: paid(trade, chance.randrange(1, max(open_loss(trade) // 3, 2)), OVER),
        lambda: taken_back(chance.choice(payments()), OVER),
        lambda: actions.stay(**said, because="quality"),
        lambda: actions.refuse(**said, code="x", clause="y", because="z", remedy="w"),
        lambda: actions.recalculate(**said),
        lambda: actions.raise_signal(**said, code="tip", because=f"call {step}"),
        lambda: clear(claim),
        chance.choice(list(further.values())),
    ]
    deed = chance.choice(others)
    if state in further and chance.random() < 0.75:
        deed = further[state]
    try:
        deed()
    except EXPECTED:
        return


def payments() -> list[str]:
    return [row["id"] for row in named("select id from receivables_payment order by id")] or ["-"]


def clear(claim: str) -> None:
    for one in queries.case(claim).signals:
        if one.is_open and one.id is not None:
            actions.clear_signal(claim=claim, signal=one.id, why="false", by=BO, at=at(OVER))


def look(trades: dict[str, str], scheme: str) -> None:
    """Look at every promise at once."""
    scope = "buyer, policyholder" if scheme == "for-each" else "buyer"
    for row in named(f"select sum(amount_minor) as taken from claims_used group by {scope}"):  # noqa: S608 - ours
        assert row["taken"] <= LIMIT
    for row in named(
        "select c.id, c.state, d.pay_minor, coalesce(sum(p.amount_minor), 0)::bigint as paid "
        "from claims_claim as c left join claims_decision as d on d.id = c.decision_id "
        "left join claims_payout as p on p.claim_id = c.id group by 1, 2, 3"
    ):
        assert (row["paid"] > 0) == (row["state"] == State.ORDERED)
        assert row["paid"] in {0, row["pay_minor"]}
    fixed = {row["claim_id"] for row in named("select claim_id from claims_used")}
    standing = {
        row["id"] for row in named("select id, state from claims_claim")
        if row["state"] in set(FIXED) - {State.CALCULATED}
    }  # fmt: skip
    assert fixed == standing
    assert all(one.is_same for one in replays())
    for claim in fixed:
        kept = queries.decision(queries.case(claim).decision or 0)
        lost = int(
            json.loads(kept["said"])["indemnity"]["explained"]["lines"][0]["figure"]["minor"]
        )
        assert kept["pay_minor"] <= min(lost, owed(trades[claim]))


def owed(trade: str) -> int:
    """Return what was owed of a trade."""
    (row,) = named("select amount_minor from receivables_receivable where trade = %s", trade)
    return int(row["amount_minor"])
