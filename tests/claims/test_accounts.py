"""Money goes where the signed paper says, or where two people agree that it goes."""

from __future__ import annotations

import json

import pytest

from claims.town import (
    ANNA,
    BO,
    CLERK,
    OVER,
    SELLER,
    a_claim,
    approve,
    at,
    complete,
    offer,
    order,
    render,
    sign,
    state_accounts,
    written,
)
from tradeloop.claims import actions, queries
from tradeloop.claims.accounts import Account, AccountDiffers, PayoutRefused, StatedByOrderer
from tradeloop.claims.lifecycle import State
from tradeloop.claims.rows import named
from tradeloop.claims.story import story

pytestmark = pytest.mark.usefixtures("database")
AGREED = Account(name="Zhao Trading", number="6222000011112222", agent="ICBKCNBJ")
OTHER = Account(name="Mallory", number="9999000099990000")


def agreed(payee: Account | None = AGREED, number: str = "A-1") -> None:
    """Have an agreement offered that names an account, and signed."""
    actions.offer(claim="K-1", number=number, render=render, by=CLERK, at=at(OVER), payee=payee)
    sign()


def approved() -> None:
    a_claim()
    complete()
    approve()


def nothing_is_written(kind: type[Exception], match: str, **given: object) -> None:
    before = written()
    with pytest.raises(kind, match=match):
        order(**given)  # type: ignore[arg-type]
    assert written() == before


def test_a_payout_goes_to_the_account_that_was_signed_for_and_to_no_other() -> None:
    approved()
    agreed()

    nothing_is_written(AccountDiffers, "Agreement A-1 names Zhao", accounts={SELLER: OTHER})
    before = written()
    with pytest.raises(AccountDiffers, match="Once another person cleared it, offer a new"):
        actions.state_account(claim="K-1", payee=SELLER, account=OTHER, by=BO, at=at(OVER))
    assert written() == before
    bank: list[dict[str, object]] = []
    assert order(bank=bank, accounts={}).state is State.ORDERED

    (asked,) = bank
    assert (asked["name"], asked["account"], asked["agent"]) == (
        AGREED.name, AGREED.number, AGREED.agent
    )  # fmt: skip


def test_an_account_is_shown_masked_and_the_journal_keeps_it_to_itself() -> None:
    approved()
    agreed()

    shown = story("K-1", on=OVER)["accounts"]
    assert shown == [{
        "payee": SELLER, "name": "Zhao Trading", "account": "•••• 2222", "agreement": "A-1",
        "stated_by": CLERK,
    }]  # fmt: skip
    assert AGREED.number not in json.dumps(story("K-1", on=OVER), default=str)
    assert not named("select from journal_entry where body like %s", f"%{AGREED.number}%")


def test_a_new_agreement_may_name_another_account_and_the_old_one_counts_no_more() -> None:
    approved()
    actions.offer(claim="K-1", number="A-1", render=render, by=CLERK, at=at(OVER), payee=AGREED)
    actions.raise_signal(
        claim="K-1", code="other-account", because="wants another", by=CLERK, at=at(OVER)
    )
    (sign_,) = queries.case("K-1").signals
    actions.clear_signal(claim="K-1", signal=sign_.id, why="they called", by=ANNA, at=at(OVER))
    actions.assess(claims=["K-1"], at=at(OVER), by=CLERK)
    approve()
    agreed(OTHER, "A-2")

    nothing_is_written(AccountDiffers, "Agreement A-2 names Mallory", accounts={SELLER: AGREED})
    bank: list[dict[str, object]] = []
    order(bank=bank, accounts={})
    assert [one["account"] for one in bank] == [OTHER.number]


def test_where_no_agreement_names_an_account_two_people_say_it() -> None:
    approved()
    offer(stated=False)
    sign()
    state_accounts(by=CLERK)

    nothing_is_written(StatedByOrderer, "Let another person order", by=CLERK)
    assert order(by="cashier").state is State.ORDERED


def test_an_assignees_account_is_not_the_insureds() -> None:
    a_claim(assignee="Bank of Yiwu")
    complete()
    approve()
    agreed()

    bank: list[dict[str, object]] = []
    order(bank=bank, accounts={})
    assert [one["payee"] for one in bank] == ["Bank of Yiwu"]


@pytest.mark.parametrize(
    ("payee", "account", "match"),
    [
        ("nobody", OTHER, f"pays {SELLER}, not nobody"),
        (SELLER, Account(name=" ", number="1"), "lacks its name"),
        (SELLER, Account(name="Zhao", number=""), "lacks its name or its number"),
    ],
)
def test_an_account_that_says_nothing_is_refused(payee: str, account: Account, match: str) -> None:
    approved()
    offer(stated=False)
    before = written()

    with pytest.raises(PayoutRefused, match=match):
        actions.state_account(claim="K-1", payee=payee, account=account, by=BO, at=at(OVER))
    assert written() == before


def test_blanks_in_the_number_of_an_account_make_it_no_other() -> None:
    grouped = Account(name="Z", number="6222 0000\t1111 2222")

    assert grouped == Account(name="Z", number="6222000011112222")


def test_an_account_is_stated_while_something_is_agreed_and_not_paid() -> None:
    approved()
    with pytest.raises(PayoutRefused, match="is approved: nobody is paid"):
        actions.state_account(claim="K-1", payee=SELLER, account=OTHER, by=BO, at=at(OVER))
    agreed()
    order(accounts={})
    actions.confirm_paid(claim="K-1", payout="K-1/1", paid_on=OVER, by=CLERK, at=at(OVER))
    with pytest.raises(PayoutRefused, match="was paid on 2026-07-06"):
        actions.state_account(claim="K-1", payee=SELLER, account=OTHER, by=BO, at=at(OVER))
    assert queries.case("K-1").state is State.PAID
    assert ANNA not in {row["stated_by"] for row in named("select stated_by from claims_account")}
