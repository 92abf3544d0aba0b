"""Whatever was acknowledged is there, whenever PostgreSQL or those who use it are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tradeloop.store.lasting import lasting_server

ROUNDS_MIN, ROUNDS = 3, 40
# Commits numbers as fast as it can; notes outside each one whose commit was acknowledged.
WRITER = """
import os, sys, psycopg
from pathlib import Path
from tradeloop.store.lasting import lasting_server
noted = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
with lasting_server(Path(sys.argv[1])) as address, psycopg.connect(address, autocommit=True) as con:
    print("ready", flush=True)
    while True:
        row = con.execute("insert into kept (process) values (%s) returning n", [os.getpid()])
        os.write(noted, b"%d\\n" % row.fetchone()[0])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A server's folder with an empty table."""
    with lasting_server(tmp_path / "postgres") as address, psycopg.connect(address) as con:
        con.execute("create table kept (n bigserial, process int)")
    return tmp_path / "postgres"


def begin(folder: Path, noted: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, str(folder), str(noted)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def one_round(folder: Path, noted: Path, chance: random.Random) -> None:
    """Let two processes write, kill something, and look for all that was acknowledged."""
    writers = [begin(folder, noted) for _ in range(2)]
    time.sleep(chance.uniform(0, 0.4))
    victims = [int((folder / "postmaster.pid").read_text().split()[0])]
    if chance.random() < 0.3:
        victims.append(chance.choice(writers).pid)
    chance.shuffle(victims)
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    if chance.random() < 0.5:
        look(folder, noted)  # while the others still find out
    for one in writers:
        one.kill() if chance.random() < 0.3 else None
        one.communicate()
    look(folder, noted)


def look(folder: Path, noted: Path) -> None:
    acknowledged = set(noted.read_text().split())
    with lasting_server(folder) as address, psycopg.connect(address) as con:
        there = {str(row[0]) for row in con.execute("select n from kept")}
    assert acknowledged <= there
    assert acknowledged


def test_what_was_acknowledged_survives_a_kill(folder: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(ROUNDS_MIN):
        one_round(folder, tmp_path / "noted", chance)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_what_was_acknowledged_survives_kills_at_any_moment(
    folder: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        one_round(folder, tmp_path / "noted", chance)
    with lasting_server(folder) as address, psycopg.connect(address) as con:
        [(checked,)] = con.execute("select count(*) from kept").fetchall()
    assert checked >= len((tmp_path / "noted").read_text().split())
