"""How much of a buyer is covered on a day: the scheme's limit, decisions, the white list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from tradeloop.cover.facts import LimitDecision, Listing, Standing
from tradeloop.cover.terms import CoverTerms, WhiteList
from tradeloop.kit.money import BasisPoints, Money

Step = tuple[date, Money, str]
"""From this day, so much, by this decision."""


def standing(
    policyholder: str,
    on: date,
    *,
    terms: CoverTerms,
    limits: Iterable[LimitDecision] = (),
    listings: Iterable[Listing] = (),
) -> Standing:
    """Return limit and percentage for a shipment of `on`.

    Args:
        policyholder: Whose shipment it is.
        on: The day of shipment. The white list counts as it stood on that day.
        terms: Those in force on that day.
        limits: The insurer's decisions about this buyer.
        listings: The white list.
    """
    listed = terms.white_list is not WhiteList.ABSENT and any(
        one.policyholder == policyholder
        and one.from_date <= on
        and (one.to_date is None or on <= one.to_date)
        for one in listings
    )
    limit, share = of_terms(terms, white_listed=listed)
    limit, decision = decided(policyholder, on, standard=limit, terms=terms, limits=limits)
    because = "white-listed on the day of shipment" if listed else "standard"
    if decision:
        because += f"; limit by decision {decision}"
    return Standing(limit=limit, insured_share_bp=share, white_listed=listed, because=because)


def decided(
    policyholder: str,
    on: date,
    *,
    standard: Money,
    terms: CoverTerms,
    limits: Iterable[LimitDecision],
) -> tuple[Money, str]:
    """Return the limit that the insurer's decisions leave on a day, and the id of the last one.

    Without any that counts yet it is `standard`, and the id is empty.
    """
    mine = (one for one in limits if one.policyholder in {None, policyholder})
    begun = [step for step in steps(mine, terms=terms, standard=standard) if step[0] <= on]
    return (begun[-1][1], begun[-1][2]) if begun else (standard, "")


def of_terms(terms: CoverTerms, *, white_listed: bool) -> tuple[Money, BasisPoints]:
    """Return the limit and the percentage that the scheme itself gives."""
    if not white_listed or terms.white_list is WhiteList.ABSENT:
        return terms.buyer_limit, terms.insured_share_bp
    return terms.white_listed_limit or terms.buyer_limit, terms.white_listed_share_bp


def steps(decisions: Iterable[LimitDecision], *, terms: CoverTerms, standard: Money) -> list[Step]:
    """Return from when each decision counts, in order.

    A cut counts after the days of notice unless it is at once; a raise on its day. A milder
    decision takes the place of a harsher one that was told but does not count yet, and waits no
    longer than that one would have. Goods shipped before keep what they had.

    Source:
        Atradius, monitoring guide: withdrawal 30 days after notice; delivered goods stay covered.
    """
    found: list[Step] = []
    for one in sorted(decisions, key=lambda each: (each.told_on, each.id)):
        earliest = max(one.from_date or one.told_on, one.told_on)
        pending = [step for step in found if step[0] > earliest]
        begun = [step for step in found if step[0] <= earliest]
        now = begun[-1][1] if begun else standard
        starts = earliest
        if one.amount < now and not one.at_once:
            starts = max(earliest, one.told_on + timedelta(days=terms.limit_notice_days))
            harsher = [step[0] for step in pending if step[1] <= one.amount]
            starts = min([starts, *harsher])
        kept = [step for step in pending if step[0] < starts and step[1] > one.amount]
        found = [*begun, *kept, (starts, one.amount, one.id)]
    return found


def maximum_liability(premium: Money, *, terms: CoverTerms) -> Money | None:
    """Return the most that a policy pays in a period, or None if nothing bounds it.

    Source:
        Brokers' guides: an amount, or a multiple of the premium; the lower one if both.
    """
    bounds = [] if terms.maximum_liability is None else [terms.maximum_liability]
    if terms.maximum_liability_times:
        times = terms.maximum_liability_times
        bounds.append(Money(premium.minor * times, premium.currency))
    return min(bounds, default=None)


def financeable(  # noqa: PLR0913 - each of them bounds what can be lent
    *,
    declared: Money,
    invoice: Money,
    limit_left: Money,
    share_bp: BasisPoints,
    invoice_share_bp: BasisPoints,
    liability_left: Money | None,
    terms: CoverTerms,
) -> Money:
    """Return the most that a bank can lend on a covered shipment.

    Args:
        declared: To the insurer.
        invoice: Gross; the bank lends at most `invoice_share_bp` of it.
        limit_left: What is free of the buyer's limit.
        share_bp: The insured percentage.
        invoice_share_bp: The bank's own bound.
        liability_left: Of the policy's maximum; None if there is none.
        terms: Their `rounding` is used for either bound.

    Source:
        Policy finance: the lower of declared amount and effective limit, times the percentage;
        Shaoxing Bank: at most 90 % of the invoice.
    """
    by_cover = min(declared, limit_left).part(share_bp, rounding=terms.rounding.by)
    by_bank = invoice.part(invoice_share_bp, rounding=terms.rounding.by)
    return min([by_cover, by_bank, *([] if liability_left is None else [liability_left])])
