"""The embedded PostgreSQL ends with its owner, however that ends, and no network reaches it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tradeloop.store.server import passing_server

OWNER = """
import time, psycopg
from tradeloop.store.server import passing_server
with passing_server() as address, psycopg.connect(address) as con:
    [folder] = con.execute("show data_directory").fetchone()
    print(folder, flush=True)
    time.sleep(600)
"""
GONE_WITHIN_S = 30


def test_it_listens_on_a_socket_only_and_sorts_by_bytes() -> None:
    with passing_server() as address, psycopg.connect(address) as con:
        [folder] = con.execute("show data_directory").fetchone() or ("",)
        assert con.execute("show listen_addresses").fetchone() == ("",)
        assert con.execute("select 'B' < 'a' and 'Z' < '中'").fetchone() == (True,)

    assert not Path(folder).exists()


def test_it_ends_when_its_owner_is_killed() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    folder = Path(owner.stdout.readline().strip())
    postmaster = int((folder / "postmaster.pid").read_text().splitlines()[0])

    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()

    until = time.monotonic() + GONE_WITHIN_S
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.2)
    while running(postmaster) and time.monotonic() < until:
        time.sleep(0.2)
    assert not folder.exists()
    assert not running(postmaster)


def running(process: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet (a zombie) does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
