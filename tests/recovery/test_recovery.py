"""What comes back is shared to the cent: late, by parts, at a cost, taken back, written off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from claims.town import (
    CLERK,
    OVER,
    SCHEME,
    approve,
    at,
    complete,
    file,
    offer,
    paid,
    pay,
    reworded,
    sign,
    sold,
    taken_back,
    tell,
    usd,
)  # fmt: skip
from tradeloop.claims import actions as claims
from tradeloop.claims import queries as claim_queries
from tradeloop.claims.lifecycle import State as ClaimState
from tradeloop.claims.rows import named
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money
from tradeloop.ledger.queries import balance
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import CreditKind
from tradeloop.recovery import actions, queries
from tradeloop.recovery.actions import ReceiptIdReused, RecoveryRefused
from tradeloop.recovery.facts import RecoveryUnsound, Shared
from tradeloop.recovery.lifecycle import State
from tradeloop.recovery.queries import PursuitUnknown

pytestmark = pytest.mark.usefixtures("database")
INSURER = "insurer:yiwu-market-procurement"
LATER = OVER + timedelta(days=30)


def a_paid_claim(
    minor: int = 12_000_000, covered: int = 10_000_000, share_bp: int = 9_000, scheme: str = SCHEME
) -> str:
    """120,000 owed, 100,000 covered at 90 %: 90,000 paid."""
    trade = sold(minor=minor, covered=covered, share_bp=share_bp, scheme=scheme)
    tell("K-1", trade, scheme=scheme)
    file("K-1")
    complete("K-1")
    approve("K-1")
    offer("K-1")
    sign("K-1")
    assert pay("K-1") is ClaimState.PAID
    return trade


def receive(id: str, minor: int, *, by: str = "insurer", currency: str = "USD") -> Shared:
    return actions.receive(
        id=id, claim="K-1", amount=Money(minor, currency), received_on=LATER, received_by=by,
        by=CLERK, at=at(LATER),
    )  # fmt: skip


def test_what_comes_back_is_shared_over_the_whole_debt() -> None:
    a_paid_claim()
    found = actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))

    shared = receive("R-1", 4_000_000)

    assert (found.pursued.debt, found.pursued.covered) == (usd(12_000_000), usd(10_000_000))
    assert (shared.to_insurer, shared.to_insured) == (usd(3_000_000), usd(1_000_000))
    assert claim_queries.case("K-1").state is ClaimState.SUBROGATED
    assert balance(f"{INSURER}:recoveries", on=LATER, currency="USD") == usd(-3_000_000)
    assert queries.position("K-1").insured_owes == usd(-1_000_000)


def test_instalments_come_to_the_same_as_one_payment() -> None:
    a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    parts = [receive(f"R-{n}", minor) for n, minor in enumerate((1, 1_333_333, 2_666_666))]

    assert sum(one.to_insurer.minor for one in parts) == 3_000_000


def test_a_late_payment_to_the_merchant_is_swept_in_once_and_is_owed_to_the_insurer() -> None:
    trade = a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    paid(trade, 4_000_000, LATER, id="late")

    (shared,) = actions.sweep(at=at(LATER), by=CLERK)
    assert actions.sweep(at=at(LATER), by=CLERK) == ()

    assert shared.to_insurer == usd(3_000_000)
    assert shared.payover_by.on == LATER + timedelta(days=30)
    assert queries.position("K-1").insured_owes == usd(3_000_000)
    left = actions.hand_over(
        id="H-1", claim="K-1", from_side="insured", amount=usd(3_000_000), handed_on=LATER,
        by=CLERK, at=at(LATER),
    )  # fmt: skip
    assert left == usd(0)
    assert balance(f"{INSURER}:recoveries-due", on=LATER, currency="USD") == usd(0)


def test_a_payment_of_before_the_loss_that_is_told_after_the_payout_is_shared_too() -> None:
    trade = a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    loss_on = claim_queries.case("K-1").loss_on
    assert loss_on is not None
    paid(trade, 4_000_000, loss_on - timedelta(days=10), id="told late")

    (shared,) = actions.sweep(at=at(LATER), by=CLERK)

    assert shared.to_insurer == usd(3_000_000)
    assert actions.sweep(at=at(LATER), by=CLERK) == ()
    assert queries.position("K-1").insured_owes == usd(3_000_000)


def test_goods_that_come_back_after_the_payout_are_shared_too() -> None:
    trade = a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    receivables.credit(
        id=uuid4(), trade=trade, kind=CreditKind.GOODS_RETURNED, amount=usd(4_000_000),
        counts_on=LATER, because="sold to others", at=at(LATER),
    )  # fmt: skip

    (shared,) = actions.sweep(at=at(LATER), by=CLERK)

    assert shared.to_insurer == usd(3_000_000)
    assert actions.sweep(at=at(LATER), by=CLERK) == ()


def test_a_payment_that_the_figure_counted_is_no_recovery() -> None:
    trade = sold(minor=12_000_000, covered=10_000_000, share_bp=9_000)
    tell("K-1", trade)
    file("K-1")
    paid(trade, 1_200_000, OVER, id="in-time")
    complete("K-1")
    approve("K-1")
    offer("K-1")
    sign("K-1")
    pay("K-1")
    found = actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))

    assert found.pursued.paid == usd(8_100_000)
    assert found.pursued.debt == usd(10_800_000)
    assert actions.sweep(at=at(LATER), by=CLERK) == ()


def test_what_the_bank_took_back_is_shared_no_more() -> None:
    trade = a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    paid(trade, 4_000_001, LATER, id="late")
    actions.sweep(at=at(LATER), by=CLERK)
    receive("R-2", 1_000_001)
    taken_back("late", LATER)

    actions.sweep(at=at(LATER), by=CLERK)

    found = queries.position("K-1")
    assert (found.received, found.insurer) == (usd(1_000_001), usd(750_001))
    assert balance(f"{INSURER}:recoveries", on=LATER, currency="USD") == usd(-750_001)
    assert balance(f"{INSURER}:recoveries-due", on=LATER, currency="USD") == usd(0)


def test_costs_are_borne_by_what_each_side_has_in_the_debt() -> None:
    a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    borne = actions.spend(
        id="C-1", claim="K-1", amount=usd(100_000), spent_on=LATER, spent_by="insurer",
        because="a collector's fee", by=CLERK, at=at(LATER),
    )  # fmt: skip

    assert borne == (usd(75_000), usd(25_000))
    with pytest.raises(ReceiptIdReused):
        actions.spend(
            id="C-1", claim="K-1", amount=Money(100_000, "CNY"), spent_on=LATER,
            spent_by="insurer", because="a collector's fee", by=CLERK, at=at(LATER),
        )  # fmt: skip
    assert queries.position("K-1").insured_owes == usd(25_000)


def test_costs_of_a_receipt_that_was_taken_back_are_repaid_by_those_that_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {'costs = "by-interest"': 'costs = "from-proceeds"'}
    folder = reworded(tmp_path, "proceeds", words)
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", folder)
    a_paid_claim(scheme="proceeds")
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    actions.spend(
        id="C-1", claim="K-1", amount=usd(400_000), spent_on=LATER, spent_by="insurer",
        because="a collector's fee", by=CLERK, at=at(LATER),
    )  # fmt: skip
    receive("R-1", 2_000_000)
    receive("R-2", 1_000_000)

    actions.withdraw_receipt(id="R-1", because="returned", by=CLERK, at=at(LATER))

    found = queries.position("K-1")
    assert (found.costs_repaid, found.insurer, found.insured) == (
        usd(400_000), usd(450_000), usd(150_000)
    )  # fmt: skip
    assert balance("insurer:proceeds:recovery-costs", on=LATER, currency="USD") == usd(0)
    assert balance("insurer:proceeds:recoveries", on=LATER, currency="USD") == usd(-450_000)


def test_a_write_off_closes_the_claim_and_later_money_revives_it() -> None:
    a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    with pytest.raises(RecoveryRefused, match="Say why"):
        actions.write_off(claim="K-1", because=" ", by=CLERK, at=at(LATER))
    done = actions.write_off(claim="K-1", because="no estate", by=CLERK, at=at(LATER))
    assert done.state is State.WRITTEN_OFF
    assert claim_queries.case("K-1").state is ClaimState.CLOSED

    receive("R-1", 12)
    assert queries.pursuit("K-1").state is State.OPEN


def test_what_does_not_fit_is_refused_and_nothing_is_written() -> None:
    a_paid_claim()
    with pytest.raises(PursuitUnknown, match="recovery open"):
        receive("R-0", 1)
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    receive("R-1", 100)
    loss = claim_queries.case("K-1").loss_on
    assert loss is not None
    before = named("select count(*) from journal_entry")

    with pytest.raises(ReceiptIdReused, match="its own id"):
        receive("R-1", 101)
    with pytest.raises(RecoveryUnsound, match="give the rest back"):
        receive("R-2", 12_000_000)
    with pytest.raises(RecoveryRefused, match="pursued in USD"):
        receive("R-3", 100, currency="CNY")
    with pytest.raises(RecoveryRefused, match="neither"):
        receive("R-4", 100, by="collector")
    with pytest.raises(RecoveryRefused, match="after today"):
        actions.receive(
            id="R-5", claim="K-1", amount=usd(1), received_on=LATER + timedelta(1),
            received_by="insurer", by=CLERK, at=at(LATER),
        )  # fmt: skip
    with pytest.raises(RecoveryRefused, match=f"before the loss of {loss}. What came before pays"):
        actions.receive(
            id="R-6", claim="K-1", amount=usd(1), received_on=loss - timedelta(1),
            received_by="insurer", by=CLERK, at=at(LATER),
        )  # fmt: skip
    with pytest.raises(RecoveryRefused, match="no more than is owed"):
        actions.hand_over(
            id="H-1", claim="K-1", from_side="insured", amount=usd(1), handed_on=LATER, by=CLERK,
            at=at(LATER),
        )  # fmt: skip

    assert receive("R-1", 100).to_insurer == usd(75)
    assert named("select count(*) from journal_entry") == before
    assert len(queries.receipts("K-1")) == 1


def test_only_a_paid_claim_is_pursued() -> None:
    trade = sold()
    tell("K-1", trade)
    with pytest.raises(MoveNotAllowed, match="once it is paid"):
        actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    assert claims.withdraw(claim="K-1", because="paid", by=CLERK, at=at(OVER))


def test_recoveries_that_are_shared_anew_behind_an_earlier_payment_are_swept_anew() -> None:
    trade = a_paid_claim()
    other = sold("T-2", 12_000_000, covered=0)
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    paid(trade, 4_000_000, LATER, id="late")
    (first,) = actions.sweep(at=at(LATER), by=CLERK)
    paid(other, 6_000_000, OVER - timedelta(days=60), id="early")
    again = actions.sweep(at=at(LATER), by=CLERK)

    assert first.to_insurer == usd(1_500_000)
    live = [one for one in queries.receipts("K-1") if one["withdrawn_on"] is None]
    applied = named(
        "select a.amount_minor from receivables_application as a "
        "join receivables_receivable as r on r.id = a.receivable_id where r.trade = %s",
        trade,
    )
    # The earlier payment clears this debt too: nobody told of it when the claim was paid.
    assert sorted(one["amount_minor"] for one in live) == sorted(
        one["amount_minor"] for one in applied
    )
    assert actions.sweep(at=at(LATER), by=CLERK) == ()
    assert again


def test_the_number_of_a_handover_stands_for_one_only() -> None:
    a_paid_claim()
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))
    receive("R-1", 4_000_000)

    def hand_over(minor: int) -> Money:
        return actions.hand_over(
            id="H-1", claim="K-1", from_side="insurer", amount=usd(minor), handed_on=LATER,
            by=CLERK, at=at(LATER),
        )  # fmt: skip

    assert hand_over(400_000) == hand_over(400_000) == usd(-600_000)
    with pytest.raises(ReceiptIdReused):
        hand_over(600_000)
    with pytest.raises(ReceiptIdReused):
        actions.hand_over(
            id="H-1", claim="K-1", from_side="insurer", amount=Money(400_000, "CNY"),
            handed_on=LATER, by=CLERK, at=at(LATER),
        )  # fmt: skip
