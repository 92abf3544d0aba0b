"""What is paid for a loss: each rule takes the figure one step further, and names its clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tradeloop.claims.facts import Indemnity, Loss, LossUnsound
from tradeloop.claims.terms import (
    ClaimTerms,
    LateNotice,
    Order,
    Retention,
)
from tradeloop.cover.terms import CapBasis, CoverTerms
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import WHOLE, BasisPoints, Money
from tradeloop.kit.terms import used

Weights: TypeAlias = tuple[tuple[int, BasisPoints], ...]
"""What each part of a loss comes to, in one proportion that needs no rounding; its percentage."""


def indemnity(
    loss: Loss, *, cover: CoverTerms, terms: ClaimTerms, left: Sequence[int] = ()
) -> Indemnity:
    """Return what is paid for a loss, with every line that leads to it.

    Args:
        loss: Its amounts in the currency of cover.
        cover: `cap_basis` says what the buyer's limit is a limit of.
        terms: Retention, first loss, late notice; `rounding` is applied once, by the percentage.
        left: Of each part, what credits leave of it, in one proportion; without it they count for
            all parts alike.

    Returns:
        Minor units, zero or more, never more than the loss.

    Raises:
        LossUnsound: An amount is below zero.
        CurrencyMismatch: Amounts are in different currencies.

    Source:
        The order of steps is that of common wordings: lower of loss and limit; percentage;
        deductible before or after it; first loss; what is left of the policy's maximum.
    """
    _check(loss)
    if terms.late_notice is LateNotice.REFUSED and loss.notice_late_days:
        return _refused(loss, terms)
    explained = _loss(loss)
    parts = weighed(loss, cover=cover, left=left)
    by_loss = cover.cap_basis is CapBasis.LOSS
    orders = (terms.unshipped_share_bp and loss.unshipped) or _zero(loss)
    if by_loss:
        explained = _cap_on_loss(explained, loss, cover)
        orders = min(orders, _left(loss) - explained.result)
    within_limit = explained.result + orders
    first_left = _first_loss(loss, terms)
    explained = _before_share(explained, terms)
    explained, first_left = _take_first_loss(explained, first_left, terms, Order.BEFORE_SHARE)
    explained = _share(explained, parts, orders, loss, terms)
    explained = _after_share(explained, terms)
    explained, first_left = _take_first_loss(explained, first_left, terms, Order.AFTER_SHARE)
    if not by_loss:
        explained = _cap_on_payout(explained, loss, cover)
    explained = _pool(_maximum_liability(explained, loss, cover), loss)
    taken = within_limit if by_loss else explained.result
    return Indemnity(
        explained=explained, used=(loss.used or _zero(loss)) + taken, first_loss_left=first_left
    )


def weighed(loss: Loss, *, cover: CoverTerms, left: Sequence[int] = ()) -> Weights:
    """Return what each part of a loss brings to the figure, in the order of the parts.

    That is what credits leave of it; where the limit is on the loss, parts fill it in their order.

    Args:
        loss: As for `indemnity`.
        cover: The same.
        left: The same.
    """
    open_ = _loss(loss).result
    each = left or [one.unpaid.minor for one in loss.parts]
    parts = tuple(
        (one * open_.minor, part.insured_share_bp)
        for one, part in zip(each, loss.parts, strict=True)
    )
    if cover.cap_basis is CapBasis.LOSS:
        parts = _within(parts, min(open_, _left(loss)).minor * sum(each))
    return parts


def _check(loss: Loss) -> None:
    amounts = {
        **{f"unpaid [{place}]": one.unpaid for place, one in enumerate(loss.parts)},
        "limit": loss.limit, "credits": loss.credits, "resold": loss.resold,
        "saved": loss.saved, "used": loss.used, "unshipped": loss.unshipped,
        "first_loss_left": loss.first_loss_left, "liability_left": loss.liability_left,
        "pool_left": loss.pool_left,
    }  # fmt: skip
    for name, amount in amounts.items():
        if amount is not None and amount < _zero(loss):
            raise LossUnsound(f"{name} is {amount}, below zero. Give what it is, zero or more.")


def _refused(loss: Loss, terms: ClaimTerms) -> Indemnity:
    explained = Explained.start(
        "notice-too-late", _zero(loss), f"Told {loss.notice_late_days} days after its last day",
        "A possible loss told too late is not paid", used(terms, "late_notice", "notice_days"),
    )  # fmt: skip
    return Indemnity(
        explained=explained, used=loss.used or _zero(loss),
        first_loss_left=_first_loss(loss, terms),
    )  # fmt: skip


def _loss(loss: Loss) -> Explained:
    explained = Explained.start(
        "unpaid", loss.unpaid, "Insured and unpaid at the date of loss",
        "Principal of covered invoices; interest and penalties do not count",
    )  # fmt: skip
    for code, amount, says in (
        ("credits", loss.credits, "Paid or set off since"),
        ("resold", loss.resold, "Goods sold to others"),
        ("saved", loss.saved, "Costs that fell away"),
    ):
        if amount is not None:
            explained = explained.then(
                code, max(explained.result - amount, _zero(loss)), f"{says}: {amount}",
                "The loss is what is left after what came in or was saved",
            )  # fmt: skip
    return explained


def _cap_on_loss(explained: Explained, loss: Loss, cover: CoverTerms) -> Explained:
    left = _left(loss)
    return explained.then(
        "limit-on-loss", min(explained.result, left),
        f"At most {left}: limit {loss.limit}, used {loss.used or _zero(loss)}",
        "The lower of loss and limit; earlier losses with the same buyer use it",
        used(cover, "cap_basis", "buyer_limit"),
    )  # fmt: skip


def _before_share(explained: Explained, terms: ClaimTerms) -> Explained:
    amount, zero = terms.retention_amount, explained.result - explained.result
    if amount is None:
        return explained
    if terms.retention is Retention.FRANCHISE:
        return explained.then(
            "franchise", explained.result if explained.result > amount else zero,
            f"Losses up to {amount} are not paid, larger ones in full",
            "Franchise: a threshold, not a deduction", used(terms, "retention", "retention_amount"),
        )  # fmt: skip
    if terms.retention is Retention.DEDUCTIBLE and terms.deductible_order is Order.BEFORE_SHARE:
        return explained.then(
            "deductible", max(explained.result - amount, zero), f"The insured bears {amount}",
            "Deductible first, then the percentage",
            used(terms, "retention", "retention_amount", "deductible_order"),
        )  # fmt: skip
    return explained


def _within(parts: Weights, left: int) -> Weights:
    """Fill what is left of a limit with the parts, in their order."""
    found = []
    for weight, share_bp in parts:
        taken = min(weight, left)
        found.append((taken, share_bp))
        left -= taken
    return tuple(found)


def _share(
    explained: Explained, parts: Weights, orders: Money, loss: Loss, terms: ClaimTerms
) -> Explained:
    """Apply the percentages, and all that goes with them.

    `exact` over `of` is the figure without any rounding, so that the result is rounded once; the
    lines before it only show where it stands.
    """
    base = explained.result
    whole = sum(weight for weight, _ in parts) or 1
    exact = base.minor * sum(weight * share_bp for weight, share_bp in parts)
    of = whole * WHOLE
    shares = ", ".join(dict.fromkeys(str(share_bp) for _, share_bp in parts)) or "none"
    explained = explained.then(
        "insured-share", _shown(exact, of, base, terms), f"{shares} basis points of {base}",
        "The insured percentage of each shipment's own day",
        (("insured_share_bp", shares), *used(terms, "rounding")),
    )  # fmt: skip
    if terms.retention is Retention.MINIMUM and terms.retention_amount is not None:
        exact = min(exact, max((base - terms.retention_amount).minor, 0) * of)
        explained = explained.then(
            "minimum-retention", _shown(exact, of, base, terms),
            f"The insured bears at least {terms.retention_amount}",
            "Its percentage or the minimum retention, whichever is more",
            used(terms, "retention", "retention_amount"),
        )  # fmt: skip
    if orders.minor:
        exact += orders.minor * terms.unshipped_share_bp * whole
        explained = explained.then(
            "unshipped-orders", _shown(exact, of, base, terms),
            f"{terms.unshipped_share_bp} basis points of {orders} not shipped yet",
            "Orders in hand with the defaulting buyer", used(terms, "unshipped_share_bp"),
        )  # fmt: skip
    if terms.late_notice is LateNotice.REDUCED and loss.notice_late_days:
        exact, of = exact * (WHOLE - terms.late_notice_share_bp), of * WHOLE
        explained = explained.then(
            "notice-late", _shown(exact, of, base, terms),
            f"Told {loss.notice_late_days} days after its last day",
            "A late notice of possible loss costs a part",
            used(terms, "late_notice", "late_notice_share_bp"),
        )  # fmt: skip
    return explained


def _shown(exact: int, of: int, like: Money, terms: ClaimTerms) -> Money:
    return Money(terms.rounding.by(exact, of), like.currency)


def _after_share(explained: Explained, terms: ClaimTerms) -> Explained:
    if terms.retention is not Retention.DEDUCTIBLE or terms.retention_amount is None:
        return explained
    if terms.deductible_order is Order.BEFORE_SHARE:
        return explained
    zero = explained.result - explained.result
    return explained.then(
        "deductible", max(explained.result - terms.retention_amount, zero),
        f"The insured bears {terms.retention_amount}", "The percentage first, then the deductible",
        used(terms, "retention", "retention_amount", "deductible_order"),
    )  # fmt: skip


def _first_loss(loss: Loss, terms: ClaimTerms) -> Money | None:
    if terms.first_loss is None:
        return None
    return terms.first_loss if loss.first_loss_left is None else loss.first_loss_left


def _take_first_loss(
    explained: Explained, left: Money | None, terms: ClaimTerms, order: Order
) -> tuple[Explained, Money | None]:
    if left is None or terms.first_loss_order is not order:
        return explained, left
    taken = min(left, explained.result)
    return explained.then(
        "first-loss", explained.result - taken, f"The insured bears {taken} of {left} still open",
        "Aggregate first loss: the first amounts of a period are the insured's",
        used(terms, "first_loss", "first_loss_order"),
    ), left - taken  # fmt: skip


def _cap_on_payout(explained: Explained, loss: Loss, cover: CoverTerms) -> Explained:
    left = _left(loss)
    return explained.then(
        "limit-on-payout", min(explained.result, left),
        f"At most {left}: limit {loss.limit}, paid before {loss.used or _zero(loss)}",
        "The limit bounds what is paid for a buyer", used(cover, "cap_basis", "buyer_limit"),
    )  # fmt: skip


def _maximum_liability(explained: Explained, loss: Loss, cover: CoverTerms) -> Explained:
    if loss.liability_left is None:
        return explained
    return explained.then(
        "maximum-liability", min(explained.result, loss.liability_left),
        f"{loss.liability_left} of the policy's maximum is left",
        "A policy pays no more than its maximum in a period",
        used(cover, "maximum_liability", "maximum_liability_times"),
    )  # fmt: skip


def _pool(explained: Explained, loss: Loss) -> Explained:
    if loss.pool_left is None:
        return explained
    return explained.then(
        "pool", min(explained.result, loss.pool_left),
        f"{loss.pool_left} of the scheme's pool of the year is left",
        "All policies of a scheme together are paid no more than its pool in a year",
    )  # fmt: skip


def _left(loss: Loss) -> Money:
    return max(loss.limit - (loss.used or _zero(loss)), _zero(loss))


def _zero(loss: Loss) -> Money:
    return Money(0, loss.limit.currency)
