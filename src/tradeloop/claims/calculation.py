"""One calculation: what was given, what came of it, and the same again for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from tradeloop.claims.case import Insured
from tradeloop.claims.facts import Indemnity, Loss, Part
from tradeloop.claims.rules import indemnity
from tradeloop.claims.terms import ClaimTerms
from tradeloop.cover.terms import CoverTerms
from tradeloop.kit.money import Money
from tradeloop.kit.terms import canonical, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """All that a calculation rests on, beside the terms of `terms_on`."""

    claim: str
    scheme: str
    terms_on: date
    worked_on: date  # whose rate counts where the scheme says the day of payment
    insured: tuple[Insured, ...]
    limit: Money
    is_own_limit: bool  # the limit is the white list's own, which others do not share
    used: Money  # by other claims on the buyer, of that limit
    first_loss_left: Money | None
    liability_left: Money | None
    pool_left: Money | None  # only where it bounds the figure: others take of it every day
    notice_late_days: int
    counted: tuple[str, ...]  # payments since the loss that `credits` hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The two sections that a claim falls under, of one day."""

    cover: CoverTerms
    claims: ClaimTerms

    @property
    def digest(self) -> str:
        """Both digests, which a calculation keeps."""
        return f"{digest(self.cover)} {digest(self.claims)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculated:
    """A calculation and its answer."""

    given: Given
    loss: Loss
    indemnity: Indemnity
    terms: str

    @property
    def pay(self) -> Money:
        """The indemnity."""
        return self.indemnity.pay

    @property
    def takes(self) -> Money:
        """What it takes of the buyer's limit, beside what others took."""
        return self.indemnity.used - self.given.used

    @property
    def given_text(self) -> str:
        """RFC 8785 text of what was given."""
        return canonical(self.given).decode()

    @property
    def said_text(self) -> str:
        """RFC 8785 text of what came of it."""
        return canonical({"indemnity": self.indemnity, "loss": self.loss}).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A kept calculation, made again by the rules of today."""

    is_same: bool  # byte for byte, under the same terms
    said: str
    kept: str
    terms: str
    kept_terms: str


def calculate(given: Given, terms: Terms) -> Calculated:
    """Return what is paid, line by line.

    What was paid or credited since the loss counts for the whole shipment, so its covered part is
    reduced in proportion, and no other; the sum is rounded once, as the terms say.
    """
    loss = Loss(
        parts=tuple(
            Part(unpaid=one.unpaid, insured_share_bp=one.insured_share_bp) for one in given.insured
        ),
        limit=given.limit, credits=_credits(given, terms), used=given.used,
        first_loss_left=given.first_loss_left, liability_left=given.liability_left,
        pool_left=given.pool_left,
        notice_late_days=given.notice_late_days,
    )  # fmt: skip
    said = indemnity(loss, cover=terms.cover, terms=terms.claims, left=left_of(given))
    return Calculated(given=given, loss=loss, indemnity=said, terms=terms.digest)


def replay(*, given: str, said: str, kept_terms: str, terms: Terms) -> Replay:
    """Make a kept calculation again from what it was given."""
    again = calculate(read_given(given), terms)
    return Replay(
        is_same=again.said_text == said and again.given_text == given and again.terms == kept_terms,
        said=again.said_text, kept=said, terms=again.terms, kept_terms=kept_terms,
    )  # fmt: skip


def read_given(text: str) -> Given:
    """Read what a calculation was given from its RFC 8785 text."""
    row = json.loads(text)
    return Given(
        claim=row["claim"], scheme=row["scheme"], terms_on=date.fromisoformat(row["terms_on"]),
        worked_on=date.fromisoformat(row["worked_on"]),
        insured=tuple(
            Insured(
                trade=one["trade"], unpaid=_money(one["unpaid"]), open=_money(one["open"]),
                credits=_money(one["credits"]), insured_share_bp=one["insured_share_bp"],
                limit=_money(one["limit"]), is_white_listed=one["is_white_listed"],
            )
            for one in row["insured"]
        ),
        limit=_money(row["limit"]), used=_money(row["used"]),
        is_own_limit=row["is_own_limit"],
        first_loss_left=row["first_loss_left"] and _money(row["first_loss_left"]),
        liability_left=row["liability_left"] and _money(row["liability_left"]),
        pool_left=row["pool_left"] and _money(row["pool_left"]),
        notice_late_days=row["notice_late_days"], counted=tuple(row["counted"]),
    )  # fmt: skip


def left_of(given: Given) -> tuple[int, ...]:
    """Return what credits leave of each shipment's covered part, in one proportion."""
    whole = lcm(*(one.open.minor for one in given.insured if one.open.minor))
    return tuple(
        one.unpaid.minor * max((one.open - one.credits).minor, 0) * (whole // one.open.minor)
        if one.open.minor else 0
        for one in given.insured
    )  # fmt: skip


def _credits(given: Given, terms: Terms) -> Money | None:
    exact = sum(
        (
            Fraction(min(one.credits.minor, one.open.minor) * one.unpaid.minor, one.open.minor)
            for one in given.insured
            if one.open.minor and one.credits.minor
        ),
        Fraction(0),
    )
    if not exact:
        return None
    rounded = terms.claims.rounding.by(exact.numerator, exact.denominator)
    return Money(rounded, given.limit.currency)


def _money(row: Any) -> Money:  # noqa: ANN401 - JSON
    return Money(int(row["minor"]), row["currency"])
