"""A judged trade becomes an offer: what its papers say, beside what the registers know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tradeloop.cover.arrears import due_before
from tradeloop.cover.facts import Grade, Listing, Offer, Policy
from tradeloop.cover.terms import CoverTerms
from tradeloop.kit.findings import Finding, Weight
from tradeloop.kit.money import MINOR_DIGITS, Money, half_up
from tradeloop.ledger.rates import NoRate
from tradeloop.trades.offers import OfferedTrade

SOURCE = "zero-visit cover: what papers and registers must tell before the scheme's own rules"
Pair = tuple[str, str]  # seller, buyer
Converts = Callable[[Money, date], Money]
"""Brings an amount into the currency of cover, at the rate of a day; raises NoRate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """One debt past its day: what is open of it, and what was cleared of it since that day."""

    due_on: date
    open: Money
    cleared: tuple[tuple[date, Money], ...] = ()

    def open_on(self, on: date) -> Money:
        """Return what was open of it at the end of a day after its own."""
        return sum((amount for day, amount in self.cleared if day > on), self.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """What a buyer disputes of one claim."""

    on: date
    amount: Money


@dataclass(slots=True, kw_only=True)
class Known:
    """What the registers know of the parties of some offers, by their keys."""

    buyers: Mapping[str, str] = field(default_factory=dict)  # trade to buyer
    debtors: Mapping[str, str] = field(default_factory=dict)  # and to the key it was opened under
    possibly: Mapping[str, Sequence[str]] = field(default_factory=dict)  # buyer to others
    blacklisted: Mapping[str, str] = field(default_factory=dict)  # buyer to why
    doubtful: Mapping[str, str] = field(default_factory=dict)  # buyer to why
    related: frozenset[Pair] = frozenset()
    policies: Mapping[str, Sequence[Policy]] = field(default_factory=dict)  # by policyholder
    filed: Mapping[str, Sequence[Listing]] | None = None  # None: there is no such list
    losses: Mapping[Pair, date] = field(default_factory=dict)  # since when they are known
    disputes: Mapping[str, Sequence[Dispute]] = field(default_factory=dict)  # by buyer
    defaulted: Mapping[str, date] = field(default_factory=dict)  # buyer to its first loss
    overdue: Mapping[Pair, Sequence[Overdue]] = field(default_factory=dict)
    offered_on: Mapping[str, date] = field(default_factory=dict)  # trade to its first offer
    unpaid: Mapping[str, date] = field(default_factory=dict)  # trade to its day, past when declared


def offer_of(
    trade: OfferedTrade, known: Known, *, on: date, terms: CoverTerms, convert: Converts
) -> tuple[Offer | None, tuple[Finding, ...]]:
    """Return the offer of a trade, or None with the reasons why it cannot be one yet.

    Findings beside an offer are of what a person has to decide before anybody is insured.

    Args:
        trade: As its papers tell.
        known: As the registers tell.
        on: The day of offering: a trade not offered before is declared to the insurer on it.
        terms: Of the day of shipment; they say for how long a debt may be past due.
        convert: Amounts of an offer are in the currency of cover, at the rate of the shipment.
    """
    missing = tuple(_missing(trade, known))
    if missing:
        return None, missing
    try:
        offer = _offer(trade, known, on=on, terms=terms, convert=convert)
    except NoRate as error:
        return None, (_finding(
            "rate-missing", Weight.REVIEW, str(error),
            "Import the rates of that day: tradeloop rates import; then offer the trade again.",
        ),)  # fmt: skip
    buyer = known.buyers[trade.name]
    return offer, (*_after_loss(offer, buyer, known), *_open_questions(buyer, known))


def _offer(
    trade: OfferedTrade, known: Known, *, on: date, terms: CoverTerms, convert: Converts
) -> Offer:  # fmt: skip
    buyer = known.buyers[trade.name]
    policy = policy_for(trade, known)
    shipped_on = trade.shipped_on
    if shipped_on is None or trade.currency is None or policy is None:
        raise ValueError(f"{trade.name} is no offer yet. Ask `offer_of` what it lacks.")
    value = convert(Money(trade.verified_minor, trade.currency), shipped_on)

    def worth(amount: Decimal | None, currency: str | None) -> Money | None:
        money = _money(amount, currency)
        return None if money is None else convert(money, shipped_on)

    overdue = [
        (one.due_on, left)
        for one in known.overdue.get((trade.seller, buyer), ())
        if one.due_on < due_before(shipped_on, terms) and (left := one.open_on(shipped_on)).minor
    ]
    disputes = [one for one in known.disputes.get(buyer, ()) if one.on <= shipped_on]
    return Offer(
        id=trade.name,
        grade=Grade(trade.grade),
        mode=trade.mode,
        value=value,
        shipped_on=shipped_on,
        insured_from=policy.insured_from,
        insured_to=policy.insured_to,
        merchant_filed=_is_filed(trade, known),
        buyer_identified=bool(trade.buyer_name and trade.buyer_country and trade.buyer_number),
        due_on=trade.due_on,
        recorded_on=trade.recorded_at.date() if trade.recorded_at else None,
        declaration=worth(trade.declared, trade.declared_currency),
        declared_on=declared_on(trade, known, on=on),
        loss_known_on=known.losses.get((trade.seller, buyer)),
        unpaid_since=known.unpaid.get(trade.name),
        collected=worth(trade.collected, trade.currency),
        overdue=sum((convert(left, shipped_on) for _, left in overdue), value - value),
        overdue_days=max(((shipped_on - due_on).days for due_on, _ in overdue), default=0),
        disputed=(
            sum((convert(one.amount, shipped_on) for one in disputes), value - value)
            if disputes
            else None
        ),
        by_cash=trade.payment_method == "cash",
        buyer_blacklisted=buyer in known.blacklisted,
        parties_related=(trade.seller, buyer) in known.related,
    )


def declared_on(trade: OfferedTrade, known: Known, *, on: date) -> date:
    """Return the day on which a trade is declared to the insurer: that of its first offer."""
    return known.offered_on.get(trade.name, on)


def policy_for(trade: OfferedTrade, known: Known) -> Policy | None:
    """Return the policy under which a trade was shipped, else the one nearest to its day."""
    held = known.policies.get(trade.seller, ())
    if not held or trade.shipped_on is None:
        return None
    if len(held) == 1:
        return held[0]
    on = trade.shipped_on

    def distance(one: Policy) -> tuple[int, date]:
        before, after = (one.insured_from - on).days, (on - one.insured_to).days
        return max(before, after, 0), one.insured_from

    return min(held, key=distance)


def _missing(trade: OfferedTrade, known: Known) -> list[Finding]:
    found = []
    if trade.currency is None or trade.verified_minor <= 0:
        found.append(_finding(
            "trade-not-proven", Weight.REFUSE,
            f"Its papers leave the trade {trade.grade}; nothing of its value is proven.",
            "See tradeloop explain for what is missing or contradicts, and bring those papers.",
        ))  # fmt: skip
    if trade.shipped_on is None:
        found.append(_finding(
            "not-shipped-yet", Weight.REVIEW,
            "No paper tells that the goods left the country.",
            "Nothing to do: it is offered again when customs tell of the departure.",
        ))  # fmt: skip
    elif policy_for(trade, known) is None:
        found.append(_finding(
            "no-policy", Weight.REFUSE, f"{trade.seller} has no policy under this scheme.",
            "Open one for the period of the shipment: tradeloop cover policy begin.",
        ))  # fmt: skip
    if trade.name not in known.buyers:
        found.append(_finding(
            "buyer-not-named", Weight.REFUSE, "No paper names the buyer.",
            "Record the buyer's name, nationality, and passport or company number.",
        ))  # fmt: skip
    return found


def _after_loss(offer: Offer, buyer: str, known: Known) -> list[Finding]:
    first = known.defaulted.get(buyer)
    if first is None or offer.shipped_on < first:
        return []
    return [_finding(
        "shipped-after-loss", Weight.REFUSE,
        f"The buyer has been in default or insolvent since {first}; the goods left on "
        f"{offer.shipped_on}.",
        "Sell to this buyer against payment in advance, without cover.",
    )]  # fmt: skip


def _open_questions(buyer: str, known: Known) -> list[Finding]:
    found = []
    if others := known.possibly.get(buyer):
        found.append(_finding(
            "buyer-identity-open", Weight.REVIEW,
            f"The buyer may be the same as {', '.join(others)}; nobody has decided.",
            "Look at both and say so: tradeloop parties decide.",
        ))  # fmt: skip
    if why := known.doubtful.get(buyer):
        found.append(_finding(
            "buyer-possibly-listed", Weight.REVIEW, why,
            "Look at the entry, and clear the hit if it is somebody else: tradeloop parties clear.",
        ))  # fmt: skip
    return found


def _is_filed(trade: OfferedTrade, known: Known) -> bool:
    """Say whether the merchant was on file; without a list the platform's own record says it."""
    on = trade.recorded_at.date() if trade.recorded_at else trade.shipped_on
    if known.filed is None or on is None:
        return trade.recorded_at is not None
    return any(
        one.from_date <= on and (one.to_date is None or on <= one.to_date)
        for one in known.filed.get(trade.seller, ())
    )


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    """Return an amount in major units as money, rounded half-up to the minor unit."""
    if amount is None or currency is None or currency not in MINOR_DIGITS:
        return None
    numerator, denominator = amount.as_integer_ratio()
    return Money(half_up(numerator * 10 ** MINOR_DIGITS[currency], denominator), currency)


def _finding(code: str, weight: Weight, because: str, remedy: str) -> Finding:
    return Finding(code=code, weight=weight, because=because, remedy=remedy, source=SOURCE)
