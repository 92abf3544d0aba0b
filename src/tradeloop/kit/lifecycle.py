"""A lifecycle is a table: from this state, by this event, to that state."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class MoveNotAllowed(Exception):
    """The lifecycle has no such move from this state."""


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S, E]):
    """Every move that is allowed, and no other; the table cannot change after it is made."""

    start: S
    moves: Mapping[tuple[S, E], S]

    def __post_init__(self) -> None:
        """Keep a copy of the table that nobody else can write to."""
        object.__setattr__(self, "moves", MappingProxyType(dict(self.moves)))

    def after(self, state: S, event: E) -> S:
        """Return the state that `event` leads to.

        Raises:
            MoveNotAllowed: The table has no such move; the message lists those it has.
        """
        try:
            return self.moves[state, event]
        except KeyError:
            allowed = ", ".join(self.allowed(state))
            way_out = f"Choose one of: {allowed}" if allowed else f"{state} is final"
            raise MoveNotAllowed(f"There is no {event} from {state}. {way_out}.") from None

    def allowed(self, state: S) -> tuple[E, ...]:
        """Return the events that may happen in `state`, in the order of the table."""
        return tuple(event for source, event in self.moves if source == state)

    def is_final(self, state: S) -> bool:
        """Say whether nothing can happen after `state`."""
        return not self.allowed(state)

    def to_mermaid(self) -> str:
        """Return the table as the text of a Mermaid state diagram, for the documents."""
        states = dict.fromkeys([self.start, *(s for s, _ in self.moves), *self.moves.values()])
        lines = ["stateDiagram-v2", f"    [*] --> {_node(self.start)}"]
        lines += [
            f"    {_node(source)} --> {_node(target)}: {event}"
            for (source, event), target in self.moves.items()
        ]
        lines += [f"    {_node(state)} --> [*]" for state in states if self.is_final(state)]
        return "\n".join(lines) + "\n"


def _node(state: StrEnum) -> str:
    # Mermaid takes a hyphen in the name of a state for the start of an arrow.
    return state.replace("-", "_")
