"""What was answered is answered for ever, whenever PostgreSQL or those who ask are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from registry.crash_client import AMOUNT, PAPERS, Call, Notes, later, made
from registry.shop import NOON, worth
from tradeloop.journal.audit import Audited
from tradeloop.journal.audited import audit_log
from tradeloop.journal.keys import signer
from tradeloop.journal.sequence import sequence_once
from tradeloop.registry import queries
from tradeloop.site.start import start
from tradeloop.store.database import cursor, leave
from tradeloop.store.lasting import lasting_server

ROUNDS = 30
CLIENTS = 2
OLD_CALLS_REPEATED = 150  # in each round, beside all that are new; in the end all are
TESTS = Path(__file__).parents[1]
# Every id of a line in the journal, and how often it stands there; a sweep's ids are its own.
IN_THE_JOURNAL = """
select line ->> 'id', count(*)
from journal_entry cross join lateral json_array_elements(body::json -> 'lines') as line
where kind in ('registry.hold', 'registry.move') group by 1
"""
ROWS = {
    "hold": "select id::text, refusal, granted_minor, free_minor from registry_hold",
    "move": "select id::text, refusal, moved_minor, state from registry_move",
}
ANSWERED = {
    "hold": ("refusal", "granted_minor", "free_minor"),
    "move": ("refusal", "moved_minor", "state"),
}


class Home:
    """A lasting server of this test, its clients, and what they noted."""

    def __init__(self, folder: Path) -> None:
        """Begin with a few values and nothing held."""
        self.folder = folder
        self.postgres = folder / "postgres"
        self.checked: set[str] = set()
        with self._opened():
            for paper in PAPERS:
                worth(AMOUNT, paper)

    def round(self, chance: random.Random) -> None:
        """Let clients work, kill something, and look whether all that was answered stands."""
        clients = [self._begin(n, chance) for n in range(CLIENTS)]
        time.sleep(chance.uniform(0, 0.5))
        for victim in self._victims(clients, chance):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        time.sleep(chance.uniform(0, 0.1))
        for client in clients:
            client.kill() if chance.random() < 0.3 else None
        for client in clients:
            # Who was not killed leaves by itself, once the server is gone.
            said = client.communicate(timeout=60)[1]
            assert client.returncode in {0, -signal.SIGKILL}, said
        self.look(chance)

    def look(self, chance: random.Random, *, at_all: bool = False) -> None:
        """Compare all that was noted with what is there, then repeat the calls."""
        with self._opened():
            notes = [Notes(path) for path in sorted(self.folder.glob("client-*"))]
            for noted in notes:
                _every_answer_is_there(noted)
                old = [call for key, call in noted.calls.items() if key in self.checked]
                again = old if at_all else chance.sample(old, min(len(old), OLD_CALLS_REPEATED))
                new = [call for key, call in noted.calls.items() if key not in self.checked]
                for call in [*again, *new]:
                    _one_answer_for_ever(call, noted, chance)
                self.checked |= noted.calls.keys()
            _nothing_is_there_twice(notes)
            assert queries.disagreements() == ()
            _the_journal_is_whole(self.folder / "keys")

    def answers(self) -> int:
        """Return how many answers the clients have noted."""
        notes = [Notes(path) for path in self.folder.glob("client-*")]
        return sum(len(heard) for noted in notes for heard in noted.answers.values())

    def _begin(self, number: int, chance: random.Random) -> subprocess.Popen[str]:
        words = [self.postgres, self.folder / f"client-{number}", chance.getrandbits(32)]
        client = subprocess.Popen(
            [sys.executable, "-m", "registry.crash_client", *map(str, words)],
            cwd=TESTS, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert client.stdout is not None
        if client.stdout.readline() != "ready\n":
            raise AssertionError(client.communicate()[1])
        return client

    def _victims(
        self, clients: list[subprocess.Popen[str]], chance: random.Random
    ) -> Iterator[int]:
        """Give who is to die: always a process of the server, now and then a client first."""
        if chance.random() < 0.4:
            yield chance.choice(clients).pid
            time.sleep(chance.uniform(0, 0.2))
        postmaster = int((self.postgres / "postmaster.pid").read_text().split()[0])
        if chance.random() < 0.3:
            with suppress(FileNotFoundError):
                children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
                yield int(chance.choice(children.split()))
                time.sleep(chance.uniform(0, 0.2))
        yield postmaster

    @contextmanager
    def _opened(self) -> Iterator[None]:
        with lasting_server(self.postgres) as address:
            start(address, clock_skew_s_max=None)
            try:
                yield
            finally:
                leave()


def _every_answer_is_there(noted: Notes) -> None:
    """Each answer that a client heard stands in the rows, and a call is there whole or not."""
    for verb, columns in ANSWERED.items():
        with cursor() as cur:
            cur.execute(ROWS[verb].encode())
            rows = {row[0]: row[1:] for row in cur.fetchall()}
        for key, call in noted.calls.items():
            if call["verb"] != verb:
                continue
            there = {line["id"] for line in call["lines"]} & rows.keys()
            assert len(there) in {0, len(call["lines"])}
            for answers in noted.answers.get(key, ()):
                for answer in answers:
                    assert rows.get(answer["id"]) == tuple(answer[name] for name in columns)


def _one_answer_for_ever(call: Call, noted: Notes, chance: random.Random) -> None:
    """A call that is repeated hears what it heard, or (it never heard) what stands from now on."""
    if call["key"] not in noted.answers:
        noted.heard(call, made(call, later(chance)))
    noted.heard(call, made(call, later(chance)))
    first, *others = noted.answers[call["key"]]
    assert all(one == first for one in others)


def _nothing_is_there_twice(notes: list[Notes]) -> None:
    noted = [
        line["id"] for one in notes for call in one.calls.values() for line in call.get("lines", ())
    ]
    assert len(set(noted)) == len(noted)
    with cursor() as cur:
        cur.execute(IN_THE_JOURNAL)
        in_the_journal = dict(cur.fetchall())
        cur.execute("select id::text from registry_hold")
        holds = {id for (id,) in cur.fetchall()}
    assert set(in_the_journal.values()) == {1}
    assert set(noted) <= in_the_journal.keys()
    assert holds == {
        line["id"] for one in notes for call in one.calls.values() if call["verb"] == "hold"
        for line in call["lines"]
    }  # fmt: skip


def _the_journal_is_whole(keys: Path) -> None:
    own = signer(keys)
    sequence_once(now=NOON, signer=own)
    *damages, found = audit_log(own.public)
    assert damages == []
    assert isinstance(found, Audited)
    with cursor() as cur:
        cur.execute("select count(*) from journal_entry")
        assert cur.fetchone() == (found.size,)


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    home = Home(tmp_path)

    home.round(random.Random(3))

    assert home.answers() > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_what_was_answered_survives_kills_at_any_moment(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    home = Home(tmp_path)
    for number in range(ROUNDS):
        try:
            home.round(chance)
        except BaseException as error:
            error.add_note(f"seed {seed}, round {number}")
            raise
    home.look(chance, at_all=True)

    assert home.answers() > 100 * ROUNDS
