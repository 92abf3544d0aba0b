"""What is paid for a loss: never more than the loss, and every line of it adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cover.buyer import SCHEME, usd
from cover.buyer import terms as cover_terms
from tradeloop.claims.facts import Loss, LossUnsound, Part
from tradeloop.claims.rules import indemnity
from tradeloop.claims.shares import split
from tradeloop.claims.terms import ClaimTerms, LateNotice, Order, RateDate, Residual, Retention
from tradeloop.claims.turned import implied_loss, rate_day
from tradeloop.cover.terms import CapBasis
from tradeloop.kit.money import Money, SharesUndefined
from tradeloop.kit.terms import Rounds, TermsContradictory, canonical
from tradeloop.schemes.load import load

TERMS = load(SCHEME, "claims", into=ClaimTerms, on=date(2024, 6, 1))
COVER = cover_terms()


def terms(**changed: object) -> ClaimTerms:
    return replace(TERMS, **changed)


def loss(unpaid: int, **more: object) -> Loss:
    share_bp = more.pop("insured_share_bp", 4_500)
    part = Part(unpaid=usd(unpaid), insured_share_bp=share_bp)
    return Loss(parts=(part,), **{"limit": usd(15_000_000), **more})


def pay(one: Loss, given_: ClaimTerms = TERMS, *, basis: CapBasis = CapBasis.LOSS) -> int:
    return indemnity(one, cover=replace(COVER, cap_basis=basis), terms=given_).pay.minor


MONEY = st.integers(0, 300).map(usd)
MAYBE = st.none() | MONEY
PARTS = st.builds(Part, unpaid=MONEY, insured_share_bp=st.integers(0, 10_000))
LOSSES = st.builds(
    Loss, parts=st.lists(PARTS, max_size=3).map(tuple), limit=MONEY, credits=MAYBE,
    resold=MAYBE, saved=MAYBE, used=MAYBE, unshipped=MAYBE, first_loss_left=MAYBE,
    liability_left=MAYBE, notice_late_days=st.integers(0, 3),
)  # fmt: skip


@st.composite
def switches(draw: st.DrawFn) -> ClaimTerms:
    retention = draw(st.sampled_from(Retention))
    return terms(
        retention=retention,
        retention_amount=None if retention is Retention.NOTHING else draw(MONEY),
        deductible_order=draw(st.sampled_from(Order)),
        first_loss=draw(MAYBE),
        first_loss_order=draw(st.sampled_from(Order)),
        unshipped_share_bp=draw(st.integers(0, 10_000)),
        late_notice=draw(st.sampled_from(LateNotice)),
        late_notice_share_bp=draw(st.integers(0, 10_000)),
        rounding=draw(st.sampled_from(Rounds)),
    )


@given(one=LOSSES, given_=switches(), basis=st.sampled_from(CapBasis))
@settings(max_examples=200, deadline=None)
def test_nobody_is_paid_more_than_the_loss_the_limit_or_the_maximum(
    one: Loss, given_: ClaimTerms, basis: CapBasis
) -> None:
    paid = pay(one, given_, basis=basis)

    nothing = usd(0)
    gone = sum(part.minor for part in (one.credits, one.resold, one.saved) if part)
    lost = max(one.unpaid.minor - gone, 0) + (one.unshipped or nothing).minor
    left = max((one.limit - (one.used or nothing)).minor, 0)
    assert 0 <= paid <= min(lost, left)
    if one.liability_left is not None:
        assert paid <= one.liability_left.minor


@given(one=LOSSES, given_=switches(), basis=st.sampled_from(CapBasis))
@settings(max_examples=200, deadline=None)
def test_the_lines_add_up_and_a_replay_gives_the_same_bytes(
    one: Loss, given_: ClaimTerms, basis: CapBasis
) -> None:
    cover = replace(COVER, cap_basis=basis)
    found = indemnity(one, cover=cover, terms=given_)

    lines = found.explained.lines
    assert sum((line.change for line in lines), usd(0)) == found.pay
    assert all(line.clause and line.says for line in lines)
    assert canonical(indemnity(one, cover=cover, terms=given_)) == canonical(found)


@given(one=LOSSES, more=MONEY, share_bp=st.integers(0, 10_000), given_=switches())
@settings(max_examples=100, deadline=None)
def test_a_further_shipment_never_makes_the_indemnity_smaller(
    one: Loss, more: Money, share_bp: int, given_: ClaimTerms
) -> None:
    # What came in since is shared over all of them, so it may not.
    smaller = replace(one, unshipped=None, credits=None, resold=None, saved=None)

    one_more = Part(unpaid=more, insured_share_bp=share_bp)

    assert pay(replace(smaller, parts=(*one.parts, one_more)), given_) >= pay(smaller, given_)


@given(one=LOSSES, more=MONEY, share_bp=st.integers(0, 10_000), given_=switches())
@settings(max_examples=100, deadline=None)
def test_a_larger_debt_is_never_paid_less(
    one: Loss, more: Money, share_bp: int, given_: ClaimTerms
) -> None:
    def of(unpaid: Money) -> Loss:
        part = Part(unpaid=unpaid, insured_share_bp=share_bp)
        return replace(one, parts=(part,), unshipped=None)

    assert pay(of(one.unpaid + more), given_) >= pay(of(one.unpaid), given_)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.sampled_from(CapBasis))
@settings(deadline=None)
def test_claims_on_one_buyer_together_stay_within_its_limit(
    unpaid: list[int], basis: CapBasis
) -> None:
    cover = replace(COVER, cap_basis=basis)
    used, paid = usd(0), usd(0)

    for one in unpaid:
        next_loss = loss(one, limit=usd(150), insured_share_bp=8_000, used=used)
        found = indemnity(next_loss, cover=cover, terms=TERMS)
        used, paid = found.used, paid + found.pay

    assert used <= usd(150)
    # On the loss, 80 % of the limit and half a minor unit of rounding for each claim.
    most = 150 if basis is CapBasis.PAYOUT else 120 + len(unpaid)
    assert paid <= usd(most)


def test_the_percentage_is_rounded_once_whatever_else_is_taken_of_it() -> None:
    # 3 at 45 % are 1.35; half of that is 0.675, and not the half of 1.
    late = loss(3, notice_late_days=1)
    halved = terms(late_notice=LateNotice.REDUCED, late_notice_share_bp=5_000)

    assert pay(late, halved) == 1
    assert pay(late, replace(halved, rounding=Rounds.DOWN)) == 0


def test_each_shipment_is_paid_by_the_percentage_of_its_own_day_in_the_order_of_shipment() -> None:
    old = Part(unpaid=usd(100), insured_share_bp=8_000)
    new = Part(unpaid=usd(100), insured_share_bp=4_500)

    for parts, limit, paid in (
        ((old, new), 200, 125), ((old, new), 150, 80 + 23), ((new, old), 150, 45 + 40),
    ):  # fmt: skip
        assert pay(Loss(parts=parts, limit=usd(limit))) == paid


def test_what_came_in_since_counts_for_all_shipments_alike() -> None:
    parts = (
        Part(unpaid=usd(100), insured_share_bp=8_000), Part(unpaid=usd(300), insured_share_bp=4_000)
    )  # fmt: skip

    assert pay(Loss(parts=parts, limit=usd(1_000), credits=usd(200))) == 40 + 60


def test_a_notice_after_its_last_day_may_cost_all() -> None:
    refused = terms(late_notice=LateNotice.REFUSED)

    assert pay(loss(1_000, notice_late_days=1), refused) == 0
    assert pay(loss(1_000), refused) == 450


def test_what_came_in_since_and_what_was_saved_makes_the_loss_smaller() -> None:
    one = loss(1_000, credits=usd(100), resold=usd(200), saved=usd(300))

    assert pay(one) == 180
    assert pay(loss(1_000, credits=usd(2_000))) == 0


def test_orders_in_hand_find_room_only_behind_the_debt() -> None:
    given_ = terms(unshipped_share_bp=2_000)
    one = loss(100, limit=usd(120), unshipped=usd(50), insured_share_bp=8_000)

    assert pay(one, given_) == 80 + 4
    assert pay(one, given_, basis=CapBasis.PAYOUT) == 80 + 10


def test_an_amount_below_zero_is_refused() -> None:
    with pytest.raises(LossUnsound, match="credits is"):
        pay(loss(100, credits=usd(-1)))


def test_a_retention_and_its_amount_go_together() -> None:
    with pytest.raises(TermsContradictory, match="none with nothing"):
        terms(retention=Retention.FRANCHISE)
    with pytest.raises(TermsContradictory, match="none with nothing"):
        terms(retention_amount=usd(5))


def test_the_scheme_says_which_days_rate_counts() -> None:
    days = {
        "shipped_on": date(2024, 1, 1), "loss_on": date(2024, 2, 2), "paid_on": date(2024, 3, 3)
    }  # fmt: skip

    found = [rate_day(terms(rate_date=one), **days) for one in RateDate]

    assert found == list(days.values())


@given(st.integers(0, 10**9), st.integers(1, 10_000))
@settings(deadline=None)
def test_the_loss_that_a_payout_stands_for_gives_that_payout(paid: int, share_bp: int) -> None:
    lost = implied_loss(usd(paid), insured_share_bp=share_bp, terms=TERMS)

    assert lost.part(share_bp, rounding=TERMS.rounding.by) == usd(paid)


def test_six_insurers_share_a_claim_and_the_lead_takes_what_is_left_over() -> None:
    weights = {"lead": 4_000, "b": 2_000, "c": 1_500, "d": 1_000, "e": 1_000, "f": 500}

    shares = split(usd(70_000_001), weights, lead="lead", terms=TERMS)

    assert [one.amount.minor for one in shares] == [
        28_000_001, 14_000_000, 10_500_000, 7_000_000, 7_000_000, 3_500_000
    ]  # fmt: skip


@given(
    amount=st.integers(0, 10**9),
    weights=st.lists(st.integers(0, 10_000), min_size=1, max_size=7),
    residual=st.sampled_from(Residual),
)
@settings(deadline=None)
def test_shares_add_up_to_what_is_split(
    amount: int, weights: list[int], residual: Residual
) -> None:
    named = {f"i{n}": weight for n, weight in enumerate(weights)}
    if not sum(weights):
        with pytest.raises(SharesUndefined):
            split(usd(amount), named, lead="i0", terms=terms(residual=residual))
        return

    shares = split(usd(amount), named, lead="i0", terms=terms(residual=residual))

    assert sum((one.amount for one in shares), usd(0)) == usd(amount)
    assert all(one.amount >= usd(0) for one in shares)
    undone = split(usd(-amount), named, lead="i0", terms=terms(residual=residual))
    assert [one.amount.minor for one in undone] == [-one.amount.minor for one in shares]


def test_by_largest_remainder_the_odd_units_go_to_whom_they_nearly_belong() -> None:
    shares = split(
        usd(100), {"a": 3_333, "b": 3_333, "c": 3_334}, lead="a",
        terms=terms(residual=Residual.LARGEST_REMAINDER),
    )  # fmt: skip

    assert [one.amount.minor for one in shares] == [33, 33, 34]


def test_a_lead_without_a_share_is_refused() -> None:
    with pytest.raises(SharesUndefined):
        split(usd(100), {"a": 1}, lead="b", terms=TERMS)
