"""Every kept calculation made again: equal byte for byte, or named with what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.calculation import Replay, read_given, replay
from tradeloop.claims.moves import check_known
from tradeloop.claims.rows import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One calculation, and whether it comes out the same."""

    claim: str
    decision: int
    outcome: Replay

    @property
    def is_same(self) -> bool:
        """Whether every byte is the same."""
        return self.outcome.is_same


def replays(claims: Sequence[str] | None = None) -> tuple[Replayed, ...]:
    """Make the calculations of some claims again, or of all, under the terms of their day.

    Raises:
        ClaimUnknown: One that is named is not there.
    """
    check_known(claims or ())
    chosen = None if claims is None else list(claims)
    rows = named(
        "select id, claim_id, given, said, terms from claims_decision "
        "where (%s::text[] is null or claim_id = any(%s)) order by id",
        chosen, chosen,
    )  # fmt: skip
    found = []
    for row in rows:
        given = read_given(row["given"])
        outcome = replay(
            given=row["given"], said=row["said"], kept_terms=row["terms"],
            terms=terms_of(given.scheme, given.terms_on),
        )  # fmt: skip
        found.append(Replayed(claim=row["claim_id"], decision=row["id"], outcome=outcome))
    return tuple(found)
