"""What a look at an installation finds: one line for each thing, with what to do about it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradeloop.store.home import Home, HomeUnusable


class State(enum.StrEnum):
    """How much it matters."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing that was looked at."""

    what: str
    state: State
    seen: str
    expected: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at, and when by our own clock."""

    home: Home
    now: Callable[[], datetime]


Look = Callable[[Scene], Iterable[Seen]]
"""A check changes nothing; it may give several lines, or none where it has no say."""


def line(  # noqa: PLR0913 - a line has these columns
    what: str, *, seen: str, expected: str, otherwise: str, good: bool, bad: State = State.WRONG
) -> Seen:
    """Return a line: fine if `good`, else `bad` with the remedy `otherwise`."""
    state = State.FINE if good else bad
    return Seen(
        what=what, state=state, seen=seen, expected=expected, remedy="" if good else otherwise
    )


def look(scene: Scene, looks: Sequence[Look]) -> tuple[Seen, ...]:
    """Return what all checks find; one that cannot look is itself a finding."""
    return tuple(one for check in looks for one in _found(scene, check))


def _found(scene: Scene, check: Look) -> Iterable[Seen]:
    try:
        return tuple(check(scene))
    except HomeUnusable as error:
        said, remedy = str(error), "Do what the sentence says"
    except Exception as error:  # noqa: BLE001 - the other checks must still be told
        said = f"{type(error).__name__}: {' '.join(str(error).split())}"
        remedy = "Run it again; if it stays, send this line to those who maintain tradeloop"
    name = getattr(check, "__name__", "check").replace("_", " ")
    return (Seen(what=name, state=State.WRONG, seen=said, expected="an answer", remedy=remedy),)
