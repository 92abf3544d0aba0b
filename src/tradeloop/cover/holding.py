"""The value of a trade is held for insurance, once; a refusal of the registry is a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tradeloop.kit.findings import Finding, Weight
from tradeloop.registry import actions as registry
from tradeloop.registry.asked import LINES_MAX
from tradeloop.registry.facts import Answer, Ask
from tradeloop.registry.known import paper_of
from tradeloop.trades.offers import OfferedTrade

PURPOSE = "insurance"


class Case(Protocol):
    """A trade that is to be insured."""

    trade: OfferedTrade
    hold: UUID
    findings: list[Finding]


def holder_of(scheme: str) -> str:
    """Return under which name a scheme holds values."""
    return f"insurer:{scheme}"


def hold_values(cases: Sequence[Case], *, scheme: str, now: datetime) -> None:
    """Hold and commit the whole value of each trade; a refusal becomes a finding of its case."""
    for first in range(0, len(cases), LINES_MAX):
        some = cases[first : first + LINES_MAX]
        answers = registry.hold(
            lines=[
                Ask(
                    id=one.hold, paper=paper_of(one.trade.name), purpose=PURPOSE,
                    holder=holder_of(scheme), unit=one.trade.currency or "",
                    amount_minor=one.trade.verified_minor, expires_at=None,
                )
                for one in some
            ],
            now=now,
        )  # fmt: skip
        for one, answer in zip(some, answers, strict=True):
            if answer.refusal is not None:
                one.findings.append(_refused(answer))


def _refused(answer: Answer) -> Finding:
    remedies = {
        "unknown-capacity": "Register the trade for insurance first: tradeloop register.",
        "no-such-purpose": "Register the trade for insurance first: tradeloop register.",
        "not-enough": "The same value is insured once. Ask whoever insured it before.",
    }
    return Finding(
        code=f"value-{answer.refusal}",
        weight=Weight.REFUSE,
        because=f"The registry answers {answer.refusal}: {answer.free_minor} minor units are free, "
        f"and {answer.others} others hold.",
        remedy=remedies.get(str(answer.refusal), "See tradeloop registry show for this trade."),
        source="a value is insured once: docs/explanation/registry.md",
    )
