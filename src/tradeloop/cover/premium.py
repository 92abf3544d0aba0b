"""What cover costs: rate, minimum, adjustment at the year's end, subsidy, and what comes back."""

from __future__ import annotations

from datetime import date

from tradeloop.cover.facts import Policy, Premium, Turnover
from tradeloop.cover.terms import PremiumBase, PremiumTerms, Refund
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import Money
from tradeloop.kit.terms import used


class TurnoverUnknown(ValueError):
    """The premium is on what is covered, and nobody said how much that is."""


class PeriodBackwards(ValueError):
    """A period of insurance ends before it begins."""


def premium(turnover: Turnover, terms: PremiumTerms) -> Premium:
    """Return the premium of a period, and what of it the public purse bears.

    Returns:
        Minor units of the turnover's currency. The rate is applied to the whole turnover and
        rounded once; the subsidy is rounded once, and the merchant bears the rest of it.

    Raises:
        TurnoverUnknown: The terms ask for the covered turnover, and it is not given.
        CurrencyMismatch: Turnover, minimum and payments are in different currencies.

    Source:
        Brokers' guides: premium on declared turnover, at least a share of the one estimated,
        adjusted when the year is over.
    """
    base = turnover.declared if terms.base is PremiumBase.DECLARED else turnover.covered
    if base is None:
        raise TurnoverUnknown("The premium is on covered turnover. Say how much was covered.")
    by_rate = base.part(terms.rate_bp, rounding=terms.rounding.by)
    explained = Explained.start(
        "premium-by-rate", by_rate, f"{terms.rate_bp} basis points of {base}",
        "Turnover times the rate", used(terms, "base", "rate_bp", "rounding"),
    )  # fmt: skip
    least = _minimum(turnover.estimated, terms, zero=Money(0, base.currency))
    explained = explained.then(
        "minimum-premium", max(by_rate, least), f"At least {least}",
        "A period costs no less than its minimum", used(terms, "minimum", "minimum_share_bp"),
    )  # fmt: skip
    return _borne(explained, turnover, terms)


def ended(whole: Premium, turnover: Turnover, policy: Policy, terms: PremiumTerms) -> Premium:
    """Return the premium of a policy that ended early: the `whole` one without days not run.

    Raises:
        CurrencyMismatch: Turnover and minimum are in different currencies.
    """
    back = refund(
        paid=whole.due, ends_on=policy.insured_to, period_from=policy.insured_from,
        period_to=policy.period_to, terms=terms, estimated=turnover.estimated,
    )  # fmt: skip
    left = (policy.period_to - policy.insured_to).days
    days = (policy.period_to - policy.insured_from).days + 1
    explained = whole.explained.then(
        "refund", whole.due - back,
        f"The policy ended on {policy.insured_to}: {left} of {days} days were not run",
        "What comes back when cover ends early, down to the minimum",
        used(terms, "refund", "minimum", "minimum_share_bp", "rounding"),
    )  # fmt: skip
    return _borne(explained, turnover, terms)


def refund(  # noqa: PLR0913 - what was paid, for which days, by what
    *, paid: Money, ends_on: date, period_from: date, period_to: date, terms: PremiumTerms,
    estimated: Money | None = None,
) -> Money:  # fmt: skip
    """Return what comes back of a premium when cover ends early.

    Args:
        paid: For the whole period.
        ends_on: The last day of cover. A day after the period gives nothing back, a day before it
            all but the minimum.
        period_from: First day, inclusive.
        period_to: Last day, inclusive.
        terms: The minimum is kept whatever happens.
        estimated: Turnover, at the beginning; the minimum may be a share of its premium.

    Returns:
        By days not run, rounded once, never more than what was paid beyond the minimum.

    Raises:
        PeriodBackwards: The period ends before it begins.
    """
    if period_to < period_from:
        raise PeriodBackwards(
            f"The period is from {period_from} to {period_to}. Give its first and its last day."
        )
    nothing = Money(0, paid.currency)
    if terms.refund is Refund.NONE:
        return nothing
    days = (period_to - period_from).days + 1
    left = min(max((period_to - ends_on).days, 0), days)
    by_days = Money(terms.rounding.by(paid.minor * left, days), paid.currency)
    spare = paid - _minimum(estimated, terms, zero=nothing)
    return max(min(by_days, spare), nothing)


def _borne(explained: Explained, turnover: Turnover, terms: PremiumTerms) -> Premium:
    """Share what is due between the public purse and the merchant."""
    due = explained.result
    subsidy = due.part(terms.subsidy_share_bp, rounding=terms.rounding.by)
    paid = turnover.paid or Money(0, due.currency)
    return Premium(
        explained=explained, subsidy=subsidy, merchant=due - subsidy, adjustment=due - paid
    )


def _minimum(estimated: Money | None, terms: PremiumTerms, *, zero: Money) -> Money:
    of_estimate = zero
    if estimated is not None:
        of_estimate = estimated.part(
            terms.rate_bp, terms.minimum_share_bp, rounding=terms.rounding.by
        )
    return max(of_estimate, terms.minimum or zero)
