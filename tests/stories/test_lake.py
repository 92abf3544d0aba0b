"""A lake is whole whatever happens while papers come in, and tells people what came of them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from tradeloop.cli.main import app
from tradeloop.economy import papers
from tradeloop.store.folder import LakeFolder

KILLS = 2
KILLS_SOAKING = 60
TRADES = 20
ON = "2026-09-01"
LATE_MS_MAX = 20.0
ROOT = Path(__file__).resolve().parents[2]
BENCH, SCHEMAS = ROOT / "bench" / "lake.py", ROOT / "docs" / "reference" / "json"


def tradeloop(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradeloop", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def said(*words: object) -> dict[str, object]:
    """Return what `verify --json` says, without the example files."""
    words = ("verify", *map(str, words), "--on", ON, "--json")
    done = CliRunner().invoke(app, words)  # here and now: a new process would take as long again
    assert done.exit_code == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def shaped(name: str, done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the object that was printed, which has the shape that is documented."""
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{name}.schema.json").read_text()))
    return found


def whole(lake: Path) -> int:
    """Assert that each part is named by a manifest or left by the killed; return the batches."""
    folder = LakeFolder(lake)
    there = {path.relative_to(lake).as_posix() for path in lake.glob("*/*/*.parquet")}
    assert {part.path for part in folder.parts()} <= there
    return len(folder.manifests())


def kill_while_adding(town: Path, lake: Path, after_s: float) -> int:
    """Start an add, kill it after a while without a chance to tidy up; return the batches."""
    adding = subprocess.Popen(
        [sys.executable, "-m", "tradeloop", "lake", "add", town, "--lake", lake, "--on", ON],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(after_s)
    os.killpg(adding.pid, signal.SIGKILL)
    adding.wait()
    return whole(lake) if (lake / "manifests").is_dir() else 0


def killed_again_and_again(folder: Path, kills: int) -> None:
    """Kill adds at random moments of their time; each time the batch is in or it is not."""
    town = folder / "town"
    papers.generate(town="hangzhou", trades=TRADES, seed=4, faults=0.2, form="papers", into=town)
    r = random.Random(5)
    expected = said(town)
    started = time.monotonic()
    assert tradeloop("lake", "add", town, "--lake", folder / "calm", "--on", ON).returncode == 0
    takes_s = time.monotonic() - started
    assert said("--lake", folder / "calm") == expected
    for number in range(kills):
        lake = folder / f"lake-{number}"

        batches = kill_while_adding(town, lake, r.uniform(0.1, 1.1) * takes_s)

        assert batches in {0, 1}
        if batches:
            assert said("--lake", lake) == expected
        again = tradeloop("lake", "add", town, "--lake", lake, "--on", ON, "--json")
        assert again.returncode == 0, again.stderr
        assert (json.loads(again.stdout)["batch"] is None) == bool(batches)
        assert said("--lake", lake) == expected
        parts = {part.path for part in LakeFolder(lake).parts()}
        assert parts == {path.relative_to(lake).as_posix() for path in lake.glob("*/*/*.parquet")}


def test_a_killed_add_leaves_the_lake_whole(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, KILLS)


@pytest.mark.soak
def test_many_killed_adds_leave_the_lake_whole(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, KILLS_SOAKING)


@pytest.mark.soak
def test_a_late_paper_is_judged_at_once_among_a_million_trades() -> None:
    command = [sys.executable, BENCH, "--trades", "1000000", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)

    assert found["trades in the lake"] >= 1_000_000
    assert found["late paper p50 ms"] < LATE_MS_MAX


def test_the_lake_tells_what_came_and_what_became_of_it(tmp_path: Path) -> None:
    town, lake = tmp_path / "town", tmp_path / "lake"
    papers.generate(town="hangzhou", trades=20, seed=6, faults=0, form="papers", into=town)
    early = [path for path in town.iterdir() if path.name != "CEB505"]
    first = tradeloop("lake", "add", *early, "--lake", lake, "--on", ON)
    assert "20 trades judged, 20 changed" in first.stdout, first.stderr

    late = tradeloop("lake", "add", town / "CEB505", "--lake", lake, "--on", ON, "--json")

    [judged] = shaped("lake-add", late)["judged"]
    assert judged["grades"] == {"incomplete → proven": 20}
    listed = shaped("lake-list", tradeloop("lake", "list", "--lake", lake, "--json"))["batches"]
    assert [one["number"] for one in listed] == [1, 2]
    trade = judged["changes"][0]["trade"]
    story = json.loads(tradeloop("explain", trade, "--lake", lake, "--on", ON, "--json").stdout)
    assert (story["trade"], story["grade"]) == (trade, "proven")
    steps = shaped("lake-history", tradeloop("lake", "history", trade, "--lake", lake, "--json"))
    assert [one["grade"] for one in steps["steps"]] == ["incomplete", "proven"]
    assert "became" in tradeloop("lake", "compact", "--lake", lake).stdout
    assert said("--lake", lake) == said(town)


def test_what_is_no_lake_is_said_in_one_sentence(tmp_path: Path) -> None:
    for words in (["lake", "list"], ["lake", "compact"], ["verify"], ["explain", "A1"]):
        done = tradeloop(*words, "--lake", tmp_path / "none")

        assert done.returncode == 2, done.stderr
        assert "no lake is here" in done.stderr
        assert "Traceback" not in done.stderr
