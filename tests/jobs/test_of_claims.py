"""What follows around claims happens by itself, once, however often the workers run."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from claims.town import (
    ACCOUNTS,
    CLERK,
    DUE,
    MERCHANT,
    NOTICED,
    OVER,
    SELLER,
    a_claim,
    approve,
    at,
    bring,
    complete,
    offer,
    paid,
    reworded,
    sign,
    sold,
    taken_back,
    tell,
    usd,
)
from claims.town import file as claim_it
from tradeloop.claims import actions, queries
from tradeloop.claims.late import Awaited
from tradeloop.claims.lifecycle import State
from tradeloop.claims.rows import do, named
from tradeloop.claims.unnoticed import late_now
from tradeloop.jobs.of_claims import DAY_KINDS
from tradeloop.jobs.queries import deadlines_of
from tradeloop.jobs.turn import Turned, turn
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.ledger.queries import balance
from tradeloop.recovery import queries as recovery
from tradeloop.recovery.lifecycle import State as PursuitState
from tradeloop.settlement import actions as bank
from tradeloop.settlement.lifecycle import OrderEvent

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
STRICT = {'unanswered = "told"': 'unanswered = "refused"'}


def sequence(_: datetime) -> None:
    """Give every fact its place in the log."""
    do(
        "insert into journal_leaf (leaf_index, entry_id) "
        "select (select count(*) from journal_leaf) + row_number() over (order by e.id) - 1, e.id "
        "from journal_entry as e where not exists "
        "(select from journal_leaf as l where l.entry_id = e.id)"
    )


def work(on: date) -> Turned:
    """Let the workers do what there is; nothing may fail."""
    done = turn(now=at(on), sequence=sequence)
    assert done.failed == ()
    return done


def days(claim: str = "K-1") -> dict[str, tuple[str, str]]:
    """Return what is awaited of whom: the first moment after its last day, and the rule."""
    return {
        one.kind.removeprefix("claims."): (str(one.due_at.astimezone(SHANGHAI).date()), one.rule)
        for one in deadlines_of([f"claim:{claim}"], kinds=list(DAY_KINDS))
        if one.done_at is None and one.cancelled_at is None
    }


def told() -> list[tuple[str, str, str]]:
    return [
        (row["code"], row["whom"], str(row["last_day"]))
        for row in named("select * from claims_told order by id")
    ]


def late(on: date) -> list[str]:
    return [row["code"] for row in late_now(on=on)]


def ordered(on: date = OVER) -> UUID:
    """Have a payout with the bank; return its order."""
    complete()
    approve()
    offer()
    sign()
    actions.order_payout(
        claim="K-1", accounts=ACCOUNTS, by=CLERK, at=at(on), order_payment=bank.order_payment,
        screen=lambda *_: (),
    )  # fmt: skip
    bank.send_orders(
        message="M-1", debtor="Insurer", account="DE89370400440532013000", agent="DEUTDEFF",
        execute_on=on, at=at(on),
    )  # fmt: skip
    (row,) = named('select "order" from claims_payout')
    found: UUID = row["order"]
    return found


def settled(id: UUID, event: OrderEvent, on: date) -> None:
    bank.settle_order(id=id, event=event, by="treasury", because="the bank's letter", at=at(on))


def test_each_step_has_its_last_days_with_the_rule_that_made_them() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade)
    work(NOTICED)
    assert days() == {
        "waiting-over": ("2026-07-06", "waiting-from-due-date"),
        "claim-by": ("2027-03-02", "claim"),
    }  # fmt: skip
    claim_it("K-1")
    actions.assess(claims=["K-1"], at=at(OVER), by=CLERK)
    work(OVER)
    assert set(days()) == {"supplement-by"}
    complete()
    work(OVER)
    assert set(days()) == {"decide-by"}
    approve()
    offer()
    work(OVER)
    assert days() == {}
    sign()
    work(OVER)
    assert set(days()) == {"pay-by"}


def test_a_claim_that_ends_awaits_nothing_and_a_stay_moves_the_day() -> None:
    a_claim()
    complete()
    work(OVER)
    before = days()["decide-by"]
    actions.stay(claim="K-1", because="dispute", by=CLERK, at=at(OVER))
    work(OVER)
    assert days() == {}
    actions.resume(claim="K-1", because="judged", by=CLERK, at=at(OVER + 9 * DAY))
    work(OVER + 9 * DAY)
    moved = days()["decide-by"]
    assert date.fromisoformat(moved[0]) - date.fromisoformat(before[0]) == 10 * DAY
    actions.withdraw(claim="K-1", because="paid", by=MERCHANT, at=at(OVER + 9 * DAY))
    work(OVER + 9 * DAY)
    assert days() == {}


def test_a_passed_day_is_told_once_and_listed_until_somebody_acts() -> None:
    a_claim()
    complete()
    work(OVER)
    last = OVER + 30 * DAY
    work(last)
    assert told() == []
    for hour in (1, 2):
        turn(now=at(last + DAY, hour), sequence=sequence)

    assert told() == [("decide-by", "handlers", str(last))]
    assert late(last + DAY) == ["decide-by"]
    approve(on=last + DAY)
    assert late(last + DAY) == []
    assert days() == {}


def test_a_request_nobody_answers_is_told_to_the_handlers_where_the_wording_says_no_more() -> None:
    a_claim()
    actions.assess(at=at(OVER), by=CLERK)
    work(OVER)
    work(OVER + 31 * DAY)

    assert queries.case("K-1").state is State.SUPPLEMENT_ASKED
    assert told() == [("supplement-by", "handlers", str(OVER + 30 * DAY))]
    bring()
    assert late(OVER + 31 * DAY) == []


def test_a_wording_may_refuse_what_is_incomplete_and_says_what_would_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", reworded(tmp_path, "strict", STRICT))
    a_claim(scheme="strict")
    bring(kinds=["communication"])
    actions.assess(at=at(OVER), by=CLERK)
    work(OVER)
    for _ in range(2):
        work(OVER + 31 * DAY)

    found = queries.last_refusal("K-1")
    assert found is not None
    assert (found["code"], found["refused_by"]) == ("incomplete", "rules")
    assert "proof-of-debt, collection, merchant-account" in found["remedy"]
    assert queries.case("K-1").state is State.REFUSED
    assert len(named("select from claims_refusal")) == 1


def test_an_answer_in_time_is_not_refused_though_the_day_passes_unheard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", reworded(tmp_path, "strict", STRICT))
    a_claim(scheme="strict")
    actions.assess(at=at(OVER), by=CLERK)
    work(OVER)
    bring(on=OVER + 30 * DAY)
    work(OVER + 31 * DAY)

    assert queries.case("K-1").state is State.CLAIMED
    assert told() == []


def test_the_banks_word_pays_the_claim_and_its_debt_is_pursued() -> None:
    a_claim()
    order_id = ordered()
    settled(order_id, OrderEvent.CONFIRM, OVER + DAY)
    for _ in range(3):
        work(OVER + DAY)

    assert queries.case("K-1").state is State.SUBROGATED
    assert named("select paid_on from claims_payout") == [{"paid_on": OVER + DAY}]
    assert recovery.pursuit("K-1").state is PursuitState.OPEN
    assert len(named("select from recovery_pursuit")) == 1


def test_the_banks_later_day_does_not_change_what_a_handler_said_nor_stop_the_work() -> None:
    a_claim()
    order_id = ordered()
    actions.confirm_paid(claim="K-1", payout="K-1/1", paid_on=OVER, by=CLERK, at=at(OVER))
    settled(order_id, OrderEvent.CONFIRM, OVER + DAY)
    work(OVER + DAY)

    assert named("select paid_on from claims_payout") == [{"paid_on": OVER}]


def test_a_payout_that_the_bank_rejects_is_told_until_it_is_ordered_again() -> None:
    a_claim()
    settled(ordered(), OrderEvent.REJECT, OVER + DAY)
    work(OVER + DAY)

    assert queries.case("K-1").state is State.ORDERED
    assert late(OVER + DAY) == ["payout-rejected"]
    actions.order_again(
        claim="K-1", payout="K-1/1", account=ACCOUNTS[SELLER], by=CLERK, at=at(OVER + DAY),
        order_payment=bank.order_payment, screen=lambda *_: (),
    )  # fmt: skip
    assert late(OVER + DAY) == []


def test_money_that_came_back_after_it_was_confirmed_is_ordered_and_paid_once_more() -> None:
    a_claim()
    first = ordered()
    settled(first, OrderEvent.CONFIRM, OVER + DAY)
    work(OVER + DAY)
    settled(first, OrderEvent.REJECT, OVER + 2 * DAY)
    work(OVER + 2 * DAY)
    assert late(OVER + 2 * DAY) == ["payout-rejected"]
    again = {
        "claim": "K-1", "payout": "K-1/1", "by": CLERK, "at": at(OVER + 2 * DAY),
        "order_payment": bank.order_payment, "screen": lambda *_: (),
    }  # fmt: skip
    with pytest.raises(actions.REFUSED, match="say so first"):
        actions.order_again(**again)

    for _ in range(2):
        state = actions.returned(
            claim="K-1", payout="K-1/1", on=OVER + 2 * DAY, by=CLERK, at=at(OVER + 2 * DAY)
        )
    assert state is State.SUBROGATED
    second = actions.order_again(**again)
    assert late(OVER + 2 * DAY) == []
    with pytest.raises(actions.REFUSED, match="whose order the bank rejected"):
        actions.returned(
            claim="K-1", payout="K-1/1", on=OVER + 2 * DAY, by=CLERK, at=at(OVER + 2 * DAY)
        )
    bank.send_orders(
        message="M-2", debtor="Insurer", account="DE89370400440532013000", agent="DEUTDEFF",
        execute_on=OVER + 3 * DAY, at=at(OVER + 3 * DAY),
    )  # fmt: skip
    settled(second, OrderEvent.CONFIRM, OVER + 3 * DAY)
    work(OVER + 3 * DAY)

    assert queries.case("K-1").state is State.SUBROGATED
    assert named("select paid_on, paid_by, tries from claims_payout") == [
        {"paid_on": OVER + 3 * DAY, "paid_by": "bank", "tries": 2}
    ]
    paid_out = balance("insurer:yiwu-market-procurement:cash", on=OVER + 3 * DAY, currency="USD")
    assert paid_out == usd(-900_000)


def test_an_order_that_is_taken_out_of_its_file_after_a_handler_paid_is_no_return() -> None:
    a_claim()
    order_id = ordered()
    actions.confirm_paid(claim="K-1", payout="K-1/1", paid_on=OVER, by=CLERK, at=at(OVER))
    settled(order_id, OrderEvent.REJECT, OVER + DAY)
    work(OVER + DAY)

    assert late(OVER + DAY) == []
    with pytest.raises(actions.REFUSED, match="by another way"):
        actions.returned(claim="K-1", payout="K-1/1", on=OVER + DAY, by=CLERK, at=at(OVER + DAY))


def test_money_that_was_back_before_it_was_heard_pays_nothing() -> None:
    a_claim()
    order_id = ordered()
    settled(order_id, OrderEvent.CONFIRM, OVER + DAY)
    settled(order_id, OrderEvent.REJECT, OVER + DAY)
    work(OVER + DAY)

    assert queries.case("K-1").state is State.ORDERED
    assert late(OVER + DAY) == ["payout-rejected"]


def test_a_late_payment_is_shared_and_one_taken_back_is_undone() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade)
    claim_it("K-1")
    order_id = ordered()
    paid(trade, 100_000, OVER, id="between")
    settled(order_id, OrderEvent.CONFIRM, OVER + DAY)
    for _ in range(2):
        work(OVER + DAY)
    paid(trade, 200_000, OVER + 2 * DAY, id="after")
    for _ in range(2):
        work(OVER + 2 * DAY)
    shared = [(row["payment"], row["amount_minor"]) for row in recovery.receipts("K-1")]
    assert shared == [("between", 100_000), ("after", 200_000)]

    taken_back("after", OVER + 3 * DAY)
    for _ in range(2):
        work(OVER + 3 * DAY)
    assert recovery.position("K-1").received == usd(100_000)


def test_merchants_hear_once_of_insured_debts_nobody_told_of_in_time() -> None:
    silent, told_of = sold("T-1"), sold("T-2")
    sold("T-3", covered=0)
    paid(sold("T-4", due_on=DUE, buyer="buyer:0f"), 600_000, DUE)
    tell("K-1", told_of)
    last = DUE + 30 * DAY
    work(last)
    assert told() == []
    for n in (1, 2):
        work(last + n * DAY)

    assert told() == [("notice-by", SELLER, str(last))]
    (row,) = late_now(on=last + DAY)
    assert row["trade"] == silent
    tell("K-2", silent, on=last + DAY)
    assert late(last + DAY) == []


def test_an_old_fact_that_is_heard_again_sets_no_day_anew() -> None:
    a_claim()
    complete()
    work(OVER)
    work(OVER + 31 * DAY)
    do("delete from jobs_progress")
    work(OVER + 31 * DAY)

    assert days() == {}
    assert len(told()) == 1


def test_every_awaited_thing_has_a_kind_of_deadline() -> None:
    assert {kind.removeprefix("claims.") for kind in DAY_KINDS} == set(Awaited)
