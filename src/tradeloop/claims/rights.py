"""Once it is paid, the insurer may ask the buyer in the insured's place; and a claim is closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.moves import lock, move
from tradeloop.journal.actions import record


@transaction.atomic
def subrogate(*, claim: str, by: str, at: datetime) -> State:
    """Let the insured's rights against the buyer go over, as far as the claim was paid.

    Raises:
        MoveNotAllowed: The claim is not paid.
    """
    return _once(claim, Event.SUBROGATE, State.SUBROGATED, by=by, at=at)


@transaction.atomic
def close(*, claim: str, by: str, at: datetime) -> State:
    """Close a claim: nothing more will come back.

    Raises:
        MoveNotAllowed: Its rights did not go over yet.
    """
    return _once(claim, Event.CLOSE, State.CLOSED, by=by, at=at)


def _once(claim: str, event: Event, after: State, *, by: str, at: datetime) -> State:
    state = lock(claim)
    if state is after:
        return state
    CLAIM.after(state, event)
    fact = {"by": by, "claim": claim}
    entry = record(kind=f"claims.{after.value}", at=at, fact=fact).entry_id
    return move(claim, event, at=at, by=by, made_by=entry)
