"""A claim moves by its table and by no other way; the database knows the same table."""

from __future__ import annotations

from itertools import product

import pytest

from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.rows import named
from tradeloop.kit.lifecycle import MoveNotAllowed


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_each_event_from_each_state_moves_by_the_table_or_is_refused(
    state: State, event: Event
) -> None:
    if (state, event) in CLAIM.moves:
        assert CLAIM.after(state, event) in State
        return
    with pytest.raises(MoveNotAllowed, match=f"There is no {event} from {state}"):
        CLAIM.after(state, event)


@pytest.mark.usefixtures("database")
def test_the_database_allows_the_same_moves() -> None:
    ours = {(before, after) for (before, _), after in CLAIM.moves.items()}
    theirs = {
        (before, after)
        for before, after in product(State, State)
        if named("select claims_allowed(%s, %s) as is_allowed", before, after)[0]["is_allowed"]
    }
    assert theirs == ours


def test_only_what_is_over_is_final() -> None:
    assert {state for state in State if CLAIM.is_final(state)} == {State.WITHDRAWN, State.CLOSED}
