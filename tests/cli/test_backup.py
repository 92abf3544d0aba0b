"""One command puts everything into a file, another makes a home of it; both say what they did."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = [sys.executable, "-m", "tradeloop"]


def tradeloop(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HERE, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home that has a key, and a backup of it."""
    folder = tmp_path_factory.mktemp("backup")
    keys = folder / "home" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "log.key").write_text("secret")
    (keys / "log.key").chmod(0o600)
    done = tradeloop("backup", folder / "one", "--home", folder / "home")
    assert done.returncode == 0, done.stderr
    assert "can sign in your name" in done.stderr
    assert "journal.checkpoint: none" in done.stdout
    return folder


def test_a_restored_home_is_found_in_order(folder: Path) -> None:
    done = tradeloop("restore", folder / "one", "--home", folder / "new", "--json")

    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert said["rows"]["public.django_migrations"] > 0
    assert said["has_keys"]
    looked = tradeloop("doctor", "--home", folder / "new", "--json")
    states = {one["what"]: one["state"] for one in json.loads(looked.stdout)["checks"]}
    assert looked.returncode == 0
    assert states["tables"] == states["keys"] == states["last stop of PostgreSQL"] == "fine"


def test_without_keys_nothing_secret_is_said_to_be_in_it(folder: Path) -> None:
    done = tradeloop("backup", folder / "bare", "--home", folder / "home", "--without-keys")

    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("backup", "one", "--home", "home"), "no backup is overwritten"),
        (("restore", "one", "--home", "home"), "is not empty"),
        (("restore", "none", "--home", "other"), "there is no such file"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_2(
    folder: Path, words: tuple[str, ...], told: str
) -> None:
    paths = [folder / word if word in {"one", "home", "none", "other"} else word for word in words]

    done = tradeloop(*paths)

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "other").exists()
