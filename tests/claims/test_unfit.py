"""What does not fit is refused by its name, and nothing is written or lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pytest

from claims.town import (
    ACCOUNTS,
    ANNA,
    BO,
    BUYER,
    CLERK,
    DUE,
    KEY,
    MERCHANT,
    NOTICED,
    OVER,
    SCHEME,
    SECRET,
    SELLER,
    a_claim,
    approve,
    at,
    begin_loss,
    bring,
    code,
    complete,
    digest_of,
    file,
    offer,
    order,
    paid,
    render,
    sign,
    sold,
    state_accounts,
    taken_back,
    tell,
    usd,
    written,
)  # fmt: skip
from tradeloop.claims import actions, queries
from tradeloop.claims.accounts import (
    Account,
    AccountDiffers,
    PayeeUnknown,
    PayoutRefused,
    StatedByOrderer,
)
from tradeloop.claims.agree import CopyUnfit, NumberReused, OtherFile
from tradeloop.claims.case import Item
from tradeloop.claims.checklist import checklist
from tradeloop.claims.decide import ApprovedBySelf, NothingToPay
from tradeloop.claims.kinds import EvidenceKindUnknown
from tradeloop.claims.legible import EvidenceRefused
from tradeloop.claims.lifecycle import State
from tradeloop.claims.moves import ClaimUnknown
from tradeloop.claims.papers import EvidenceOfAnotherTrade, EvidenceTooLate
from tradeloop.claims.pay import OrderedByApprover, PayeeListed
from tradeloop.claims.people import CodeUsed, CodeWrong, PersonUnknown, SignsForAnother
from tradeloop.claims.rows import do, named
from tradeloop.claims.unfit import (
    AboveInvoice,
    AlreadyClaimed,
    CalculationUnknown,
    ClaimIdReused,
    ClaimTooEarly,
    ClaimTooLate,
    DatesDoNotFit,
    NoticeIncomplete,
    OtherCurrency,
    ReasonMissing,
    ShipmentUncovered,
    TradeNotNoticed,
    TradeOfAnotherPair,
)  # fmt: skip
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money
from tradeloop.parties import actions as parties
from tradeloop.parties.facts import Told

pytestmark = pytest.mark.usefixtures("database")


@contextmanager
def refused(name: type[Exception], match: str) -> Iterator[None]:
    """Expect a refusal that leaves every table as it was."""
    before = written()
    with pytest.raises(name, match=match):
        yield
    assert written() == before


def add(
    body: bytes, *, name: str = "chat.txt", kind: str = "communication", **more: object
) -> object:
    given: dict[str, object] = {
        "id": uuid4(), "claim": "K-1", "by": MERCHANT, "at": at(OVER),
    } | more  # fmt: skip
    return actions.add_evidence(kind=kind, name=name, body=body, **given)


def test_a_claim_before_the_waiting_is_over_is_too_early() -> None:
    tell("K-1", sold())
    with refused(ClaimTooEarly, match="waits until 2026-07-06"):
        file("K-1", OVER - timedelta(days=1))


def test_insolvency_needs_no_waiting() -> None:
    tell("K-1", sold())
    actions.insolvent(claim="K-1", on=NOTICED, by=MERCHANT, at=at(NOTICED))
    actions.insolvent(claim="K-1", on=NOTICED, by=MERCHANT, at=at(NOTICED))
    assert named("select insolvent_on from cover_trouble") == [{"insolvent_on": NOTICED}]
    with refused(DatesDoNotFit, match=f"told as {NOTICED}. It stays"):
        actions.insolvent(claim="K-1", on=DUE, by=MERCHANT, at=at(NOTICED))
    assert file("K-1", NOTICED) is State.CLAIMED
    assert queries.case("K-1").loss_on == NOTICED


def test_a_claim_after_its_last_day_is_too_late() -> None:
    tell("K-1", sold())
    with refused(ClaimTooLate, match="could be claimed until 2027-03-01"):
        file("K-1", DUE + timedelta(days=361))


def test_a_trade_is_not_claimed_twice() -> None:
    trade = a_claim()
    with refused(AlreadyClaimed, match="in claim K-1"):
        tell("K-2", trade)
    with refused(AlreadyClaimed, match="other amounts"):
        file("K-1", **{trade: 5})


def test_a_withdrawn_claim_lets_its_trade_be_claimed_anew() -> None:
    trade = a_claim()
    actions.withdraw(claim="K-1", because="wrong sum", by=MERCHANT, at=at(OVER))
    assert tell("K-2", trade, on=OVER) is State.WAITING
    assert file("K-2") is State.CLAIMED


def test_no_more_is_claimed_than_is_open() -> None:
    trade = sold(minor=600_000)
    tell("K-1", trade)
    with refused(AboveInvoice, match=r"6,000.00 USD is open"):
        file("K-1", **{trade: 600_001})
    with refused(AboveInvoice, match="more than nothing"):
        file("K-1", **{trade: 0})


def test_an_uncovered_shipment_cannot_be_claimed() -> None:
    covered, bare, third = sold("T-1"), sold("T-2", covered=0), sold("T-3", covered=0)
    tell("K-1", covered, bare)
    with refused(ShipmentUncovered, match="T-2"):
        file("K-1", **{bare: 100})
    with refused(ShipmentUncovered, match="No certificate"):
        tell("K-2", third)


def test_another_currency_than_the_debts_is_refused() -> None:
    trade = sold()
    tell("K-1", trade)
    with refused(OtherCurrency, match="owed in USD"):
        actions.claim(
            id="K-1", amounts={trade: Money(100, "CNY")}, by=MERCHANT, at=at(OVER),
            begin_loss=begin_loss,
        )  # fmt: skip


def test_a_trade_of_others_cannot_be_noticed_nor_one_that_nobody_told_of_be_claimed() -> None:
    mine, other = sold("T-1"), sold("T-2", buyer="buyer:ffff")
    with refused(TradeOfAnotherPair, match="T-2"):
        tell("K-1", other)
    with refused(TradeOfAnotherPair, match="nobody/x"):
        tell("K-1", "nobody/x")
    tell("K-1", mine)
    with refused(TradeNotNoticed, match="noticed were"):
        file("K-1", **{other: 100})


def test_days_to_come_and_used_ids_are_refused() -> None:
    trade = sold()
    with refused(DatesDoNotFit, match="after today"):
        tell("K-1", trade, known_on=NOTICED + timedelta(1))
    tell("K-1", trade)
    with refused(ClaimIdReused, match="another notice"):
        tell("K-1", trade, because="insolvency")
    with refused(DatesDoNotFit, match="after today"):
        actions.insolvent(claim="K-1", on=date(2027, 1, 1), by=MERCHANT, at=at(NOTICED))
    with refused(ClaimUnknown, match="claims list"):
        file("K-9")


@pytest.mark.parametrize("lacks", [{"id": ""}, {"because": " "}, {"by": ""}])
def test_a_notice_without_id_reason_or_teller_is_refused(lacks: dict[str, str]) -> None:
    trade, claim = sold(), lacks.get("id", "K-1")
    with refused(NoticeIncomplete, match="Fill in each"):
        tell(claim, trade, **{name: text for name, text in lacks.items() if name != "id"})


def test_evidence_of_another_trade_is_refused() -> None:
    a_claim()
    other = sold("T-9")
    with refused(EvidenceOfAnotherTrade, match="T-9"):
        add(b"hello", kind="declaration", trade=other)
    with refused(EvidenceOfAnotherTrade, match="T-9"):
        add(b"hello", says={"trade": other})
    one, two = sold("T-1"), sold("T-2")
    tell("K-2", one, two)
    with refused(EvidenceOfAnotherTrade, match=f"for trade {one}, and says trade {two}"):
        add(b"hello", claim="K-2", kind="declaration", trade=one, says={"trade": two})


def test_programs_and_empty_or_huge_files_are_refused() -> None:
    a_claim()
    for body, name, match in (
        (b"MZ\x90\x00", "invoice.pdf", "is a program"),
        (b"hello", "invoice.exe", "is a program"),
        (b" \n", "chat.txt", "empty"),
        (b"a" * (20 * 1024 * 1024 + 1), "chat.txt", "in parts"),
    ):
        with refused(EvidenceRefused, match=match):
            add(body, name=name)
    with refused(EvidenceKindUnknown, match="There are"):
        add(b"hello", kind="gossip")
    with refused(EvidenceRefused, match="after today"):
        add(b"hello", dated=OVER + timedelta(1))


def test_an_unreadable_upload_is_kept_and_asked_for_again() -> None:
    a_claim()
    bring(kinds=["proof-of-debt", "collection", "merchant-account"])
    add(b"%PDF-1.7 and then it breaks off", name="chat.pdf")
    (found,) = actions.assess(at=at(OVER), by=CLERK)

    assert [(one.kind, one.status) for one in found.missing] == [("communication", "kept")]
    assert "breaks off; send it again" in found.missing[0].seen
    assert queries.content(queries.case("K-1").papers[-1].digest) is not None


def test_a_paper_with_other_key_fields_does_not_count() -> None:
    a_claim(minor=2_000_000)
    bring(kinds=["communication", "collection", "merchant-account"])
    add(b"IOU", kind="proof-of-debt", says={"buyer": BUYER, "currency": "CNY", "amount": "19"})
    (found,) = actions.assess(at=at(OVER), by=CLERK)

    assert [(one.kind, one.status) for one in found.missing] == [("proof-of-debt", "mismatch")]
    assert found.missing[0].seen == "chat.txt: currency CNY; amount 19"
    assert "20,000.00 USD" in found.missing[0].expected


def test_a_paper_may_name_the_buyer_as_papers_told_of_it_and_nothing_merely_alike() -> None:
    told = [
        Told(name="AL NOOR GENERAL TRADING LLC", country="ARE", number="A-1"),
        Told(name="Nur Al Khaleej FZE", country="ARE", number="A-2"),
    ]
    first, second = (
        one.buyer for one in parties.resolve(told=told, now=at(NOTICED), secret=b"s" * 32)
    )
    parties.decide(
        buyer=first, other=second, same=True, by="clerk", because="one", at=at(NOTICED)
    )  # fmt: skip
    a_claim(minor=2_000_000, buyer=first)
    for said in (
        "AL NOOR GENERAL TRADING LLC", "Al-Noor General Trading L.L.C.", "NUR AL KHALEEJ FZE", first
    ):  # fmt: skip
        assert proof_that_says(said).status == "found", said

    assert "AL NOOR GENERAL TRADING LLC or Nur Al Khaleej FZE" in proof_that_says(first).expected


@pytest.mark.parametrize(
    ("said", "seen"),
    [("AL NOUR GENERL TRADING COMPANY", "may be the same"), ("Somebody Else Ltd", "Somebody")],
)
def test_a_name_that_is_only_alike_is_for_a_person_to_look_at(said: str, seen: str) -> None:
    told = [Told(name="AL NOOR GENERAL TRADING LLC", country="ARE", number="A-1")]
    (found,) = parties.resolve(told=told, now=at(NOTICED), secret=b"s" * 32)
    a_claim(minor=2_000_000, buyer=found.buyer)

    proof = proof_that_says(said)

    assert (proof.status, seen in proof.seen) == ("mismatch", True)


def proof_that_says(buyer: str) -> Item:
    do("delete from claims_evidence")
    says = {"buyer": buyer, "currency": "USD", "amount": "99,999"}
    add(b"IOU", kind="proof-of-debt", says=says)
    (proof,) = [one for one in checklist(queries.case("K-1")) if one.kind == "proof-of-debt"]
    return proof


@pytest.mark.parametrize("amount", ["1e999999", "much", "NaN", "-1e999999"])
def test_an_amount_that_is_no_number_to_reckon_with_does_not_count(amount: str) -> None:
    a_claim()
    add(b"IOU", kind="proof-of-debt", says={"buyer": BUYER, "currency": "USD", "amount": amount})

    (proof,) = [one for one in checklist(queries.case("K-1")) if one.kind == "proof-of-debt"]
    assert proof.status == "mismatch"
    assert amount in proof.seen


def test_evidence_again_under_its_id_changes_nothing_and_another_under_it_is_refused() -> None:
    a_claim()
    id = uuid4()
    add(b"hello", id=id)
    before = written()
    add(b"hello", id=id)
    assert written() == before
    with refused(EvidenceRefused, match="another paper"):
        add(b"other", id=id)


def test_who_filed_does_not_approve_and_one_person_is_not_two() -> None:
    a_claim()
    complete()
    decision = queries.case("K-1").decision
    assert decision is not None
    with refused(ApprovedBySelf, match="Ask two others"):
        actions.approve(claim="K-1", decision=decision, by=MERCHANT, at=at(OVER))
    assert approve(people=[ANNA, ANNA]).state is State.CALCULATED
    assert approve(people=[BO]).state is State.APPROVED


def test_nothing_is_not_approved() -> None:
    trade = a_claim(minor=2_000_000)
    complete()
    paid(trade, 2_000_000, OVER)
    stands = actions.recalculate(claim="K-1", by=CLERK, at=at(OVER))
    assert (stands.pay, stands.is_new) == (usd(0), True)
    with refused(NothingToPay, match="comes to 0.00 USD"):
        approve(people=[ANNA])


def test_a_payment_between_approval_and_payout_makes_the_figure_anew() -> None:
    trade = a_claim(minor=2_000_000)
    complete()
    approve()
    offer()
    sign()
    paid(trade, 500_000, OVER)
    bank: list[dict[str, object]] = []

    stands = order(bank=bank)

    assert (stands.state, stands.pay, stands.is_new) == (State.CALCULATED, usd(675_000), True)
    assert bank == []
    assert named("select state from claims_agreement") == [{"state": "void"}]
    assert named("select from claims_used") == []
    approve()
    offer(number="A-2")
    sign(hour=13)
    assert order(bank=bank).state is State.ORDERED
    assert [one["amount"] for one in bank] == [usd(675_000)]


def test_the_second_person_does_not_approve_a_figure_that_changed_meanwhile() -> None:
    trade = a_claim(minor=2_000_000)
    complete()
    seen = queries.case("K-1").decision
    assert seen is not None
    approve(people=[ANNA])
    paid(trade, 500_000, OVER)
    stands = actions.approve(claim="K-1", decision=seen, by=BO, at=at(OVER))

    assert (stands.is_new, stands.approvals, stands.pay) == (True, (), usd(675_000))


def test_only_the_offered_file_is_signed_with_a_fresh_code_of_a_known_person() -> None:
    a_claim()
    complete()
    approve()
    offer()
    right = digest_of()
    moment = at(OVER)
    signing = {"claim": "K-1", "person": MERCHANT, "key": KEY, "at": moment}
    with refused(PersonUnknown, match="Enrol"):
        actions.sign(**signing, code="123456", digest=right)
    actions.enrol(
        person=MERCHANT, party=SELLER, secret=SECRET, key=KEY, nonce=bytes(12), by=CLERK, at=moment,
    )  # fmt: skip
    with refused(OtherFile, match="Sign the file that was offered"):
        actions.sign(**signing, code=code(moment), digest="0" * 64)
    with pytest.raises(CodeWrong, match="at this minute"):
        actions.sign(**signing, code=code(at(OVER, 9)), digest=right)
    assert queries.case("K-1").state is State.OFFERED
    with refused(CodeWrong, match="Restore the keys"):
        actions.sign(**signing | {"key": bytes(32)}, code=code(moment), digest=right)

    assert actions.sign(**signing, code=code(moment), digest=right) is State.SIGNED


def test_a_code_is_used_once() -> None:
    for claim in ("K-1", "K-2"):
        a_claim(claim)
        complete(claim)
        approve(claim)
        offer(claim)
    sign("K-1")
    with refused(CodeUsed, match="Wait for the next"):
        sign("K-2")


def test_a_copy_in_ink_is_checked_by_a_handler() -> None:
    a_claim()
    complete()
    approve()
    offer()
    scan = uuid4()
    ink = {"claim": "K-1", "person": MERCHANT, "digest": digest_of(), "at": at(OVER)}
    with refused(CopyUnfit, match="there is no such paper"):
        actions.sign_in_ink(**ink, copy=scan, checked_by=CLERK)
    add(b"%PDF signed %%EOF", name="signed.pdf", kind="agreement-copy", id=scan)
    with refused(ApprovedBySelf, match="Let a handler"):
        actions.sign_in_ink(**ink, copy=scan, checked_by=MERCHANT)
    assert actions.sign_in_ink(**ink, copy=scan, checked_by=CLERK) is State.SIGNED


def test_a_payout_needs_an_account_a_clean_list_and_another_person() -> None:
    a_claim()
    complete()
    approve()
    offer(stated=False)
    sign()
    with refused(OrderedByApprover, match="Let another"):
        order(by=ANNA)
    with refused(PayeeListed, match="on a sanctions list"):
        order(against=["the buyer is on a sanctions list"])
    with refused(PayeeUnknown, match=SELLER):
        order(accounts={"somebody": ACCOUNTS[SELLER]})
    with refused(PayeeUnknown, match="Let another person state it"):
        order()
    state_accounts()
    assert order().state is State.ORDERED


def test_who_told_the_loss_decides_nothing_of_it_though_another_filed() -> None:
    tell("K-1", sold(minor=2_000_000), by=CLERK)
    file("K-1")
    complete()
    approve()
    offer()
    scan = uuid4()
    add(b"%PDF signed %%EOF", id=scan, kind="agreement-copy", name="signed.pdf")
    with refused(ApprovedBySelf, match="told"):
        actions.sign_in_ink(
            claim="K-1", person=MERCHANT, copy=scan, digest=digest_of("K-1"), checked_by=CLERK,
            at=at(OVER),
        )  # fmt: skip
    sign()
    with refused(OrderedByApprover, match="told"):
        order(by=CLERK)


def test_a_payout_is_not_paid_before_it_was_ordered_nor_after_today() -> None:
    a_claim()
    complete()
    approve()
    offer()
    sign()
    order()
    for day, match in (
        (OVER - timedelta(1), "before it was ordered"),
        (OVER + timedelta(1), "after today"),
    ):
        with refused(PayoutRefused, match=match):
            actions.confirm_paid(claim="K-1", payout="K-1/1", paid_on=day, by=CLERK, at=at(OVER))


def test_a_payout_that_was_paid_on_a_day_is_not_paid_on_another() -> None:
    a_claim()
    complete()
    approve()
    offer()
    sign()
    order()
    said = {"claim": "K-1", "payout": "K-1/1", "by": CLERK, "at": at(OVER + timedelta(2))}
    done = actions.confirm_paid(**said, paid_on=OVER + timedelta(1))

    assert actions.confirm_paid(**said, paid_on=OVER + timedelta(1)) is done is State.PAID
    with refused(PayoutRefused, match="was paid on 2026-07-07 by what was said before"):
        actions.confirm_paid(**said, paid_on=OVER + timedelta(2))


def test_no_move_is_made_that_is_not_in_the_table() -> None:
    trade = sold()
    tell("K-1", trade)
    with refused(MoveNotAllowed, match="There is no offer from waiting"):
        offer("K-1")
    with refused(MoveNotAllowed, match="There is no order from waiting"):
        order("K-1")
    with refused(MoveNotAllowed, match="There is no resume from waiting"):
        actions.resume(claim="K-1", because="settled", by=CLERK, at=at(OVER))
    with refused(Exception, match="cannot go from waiting to paid"):
        do("update claims_claim set state = 'paid' where id = 'K-1'")


def test_evidence_for_a_claim_that_is_over_is_refused() -> None:
    a_claim()
    actions.withdraw(claim="K-1", because="paid", by=MERCHANT, at=at(OVER))
    with refused(EvidenceTooLate, match="withdrawn"):
        add(b"hello")


def test_an_agreement_number_stands_on_one_agreement() -> None:
    for claim in ("K-1", "K-2"):
        a_claim(claim)
        complete(claim)
        approve(claim)
    offer("K-1", number="A-1")
    with refused(NumberReused, match="of claim K-1"):
        actions.offer(claim="K-2", number="A-1", render=render, by=CLERK, at=at(OVER))


def test_a_refusal_says_its_clause_and_can_be_looked_at_again() -> None:
    a_claim()
    complete()
    given = {
        "claim": "K-1", "code": "not-shipped", "clause": "Article 5", "by": ANNA, "at": at(OVER),
        "because": "The container never left.", "remedy": "Bring the bill of lading.",
    }  # fmt: skip
    with refused(ValueError, match="Fill in each"):
        actions.refuse(**given | {"clause": " "})
    with refused(ValueError, match="'No Good' is no code"):
        actions.refuse(**given | {"code": "No Good"})
    assert actions.refuse(**given) is actions.refuse(**given) is State.REFUSED
    with refused(ValueError, match="refused by anna on 2026-07-06 with another clause, remedy"):
        actions.refuse(**given | {"clause": "Article 6", "remedy": "None."})
    found = queries.last_refusal("K-1")
    assert found is not None
    assert found["remedy"] == "Bring the bill of lading."
    assert actions.reopen(claim="K-1", because="it came", by=BO, at=at(OVER)) is State.CLAIMED
    assert SCHEME


def test_a_payment_that_the_bank_took_back_is_no_payment() -> None:
    trade = a_claim(minor=2_000_000)
    complete()
    first = paid(trade, 500_000, OVER)
    assert actions.recalculate(claim="K-1", by=CLERK, at=at(OVER)).pay == usd(675_000)
    taken_back(first, OVER)
    assert actions.recalculate(claim="K-1", by=CLERK, at=at(OVER)).pay == usd(900_000)


def test_a_person_signs_for_one_policyholder_only() -> None:
    a_claim(seller="another")
    complete()
    approve()
    offer()
    actions.enrol(
        person=MERCHANT,
        party=SELLER,
        secret=SECRET,
        key=KEY,
        nonce=bytes(12),
        by=CLERK,
        at=at(OVER),
    )
    with refused(SignsForAnother, match=f"signs for {SELLER}, not for another"):
        actions.sign(
            claim="K-1", person=MERCHANT, code=code(at(OVER)), digest=digest_of(), key=KEY,
            at=at(OVER),
        )  # fmt: skip


def test_a_payout_that_the_bank_rejected_is_ordered_again_to_another_account() -> None:
    a_claim()
    complete()
    approve()
    offer()
    sign()
    bank: list[dict[str, object]] = []
    order(bank=bank)
    again = {
        "claim": "K-1", "payout": "K-1/1", "at": at(OVER),
        "order_payment": lambda **asked: bank.append(asked), "screen": lambda *_: (),
    }  # fmt: skip
    with refused(OrderedByApprover, match="another person"):
        actions.order_again(**again, by=ANNA)
    with refused(PayeeListed, match="on a list by now"):
        actions.order_again(**{**again, "screen": lambda *_: ("on a list by now",)}, by=CLERK)
    other = Account(name="Z", number="2")
    with refused(AccountDiffers, match="Z ••••  of|is another"):
        actions.order_again(**again, account=other, by=CLERK)
    state_accounts(name="Z", number="2", by=CLERK)
    with refused(StatedByOrderer, match="Let another person order"):
        actions.order_again(**again, by=CLERK)
    second = actions.order_again(**again, account=other, by="cashier")

    assert [one["account"] for one in bank] == ["6222000011112222", "2"]
    assert len({one["id"] for one in bank}) == 2
    assert actions.confirm_order(order=second, paid_on=OVER, by=CLERK, at=at(OVER)) is State.PAID
    assert actions.confirm_order(order=uuid4(), paid_on=OVER, by=CLERK, at=at(OVER)) is None
    with refused(PayoutRefused, match="waits for the bank"):
        actions.order_again(**again, by=CLERK)


@pytest.mark.parametrize(
    "act",
    [
        lambda: actions.stay(claim="K-1", because=" ", by=CLERK, at=at(OVER)),
        lambda: actions.resume(claim="K-1", because="", by=CLERK, at=at(OVER)),
        lambda: actions.withdraw(claim="K-1", because="", by=CLERK, at=at(OVER)),
        lambda: actions.reopen(claim="K-1", because="", by=CLERK, at=at(OVER)),
        lambda: actions.raise_signal(claim="K-1", code="tip", because="", by=CLERK, at=at(OVER)),
        lambda: actions.clear_signal(claim="K-1", signal=1, why="", by=CLERK, at=at(OVER)),
    ],
)
def test_nothing_is_done_to_a_claim_without_a_reason(act: Callable[[], object]) -> None:
    a_claim()
    with refused(ReasonMissing, match="Say why"):
        act()


def test_a_calculation_that_the_claim_has_not_is_not_approved() -> None:
    a_claim()
    complete()
    seen = queries.case("K-1").decision
    with refused(CalculationUnknown, match=f"has no calculation 99; the one that counts is {seen}"):
        actions.approve(claim="K-1", decision=99, by=ANNA, at=at(OVER))
