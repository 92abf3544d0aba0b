"""One turn of all that happens by itself: reactions, what recurs, what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tradeloop.jobs.actions import run_due
from tradeloop.jobs.facts import Failure, Ran
from tradeloop.jobs.reactions import REACTIONS, react
from tradeloop.jobs.schedule import DOERS, RECURRING, run_recurring

Sequencer: TypeAlias = Callable[[datetime], object]
"""Gives facts of finished transactions their place in the log, so that reactions see them."""

SEQUENCER: Sequencer | None = None
"""The journal's, once it is wired in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What one turn did."""

    reactions: Ran
    recurring: Ran
    due: Ran

    @property
    def failed(self) -> tuple[Failure, ...]:
        """All that could not be done."""
        return self.reactions.failed + self.recurring.failed + self.due.failed


def turn(*, now: datetime, sequence: Sequencer | None = SEQUENCER) -> Turned:
    """Let the log take what happened; react, do what recurs and what is due; react to that too."""
    reactions = _react(now, sequence)
    recurring = run_recurring(now=now, table=RECURRING)
    due = run_due(now=now, doers=DOERS)
    if recurring.done or due.done:
        reactions += _react(now, sequence)
    return Turned(reactions=reactions, recurring=recurring, due=due)


def _react(now: datetime, sequence: Sequencer | None) -> Ran:
    if sequence is not None:
        sequence(now)
    return react(now=now, table=REACTIONS)
