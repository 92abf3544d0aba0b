"""What was answered to trades before, and which of them have to be asked about again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradeloop.cover.facts import Outcome
from tradeloop.store.database import cursor
from tradeloop.trades.offers import OfferedTrade

ELSEWHERE = ("value-", "debt-")
"""Reasons that registry and books give, not what was offered: they may be gone the next day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The latest answer to a trade; `codes` are its reasons, separated by blanks."""

    outcome: str = ""
    given: str = ""
    codes: str = ""

    def may_change(self, given: str) -> bool:
        """Say whether a trade has to be asked about again, with this given now."""
        elsewhere = any(code.startswith(ELSEWHERE) for code in self.codes.split())
        return elsewhere or self.given != given

    def says(self, given: str, codes: str) -> bool:
        """Say whether this is the answer that stands already."""
        return (self.given, self.codes) == (given, codes)


Before = Mapping[str, Earlier]
NEVER = Earlier()


def answered_before(trades: Sequence[OfferedTrade], scheme: str) -> Before:
    """Return the latest answer to each trade that had one."""
    with cursor() as cur:
        cur.execute(
            "select distinct on (trade) trade, outcome, given, codes from cover_decision "
            "where scheme = %s and trade = any(%s) order by trade, id desc",
            (scheme, [one.name for one in trades]),
        )
        return {
            trade: Earlier(outcome=outcome, given=given, codes=codes)
            for trade, outcome, given, codes in cur.fetchall()
        }


def not_certified(trades: Sequence[OfferedTrade], before: Before) -> list[OfferedTrade]:
    """Return those that may still get a certificate: what has one keeps it."""
    return [one for one in trades if before.get(one.name, NEVER).outcome != Outcome.CERTIFIED]
