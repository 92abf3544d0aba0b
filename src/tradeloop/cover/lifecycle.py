"""What may become of a policy: every move that is allowed, and no other."""

from enum import StrEnum

from tradeloop.kit.lifecycle import Lifecycle


class PolicyState(StrEnum):
    """Where a policy stands; it covers shipments of its own days, whatever it is later."""

    IN_FORCE = "in-force"
    CANCELLED = "cancelled"


class PolicyEvent(StrEnum):
    """What can happen to a policy."""

    CANCEL = "cancel"


POLICY: Lifecycle[PolicyState, PolicyEvent] = Lifecycle(
    start=PolicyState.IN_FORCE,
    moves={
        (PolicyState.IN_FORCE, PolicyEvent.CANCEL): PolicyState.CANCELLED,
    },
)
