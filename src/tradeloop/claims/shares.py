"""An amount is shared among insurers to the last minor unit; each answers for its own."""

from __future__ import annotations

from collections.abc import Mapping

from tradeloop.claims.facts import Share
from tradeloop.claims.terms import ClaimTerms, Residual
from tradeloop.kit.money import Money


def split(
    amount: Money, shares: Mapping[str, int], *, lead: str, terms: ClaimTerms
) -> tuple[Share, ...]:
    """Share a premium or a claim between insurers, exactly.

    Args:
        amount: What is shared.
        shares: Weight of each insurer, such as basis points.
        lead: Takes what a division leaves over, if the terms say so.
        terms: `residual`.

    Returns:
        In the order of `shares`. Insurers are liable severally: one that fails makes nobody
        else's share larger.

    Raises:
        SharesUndefined: A weight is negative, all are zero, or the lead has no share.

    Source:
        Guides to co-insurance: each member answers for its own share only.
    """
    names = list(shares)
    weights = [shares[name] for name in names]
    place = names.index(lead) if lead in names else len(names)
    parts = list(amount.split(weights, residual_to=place))
    if terms.residual is Residual.LARGEST_REMAINDER:
        parts = _by_largest_remainder(amount, weights)
    return tuple(Share(insurer=name, amount=part) for name, part in zip(names, parts, strict=True))


def _by_largest_remainder(amount: Money, weights: list[int]) -> list[Money]:
    # By size and sign, so that a reversed amount splits into the reversed shares.
    whole, size, sign = sum(weights), abs(amount.minor), -1 if amount.minor < 0 else 1
    floors = [size * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(size * weights[n] % whole), n))
    for n in order[: size - sum(floors)]:
        floors[n] += 1
    return [Money(sign * floor, amount.currency) for floor in floors]
