"""What the tests of the log share: a signer, facts, and rows of the database."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tradeloop.journal import actions
from tradeloop.journal.facts import Checkpoint, Recorded
from tradeloop.journal.keys import Signer, signer
from tradeloop.journal.sequence import sequence_once
from tradeloop.store.database import cursor, leave

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def chance_of(seed: int) -> random.Random:
    return random.Random(seed)


def a_signer(folder: Path) -> Signer:
    return signer(folder / "keys")


def record(count: int, kind: str = "test.seen") -> list[Recorded]:
    return [actions.record(kind=kind, at=NOON, fact={"n": n}) for n in range(count)]


def sequenced(by: Signer) -> Checkpoint:
    made = sequence_once(now=NOON, signer=by)
    assert made is not None
    return made


def rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode(), values)
        return cur.fetchall()


def execute(sql: str, *values: object) -> None:
    with cursor() as cur:
        cur.execute(sql.encode(), values)


@contextmanager
def threads(*works: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Run each piece of work in a thread of its own, with its own connection."""
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - the test looks at all of them
            failed.append(error)
        finally:
            leave()

    started = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in started:
        one.start()
    yield failed
    for one in started:
        one.join()
