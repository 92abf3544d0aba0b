"""What may become of a pursuit."""

from enum import StrEnum

from tradeloop.kit.lifecycle import Lifecycle


class State(StrEnum):
    """Where a pursuit stands."""

    OPEN = "open"
    WRITTEN_OFF = "written-off"  # nothing more is expected


class Event(StrEnum):
    """What can happen to a pursuit."""

    WRITE_OFF = "write-off"
    REVIVE = "revive"  # money came after all


PURSUIT: Lifecycle[State, Event] = Lifecycle(
    start=State.OPEN,
    moves={
        (State.OPEN, Event.WRITE_OFF): State.WRITTEN_OFF,
        (State.WRITTEN_OFF, Event.REVIVE): State.OPEN,
    },
)
