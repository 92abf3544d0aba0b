"""Who may be covered: every reason at once, each with what would pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cover.buyer import terms, usd
from tradeloop.cover.facts import Grade, Offer
from tradeloop.cover.rules import RULES, judge
from tradeloop.cover.terms import LateDeclaration, LossKnown, Rule, StopShipment

TERMS = terms()
GOOD = Offer(
    id="t", grade=Grade.PROVEN, mode="1039", value=usd(3_000_000), shipped_on=date(2024, 6, 1),
    due_on=date(2024, 8, 30), recorded_on=date(2024, 6, 1), declared_on=date(2024, 7, 1),
    declaration=usd(15_000_000), insured_from=date(2024, 6, 1), insured_to=date(2024, 6, 1),
    merchant_filed=True, buyer_identified=True,
)  # fmt: skip

# Beside each refusal the nearest offer that passes: at the bound, and just beyond it.
BOUNDS: list[tuple[Rule, str, dict[str, object], dict[str, object]]] = [
    (Rule.TRADE_IS_PROVEN, "trade-not-proven", {}, {"grade": Grade.INCOMPLETE}),
    (Rule.MODE_IS_COVERED, "mode-not-covered", {}, {"mode": "9710"}),
    (Rule.MERCHANT_IS_FILED, "merchant-not-filed", {}, {"merchant_filed": False}),
    (Rule.BUYER_IS_IDENTIFIED, "buyer-not-identified", {}, {"buyer_identified": False}),
    (Rule.BUYER_IS_NOT_BLACKLISTED, "buyer-blacklisted", {}, {"buyer_blacklisted": True}),
    (Rule.PARTIES_ARE_UNRELATED, "parties-related", {}, {"parties_related": True}),
    (Rule.RECORDED_BEFORE_SHIPMENT, "recorded-after-shipment",
     {"recorded_on": date(2024, 6, 1)}, {"recorded_on": date(2024, 6, 2)}),
    (Rule.RECORDED_BEFORE_SHIPMENT, "recorded-after-shipment", {}, {"recorded_on": None}),
    (Rule.DECLARATION_WITHIN_VALUE, "declaration-too-large",
     {"declaration": usd(15_000_000)}, {"declaration": usd(15_000_001)}),
    (Rule.DECLARATION_WITHIN_VALUE, "declaration-missing", {}, {"declaration": None}),
    (Rule.DECLARED_IN_TIME, "declared-late",
     {"declared_on": date(2024, 7, 1), "loss_known_on": date(2024, 6, 20)},
     {"declared_on": date(2024, 7, 2), "loss_known_on": date(2024, 7, 2)}),
    (Rule.DECLARED_IN_TIME, "declared-late",
     {"declared_on": date(2024, 7, 2), "loss_known_on": date(2024, 7, 3)},
     {"declared_on": None, "loss_known_on": date(2024, 7, 3)}),
    (Rule.DECLARED_IN_TIME, "declared-late",
     {"declared_on": date(2024, 9, 1), "unpaid_since": date(2024, 9, 1)},
     {"declared_on": date(2024, 9, 1), "unpaid_since": date(2024, 8, 31)}),
    (Rule.PAYMENT_IS_NOT_CASH, "paid-in-cash", {}, {"by_cash": True}),
    (Rule.CREDIT_IS_GIVEN, "no-credit-given",
     {"collected": usd(2_999_999)}, {"collected": usd(3_000_000)}),
    (Rule.CREDIT_IS_GIVEN, "no-credit-given", {}, {"due_on": None}),
    (Rule.CREDIT_IS_GIVEN, "no-credit-given",
     {"due_on": date(2024, 6, 1)}, {"due_on": date(2024, 5, 31)}),
    (Rule.CREDIT_WITHIN_TERMS, "credit-too-long",
     {"due_on": date(2025, 5, 27)}, {"due_on": date(2025, 5, 28)}),
    (Rule.SHIPPED_WHILE_INSURED, "shipped-outside-policy",
     {"insured_to": date(2024, 6, 1)}, {"insured_from": date(2024, 6, 2)}),
    (Rule.SHIPMENTS_NOT_STOPPED, "shipments-stopped",
     {"overdue": usd(200_000), "overdue_days": 95}, {"overdue": usd(200_001), "overdue_days": 91}),
    (Rule.SHIPMENTS_NOT_STOPPED, "shipments-stopped",
     {"overdue": usd(250_000), "overdue_days": 90}, {"overdue": usd(250_000), "overdue_days": 95}),
    (Rule.DISPUTES_WITHIN_TERMS, "dispute-too-large",
     {"disputed": usd(2_249_999)}, {"disputed": usd(2_250_000)}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "code", "passes", "fails"), BOUNDS)
def test_each_rule_refuses_just_beyond_its_bound_and_says_what_would_pass(
    rule: Rule, code: str, passes: dict[str, object], fails: dict[str, object]
) -> None:
    assert RULES[rule](replace(GOOD, **passes), TERMS) is None

    found = RULES[rule](replace(GOOD, **fails), TERMS)

    assert found is not None
    assert found.code == code
    assert found.remedy
    assert found.source == TERMS.source


def test_every_rule_has_a_function_and_a_bound() -> None:
    assert set(RULES) == set(Rule) == {rule for rule, *_ in BOUNDS}


def test_a_good_trade_is_eligible() -> None:
    assert judge(GOOD, TERMS) == ()


def test_all_reasons_come_at_once_in_the_order_of_the_scheme() -> None:
    bad = replace(GOOD, grade=Grade.CONTRADICTED, by_cash=True, due_on=None, mode="0110")

    codes = [one.code for one in judge(bad, TERMS)]

    assert codes == ["trade-not-proven", "mode-not-covered", "paid-in-cash", "no-credit-given"]


def test_a_scheme_asks_only_what_it_lists() -> None:
    bad = replace(GOOD, by_cash=True)

    assert judge(bad, replace(TERMS, rules=(Rule.MODE_IS_COVERED,))) == ()


@pytest.mark.parametrize(
    ("switch", "refused"),
    [
        (LateDeclaration.ACCEPTED, False),
        (LateDeclaration.REFUSED_IF_LOSS_KNOWN, False),
        (LateDeclaration.REFUSED, True),
    ],
)
def test_a_late_declaration_before_any_loss_is_as_the_switch_says(
    switch: LateDeclaration,
    refused: bool,  # noqa: FBT001 - a column of the table
) -> None:
    late = replace(GOOD, declared_on=date(2024, 9, 1))

    found = judge(late, replace(TERMS, late_declaration=switch))

    assert bool(found) is refused


def test_a_loss_that_nobody_told_of_is_known_only_where_the_wording_says_so() -> None:
    burning = replace(GOOD, declared_on=date(2024, 11, 28), unpaid_since=date(2024, 8, 30))

    (refused,) = judge(burning, TERMS)

    assert "unpaid since 2024-08-30" in refused.because
    assert "later only as long as no loss of it is known" in refused.remedy
    assert judge(burning, replace(TERMS, loss_known=LossKnown.TOLD)) == ()


def test_arrears_stop_nothing_where_the_scheme_has_no_stop() -> None:
    owing = replace(GOOD, overdue=usd(9_999_999), overdue_days=900)

    assert judge(owing, replace(TERMS, stop_shipment=StopShipment.NEVER)) == ()
