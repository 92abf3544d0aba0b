"""What the claimed shipments come to: cover's word on them, at the rate of the scheme's day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tradeloop.claims.calculation import Terms
from tradeloop.claims.case import Case, Insured
from tradeloop.claims.rows import named
from tradeloop.claims.terms import RateDate
from tradeloop.claims.turned import rate_day
from tradeloop.cover.facts import InsuredShipment
from tradeloop.cover.queries import insured_debt
from tradeloop.kit.money import Money, up
from tradeloop.ledger.rates import NoRate, quoted

RATE_AGE_DAYS_MAX = 10
"""The oldest rate that will do: banks close for a week at the new year."""


class FigureImpossible(LookupError):
    """A claim cannot be worked out: nothing of it is covered, or a rate is missing."""


def insured(
    cases: Sequence[Case], terms: Mapping[str, Terms], *, on: date
) -> tuple[Mapping[str, tuple[Insured, ...]], Mapping[str, str]]:
    """Return for each claim its covered shipments, the oldest first; and why, if it has none.

    Args:
        cases: Filed claims: each has its date of loss.
        terms: Of each claim, by its id.
        on: The day on which it is worked out; it counts where the rate is that of payment.
    """
    known: dict[tuple[str, str, str, date], tuple[InsuredShipment, ...]] = {}
    rates = _rates([trade for case in cases for trade in case.trades])
    found: dict[str, tuple[Insured, ...]] = {}
    failed: dict[str, str] = {}
    for case in cases:
        assert case.loss_on is not None  # noqa: S101 - the table says so of filed claims
        key = (case.scheme, *case.pair, case.loss_on)
        if key not in known:
            known[key] = insured_debt(
                scheme=case.scheme, policyholder=case.policyholder, buyer=case.buyer,
                loss_on=case.loss_on,
            )  # fmt: skip
        claimed = {line.trade: line.claimed for line in case.lines}
        try:
            found[case.id] = tuple(
                _insured(one, claimed[one.trade], rates.get(one.trade), case, terms[case.id], on)
                for one in known[key]
                if one.trade in claimed and one.certificate is not None
            )
        except NoRate as error:
            failed[case.id] = str(error)
        if not found.get(case.id):
            failed.setdefault(case.id, "None of its trades is covered: look at `cover show`.")
    return found, failed


def counted(pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return for each seller and buyer the payments since the loss, in the order they came."""
    rows = named(
        "select p.seller, p.buyer, p.id from receivables_payment as p "
        "join receivables_loss as l on l.seller = p.seller and l.buyer = p.buyer "
        "where (p.seller, p.buyer) in (select * from unnest(%s::text[], %s::text[])) "
        "and p.paid_on >= l.loss_on and p.withdrawn_at is null order by p.arrival",
        [seller for seller, _ in pairs], [buyer for _, buyer in pairs],
    )  # fmt: skip
    found: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        found[row["seller"], row["buyer"]] += (row["id"],)
    return found


def _insured(  # noqa: PLR0917 - each is a part of one look
    one: InsuredShipment, claimed: Money | None, rate: Mapping[str, Any] | None, case: Case,
    terms: Terms, on: date,
) -> Insured:  # fmt: skip
    unpaid = one.covered_unpaid
    if claimed is not None and rate is not None:
        # A claim for less than is covered is paid for less. It was filed for what was still open,
        # so what came in since the loss is added here: the calculation deducts it, once.
        most = up(claimed.minor * rate["covered_amount"], rate["owed_amount"])
        if left := (one.open_before_loss - one.credits_since).minor:
            most = up(most * one.open_before_loss.minor, left)
        unpaid = min(unpaid, Money(most, unpaid.currency))
    open_, credits_ = one.open_before_loss, one.credits_since
    if rate is not None and rate["owed_currency"] != unpaid.currency:
        unpaid, open_, credits_ = (
            _at_rate_of_day(amount, rate, one.shipped_on, case, terms, on)
            for amount in (unpaid, open_, credits_)
        )
    return Insured(
        trade=one.trade, unpaid=unpaid, open=open_, credits=credits_,
        insured_share_bp=one.insured_share_bp, limit=one.limit, is_white_listed=one.white_listed,
    )  # fmt: skip


def _at_rate_of_day(  # noqa: PLR0917 - the same
    unpaid: Money, rate: Mapping[str, Any], shipped_on: date, case: Case, terms: Terms, on: date
) -> Money:
    """Turn an amount at the rate of shipment into one at the rate of the scheme's day."""
    if terms.claims.rate_date is RateDate.SHIPMENT or case.loss_on is None:
        return unpaid
    day = rate_day(terms.claims, shipped_on=shipped_on, loss_on=case.loss_on, paid_on=on)
    owed = Money(rate["owed_amount"], rate["owed_currency"])
    quote = quoted(
        owed.currency, unpaid.currency, on=day, source=rate["source"],
        age_days_max=RATE_AGE_DAYS_MAX,
    )  # fmt: skip
    part = Fraction(unpaid.minor, rate["covered_amount"])
    return quote.convert(owed, rounding=terms.claims.rounding.by, times=part)


def _rates(trades: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return both amounts of each certified trade, and whose rate led from one to the other."""
    rows = named(
        "select r.trade, r.currency as owed_currency, r.amount_minor as owed_amount, "
        "c.amount_minor as covered_amount, coalesce(q.source, '') as source "
        "from receivables_receivable as r join cover_certificate as c on c.receivable_id = r.id "
        "left join ledger_rate as q on q.id::text = split_part(c.rate, '+', 1) "
        "where r.trade = any(%s)",
        list(trades),
    )
    return {row["trade"]: row for row in rows}
