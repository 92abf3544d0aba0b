"""Premium is billed once for what was declared, and the authority bears its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest

from cover.counter import DAY, MERCHANT, SCHEME, count, noon, offer, trade
from tradeloop.cover.billing import Bill, bill
from tradeloop.cover.policies import Begin, PolicyUnfit, PolicyUnknown, begin, end
from tradeloop.cover.registers import policies_of
from tradeloop.cover.terms import CoverTerms, PremiumTerms, Refund
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money
from tradeloop.ledger import queries as ledger
from tradeloop.schemes.load import find, versions
from tradeloop.store.database import cursor

from cover.counter import terms  # isort: skip

pytestmark = pytest.mark.usefixtures("database")
MAY = date(2026, 5, 10)


def billed(
    on: date, *, cover: Sequence[CoverTerms] | None = None, **changed: object
) -> tuple[Bill, ...]:
    """Bill by the scheme's terms, some of them changed."""
    found = versions(find(SCHEME), "premium", into=PremiumTerms)
    changed_terms = [replace(one, **changed) for one in found]  # type: ignore[arg-type]
    return bill(
        scheme=SCHEME, terms=changed_terms, cover=cover or terms(), on=on, at=noon(on)
    )  # fmt: skip


def test_what_was_declared_is_billed_also_above_the_limit() -> None:
    offer(trade("A", 100_000), trade("B", 80_000))

    (one,) = billed(MAY + DAY)

    assert one.premium.due == Money(180_000, "USD")  # 1 % of 180,000
    assert (one.merchant, one.subsidy) == (Money(0, "USD"), Money(180_000, "USD"))


def test_a_maximum_in_times_of_the_premium_grows_with_the_bills() -> None:
    def most() -> list[int]:
        with cursor() as cur:
            cur.execute("select amount_minor from registry_book where purpose = 'liability'")
            return [minor for (minor,) in cur.fetchall()]

    by = terms(maximum_liability=Money(5_000_000, "USD"), maximum_liability_times=30)
    offer(trade("A", 50_000), by=by)
    assert most() == [0]

    billed(MAY + DAY, cover=by)
    assert most() == [1_500_000]  # 30 times 1 % of 50,000

    offer(trade("B", 150_000, shipped_on=MAY + 5 * DAY), on=MAY + 6 * DAY, by=by)
    billed(MAY + 6 * DAY, cover=by)
    assert most() == [5_000_000]


def test_the_same_day_again_bills_nothing() -> None:
    offer(trade("A"))
    billed(MAY + DAY)

    assert billed(MAY + DAY) == ()
    assert count("bill") == 1


def test_later_trades_are_billed_on_top_and_both_payers_are_in_the_ledger() -> None:
    offer(trade("A", 50_000))
    billed(MAY + DAY, subsidy_share_bp=3_333)
    offer(trade("B", 30_001, shipped_on=MAY + 5 * DAY), on=MAY + 6 * DAY)

    (one,) = billed(MAY + 6 * DAY, subsidy_share_bp=3_333)

    assert one.premium.due == Money(80_001, "USD")
    trial = ledger.trial_balance(on=MAY + 7 * DAY)
    assert trial.is_even
    owed = {each.account: each.balance.minor for each in trial.balances}
    assert owed[f"{MERCHANT}:owes:premium-{SCHEME}"] == 80_001 - 26_664
    assert owed[f"authority-{SCHEME}:owes:premium-{SCHEME}"] == 26_664
    assert owed[f"insurer-{SCHEME}:premium"] == -80_001


def test_a_minimum_is_due_however_little_was_declared() -> None:
    offer(trade("A", 1_000))

    (one,) = billed(MAY + DAY, minimum=Money(5_000, "USD"), subsidy_share_bp=0)

    assert one.merchant == Money(5_000, "USD")


def test_a_policy_that_overlaps_another_is_refused_and_nothing_is_written() -> None:
    wanted = [Begin(policyholder=MERCHANT, from_date=MAY)]
    (first,) = begin(scheme=SCHEME, wanted=wanted, terms=terms(), at=noon(MAY))

    assert begin(scheme=SCHEME, wanted=wanted, terms=terms(), at=noon(MAY)) == (first,)
    with pytest.raises(PolicyUnfit, match="would overlap"):
        begin(
            scheme=SCHEME, wanted=[Begin(policyholder=MERCHANT, from_date=MAY + DAY)],
            terms=terms(), at=noon(MAY),
        )  # fmt: skip
    with pytest.raises(PolicyUnfit, match="before it begins"):
        begin(
            scheme=SCHEME,
            wanted=[Begin(policyholder="other", from_date=MAY, to_date=MAY - DAY)],
            terms=terms(), at=noon(MAY),
        )  # fmt: skip
    assert count("policy") == 1


def test_a_policy_ends_once_and_goods_shipped_before_keep_their_cover() -> None:
    offer(trade("A"))
    ((policy,),) = policies_of(SCHEME, [MERCHANT]).values()

    ended = end(policy=policy.id, ends_on=MAY + DAY, because="asked for", at=noon(MAY + DAY))
    done = offer(trade("B", shipped_on=MAY + 9 * DAY), on=MAY + 9 * DAY, policies_begin=False)

    assert ended.insured_to == MAY + DAY
    assert [one.code for one in done.answers[0].findings] == ["shipped-outside-policy"]
    assert count("certificate") == 1
    with pytest.raises(MoveNotAllowed, match="is final"):
        end(policy=policy.id, ends_on=MAY, because="again", at=noon(MAY))
    with pytest.raises(PolicyUnknown, match="no policy P-9"):
        end(policy="P-9", ends_on=MAY, because="asked for", at=noon(MAY))
    with pytest.raises(PolicyUnfit, match="Say why"):
        end(policy=policy.id, ends_on=MAY, because=" ", at=noon(MAY))


def ended(on: date = MAY + DAY) -> None:
    ((policy,),) = policies_of(SCHEME, [MERCHANT]).values()
    end(policy=policy.id, ends_on=on, because="asked for", at=noon(on))


def balances(on: date) -> dict[str, int]:
    return {one.account: one.balance.minor for one in ledger.trial_balance(on=on).balances}


def test_a_policy_that_was_ended_gives_back_the_days_not_run_to_whoever_paid_them_once() -> None:
    offer(trade("A", 36_500))
    billed(MAY + DAY, subsidy_share_bp=3_333)
    ended()  # two of 365 days have run

    assert billed(MAY, subsidy_share_bp=3_333) == ()
    (one,) = billed(MAY + 2 * DAY, subsidy_share_bp=3_333)
    assert billed(MAY + 3 * DAY, subsidy_share_bp=3_333) == ()

    last = one.premium.explained.lines[-1]
    assert (last.code, last.change) == ("refund", Money(-36_300, "USD"))
    assert "363 of 365 days" in last.says
    assert one.premium.due == Money(200, "USD")
    assert (one.merchant.minor, one.subsidy.minor) == (-(24_335 - 133), -(12_165 - 67))
    owed = balances(MAY + 4 * DAY)
    assert owed[f"{MERCHANT}:owes:premium-{SCHEME}"] == 133
    assert owed[f"authority-{SCHEME}:owes:premium-{SCHEME}"] == 67
    assert owed[f"insurer-{SCHEME}:premium"] == -200


def test_nothing_comes_back_where_the_scheme_says_so_and_the_minimum_never() -> None:
    offer(trade("A", 36_500))
    billed(MAY + DAY)
    ended()

    assert billed(MAY + 2 * DAY, refund=Refund.NONE) == ()
    (one,) = billed(MAY + 2 * DAY, minimum=Money(30_000, "USD"))
    assert one.subsidy == Money(-6_500, "USD")


def test_an_end_before_anything_was_billed_is_billed_for_the_days_that_ran() -> None:
    offer(trade("A", 36_500))
    ended()

    (one,) = billed(MAY + 2 * DAY)

    assert [line.code for line in one.premium.explained.lines] == [
        "premium-by-rate", "minimum-premium", "refund"
    ]  # fmt: skip
    assert one.subsidy == Money(200, "USD")


def test_a_refund_takes_nothing_of_the_most_that_a_policy_pays() -> None:
    by = terms(maximum_liability_times=30)
    offer(trade("A", 36_500), by=by)
    billed(MAY + DAY, cover=by)
    ended()
    billed(MAY + 2 * DAY, cover=by)

    with cursor() as cur:
        cur.execute("select amount_minor from registry_book where purpose = 'liability'")
        assert cur.fetchall() == [(30 * 36_500,)]


def test_a_policy_remembers_until_when_it_was_to_run() -> None:
    offer(trade("A"))
    ended()

    ((policy,),) = policies_of(SCHEME, [MERCHANT]).values()
    assert (policy.insured_to, policy.period_to) == (MAY + DAY, date(2027, 5, 9))

    # As of a policy that was ended before this was kept: its beginning is in the journal.
    remember = import_module("tradeloop.cover.migrations.0003_last_day_agreed").REMEMBER
    with cursor() as cur:
        cur.execute("update cover_policy set period_to = null")
        cur.execute(remember)
    assert policies_of(SCHEME, [MERCHANT])[MERCHANT] == [policy]


def test_the_minimum_is_billed_first_and_the_year_is_adjusted_to_what_was_sold() -> None:
    # Example 9-13 in hundredths: 0.2 % of 100,000 expected, at least 80 % of that.
    expected = Money(10_000_000, "USD")
    wanted = [Begin(policyholder=MERCHANT, from_date=MAY, estimated=expected)]
    begin(scheme=SCHEME, wanted=wanted, terms=terms(), at=noon(MAY))
    guide = {"rate_bp": 20, "minimum_share_bp": 8_000, "subsidy_share_bp": 0}

    (first,) = billed(MAY, **guide)
    offer(trade("A", 70_000))
    assert billed(MAY + DAY, **guide) == ()
    offer(trade("B", 50_000, shipped_on=MAY + 5 * DAY), on=MAY + 6 * DAY)
    (second,) = billed(MAY + 365 * DAY, **guide)

    assert (first.merchant, second.merchant) == (Money(16_000, "USD"), Money(8_000, "USD"))
    assert balances(MAY + 365 * DAY)[f"{MERCHANT}:owes:premium-{SCHEME}"] == 24_000
