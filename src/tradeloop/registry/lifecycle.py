"""What may become of a hold; the database's own function is tested against this table."""

from enum import StrEnum

from tradeloop.kit.lifecycle import Lifecycle


class State(StrEnum):
    """Where a hold stands."""

    HELD = "held"
    COMMITTED = "committed"
    SPENT = "spent"
    RELEASED = "released"
    EXPIRED = "expired"
    REFUSED = "refused"


class Event(StrEnum):
    """What can be done to a hold, in whole; a part of it leaves it where it stands."""

    COMMIT = "commit"
    RELEASE = "release"
    SPEND = "spend"
    EXPIRE = "expire"
    HAND_OVER = "hand-over"


HOLD: Lifecycle[State, Event] = Lifecycle(
    start=State.HELD,
    moves={
        (State.HELD, Event.COMMIT): State.COMMITTED,
        (State.HELD, Event.RELEASE): State.RELEASED,
        (State.HELD, Event.EXPIRE): State.EXPIRED,
        (State.HELD, Event.HAND_OVER): State.HELD,
        (State.COMMITTED, Event.RELEASE): State.RELEASED,
        (State.COMMITTED, Event.SPEND): State.SPENT,
        (State.COMMITTED, Event.HAND_OVER): State.COMMITTED,
    },
)
