"""The log takes all facts of finished transactions, or they wait for its keys."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

from django.conf import settings

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
