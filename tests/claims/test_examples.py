"""The scheme's own worked examples come out the same from the tables as from the rules."""

from __future__ import annotations

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
    SCHEME,
    SHIPPED,
    SHIPPED_SCHEME,
    a_claim,
    approve,
    at,
    bring,
    complete,
    file,
    offer,
    paid,
    reworded,
    sold,
    tell,
    usd,
)  # fmt: skip
from tradeloop.claims import actions, queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.clock import deadlines_of
from tradeloop.claims.lifecycle import State
from tradeloop.claims.replays import replays
from tradeloop.claims.rows import do
from tradeloop.kit.money import Money
from tradeloop.ledger.rate_import import import_rates
from tradeloop.ledger.rate_lines import named
from tradeloop.receivables.actions import credit
from tradeloop.receivables.facts import CreditKind

pytestmark = pytest.mark.usefixtures("database")


def figure(claim: str = "K-1") -> Money:
    complete(claim)
    return approve(claim).pay or usd(0)


def test_2_a_unpaid_200000_of_which_150000_are_covered_at_45_percent() -> None:
    a_claim(minor=20_000_000, covered=15_000_000)
    assert figure() == usd(6_750_000)


def test_2_c_the_same_for_a_white_listed_firm() -> None:
    a_claim(minor=20_000_000, covered=15_000_000, share_bp=8_000)
    assert figure() == usd(12_000_000)


def test_2_f_a_second_claim_on_the_buyer() -> None:
    a_claim("K-1", 10_000_000, share_bp=4_500)
    figure("K-1")
    a_claim("K-2", 8_000_000, seller="another")
    assert figure("K-2") == usd(2_250_000)


def test_two_shipments_each_have_the_percentage_of_their_own_day() -> None:
    one, other = sold("T-1", 1_000_000, share_bp=4_500), sold("T-2", 1_000_000, share_bp=8_000)
    tell("K-1", one, other)
    file("K-1")
    assert figure() == usd(1_250_000)


def test_what_is_paid_since_the_loss_reduces_the_covered_part_in_proportion() -> None:
    trade = a_claim(minor=3_000_000, covered=2_500_000, share_bp=10_000)
    paid(trade, 1_000_000, OVER)
    assert figure() == usd(1_666_667)


def test_goods_that_came_back_make_their_own_shipment_less_and_no_other() -> None:
    back, kept = sold("T-1", 1_000_000, share_bp=8_000), sold("T-2", 1_000_000, share_bp=4_500)
    tell("K-1", back, kept)
    file("K-1")
    credit(
        id=uuid4(), trade=back, kind=CreditKind.GOODS_RETURNED, amount=usd(1_000_000),
        counts_on=OVER, because="came back", at=at(OVER),
    )  # fmt: skip
    assert figure() == usd(450_000)


def test_a_claim_for_less_than_is_covered_is_paid_for_less() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade)
    file("K-1", **{trade: 1_000_000})
    assert figure() == usd(450_000)


def test_goods_certified_before_anybody_knew_of_the_loss_keep_their_cover() -> None:
    small = sold("T-1", 100_000)
    later = sold("T-2", 2_000_000, shipped_on=date(2026, 7, 10), due_on=date(2026, 8, 10))
    tell("K-1", small)
    file("K-1", on=date(2026, 8, 1))
    tell("K-2", later, on=date(2026, 8, 20))
    file("K-2", on=date(2026, 12, 10))
    complete("K-2", on=date(2026, 12, 10))
    assert approve("K-2", on=date(2026, 12, 10)).pay == usd(900_000)


def test_the_terms_are_those_of_what_is_claimed_and_not_of_what_was_told_beside_it() -> None:
    early = sold("T-1", shipped_on=date(2022, 12, 20), due_on=date(2026, 3, 1))
    later = sold("T-2", 2_000_000)
    tell("K-1", early, later)
    assert queries.case("K-1").terms_on == date(2022, 12, 20)
    file("K-1", **{later: 2_000_000})
    assert queries.case("K-1").terms_on == SHIPPED


def test_a_late_notice_is_told_with_its_days() -> None:
    trade = sold(minor=2_000_000)
    tell("K-1", trade, on=date(2026, 4, 15))
    clock = deadlines_of(
        queries.case("K-1"), terms=terms_of(SCHEME, SHIPPED).claims, on=date(2026, 4, 15)
    )
    assert clock.deadlines.notice_late_days == 10
    assert clock.deadlines.waiting_over is not None
    assert (clock.deadlines.waiting_over.on, clock.deadlines.waiting_over.rule) == (
        OVER, "waiting-from-due-date"
    )  # fmt: skip


def test_a_claim_that_a_person_refused_needs_people_once_it_is_reopened() -> None:
    a_claim("K-1", 100_000)
    bring()
    (first,) = actions.assess(at=at(OVER), by=CLERK)
    assert (first.is_fast, first.pay) == (True, usd(45_000))
    actions.refuse(
        claim="K-1", code="goods-defective", clause="5", because="The goods do not work.",
        remedy="An expert's word that they do.", by=ANNA, at=at(OVER),
    )  # fmt: skip
    actions.reopen(claim="K-1", because="an expert came", by=BO, at=at(OVER))

    (again,) = actions.assess(at=at(OVER), by=CLERK)

    assert (again.is_fast, again.state) == (False, State.CALCULATED)


def test_a_late_notice_ends_the_fast_track() -> None:
    trade = sold(minor=100_000)
    tell("K-1", trade, on=date(2026, 4, 15))
    file("K-1")
    bring()
    (found,) = actions.assess(at=at(OVER), by=CLERK)
    assert (found.is_fast, found.pay) == (False, usd(45_000))


@pytest.mark.parametrize(
    ("rate_date", "pay"), [("shipment", 9_000_00), ("loss", 7_200_00), ("payment", 6_300_00)]
)
def test_a_debt_in_yuan_is_turned_into_dollars_at_the_schemes_day(
    rate_date: str, pay: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "insurance" / "own"
    copy.mkdir(parents=True)
    for one in filter(Path.is_file, SHIPPED_SCHEME.iterdir()):
        text = one.read_text(encoding="utf-8")
        text = text.replace('rate_date = "shipment"', f'rate_date = "{rate_date}"')
        (copy / one.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", str(tmp_path))
    days = {
        SHIPPED: "5.00",
        OVER: "6.25",
        date(2026, 7, 10): "7.142857142857",
        date(2026, 7, 11): "9",
    }
    rows = [["date", "base", "rate", "source"]]
    rows += [[str(day), "USD", rate, "PBC"] for day, rate in days.items()]
    import_rates(rows=named(enumerate(rows, 1)), at=at(date(2026, 7, 12)))
    trade = sold(minor=10_000_000, currency="CNY", covered=2_000_000, scheme="own")
    do("update cover_certificate set amount_minor = 2000000, rate = '1'")
    tell("K-1", trade, scheme="own")
    file("K-1")
    bring(currency="CNY")
    actions.assess(claims=["K-1"], at=at(date(2026, 7, 10)), by=CLERK)
    stands = approve(on=date(2026, 7, 10))

    assert stands.pay == usd(pay)
    assert not offer(on=date(2026, 7, 11)).is_new
    assert all(one.is_same for one in replays())


def test_a_part_of_a_debt_in_yuan_is_rounded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = reworded(tmp_path, "own", {'rate_date = "shipment"': 'rate_date = "loss"'})
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", folder)
    rows = [["date", "base", "rate", "source"]]
    rows += [[str(SHIPPED), "USD", "7.3", "PBC"], [str(OVER), "USD", "0.01", "PBC"]]
    import_rates(rows=named(enumerate(rows, 1)), at=at(OVER))
    # Covered are 1.00 of 1.37 dollars: 7.299… of 10.00 yuan, which are 729.927… dollars by now.
    trade = sold(minor=1_000, currency="CNY", covered=100, scheme="own")
    do("update cover_certificate set amount_minor = 137, rate = '1'")
    tell("K-1", trade, scheme="own")
    file("K-1")
    bring(currency="CNY")
    (found,) = actions.assess(claims=["K-1"], at=at(OVER), by=CLERK)

    assert found.pay == usd(32_847)  # 45 % of 729.93; of 7.30 yuan it would be 328.50


def test_a_claim_that_cannot_be_worked_out_is_held_and_stops_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "insurance" / "own"
    copy.mkdir(parents=True)
    for one in filter(Path.is_file, SHIPPED_SCHEME.iterdir()):
        text = one.read_text(encoding="utf-8").replace(
            'rate_date = "shipment"', 'rate_date = "loss"'
        )
        (copy / one.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", str(tmp_path))
    trade = sold(minor=10_000_000, currency="CNY", covered=2_000_000, scheme="own")
    do("update cover_certificate set amount_minor = 2000000")
    tell("K-1", trade, scheme="own")
    file("K-1")
    bring("K-1", currency="CNY")
    a_claim("K-2", seller="another")
    bring("K-2")
    found = {one.claim: one for one in actions.assess(at=at(OVER), by=CLERK)}

    assert [one.code for one in found["K-1"].signals] == ["figure-impossible"]
    assert "rates import" in found["K-1"].signals[0].because
    assert found["K-2"].pay == usd(900_000)
