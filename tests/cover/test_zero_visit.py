"""A proven trade is covered by itself, once, within the limit; another hears every reason."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from cover.counter import (
    DAY,
    MERCHANT,
    OTHER_MERCHANT,
    SCHEME,
    answered,
    buyer_of,
    codes,
    count,
    covered,
    issued,
    listed,
    noon,
    offer,
    pay,
    register,
    terms,
    trade,
)
from tradeloop.cover import actions, troubles
from tradeloop.cover.actions import LimitUnfit
from tradeloop.cover.facts import Outcome
from tradeloop.cover.holding import PURPOSE
from tradeloop.cover.queries import certificates
from tradeloop.cover.registers import unpaid
from tradeloop.cover.replay import replay
from tradeloop.cover.room import payments_made_room
from tradeloop.cover.terms import CapUse, LateArrival, StopShipment
from tradeloop.journal.facts import Sequenced
from tradeloop.kit.money import Money
from tradeloop.parties import actions as parties
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import NewPayment
from tradeloop.receivables.queries import owed
from tradeloop.registry import actions as registry
from tradeloop.registry import queries as values
from tradeloop.registry.facts import Ask, MoveAsk
from tradeloop.registry.known import paper_of
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
MAY = date(2026, 5, 10)


def test_a_proven_trade_gets_its_policy_and_its_certificate_without_a_visit() -> None:
    done = offer(trade("A", 50_000))

    said = answered(done, "A")
    assert (said.outcome, said.findings) == (Outcome.CERTIFIED, ())
    assert said.number == f"{SCHEME}/2026/00000001"
    found = issued("A")
    assert (found.covered, found.uncovered) == (Money(5_000_000, "USD"), Money(0, "USD"))
    assert found.policy == f"{SCHEME}/{MERCHANT}/{MAY}"
    assert found.insured_share_bp == 4_500


def test_offering_again_changes_nothing() -> None:
    offer(trade("A"), trade("B", grade="incomplete", verified_minor=0))
    rows = [count(table) for table in ("policy", "certificate", "grant", "decision")]

    again = offer(trade("A"), trade("B", grade="incomplete", verified_minor=0))

    assert again.outcomes["as-before"] == 2
    assert again.answers == []
    assert [count(table) for table in ("policy", "certificate", "grant", "decision")] == rows


def test_what_is_above_the_limit_is_named_and_uninsured_in_the_order_of_the_offers() -> None:
    done = offer(trade("A", 100_000), trade("B", 80_000), trade("C", 10_000))

    assert [(covered(n), issued(n).uncovered.minor // 100) for n in "ABC"] == [
        (100_000, 0), (50_000, 30_000), (0, 10_000)
    ]  # fmt: skip
    assert answered(done, "B").uncovered == Money(3_000_000, "USD")
    assert done.covered_minor["USD"] == 15_000_000


def test_one_buyer_has_one_limit_whoever_sells_to_it() -> None:
    offer(trade("A", 100_000), trade("B", 80_000, seller=OTHER_MERCHANT))

    assert (covered("A"), covered("B")) == (100_000, 50_000)


def test_what_is_paid_makes_room_for_what_was_above_the_limit() -> None:
    offer(trade("A", 100_000), trade("B", 80_000))

    pay(20_000, buyer_of("A"), on=MAY + 20 * DAY)

    assert (covered("A"), covered("B")) == (100_000, 70_000)


def cleared_a(buyer: str) -> Sequenced:
    """Let a buyer pay 20,000 of trade A; return the fact that tells of it."""
    on = MAY + 20 * DAY
    receivables.pay(
        payments=[NewPayment(
            id="P-1", seller=MERCHANT, buyer=buyer, amount=Money(2_000_000, "USD"), paid_on=on
        )],
        at=noon(on),
    )  # fmt: skip
    told = {
        "columns": ["payment", "trade", "minor", "counts_on", "rule"],
        "lines": [["P-1", f"{MERCHANT}/A", "2000000", str(on), "oldest-first"]],
    }  # fmt: skip
    return Sequenced(
        leaf_index=0, entry_id=1, kind="receivables.applied", at=noon(on), body=json.dumps(told)
    )


def test_payments_make_room_by_themselves_when_the_log_tells_of_them() -> None:
    offer(trade("A", 100_000), trade("B", 80_000))
    fact = cleared_a(buyer_of("A"))

    payments_made_room(fact)
    payments_made_room(fact)

    assert (covered("A"), covered("B")) == (100_000, 70_000)


def test_a_payment_makes_room_for_a_buyer_that_was_joined_with_the_one_that_paid() -> None:
    offer(trade("A", 100_000))
    offer(trade("Z", 1_000, buyer="Coastal Example Wholesale", buyer_number="Y-77"))
    parties.decide(
        buyer=buyer_of("A"), other=buyer_of("Z"), same=True, by="clerk", because="one owner",
        at=noon(MAY + DAY),
    )  # fmt: skip
    with cursor() as cur:  # as where its debts were opened before somebody joined the two
        cur.execute("select key from parties_buyer where canonical_id is not null")
        ((younger,),) = cur.fetchall()
        assert younger == buyer_of("Z")
    offer(trade("B", 80_000, buyer="Coastal Example Wholesale", buyer_number="Y-77"),
          on=MAY + 3 * DAY)  # fmt: skip
    with cursor() as cur:
        cur.execute(
            "update receivables_receivable set buyer = %s where trade = %s",
            (younger, f"{MERCHANT}/B"),
        )
    assert covered("B") == 49_000

    payments_made_room(cleared_a(buyer_of("A")))

    assert covered("B") == 69_000


def test_people_whose_masked_numbers_agree_are_not_one_merchant_and_are_read_nowhere() -> None:
    one, other = "330782199001011234", "330782198505054434"
    trades = [
        replace(trade(number, seller=person), name=f"33************34/{number}")
        for number, person in (("A", one), ("B", other))
    ]

    offer(*trades)

    assert (covered("A"), covered("B")) == (50_000, 50_000)
    assert count("policy") == 2
    assert all(each.policyholder.startswith("person-") for each in certificates(SCHEME))
    with cursor() as cur:
        for table in ("cover_policy", "cover_certificate", "cover_decision",
                      "receivables_receivable", "ledger_entry", "journal_entry"):  # fmt: skip
            cur.execute(f"select t::text from {table} as t".encode())  # noqa: S608 - our own names
            assert one not in str(cur.fetchall())


def test_every_reason_is_told_at_once_with_what_would_pass() -> None:
    done = offer(trade("A", payment_method="cash", mode="0110", credit_days=400))

    assert set(codes(done, "A")) == {"paid-in-cash", "mode-not-covered", "credit-too-long"}
    assert all(one.remedy for one in answered(done, "A").findings)
    assert answered(done, "A").outcome is Outcome.REFUSED
    assert count("certificate") == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"grade": "contradicted", "verified_minor": 0}, "trade-not-proven"),
        ({"shipped_on": None}, "not-shipped-yet"),
        ({"buyer_name": None}, "buyer-not-named"),
        ({"due_on": None}, "no-credit-given"),
        ({"currency": "EUR", "declared_currency": "EUR"}, "rate-missing"),
        ({"declared": None}, "declaration-missing"),
        ({"buyer_number": None}, "buyer-not-identified"),
    ],
)
def test_what_papers_lack_is_told_by_name_and_stops_nobody_else(
    changed: dict[str, object], code: str
) -> None:
    odd = trade("ODD", shipped_on=MAY)
    odd = type(odd)(**{
        **{name: getattr(odd, name) for name in odd.__slots__}, **changed
    })  # fmt: skip

    done = offer(odd, trade("GOOD"))

    assert code in codes(done, "ODD")
    assert answered(done, "GOOD").outcome is Outcome.CERTIFIED
    assert count("certificate") == 1


def test_the_white_list_counts_as_it_stood_on_the_day_of_shipment() -> None:
    listed(
        "white", f"subject,from,to\n{MERCHANT},2026-01-01,{MAY - DAY}\n"
        f"{OTHER_MERCHANT},2026-01-01,{MAY}", on=MAY - 60 * DAY,
    )  # fmt: skip

    offer(trade("ENDED"), trade("VALID", seller=OTHER_MERCHANT))

    assert issued("ENDED").insured_share_bp == 4_500
    assert issued("VALID").insured_share_bp == 8_000


def test_goods_delivered_before_a_cut_keep_their_cover_and_later_ones_do_not_get_it() -> None:
    offer(trade("BEFORE", 90_000), on=MAY)
    cut = MAY + DAY

    actions.set_limit(
        id="L-1", scheme=SCHEME, buyer=buyer_of("BEFORE"), amount=Money(1_000_000, "USD"),
        told_on=cut, because="the buyer pays late", at=noon(cut),
    )  # fmt: skip
    offer(trade("NOTICE", 20_000, shipped_on=cut + 29 * DAY), on=cut + 29 * DAY)
    offer(trade("AFTER", 20_000, shipped_on=cut + 31 * DAY), on=cut + 31 * DAY)

    assert [covered(n) for n in ("BEFORE", "NOTICE", "AFTER")] == [90_000, 20_000, 0]


def test_a_decision_on_a_limit_is_told_once_and_never_below_zero() -> None:
    offer(trade("A"))
    said = {
        "id": "L-1", "scheme": SCHEME, "buyer": buyer_of("A"), "told_on": MAY, "because": "a test",
        "at": noon(MAY),
    }  # fmt: skip

    assert actions.set_limit(amount=Money(100, "USD"), **said)  # type: ignore[arg-type]
    assert not actions.set_limit(amount=Money(100, "USD"), **said)  # type: ignore[arg-type]
    with pytest.raises(LimitUnfit, match="told before with other content"):
        actions.set_limit(amount=Money(200, "USD"), **said)  # type: ignore[arg-type]
    with pytest.raises(LimitUnfit, match="below zero"):
        actions.set_limit(amount=Money(-1, "USD"), **{**said, "id": "L-2"})  # type: ignore[arg-type]
    assert count("limit") == 1


def test_an_earlier_shipment_that_arrives_later_reduces_nobody() -> None:
    offer(trade("LATE-TOLD-LATER", 150_000, shipped_on=MAY), on=MAY + DAY)

    offer(trade("EARLIER", 80_000, shipped_on=MAY - 20 * DAY), on=MAY + 2 * DAY)

    assert (covered("LATE-TOLD-LATER"), covered("EARLIER")) == (150_000, 0)


def test_unless_the_switch_says_that_the_order_of_shipment_decides() -> None:
    by = terms(late_arrival=LateArrival.BY_SHIPMENT_DATE)
    offer(trade("FIRST-TOLD", 150_000, shipped_on=MAY), on=MAY + DAY, by=by)

    offer(trade("EARLIER", 80_000, shipped_on=MAY - 20 * DAY), on=MAY + 2 * DAY, by=by)

    assert (covered("FIRST-TOLD"), covered("EARLIER")) == (70_000, 80_000)


def test_a_buyer_that_may_be_another_waits_until_a_person_decides() -> None:
    offer(trade("A", buyer="Al Rashid General Trading LLC", buyer_number="X1234567"))
    twin = trade("B", buyer="Al-Rasheed General Trading L.L.C.", buyer_number=None)

    done = offer(twin)

    assert "buyer-identity-open" in codes(done, "B")
    assert count("certificate") == 1


def test_a_trade_that_waited_for_its_buyer_is_covered_once_a_person_joined_the_two() -> None:
    offer(trade("A", buyer="Al Rashid General Trading LLC", buyer_number="X1234567"))
    twin = trade("B", buyer="Al-Rasheed General Trading L.L.C.", buyer_number=None)
    offer(twin)
    with cursor() as cur:
        cur.execute("select buyer from receivables_receivable where trade = %s", (f"{MERCHANT}/B",))
        ((other,),) = cur.fetchall()
    parties.decide(
        buyer=buyer_of("A"), other=other, same=True, by="clerk", because="one passport",
        at=noon(MAY + DAY),
    )  # fmt: skip

    done = offer(replace(twin, buyer_number="X1234567"), on=MAY + 3 * DAY)

    assert codes(done, "B") == []
    assert covered("B") == 50_000


def test_two_buyers_that_a_person_joins_share_one_limit_from_then_on() -> None:
    offer(
        trade("A", 100_000, buyer="Al Rashid General Trading LLC", buyer_number="X1234567"),
        trade("B", 90_000, buyer="Coastal Example Wholesale", buyer_number="Y-77"),
    )
    parties.decide(
        buyer=buyer_of("A"), other=buyer_of("B"), same=True, by="clerk", because="one owner",
        at=noon(MAY + DAY),
    )  # fmt: skip

    offer(
        trade("C", 20_000, buyer="Coastal Example Wholesale", buyer_number="Y-77",
              shipped_on=MAY + 2 * DAY),
        on=MAY + 2 * DAY,
    )  # fmt: skip

    assert [covered(n) for n in "ABC"] == [100_000, 90_000, 0]


def test_a_blacklisted_buyer_is_refused_and_one_that_may_be_it_waits() -> None:
    listed(
        "black", "name,country,reason\nNORTHERN SYNTHETIC IMPORTS LTD,IRQ,fraud\n"
        "COASTAL EXAMPLE WHOLESALE,IRQ,fraud\n", on=MAY, screening=True,
    )  # fmt: skip

    done = offer(
        trade("SURE", buyer="NORTHERN SYNTHETIC IMPORTS LTD", buyer_number="N-1"),
        trade("MAYBE", buyer="COASTAL EXAMPEL WHOLESALE", country="JOR", buyer_number="N-2"),
    )

    assert codes(done, "SURE") == ["buyer-blacklisted"]
    assert codes(done, "MAYBE") == ["buyer-possibly-listed"]
    assert answered(done, "MAYBE").outcome is Outcome.WAITING
    assert count("certificate") == 0


def test_a_trade_between_related_parties_is_refused() -> None:
    offer(trade("A"))
    parties.relate(
        a=MERCHANT, b=buyer_of("A"), from_date=MAY - DAY, because="one owner", source="register",
        at=noon(MAY),
    )  # fmt: skip

    assert codes(offer(trade("B")), "B") == ["parties-related"]


def test_goods_that_leave_after_a_loss_get_no_certificate_whoever_sells_them() -> None:
    offer(trade("A"))
    receivables.begin_loss(
        seller=MERCHANT, buyer=buyer_of("A"), loss_on=MAY + 90 * DAY, because="unpaid",
        at=noon(MAY + 90 * DAY),
    )  # fmt: skip

    later = MAY + 91 * DAY
    done = offer(trade("B", seller=OTHER_MERCHANT, shipped_on=later), on=later)

    assert codes(done, "B") == ["shipped-after-loss"]
    assert count("certificate") == 1


def test_a_shipment_that_is_declared_late_when_a_loss_is_known_is_refused() -> None:
    offer(trade("A"))
    told = {"pair": (MERCHANT, buyer_of("A")), "currency": "USD", "made_by": 1}
    troubles.loss_known(claim="K-1", known_on=MAY + 35 * DAY, **told)
    late = [trade(number, 1_000, shipped_on=MAY + DAY) for number in "BC"]

    assert codes(offer(late[0], on=MAY + 40 * DAY), "B") == ["declared-late"]

    troubles.no_loss(claim="K-1")
    assert codes(offer(late[1], on=MAY + 40 * DAY), "C") == []


def test_a_house_that_burns_already_is_not_insured() -> None:
    burning = trade("A", shipped_on=MAY - 120 * DAY)

    done = offer(burning, on=MAY)

    (found,) = answered(done, "A").findings
    assert (found.code, count("certificate")) == ("declared-late", 0)
    assert f"unpaid since {MAY - 60 * DAY}" in found.because
    (debt,) = owed(on=MAY)
    pay(50_000, debt.buyer, on=MAY + DAY)
    assert offer(burning, on=MAY + 2 * DAY).outcomes["certified"] == 0  # it burned when declared


def test_a_late_declaration_of_what_was_paid_or_is_not_due_is_accepted() -> None:
    offer(trade("BEFORE", 1_000, shipped_on=MAY - 130 * DAY, credit_days=125), on=MAY - 125 * DAY)
    paid, open_ = (
        trade("PAID", shipped_on=MAY - 120 * DAY),
        trade("OPEN", shipped_on=MAY - 50 * DAY),
    )
    pay(51_000, buyer_of("BEFORE"), on=MAY - 61 * DAY)  # more than is in the books yet

    done = offer(paid, open_, on=MAY)

    assert (codes(done, "PAID"), codes(done, "OPEN")) == ([], [])


def test_time_that_a_buyer_was_given_before_puts_the_day_off() -> None:
    late = trade("A", shipped_on=MAY - 50 * DAY, grade="incomplete", verified_minor=5_000_000)
    offer(late, on=MAY - 49 * DAY)
    receivables.extend(trade=late.name, to_date=MAY + 20 * DAY, agreed_on=MAY, at=noon(MAY))
    assert unpaid({late.name: MAY + 20 * DAY}) == {}
    assert unpaid({late.name: MAY + 21 * DAY}) == {late.name: MAY + 20 * DAY}


def test_goods_for_a_buyer_that_disputes_too_much_are_not_covered_until_that_is_settled() -> None:
    offer(trade("A"))
    told = {"pair": (OTHER_MERCHANT, buyer_of("A")), "currency": "USD", "made_by": 1}
    troubles.loss_known(claim="K-1", known_on=MAY, **told)
    troubles.disputed(claim="K-1", amount=Money(2_250_000, "USD"), on=MAY + 10 * DAY)
    before, after = (
        trade(n, 1_000, shipped_on=MAY + days * DAY) for n, days in (("B", 9), ("C", 10))
    )

    done = offer(before, after, on=MAY + 12 * DAY)

    assert (codes(done, "B"), codes(done, "C")) == ([], ["dispute-too-large"])
    troubles.settled(claim="K-1")
    assert codes(offer(after, on=MAY + 12 * DAY), "C") == []


@pytest.mark.parametrize("use", CapUse)
@pytest.mark.parametrize("shipped_on", [date(2019, 5, 1), MAY - 90 * DAY])
def test_a_debt_older_than_all_policies_or_terms_stops_nobodys_cover(
    use: CapUse, shipped_on: date
) -> None:
    by = terms(cap_use=use)
    offer(trade("OLD", 1_000, shipped_on=shipped_on), by=by, policies_begin=False)

    offer(trade("A"), by=by)

    assert (covered("A"), count("certificate")) == (50_000, 1)


def test_a_value_that_another_insured_is_refused_and_tells_what_is_free() -> None:
    one = trade("A")
    register([one], MAY)
    registry.hold(
        lines=[Ask(
            id=uuid4(), paper=paper_of(one.name), purpose=PURPOSE,
            holder="insurer:another", unit="USD", amount_minor=100, expires_at=noon(MAY) + 90 * DAY,
        )],
        now=noon(MAY),
    )  # fmt: skip

    done = offer(one)

    assert codes(done, "A") == ["value-not-enough"]
    assert "1 others hold" in answered(done, "A").findings[0].because
    assert count("certificate") == 0


def test_a_value_that_another_released_is_offered_again_and_covered() -> None:
    one, hold = trade("A"), uuid4()
    register([one], MAY)
    line = Ask(
        id=hold, paper=paper_of(one.name), purpose=PURPOSE, holder="insurer:another", unit="USD",
        amount_minor=100, expires_at=noon(MAY) + 90 * DAY,
    )  # fmt: skip
    registry.hold(lines=[line], now=noon(MAY))
    offer(one)
    assert offer(one).outcomes["as-before"] == 1
    registry.move(lines=[MoveAsk(id=uuid4(), hold=hold, event="release")], now=noon(MAY))

    assert answered(offer(one, on=MAY + 3 * DAY), "A").outcome is Outcome.CERTIFIED
    assert count("decision") == 2


def test_a_trade_that_nobody_registered_is_refused() -> None:
    assert codes(offer(trade("A"), registered=False), "A") == ["value-unknown-capacity"]


def test_a_merchant_that_is_not_on_file_gets_no_policy() -> None:
    listed("filed", f"subject,from\n{OTHER_MERCHANT},2026-01-01", on=MAY - 60 * DAY)

    done = offer(trade("A"), trade("B", seller=OTHER_MERCHANT))

    assert codes(done, "A") == ["no-policy"]
    assert answered(done, "B").outcome is Outcome.CERTIFIED


def test_a_debt_that_stands_otherwise_in_the_books_is_told_and_holds_no_value() -> None:
    one = trade("A", 50_000, payment_method="cash")
    offer(one)

    done = offer(trade("A", 60_000))

    assert codes(done, "A") == ["debt-other-content"]
    assert count("certificate") == 0
    assert [each.committed_minor for each in values.capacity(paper_of(one.name)).books] == [0]


def test_the_value_is_held_and_committed_for_insurance_once() -> None:
    one = trade("A")
    offer(one)

    (book,) = [
        each for each in values.capacity(paper_of(one.name)).books if each.purpose == PURPOSE
    ]
    assert (book.committed_minor, book.held_minor) == (one.verified_minor, 0)


def test_two_who_offer_the_same_trades_at_once_certify_each_once() -> None:
    some = [trade(f"T-{n}", 1_000, shipped_on=MAY + timedelta(days=n % 20)) for n in range(200)]
    register(some, MAY)
    parties.resolve(told=[], now=noon(MAY), secret=b"of this installation, 32 bytes..")
    barrier, failed = threading.Barrier(2), []

    def run(trades: list) -> None:  # type: ignore[type-arg]
        try:
            barrier.wait()
            offer(*trades, registered=False, on=MAY + 40 * DAY)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            leave()

    threads = [threading.Thread(target=run, args=(each,)) for each in (some, list(reversed(some)))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert failed == []
    assert (count("certificate"), count("policy")) == (200, 1)
    assert sum(covered(f"T-{n}") for n in range(200)) == 150_000


def test_every_decision_replays_to_the_same_bytes() -> None:
    offer(trade("A"), trade("B", payment_method="cash"), trade("C", mode="0110", credit_days=400))

    assert list(replay(SCHEME, terms())) == [None, None, None]


def test_terms_that_changed_since_are_told_by_replay() -> None:
    offer(trade("A"))

    (told,) = replay(SCHEME, terms(credit_days_max=30))

    assert told is not None
    assert "not in the scheme any more" in told.now


@pytest.mark.parametrize(("major", "said"), [(1_900, []), (2_500, ["shipments-stopped"])])
def test_only_what_is_past_due_for_too_long_stops_shipments(major: int, said: list[str]) -> None:
    today = date(2026, 5, 10)
    old = trade("OLD", major, shipped_on=today - 155 * DAY)  # 95 days past due today
    late = trade("LATE", 5_000, shipped_on=today - 70 * DAY)  # 10 days past due today
    offer(old, late)

    done = offer(trade("NEW", shipped_on=today))

    assert codes(done, "NEW") == said


def test_what_was_past_due_on_the_day_of_shipment_counts_though_it_was_paid_since() -> None:
    today = date(2026, 5, 10)
    offer(trade("OLD", 3_000, shipped_on=today - 155 * DAY), on=today - 150 * DAY)
    pay(3_000, buyer_of("OLD"), on=today + DAY)

    done = offer(trade("THEN", shipped_on=today), on=today + 2 * DAY)

    assert codes(done, "THEN") == ["shipments-stopped"]
    assert count("certificate") == 1
    paid = offer(trade("SINCE", shipped_on=today + DAY), on=today + 2 * DAY)
    assert codes(paid, "SINCE") == []
    assert covered("SINCE") == 50_000


def test_a_policy_begun_later_for_an_earlier_day_moves_no_period() -> None:
    by = terms(cap_use=CapUse.PER_PERIOD, stop_shipment=StopShipment.NEVER)
    offer(trade("A", 100_000), by=by)  # its policy is the first: periods begin on 10 May
    early = trade(
        "EARLY", 120_000, shipped_on=date(2026, 2, 1), seller=OTHER_MERCHANT, credit_days=150
    )
    offer(early, by=by)
    offer(trade("B", 100_000, shipped_on=date(2027, 3, 1)), on=date(2027, 3, 3), by=by)

    assert covered("EARLY") == 120_000  # of the period before
    assert (covered("A"), covered("B")) == (100_000, 50_000)


def test_an_insolvency_that_was_told_stops_cover_at_once_for_every_merchant() -> None:
    offer(trade("A", 100_000), trade("B", 100_000))
    told = {"pair": (MERCHANT, buyer_of("A")), "currency": "USD", "made_by": 1}
    troubles.loss_known(claim="K-1", known_on=MAY, **told)
    troubles.insolvent(claim="K-1", on=MAY + 5 * DAY)

    before = trade("C", 10_000, shipped_on=MAY + 4 * DAY, seller=OTHER_MERCHANT)
    after = trade("D", 10_000, shipped_on=MAY + 5 * DAY, seller=OTHER_MERCHANT)
    done = offer(before, after, on=MAY + 6 * DAY)
    pay(100_000, buyer_of("A"), on=MAY + 7 * DAY)

    assert "shipped-after-loss" not in codes(done, "C")
    assert codes(done, "D") == ["shipped-after-loss"]
    assert covered("B") == 50_000  # what came after the court's day makes no room


def test_a_loss_that_was_taken_back_with_its_claim_stops_nothing_until_it_is_claimed_anew() -> None:
    offer(trade("A"))
    pair, claims = (MERCHANT, buyer_of("A")), {"currency": "USD", "made_by": 1}
    for claim in ("K-1", "K-2"):
        troubles.loss_known(claim=claim, pair=pair, known_on=MAY + DAY, **claims)
    receivables.begin_loss(
        seller=pair[0], buyer=pair[1], loss_on=MAY + 5 * DAY, because="claim K-1",
        at=noon(MAY + 5 * DAY),
    )  # fmt: skip

    def said(number: str) -> list[str]:
        return codes(offer(trade(number, shipped_on=MAY + 6 * DAY), on=MAY + 7 * DAY), number)

    assert said("B") == ["shipped-after-loss"]
    troubles.no_loss(claim="K-1")
    assert said("C") == ["shipped-after-loss"]  # the other claim tells of it still
    troubles.no_loss(claim="K-2")
    assert said("D") == ["shipped-after-loss"]
    troubles.loss_known(claim="K-1", pair=pair, known_on=MAY + DAY, **claims)
    troubles.no_loss(claim="K-1")  # the last one, with which the loss began
    assert said("E") == []
    troubles.begun(pair=pair)
    assert said("F") == ["shipped-after-loss"]


def test_an_insolvency_of_a_notice_that_was_withdrawn_stops_nothing() -> None:
    offer(trade("A"))
    told = {"pair": (MERCHANT, buyer_of("A")), "currency": "USD", "made_by": 1}
    troubles.loss_known(claim="K-1", known_on=MAY, **told)
    troubles.insolvent(claim="K-1", on=MAY + 5 * DAY)
    troubles.no_loss(claim="K-1")

    assert codes(offer(trade("D", shipped_on=MAY + 5 * DAY), on=MAY + 6 * DAY), "D") == []
