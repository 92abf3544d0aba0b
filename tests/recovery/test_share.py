"""What comes back is shared to the minor unit, in one payment or in many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cover.buyer import SCHEME, usd
from tradeloop.kit.terms import Rounds, canonical
from tradeloop.recovery.facts import Pursued, Receipt, RecoveryUnsound
from tradeloop.recovery.rules import costs_of_insurer, share
from tradeloop.recovery.terms import Costs, RecoveryTerms, Sharing
from tradeloop.schemes.load import load

TERMS = load(SCHEME, "recovery", into=RecoveryTerms, on=date(2024, 6, 1))
DAY = date(2024, 6, 1)


def terms(**changed: object) -> RecoveryTerms:
    return replace(TERMS, **changed)


def receipt(n: int, minor: int, costs: int | None = None) -> Receipt:
    return Receipt(
        id=f"r{n}", amount=usd(minor), received_on=DAY, costs=None if costs is None else usd(costs)
    )


@st.composite
def pursuits(draw: st.DrawFn) -> tuple[Pursued, tuple[Receipt, ...]]:
    debt = draw(st.integers(1, 1_000))
    covered = draw(st.integers(0, debt))
    paid = draw(st.integers(0, covered))
    parts, left = [], debt
    for n in range(draw(st.integers(0, 5))):
        minor = draw(st.integers(0, left))
        left -= minor
        parts.append(receipt(n, minor, draw(st.none() | st.integers(0, 100))))
    pursued = Pursued(
        debt=usd(debt), covered=usd(covered), paid=usd(paid),
        insured_share_bp=draw(st.integers(0, 10_000)),
    )  # fmt: skip
    return pursued, tuple(parts)


SWITCHES = st.builds(
    terms, sharing=st.sampled_from(Sharing), costs=st.sampled_from(Costs),
    rounding=st.sampled_from(Rounds), reimbursed_share_bp=st.integers(0, 10_000),
)  # fmt: skip


@given(pursuits(), SWITCHES)
@settings(max_examples=150, deadline=None)
def test_every_receipt_and_every_cost_is_shared_to_the_minor_unit(
    case: tuple[Pursued, tuple[Receipt, ...]], given_: RecoveryTerms
) -> None:
    pursued, receipts = case

    made = share(pursued, receipts, terms=given_)

    for one, of in zip(made, receipts, strict=True):
        assert one.costs_repaid + one.to_insurer + one.to_insured == of.amount
        assert one.costs_repaid + one.insurer_bears + one.insured_bears == (of.costs or usd(0))
        parts = (
            one.costs_repaid, one.to_insurer, one.to_insured, one.insurer_bears, one.insured_bears
        )  # fmt: skip
        assert min(parts) >= usd(0)
        assert sum((line.change for line in one.explained.lines), usd(0)) == one.to_insurer
    assert sum((one.to_insurer for one in made), usd(0)) <= pursued.paid
    assert canonical(share(pursued, receipts, terms=given_)) == canonical(made)


@given(pursuits(), SWITCHES)
@settings(max_examples=100, deadline=None)
def test_instalments_come_to_the_same_as_one_payment(
    case: tuple[Pursued, tuple[Receipt, ...]], given_: RecoveryTerms
) -> None:
    pursued, receipts = case
    whole = receipt(0, sum(one.amount.minor for one in receipts))
    parts = tuple(replace(one, costs=None) for one in receipts)

    once = share(pursued, [whole], terms=given_)
    by_parts = share(pursued, parts, terms=given_)

    assert sum((one.to_insurer for one in by_parts), usd(0)) == once[0].to_insurer


def test_costs_come_first_where_the_scheme_says_so() -> None:
    pursued = Pursued(debt=usd(1_200), covered=usd(1_000), paid=usd(900), insured_share_bp=9_000)

    (one,) = share(pursued, [receipt(1, 400, 40)], terms=terms(costs=Costs.FROM_PROCEEDS))

    assert (one.costs_repaid, one.to_insurer, one.to_insured) == (usd(40), usd(270), usd(90))
    assert (one.insurer_bears, one.insured_bears) == (usd(0), usd(0))


def test_within_the_covered_part_the_percentage_may_count() -> None:
    pursued = Pursued(debt=usd(1_000), covered=usd(500), paid=usd(400), insured_share_bp=8_000)

    (one,) = share(pursued, [receipt(1, 100)], terms=terms(sharing=Sharing.COVERED_THEN_SHARE))

    assert (one.to_insurer, one.to_insured) == (usd(40), usd(60))


def test_the_insurer_gets_no_more_than_it_paid() -> None:
    pursued = Pursued(debt=usd(1_000), covered=usd(1_000), paid=usd(450), insured_share_bp=4_500)
    by_cover = terms(sharing=Sharing.COVERED_TO_DEBT)

    made = share(pursued, [receipt(1, 300), receipt(2, 300), receipt(3, 400)], terms=by_cover)

    assert [one.to_insurer.minor for one in made] == [300, 150, 0]


def test_before_payout_costs_go_by_the_percentage() -> None:
    before = Pursued(debt=usd(1_000), covered=usd(900), paid=usd(0), insured_share_bp=8_000)

    assert costs_of_insurer(usd(100), pursued=before, terms=terms()) == usd(80)


@pytest.mark.parametrize(
    ("pursued", "amount", "because"),
    [
        ((100, 100, 50), 101, "came back of a debt"),
        ((100, 101, 50), 1, "no more than the next"),
        ((100, 50, 51), 1, "no more than the next"),
        ((0, 0, 0), 0, "something must be owed"),
        ((100, 100, 50), -1, "below zero"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    pursued: tuple[int, int, int], amount: int, because: str
) -> None:
    debt, covered, paid = pursued
    one = Pursued(debt=usd(debt), covered=usd(covered), paid=usd(paid), insured_share_bp=8_000)

    with pytest.raises(RecoveryUnsound, match=because):
        share(one, [receipt(1, amount)], terms=terms())
