"""A client that notes each call outside before it is made, and each answer after it.

Killed at any moment and started again, it first repeats what it never heard an answer to.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django.db
import psycopg

from registry.shop import NOON
from tradeloop.registry import actions
from tradeloop.registry.facts import Answer, Ask, MoveAnswer, MoveAsk
from tradeloop.site.start import start
from tradeloop.store.lasting import lasting_server

PAPERS = [f"order:CN.1:{n}" for n in range(8)]
AMOUNT = 20_000
EVENTS = ("commit", "commit", "release", "spend", "expire", "hand-over")
LOST = ("08", "57")  # of SQLSTATE: the connection, and those who run the server
Call = dict[str, Any]


class Notes:
    """Calls and their answers in a file, safe on disk line by line."""

    def __init__(self, path: Path) -> None:
        """Read what was noted; a line that was cut off says nothing."""
        self.path = path
        self.calls: dict[str, Call] = {}
        self.answers: dict[str, list[Any]] = {}
        whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
        path.write_text(f"{whole}\n" if whole else "")
        for line in whole.splitlines():
            said = json.loads(line)
            self._keep(said)

    def ask(self, call: Call) -> None:
        """Note a call that will be made now."""
        self._write({"call": call})

    def heard(self, call: Call, answer: object) -> None:
        """Note an answer."""
        self._write({"of": call["key"], "answer": answer})

    def unanswered(self) -> list[Call]:
        """Return the calls whose answer was never heard, in their order."""
        return [call for key, call in self.calls.items() if key not in self.answers]

    def _write(self, said: dict[str, Any]) -> None:
        # Opened anew each time: nobody's handle outlives a kill, and a line is one write.
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        os.write(file, f"{json.dumps(said)}\n".encode())
        os.fsync(file)
        os.close(file)
        self._keep(json.loads(json.dumps(said)))

    def _keep(self, said: dict[str, Any]) -> None:
        if "call" in said:
            self.calls[said["call"]["key"]] = said["call"]
        else:
            self.answers.setdefault(said["of"], []).append(said["answer"])


def made(call: Call, now: datetime) -> Any:  # noqa: ANN401 - what JSON gives back
    """Make a call; return all that was answered but whether it was a repetition."""
    if call["verb"] == "adjust":
        given = {**call["given"], "id": UUID(call["given"]["id"])}
        return asdict(actions.adjust(**given, now=now, because="a test"))
    if call["verb"] == "hold":
        lines = [
            Ask(**{
                **line, "id": UUID(line["id"]),
                "expires_at": line["expires_at"] and datetime.fromisoformat(line["expires_at"]),
            })
            for line in call["lines"]
        ]  # fmt: skip
        return _plain(actions.hold(lines=lines, now=now, whole=call["whole"]))
    moves = [
        MoveAsk(**{**line, "id": UUID(line["id"]), "hold": UUID(line["hold"])})
        for line in call["lines"]
    ]
    return _plain(actions.move(lines=moves, now=now))


def _plain(answers: tuple[Answer, ...] | tuple[MoveAnswer, ...]) -> list[dict[str, Any]]:
    return [
        {
            **{name: value for name, value in asdict(one).items() if name != "repeated"},
            "id": str(one.id), "commitment": one.commitment and one.commitment.hex(),
        }
        for one in answers
    ]  # fmt: skip


def later(chance: random.Random) -> datetime:
    """Return a time at which some of what was held has run out."""
    return NOON + timedelta(hours=chance.randrange(48))


def calls(chance: random.Random, noted: Notes) -> Iterator[Call]:
    """Think of calls without end: some lines, some moves, now and then an amendment."""
    holds = [
        line["id"] for call in noted.calls.values() if call["verb"] == "hold"
        for line in call["lines"]
    ]  # fmt: skip
    while True:
        key = _id(chance)
        kind = chance.random()
        if kind < 0.55 or not holds:
            lines = [_line(chance) for _ in range(chance.choice((1, 1, 2, 5, 40)))]
            holds += [line["id"] for line in lines]
            yield {"key": key, "verb": "hold", "whole": chance.random() < 0.2, "lines": lines}
        elif kind < 0.97:
            lines = [_move(chance, holds) for _ in range(chance.choice((1, 1, 3)))]
            yield {"key": key, "verb": "move", "lines": lines}
        else:
            given = {
                "id": key, "paper": chance.choice(PAPERS), "purpose": "finance", "unit": "USD",
                "amount_minor": chance.randrange(AMOUNT // 2, 2 * AMOUNT),
            }  # fmt: skip
            yield {"key": key, "verb": "adjust", "given": given}


def _line(chance: random.Random) -> Call:
    return {
        "id": _id(chance), "paper": chance.choice(PAPERS), "purpose": "finance",
        "holder": f"bank-{chance.randrange(4)}", "unit": "USD",
        "amount_minor": chance.randrange(1, 400),
        "at_least_minor": chance.choice((None, 1)),
        "expires_at": chance.choice((
            None, *((NOON + timedelta(hours=chance.randrange(1, 72))).isoformat(),) * 4,
        )),
    }  # fmt: skip


def _move(chance: random.Random, holds: list[str]) -> Call:
    event = chance.choice(EVENTS)
    return {
        "id": _id(chance), "hold": chance.choice(holds[-200:]), "event": event,
        "amount_minor": chance.choice((None, chance.randrange(1, 300))),
        "to": "bank-9" if event == "hand-over" else None,
    }  # fmt: skip


def _id(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128)))


def run(folder: Path, noted: Notes, chance: random.Random) -> None:
    """Hold, move and repeat until the server is gone."""
    with lasting_server(folder) as address:
        start(address, clock_skew_s_max=None)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for call in noted.unanswered():
            noted.heard(call, made(call, later(chance)))
        for call in calls(chance, noted):
            noted.ask(call)
            noted.heard(call, made(call, later(chance)))
            if chance.random() < 0.1:
                again = chance.choice([*noted.calls.values()])
                noted.heard(again, made(again, later(chance)))


if __name__ == "__main__":
    try:
        run(Path(sys.argv[1]), Notes(Path(sys.argv[2])), random.Random(sys.argv[3]))
    except (psycopg.OperationalError, django.db.OperationalError) as lost:
        cause = lost if isinstance(lost, psycopg.Error) else lost.__cause__
        if not (getattr(cause, "sqlstate", None) or LOST[0]).startswith(LOST):
            raise
