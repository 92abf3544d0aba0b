"""One turn of all that happens by itself: reactions, what recurs, what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

from django.conf import settings

from tradeloop.jobs.actions import run_due
from tradeloop.jobs.facts import Failure, Ran
from tradeloop.jobs.reactions import REACTIONS, react
from tradeloop.jobs.schedule import DOERS, RECURRING, run_recurring
from tradeloop.journal import queries
from tradeloop.journal.checkpoint import KeysUnreadable
from tradeloop.journal.keys import OtherLog, SecretKeyMissing, signer
from tradeloop.journal.sequence import sequence_once

Sequencer: TypeAlias = Callable[[datetime], object]
"""Gives facts of finished transactions their place in the log, so that reactions see them."""

KEYS_AWAY = (OtherLog, SecretKeyMissing, KeysUnreadable, PermissionError)
"""The log cannot be signed here and now; what was recorded stays recorded."""

log = logging.getLogger(__name__)


def sequence(now: datetime) -> None:
    """Let the journal's log take all finished facts, if this installation has keys to sign with."""
    if settings.TRADELOOP_KEYS is not None:
        by = signer(Path(settings.TRADELOOP_KEYS), log=queries.log())
        sequence_once(now=now, signer=by)


@cache
def log_once(said: str) -> None:
    """Say in the log, and only once, why facts wait for their place."""
    log.warning("%s Until then no proof is made, and what follows from new facts waits.", said)


def sequence_or_wait(now: datetime, tell: Callable[[str], None] = log_once) -> None:
    """Do the same; without the log's keys facts wait for them, and all other work goes on."""
    try:
        sequence(now)
    except KEYS_AWAY as error:
        tell(str(error))


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
