"""How what comes back is shared between insurer and insured, the uncovered part included."""

from __future__ import annotations

from collections.abc import Sequence

from tradeloop.kit.calendar import within_days
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import WHOLE, Money
from tradeloop.kit.terms import used
from tradeloop.recovery.facts import Pursued, Receipt, RecoveryUnsound, Shared
from tradeloop.recovery.terms import Costs, RecoveryTerms, Sharing


def share(
    pursued: Pursued, receipts: Sequence[Receipt], *, terms: RecoveryTerms
) -> tuple[Shared, ...]:
    """Share each receipt, in the order given.

    Parts are worked out on the sum of all receipts so far, so that instalments come to the same
    as one payment. After the loss a payment counts for the whole debt, whatever it says it is
    for. The insurer gets no more than it paid; beyond the debt nothing can be recovered.

    Returns:
        Minor units. What one receipt is worth is shared without loss: costs repaid, insurer's and
        insured's part add up to it.

    Raises:
        RecoveryUnsound: More came back than was owed, or the debt is smaller than its parts.
        CurrencyMismatch: Amounts are in different currencies.

    Source:
        HKECIC: recoveries times claim paid over total debt; Lloyd's brokers' examples of salvage
        pro rata to covered and uncovered debt.
    """
    _check(pursued, receipts)
    zero = Money(0, pursued.debt.currency)
    shared: list[Shared] = []
    net, given = zero, zero
    for one in receipts:
        costs = one.costs or zero
        repaid = min(costs, one.amount) if terms.costs is Costs.FROM_PROCEEDS else zero
        explained, net = _insurers_part(pursued, one, repaid, net, given, terms)
        given += explained.result
        insurer_bears = costs_of_insurer(costs - repaid, pursued=pursued, terms=terms)
        shared.append(
            Shared(
                receipt=one.id, costs_repaid=repaid, to_insurer=explained.result,
                to_insured=one.amount - repaid - explained.result, insurer_bears=insurer_bears,
                insured_bears=costs - repaid - insurer_bears, explained=explained,
                payover_by=within_days(
                    one.received_on, terms.payover_days, rule="payover", source=terms.source
                ),
            )
        )  # fmt: skip
    return tuple(shared)


def costs_of_insurer(costs: Money, *, pursued: Pursued, terms: RecoveryTerms) -> Money:
    """Return what of the costs the insurer bears; the insured bears the rest.

    Args:
        costs: Approved beforehand, and not borne by the buyer.
        pursued: Once a claim is paid, `by-interest` goes by what was paid of the debt; before, by
            the insured percentage.
        terms: `costs`, `reimbursed_share_bp`; rounded once.

    Source:
        HKECIC: up to 90 % of unrecovered costs; Sinosure's training deck: before payout the
        insured bears what its percentage leaves, after it what the payout left of the debt.
    """
    if terms.costs is Costs.BY_INTEREST:
        if pursued.paid.minor:
            minor = terms.rounding.by(costs.minor * pursued.paid.minor, pursued.debt.minor)
            return Money(minor, costs.currency)
        return costs.part(pursued.insured_share_bp, rounding=terms.rounding.by)
    if terms.costs is Costs.REIMBURSED:
        return costs.part(terms.reimbursed_share_bp, rounding=terms.rounding.by)
    # What the proceeds do not repay is borne by whoever spent it.
    return Money(0, costs.currency)


def _insurers_part(  # noqa: PLR0917 - what was shared before is a part of the question
    pursued: Pursued, one: Receipt, repaid: Money, net: Money, given: Money, terms: RecoveryTerms
) -> tuple[Explained, Money]:
    """Return the insurer's part of one receipt, and the sum of all receipts with it."""
    explained = Explained.start(
        "received", one.amount, f"Receipt {one.id} of {one.received_on}",
        "All that comes back after the loss, whatever it is said to be for",
    )  # fmt: skip
    explained = explained.then(
        "costs-first", one.amount - repaid, f"Costs repaid from it: {repaid}",
        "Costs of recovery come first where the terms say so", used(terms, "costs"),
    )  # fmt: skip
    total = net + explained.result
    weight, whole, says = _interest(pursued, terms)
    part = Money(terms.rounding.by(total.minor * weight, whole), total.currency) - given
    explained = explained.then(
        "insurers-part", min(max(part, given - given), explained.result),
        f"{says}; {given} of {net} shared before",
        "Pro rata, the uncovered part included", used(terms, "sharing", "rounding"),
    )  # fmt: skip
    return explained.then(
        "no-more-than-paid", min(explained.result, pursued.paid - given),
        f"The insurer paid {pursued.paid}", "Nobody recovers more than it lost",
    ), total  # fmt: skip


def _interest(pursued: Pursued, terms: RecoveryTerms) -> tuple[int, int, str]:
    debt = pursued.debt.minor
    if terms.sharing is Sharing.PAID_TO_DEBT:
        return pursued.paid.minor, debt, f"{pursued.paid} paid of a debt of {pursued.debt}"
    said = f"{pursued.covered} covered of a debt of {pursued.debt}"
    if terms.sharing is Sharing.COVERED_TO_DEBT:
        return pursued.covered.minor, debt, said
    share_bp = pursued.insured_share_bp
    return pursued.covered.minor * share_bp, debt * WHOLE, f"{said}, {share_bp} basis points of it"


def _check(pursued: Pursued, receipts: Sequence[Receipt]) -> None:
    if not pursued.paid <= pursued.covered <= pursued.debt or pursued.debt.minor <= 0:
        raise RecoveryUnsound(
            f"{pursued.paid} paid, {pursued.covered} covered, {pursued.debt} owed: each must be no "
            "more than the next, and something must be owed."
        )
    if min([pursued.paid.minor, *(one.amount.minor for one in receipts)]) < 0:
        raise RecoveryUnsound("An amount is below zero. Undo a receipt, rather than enter another.")
    total = sum(one.amount.minor for one in receipts)
    if total > pursued.debt.minor:
        raise RecoveryUnsound(
            f"{Money(total, pursued.debt.currency)} came back of a debt of {pursued.debt}. "
            "Share up to the debt, and give the rest back to whoever paid it."
        )
