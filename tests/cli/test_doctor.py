"""The doctor tells what is wrong and what to do, and changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tradeloop.store import cluster
from tradeloop.store.lasting import lasting_server


def doctor(home: Path, **more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Run the command; return its exit code and its lines by what they are about."""
    words = [sys.executable, "-m", "tradeloop", "doctor", "--home", str(home), "--json"]
    environment = {**os.environ, **more}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    waited = [line for line in done.stderr.splitlines() if line.endswith(" s so far).")]
    assert done.stderr.splitlines() == waited  # a slow machine may say how long it takes
    report = json.loads(done.stdout)
    assert report["fine"] == (done.returncode == 0)
    return done.returncode, {one["what"]: one for one in report["checks"]}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose database was made and left in order."""
    with lasting_server(tmp_path / "home" / "postgres"):
        pass
    return tmp_path / "home"


def test_before_there_is_a_home_none_is_made(tmp_path: Path) -> None:
    code, found = doctor(tmp_path / "none")

    assert code == 0
    assert "a server for calculations starts" in found["database"]["seen"]
    assert not (tmp_path / "none").exists()


def test_a_home_in_order_is_fine(home: Path) -> None:
    code, found = doctor(home)

    assert code == 0
    assert {one["what"] for one in found.values() if one["state"] == "fine"} >= {
        "Python", "home", "last stop of PostgreSQL", "database", "PostgreSQL", "fsync",
        "synchronous_commit", "full_page_writes", "data_checksums", "server_encoding", "clocks",
    }  # fmt: skip
    assert found["tables"]["state"] == "warning"  # no command has made them yet, nor has this one


def test_a_database_that_does_not_start_is_told_with_the_rest(home: Path) -> None:
    (home / "postgres" / "global" / "pg_control").unlink()

    code, found = doctor(home)

    assert code == 1
    assert found["database"]["state"] == "wrong"
    assert "pg_control" in found["database"]["seen"]
    assert found["Python"]["state"] == "fine"


def test_a_server_that_nobody_answers_at_is_told(tmp_path: Path) -> None:
    code, found = doctor(tmp_path, DATABASE_URL="postgresql://ann:secret@127.0.0.1:1/trade")

    assert code == 1
    assert "Look at DATABASE_URL" in found["database"]["seen"]
    assert "secret" not in found["database"]["seen"]


def test_a_postgres_that_was_killed_is_a_warning(home: Path) -> None:
    process = (
        "import os, signal, sys; from pathlib import Path;"
        "from tradeloop.store.lasting import lasting_server;"
        "folder = Path(sys.argv[1]);"
        "server = lasting_server(folder); server.__enter__();"
        "os.kill(int((folder / 'postmaster.pid').read_text().split()[0]), signal.SIGKILL);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", process, str(home / "postgres")], check=False)
    assert cluster.last_state(home / "postgres") != "shut down"

    code, found = doctor(home)

    assert code == 0
    stop = found["last stop of PostgreSQL"]
    assert stop["state"] == "warning" or stop["seen"] == "another command uses it now"
    assert cluster.last_state(home / "postgres") == "shut down"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_home_that_is_closed_to_us_is_told(home: Path) -> None:
    home.chmod(0o700)
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable]
    if subprocess.run([*words, "-c", "import typer"], check=False).returncode:
        pytest.skip(f"{sys.executable} lies where only root can reach it")

    done = subprocess.run(
        [*words, "-m", "tradeloop", "doctor"], capture_output=True, text=True, check=False,
        cwd="/", env={**os.environ, "TRADELOOP_HOME": str(home)},
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr == ""
    assert "may not look into it" in " ".join(done.stdout.split())


def test_keys_that_others_can_read_are_wrong(home: Path) -> None:
    (home / "keys").mkdir(mode=0o700)
    (home / "keys" / "log.key").write_text("secret")
    (home / "keys" / "log.key").chmod(0o644)

    code, found = doctor(home)

    assert code == 1
    assert "log.key" in found["keys"]["seen"]
    assert "chmod" in found["keys"]["remedy"]


def test_a_part_that_the_lake_lost_is_wrong(home: Path) -> None:
    (home / "lake" / "manifests").mkdir(parents=True)
    part = {"table": "orders", "path": "orders/d/lost.parquet", "rows": 1, "digest": "x"}
    manifest = {"number": 1, "made_at": "now", "parts": [part]}
    (home / "lake" / "manifests" / "00000001.json").write_text(json.dumps(manifest))

    code, found = doctor(home)

    assert code == 1
    assert "orders/d/lost.parquet" in found["lake"]["seen"]


def test_a_restore_that_did_not_end_is_wrong(home: Path) -> None:
    (home / "RESTORE-UNFINISHED").touch()

    code, found = doctor(home)

    assert code == 1
    assert found["restore"]["state"] == "wrong"
