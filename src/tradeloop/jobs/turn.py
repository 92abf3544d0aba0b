"""One turn of all that happens by itself: reactions, what recurs, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradeloop.jobs.actions import run_due
from tradeloop.jobs.facts import Failure, Ran
from tradeloop.jobs.reactions import REACTIONS, react
from tradeloop.jobs.schedule import DOERS, RECURRING, run_recurring
from tradeloop.jobs.sequencing import Sequencer, sequence_or_wait


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


def turn(*, now: datetime, sequence: Sequencer = sequence_or_wait) -> Turned:
    """Let the log take what happened; react, do what recurs and what is due; react to that too."""
    reactions = _react(now, sequence)
    recurring = run_recurring(now=now, table=RECURRING)
    due = again = run_due(now=now, doers=DOERS)
    if recurring.done or again.done:
        reactions += _react(now, sequence)
    # What was done may ask for more at once: a payout that is confirmed lets its debt be pursued.
    while again.done:
        again = run_due(now=now, doers=DOERS)
        due += again
        if again.done:
            reactions += _react(now, sequence)
    return Turned(reactions=reactions, recurring=recurring, due=due)


def _react(now: datetime, sequence: Sequencer) -> Ran:
    sequence(now)
    return react(now=now, table=REACTIONS)
