"""What the table of moves lacks cannot happen."""

from enum import StrEnum
from itertools import product

import pytest

from tradeloop.kit.lifecycle import Lifecycle, MoveNotAllowed


class Parcel(StrEnum):
    """Where a parcel is."""

    PACKED = "packed"
    ON_THE_WAY = "on-the-way"
    DELIVERED = "delivered"
    LOST = "lost"


class Event(StrEnum):
    """What happens to a parcel."""

    SEND = "send"
    DELIVER = "deliver"
    LOSE = "lose"


MOVES = {
    (Parcel.PACKED, Event.SEND): Parcel.ON_THE_WAY,
    (Parcel.ON_THE_WAY, Event.DELIVER): Parcel.DELIVERED,
    (Parcel.ON_THE_WAY, Event.LOSE): Parcel.LOST,
}
PARCEL = Lifecycle(start=Parcel.PACKED, moves=MOVES)


@pytest.mark.parametrize(("state", "event"), list(product(Parcel, Event)))
def test_every_pair_of_state_and_event_does_what_the_table_says(
    state: Parcel, event: Event
) -> None:
    if (state, event) in MOVES:
        assert PARCEL.after(state, event) is MOVES[state, event]
        assert event in PARCEL.allowed(state)
        return

    assert event not in PARCEL.allowed(state)
    with pytest.raises(MoveNotAllowed, match=f"no {event} from {state}"):
        PARCEL.after(state, event)


def test_a_refused_move_names_the_moves_that_are_allowed() -> None:
    with pytest.raises(MoveNotAllowed, match="Choose one of: deliver, lose"):
        PARCEL.after(Parcel.ON_THE_WAY, Event.SEND)


def test_a_refused_move_from_a_final_state_says_that_it_is_final() -> None:
    with pytest.raises(MoveNotAllowed, match="lost is final"):
        PARCEL.after(Parcel.LOST, Event.SEND)


def test_a_state_is_final_when_nothing_leads_out_of_it() -> None:
    assert [state for state in Parcel if PARCEL.is_final(state)] == [Parcel.DELIVERED, Parcel.LOST]


def test_the_table_does_not_follow_later_changes_of_the_mapping_it_was_made_from() -> None:
    moves = dict(MOVES)
    lifecycle = Lifecycle(start=Parcel.PACKED, moves=moves)

    moves.clear()

    assert lifecycle.after(Parcel.PACKED, Event.SEND) is Parcel.ON_THE_WAY


def test_the_diagram_shows_the_start_every_move_and_every_end() -> None:
    assert PARCEL.to_mermaid() == (
        "stateDiagram-v2\n"
        "    [*] --> packed\n"
        "    packed --> on_the_way: send\n"
        "    on_the_way --> delivered: deliver\n"
        "    on_the_way --> lost: lose\n"
        "    delivered --> [*]\n"
        "    lost --> [*]\n"
    )
