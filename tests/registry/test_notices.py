"""Who holds something of a value hears when it is over-used or frozen, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from registry.shop import DECLARATION, LIST, NOON, ORDER, ask, do, line, worth
from tradeloop.jobs.turn import Turned, turn
from tradeloop.journal.keys import signer
from tradeloop.journal.sequence import sequence_once
from tradeloop.registry import actions
from tradeloop.registry.notices import notices

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def react(tmp_path: Path) -> Callable[[], Turned]:
    """Return what lets the log take what happened, and reacts to it."""
    keys = signer(tmp_path)
    return lambda: turn(now=NOON, sequence=lambda now: sequence_once(now=now, signer=keys))


def test_holders_of_an_over_used_value_are_told_once_and_others_not(
    react: Callable[[], Turned],
) -> None:
    worth(100)
    worth(100, purpose="insurance")
    ask(line(60), line(30, holder="Eastbank"), line(10, holder="Westbank"))
    ask(line(50, purpose="insurance", holder="Insurer"))
    worth(50)

    react()
    react()

    assert sorted((one.holder, one.code, one.over_minor) for one in notices()) == [
        ("Eastbank", "over-used", 50), ("Northbank", "over-used", 50),
        ("Westbank", "over-used", 50),
    ]  # fmt: skip
    assert [one.holder for one in notices(holder="Eastbank")] == ["Eastbank"]


def test_holders_of_a_frozen_value_are_told_for_every_purpose(react: Callable[[], Turned]) -> None:
    worth(100)
    worth(100, purpose="insurance")
    ask(line(60), line(50, purpose="insurance", holder="Insurer"))
    (ended,) = ask(line(10, holder="Gone"))
    do(ended.id, "release")
    actions.freeze(id=uuid4(), paper=ORDER, now=NOON, because="twin papers")

    react()

    assert sorted((one.holder, one.code) for one in notices()) == [
        ("Insurer", "frozen"), ("Northbank", "frozen"),
    ]  # fmt: skip


def test_what_runs_out_is_swept_by_the_worker() -> None:
    worth(100)
    ask(line(60, expires_at=NOON.replace(hour=13)))

    assert not turn(now=NOON.replace(hour=14), sequence=lambda _: None).failed
    assert ask(line(100))[0].granted_minor == 100


def test_a_holder_hears_of_a_list_that_was_folded_before_the_news_came(
    react: Callable[[], Turned],
) -> None:
    worth(100)
    ask(line(60))
    worth(50)
    actions.fold(id=uuid4(), into=DECLARATION, parts=[ORDER], now=NOON)

    react()

    assert [(one.holder, one.over_minor) for one in notices()] == [("Northbank", 10)]


def test_holders_of_a_list_hear_that_the_declaration_it_is_folded_into_is_over_used(
    react: Callable[[], Turned],
) -> None:
    worth(100)
    worth(100, LIST)
    worth(100, LIST, purpose="insurance")
    ask(line(60), line(90, LIST, holder="Eastbank"))
    ask(line(90, LIST, holder="Insurer", purpose="insurance"))
    worth(30)
    react()

    actions.fold(id=uuid4(), into=DECLARATION, parts=[ORDER, LIST], now=NOON)
    react()
    react()

    assert sorted((one.holder, one.paper, one.over_minor) for one in notices()) == [
        ("Eastbank", DECLARATION, 20), ("Northbank", ORDER, 30),
    ]  # fmt: skip
