"""What a trade must satisfy to be covered: each rule says why not, and what would pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from tradeloop.cover.arrears import stops
from tradeloop.cover.facts import Grade, Offer
from tradeloop.cover.terms import CoverTerms, LateDeclaration, LossKnown, Rule
from tradeloop.kit.findings import Finding, Weight
from tradeloop.kit.money import WHOLE, Money

Check = Callable[[Offer, CoverTerms], Finding | None]


def judge(offer: Offer, terms: CoverTerms) -> tuple[Finding, ...]:
    """Apply every rule that the scheme lists, in its order; nothing found means eligible."""
    found = (RULES[rule](offer, terms) for rule in terms.rules)
    return tuple(one for one in found if one is not None)


def trade_is_proven(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The papers prove the trade.

    Source: insurers do not certify that a trade is real; the platform does.
    """
    if offer.grade is Grade.PROVEN:
        return None
    return _refused(
        terms, "trade-not-proven", f"Its papers leave the trade {offer.grade}; proven is asked.",
        "See tradeloop explain for what is missing or contradicts, and bring or mend those papers.",
    )  # fmt: skip


def mode_is_covered(offer: Offer, terms: CoverTerms) -> Finding | None:
    """Goods leave in a supervision mode that the scheme is for."""
    if offer.mode in terms.modes:
        return None
    return _refused(
        terms, "mode-not-covered",
        f"The goods leave in mode {offer.mode}; {', '.join(terms.modes)} is covered.",
        "Look for a scheme that covers this mode.",
    )  # fmt: skip


def merchant_is_filed(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The merchant is on file with the market's platform."""
    if offer.merchant_filed:
        return None
    return _refused(
        terms, "merchant-not-filed", "The merchant is not on file with the market's platform.",
        "File the merchant on the platform, then ask again.",
    )  # fmt: skip


def buyer_is_identified(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The foreign buyer's name, nationality and number are recorded."""
    if offer.buyer_identified:
        return None
    return _refused(
        terms, "buyer-not-identified", "The trade record does not identify the buyer.",
        "Record the buyer's name, nationality, and passport or company number.",
    )  # fmt: skip


def buyer_is_not_blacklisted(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The buyer is on no black list."""
    if not offer.buyer_blacklisted:
        return None
    return _refused(
        terms, "buyer-blacklisted", "The buyer is on the black list.",
        "Sell to this buyer against payment in advance, without cover.",
    )  # fmt: skip


def parties_are_unrelated(offer: Offer, terms: CoverTerms) -> Finding | None:
    """Merchant and buyer belong to different people."""
    if not offer.parties_related:
        return None
    return _refused(
        terms, "parties-related", "Merchant and buyer belong together.",
        "Trade between related parties is not covered; if they are not, correct the register.",
    )  # fmt: skip


def recorded_before_shipment(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The trade was entered on the platform no later than the day of shipment."""
    if offer.recorded_on is not None and offer.recorded_on <= offer.shipped_on:
        return None
    seen = f"recorded on {offer.recorded_on}" if offer.recorded_on else "not recorded"
    return _refused(
        terms, "recorded-after-shipment",
        f"The trade is {seen}; shipment was on {offer.shipped_on}.",
        "Record each trade on the platform before its goods leave.",
    )  # fmt: skip


def declaration_within_value(offer: Offer, terms: CoverTerms) -> Finding | None:
    """A customs declaration is linked, and worth no more than the mode allows."""
    if offer.declaration is None:
        return _refused(
            terms, "declaration-missing", "No customs declaration is linked to the trade.",
            "Link the declaration by its 18 digits.",
        )  # fmt: skip
    if offer.declaration <= terms.declaration_max:
        return None
    return _refused(
        terms, "declaration-too-large",
        f"The declaration is worth {offer.declaration}; {terms.declaration_max} is allowed.",
        "Declare larger consignments as several, or in another mode.",
    )  # fmt: skip


def declared_in_time(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The shipment was declared to the insurer in its days, or nobody knew of a loss yet.

    Source: exporters' guides to short-term cover: a late declaration after a loss may be refused.
    """
    last = last_day_missed(offer, terms)
    if last is None or terms.late_declaration is LateDeclaration.ACCEPTED:
        return None
    known = " and ".join(_loss_known(offer, terms))
    in_days = f"Declare each shipment within {terms.declared_days_max} days"
    if terms.late_declaration is LateDeclaration.REFUSED_IF_LOSS_KNOWN:
        if not known:
            return None
        in_days += ", and later only as long as no loss of it is known"
    seen = f"declared on {offer.declared_on}" if offer.declared_on else "not declared"
    return _refused(
        terms, "declared-late",
        f"The shipment of {offer.shipped_on} is {seen}; {last} was the last day"
        f"{f', when {known}' if known else ''}.",
        f"{in_days}.",
    )  # fmt: skip


def last_day_missed(offer: Offer, terms: CoverTerms) -> date | None:
    """Return the last day of declaring a shipment, if it was not declared by then."""
    last = offer.shipped_on + timedelta(days=terms.declared_days_max)
    return None if offer.declared_on is not None and offer.declared_on <= last else last


def _loss_known(offer: Offer, terms: CoverTerms) -> Iterator[str]:
    """Say by what a loss was known, or had to be, on the day of declaration."""
    by = offer.declared_on or date.max
    if offer.loss_known_on is not None and offer.loss_known_on <= by:
        yield f"the loss was known since {offer.loss_known_on}"
    is_overdue = offer.unpaid_since is not None and offer.unpaid_since < by
    if terms.loss_known is LossKnown.TOLD_OR_OVERDUE and is_overdue:
        yield f"it was unpaid since {offer.unpaid_since}"


def payment_is_not_cash(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The buyer pays through a bank: market procurement allows no cash."""
    if not offer.by_cash:
        return None
    return _refused(
        terms, "paid-in-cash", "The trade is to be paid in cash.",
        "Agree on payment to a bank account, and correct the trade record.",
    )  # fmt: skip


def credit_is_given(offer: Offer, terms: CoverTerms) -> Finding | None:
    """Something is owed after shipment; what was paid in advance bears no credit risk."""
    if offer.collected is not None and offer.collected >= offer.value:
        because = f"{offer.collected} of {offer.value} was paid before shipment."
    elif offer.due_on is None:
        because = "The papers agree no day of payment."
    elif offer.due_on < offer.shipped_on:
        because = f"Payment is due on {offer.due_on}, before shipment on {offer.shipped_on}."
    else:
        return None
    return _refused(
        terms, "no-credit-given", because,
        "Only sales on credit can be insured; enter the agreed day of payment if there is one.",
    )  # fmt: skip


def credit_within_terms(offer: Offer, terms: CoverTerms) -> Finding | None:
    """Credit runs no longer than the scheme allows, from shipment to due date."""
    days = (offer.due_on - offer.shipped_on).days if offer.due_on else 0
    if days <= terms.credit_days_max:
        return None
    return _refused(
        terms, "credit-too-long",
        f"Payment is due {days} days after shipment; {terms.credit_days_max} are covered.",
        f"Agree on a day up to {offer.shipped_on + timedelta(days=terms.credit_days_max)}.",
    )  # fmt: skip


def shipped_while_insured(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The goods were shipped within the period of the policy."""
    if offer.insured_from <= offer.shipped_on <= offer.insured_to:
        return None
    return _refused(
        terms, "shipped-outside-policy",
        f"Shipment on {offer.shipped_on} is outside {offer.insured_from} to {offer.insured_to}.",
        "Renew the policy before goods leave.",
    )  # fmt: skip


def shipments_not_stopped(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The buyer does not owe too much for too long.

    Source: EXIM, discretionary limits: more than USD 2,000 in all, more than 90 days past due.
    """
    owed = offer.overdue
    if not stops(owed, terms) or offer.overdue_days <= terms.stop_overdue_days:
        return None
    return _refused(
        terms, "shipments-stopped",
        f"The buyer owes {owed}, the oldest {offer.overdue_days} days past due; cover stops above "
        f"{terms.stop_overdue_above} and {terms.stop_overdue_days} days.",
        "Collect what is overdue before further goods leave.",
    )  # fmt: skip


def disputes_within_terms(offer: Offer, terms: CoverTerms) -> Finding | None:
    """The buyer disputes less than the tolerated share of the limit.

    Source: dispute clause of a filed domestic wording: below 15 % of the limit, no notice, no stop.
    """
    if offer.disputed is None or offer.disputed.minor == 0:
        return None
    bound = terms.buyer_limit.minor * terms.dispute_tolerated_share_bp
    if (offer.disputed - _nothing(terms)).minor * WHOLE < bound:
        return None
    return _refused(
        terms, "dispute-too-large",
        f"The buyer disputes {offer.disputed} of a limit of {terms.buyer_limit}; less than "
        f"{terms.dispute_tolerated_share_bp} basis points of it is tolerated.",
        "Tell the insurer, and settle the dispute before further goods leave.",
    )  # fmt: skip


def _nothing(terms: CoverTerms) -> Money:
    return Money(0, terms.buyer_limit.currency)


def _refused(terms: CoverTerms, code: str, because: str, remedy: str) -> Finding:
    return Finding(
        code=code, weight=Weight.REFUSE, because=because, remedy=remedy, source=terms.source
    )


RULES: Mapping[Rule, Check] = {
    Rule.TRADE_IS_PROVEN: trade_is_proven,
    Rule.MODE_IS_COVERED: mode_is_covered,
    Rule.MERCHANT_IS_FILED: merchant_is_filed,
    Rule.BUYER_IS_IDENTIFIED: buyer_is_identified,
    Rule.BUYER_IS_NOT_BLACKLISTED: buyer_is_not_blacklisted,
    Rule.PARTIES_ARE_UNRELATED: parties_are_unrelated,
    Rule.RECORDED_BEFORE_SHIPMENT: recorded_before_shipment,
    Rule.DECLARATION_WITHIN_VALUE: declaration_within_value,
    Rule.DECLARED_IN_TIME: declared_in_time,
    Rule.PAYMENT_IS_NOT_CASH: payment_is_not_cash,
    Rule.CREDIT_IS_GIVEN: credit_is_given,
    Rule.CREDIT_WITHIN_TERMS: credit_within_terms,
    Rule.SHIPPED_WHILE_INSURED: shipped_while_insured,
    Rule.SHIPMENTS_NOT_STOPPED: shipments_not_stopped,
    Rule.DISPUTES_WITHIN_TERMS: disputes_within_terms,
}
