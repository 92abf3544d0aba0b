"""The command translates in, judges, and answers people, programs and shells as documented."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import papers

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"
JUDGED_ON = ("--on", "2026-09-01")


def tradeloop(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradeloop", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One proven trade, and one whose list is missing."""
    lonely = papers.message("CEB303", orderNo="LONELY")
    return papers.write(tmp_path / "in", papers.clean_trade() | {"lonely.xml": lonely})


def test_json_is_one_object_of_the_documented_shape(folder: Path) -> None:
    done = tradeloop("verify", folder, *JUDGED_ON, "--json")

    found = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / "verify.schema.json").read_text()))
    assert done.returncode == 0
    assert done.stderr == ""
    assert found["grades"] == {"proven": 1, "incomplete": 1, "contradicted": 0}
    assert found["verified"] == {"CNY": 3000}
    assert found["on"] == "2026-09-01"
    assert found["files"] == found["read"] + found["kept"] + len(found["unreadable"])


def test_people_are_told_what_would_complete_the_incomplete(folder: Path) -> None:
    done = tradeloop("verify", folder, *JUDGED_ON)

    assert done.returncode == 0
    assert "5 files: 5 read" in done.stdout
    assert "list-missing: Add message 603." in done.stdout
    assert "30.00 CNY" in done.stdout


def test_nothing_readable_ends_with_2_and_says_why(tmp_path: Path) -> None:
    papers.write(tmp_path, {"empty.xml": ""})

    done = tradeloop("verify", tmp_path)

    assert done.returncode == 2
    assert "empty.xml: the file is empty" in done.stderr
    assert done.stdout == ""


def test_nothing_readable_is_told_to_programs_too(tmp_path: Path) -> None:
    papers.write(tmp_path, {"empty.xml": "", "chat.pdf": "%PDF"})

    done = tradeloop("verify", tmp_path, "--json")

    found = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / "verify.schema.json").read_text()))
    assert done.returncode == 2
    assert (found["files"], found["read"], found["kept"], found["trades"]) == (2, 0, 1, 0)
    assert found["unreadable"][0]["because"].startswith("the file is empty")


def test_a_path_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    done = tradeloop("verify", tmp_path / "nowhere")

    assert done.returncode == 2
    assert "no such file or folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_day_before_our_terms_ends_with_2(folder: Path) -> None:
    done = tradeloop("verify", folder, "--on", "2017-12-31")

    assert done.returncode == 2
    assert "Judge as of 2018-01-01 or later" in done.stderr


def test_out_writes_every_result(folder: Path, tmp_path: Path) -> None:
    done = tradeloop("verify", folder, *JUDGED_ON, "--out", tmp_path / "out")

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert done.returncode == 0
    assert names == {
        *(f"{table}.{suffix}"
          for table in ("verdicts", "findings", "links", "owed", "records", "files", "evidence")
          for suffix in ("csv", "parquet")),
        "trades.xlsx",
    }  # fmt: skip


def test_explain_tells_the_story_of_one_trade(folder: Path) -> None:
    done = tradeloop("explain", "LONELY", folder, *JUDGED_ON, "--json")

    found = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / "explain.schema.json").read_text()))
    assert found["grade"] == "incomplete"
    assert {link["link"]: link["status"] for link in found["links"]}["list"] == "missing"
    assert "list-missing" in {one["code"] for one in found["findings"]}


def test_explain_says_what_would_pass(folder: Path) -> None:
    done = tradeloop("explain", "LONELY", folder, *JUDGED_ON)

    assert "What would make it proven" in done.stdout
    assert "Add message 603." in done.stdout


def test_explain_without_paths_reads_this_folder(folder: Path) -> None:
    done = tradeloop("explain", "A1", *JUDGED_ON, cwd=folder)

    assert done.returncode == 0
    assert "is proven for customs" in done.stdout


def test_an_unknown_trade_is_answered_with_the_nearest(folder: Path) -> None:
    done = tradeloop("explain", "LONELI", folder, *JUDGED_ON)

    assert done.returncode == 2
    assert "LONELY" in done.stderr


def test_generate_refuses_a_folder_with_something_in_it(folder: Path) -> None:
    before = sorted(folder.iterdir())

    done = tradeloop("generate", "--trades", "5", "--out", folder)

    assert done.returncode == 2
    assert "not an empty folder" in done.stderr
    assert sorted(folder.iterdir()) == before


def test_generate_refuses_an_unknown_town(tmp_path: Path) -> None:
    done = tradeloop("generate", "--town", "atlantis", "--out", tmp_path / "new")

    assert done.returncode == 2
    assert "atlantis" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_teaches() -> None:
    done = tradeloop("--help")

    assert "tradeloop verify town" in done.stdout
    for command in ("verify", "explain", "generate"):
        assert command in done.stdout
        assert len(tradeloop(command, "--help").stdout.splitlines()) > 8


@pytest.mark.parametrize("word", ["01/05/2026", "2026-13-01", "1.2.2026", "tomorrow"])
def test_a_day_that_is_none_is_told_how_a_day_is_written(word: str) -> None:
    done = tradeloop("verify", "papers", "--on", word)

    assert done.returncode == 2
    assert f"'{word}' is no day. Write year, month and day, as 2026-05-31." in done.stderr
