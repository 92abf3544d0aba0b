"""Whatever happens with a buyer, in whatever order we hear of it, its limit holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cover.buyer import DAY, SWITCHES, covered_on, exposure_on, histories, terms, usd
from tradeloop.cover import limits
from tradeloop.cover.buyers import _Play, certify
from tradeloop.cover.facts import History
from tradeloop.cover.terms import CapBasis, CapPer, CapUse, CoverTerms, LateArrival
from tradeloop.kit.money import WHOLE
from tradeloop.kit.terms import canonical


def holds(history: History, given_: CoverTerms) -> None:
    """Say that no grant of any day took the cover of its limit above what was in force."""
    made = certify(history, terms=[given_])
    alone = given_.cap_per is CapPer.POLICYHOLDER_AND_BUYER
    by_id = {one.id: one for one in history.shipments}
    for name in {one.policyholder for one in history.shipments}:
        mine = tuple(one for one in made if not alone or by_id[one.shipment].policyholder == name)
        for on in {grant.on for one in mine for grant in one.grants}:
            highest = max(
                limits.standing(
                    firm, on, terms=given_, limits=history.limits, listings=history.listings
                ).limit.minor
                for firm in {by_id[one.shipment].policyholder for one in mine}
            )
            assert exposure_on(mine, on, given_) <= highest * WHOLE


@given(histories(), SWITCHES)
@settings(max_examples=120, deadline=None)
def test_no_grant_takes_a_buyer_above_the_limit_of_its_day(
    history: History, given_: CoverTerms
) -> None:
    holds(history, given_)


@given(histories(), SWITCHES)
@settings(max_examples=150, deadline=None)
def test_no_room_is_missed_by_not_looking_for_it(history: History, given_: CoverTerms) -> None:
    made = certify(history, terms=[given_])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Play, "may_have_room", lambda *_: True)
        looked_always = certify(history, terms=[given_])

    assert canonical(made) == canonical(looked_always)


@given(histories(), SWITCHES)
@settings(max_examples=60, deadline=None)
def test_nor_when_the_order_of_shipment_decides(history: History, given_: CoverTerms) -> None:
    holds(history, replace(given_, late_arrival=LateArrival.BY_SHIPMENT_DATE))


@given(histories(), SWITCHES)
@settings(max_examples=60, deadline=None)
def test_between_grants_cover_only_falls(history: History, given_: CoverTerms) -> None:
    made = certify(history, terms=[given_])
    days = sorted(
        {grant.on for one in made for grant in one.grants}
        | {part.on for one in made for part in one.clearings}
    )
    for before, after in pairwise(days):
        new = sum(grant.amount.minor for one in made for grant in one.grants if grant.on == after)
        cover = [sum(covered_on(one, on) for one in made) for on in (before, after)]
        assert cover[1] <= cover[0] + new


@given(histories(limits=False), SWITCHES, st.data())
@settings(max_examples=80, deadline=None)
def test_what_arrives_later_reduces_no_certificate_already_given(
    history: History, given_: CoverTerms, data: st.DataObject
) -> None:
    heard = data.draw(st.integers(0, len(history.shipments) + len(history.payments)))
    early = replace(
        history,
        shipments=tuple(one for one in history.shipments if one.arrival < heard),
        payments=tuple(one for one in history.payments if one.arrival < heard),
    )

    given_before = {one.shipment: one for one in certify(early, terms=[given_])}
    now = {one.shipment: one for one in certify(history, terms=[given_])}

    for name, one in given_before.items():
        kept = len(one.grants)
        assert now[name].grants[:kept] == one.grants
        assert now[name].covered >= one.covered


@given(histories(limits=False, one_firm=True))
@settings(max_examples=80, deadline=None)
def test_one_firm_with_one_limit_is_covered_for_all_it_is_owed_up_to_the_limit(
    history: History,
) -> None:
    # The plain reading of a revolving limit, in the order of days, before any loss.
    whole = replace(history, loss_on=None, listings=())
    by_day = terms(
        buyer_limit=usd(100), late_arrival=LateArrival.BY_SHIPMENT_DATE,
        cap_basis=CapBasis.LOSS, stop_shipment="never",
    )  # fmt: skip

    made = certify(whole, terms=[by_day])

    owed = sum(one.covered_unpaid.minor + one.uncovered_unpaid.minor for one in made)
    assert sum(one.covered_unpaid.minor for one in made) == min(owed, 100)


@given(histories(), SWITCHES)
@settings(max_examples=60, deadline=None)
def test_a_limit_for_a_period_is_used_up_once(history: History, given_: CoverTerms) -> None:
    per_period = replace(given_, cap_use=CapUse.PER_PERIOD, white_list="absent")
    made = certify(history, terms=[per_period])
    highest = max([100, *(one.amount.minor for one in history.limits)])

    for name in {one.policyholder for one in history.shipments}:
        mine = {one.id for one in history.shipments if one.policyholder == name}
        weight = 4_500 if per_period.cap_basis is CapBasis.PAYOUT else WHOLE
        used = sum(one.covered.minor for one in made if one.shipment in mine) * weight
        assert used <= highest * WHOLE


@given(histories(), SWITCHES)
@settings(max_examples=60, deadline=None)
def test_every_shipment_and_every_payment_is_accounted_for(
    history: History, given_: CoverTerms
) -> None:
    made = certify(history, terms=[given_])

    paid_in = {one.id: one.amount for one in history.payments}
    for one in made:
        cleared = sum((part.amount for part in one.clearings), usd(0))
        assert one.covered_unpaid + one.uncovered_unpaid + cleared == one.amount
        assert usd(0) <= one.covered <= one.amount
    for id_, amount in paid_in.items():
        parts = (part for one in made for part in one.clearings if part.payment == id_)
        assert sum((part.amount for part in parts), usd(0)) <= amount


@given(histories(), SWITCHES)
@settings(max_examples=100, deadline=None)
def test_the_same_history_gives_the_same_bytes(history: History, given_: CoverTerms) -> None:
    shuffled = replace(
        history, shipments=history.shipments, payments=history.payments[::-1],
        limits=history.limits[::-1],
    )  # fmt: skip

    first = canonical(certify(history, terms=[given_]))

    assert canonical(certify(history, terms=[given_])) == first
    assert canonical(certify(shuffled, terms=[given_])) == first


@pytest.mark.soak
@given(histories(), SWITCHES)
@settings(max_examples=5_000, deadline=None)
def test_five_thousand_histories_keep_the_limit(history: History, given_: CoverTerms) -> None:
    holds(history, given_)
    holds(history, replace(given_, late_arrival=LateArrival.BY_SHIPMENT_DATE))


def test_the_histories_begin_on_a_day_of_the_current_terms() -> None:
    assert terms().from_date <= DAY
