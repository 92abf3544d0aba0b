"""`tradeloop proof` hands out proofs, checks them offline, and audits the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import psycopg
import pytest

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"
Run = Callable[..., subprocess.CompletedProcess[str]]


def read(printed: str, schema: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.schema.json").read_text()))
    return found


@pytest.fixture
def run(database: str, tmp_path: Path) -> Run:
    """Run the command on this test's database, or with no database at all."""

    def tradeloop(*words: str | Path, offline: bool = False) -> subprocess.CompletedProcess[str]:
        home = {"TRADELOOP_HOME": str(tmp_path / "home")}
        address = {"DATABASE_URL": "host=/nowhere dbname=none" if offline else database}
        return subprocess.run(
            [sys.executable, "-m", "tradeloop", "proof", *map(str, words)],
            capture_output=True, text=True, check=False, env=os.environ | home | address,
        )  # fmt: skip

    return tradeloop


@pytest.fixture
def recorded(database: str) -> int:
    """Three facts; the number of the last."""
    with psycopg.connect(database) as con:
        for n in range(3):
            row = con.execute(
                "select entry_id from journal_append('test.seen', now(), %s)", (f'{{"n":{n}}}',)
            ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_proof_goes_out_and_is_checked_offline(run: Run, recorded: int, tmp_path: Path) -> None:
    paper, key = tmp_path / "proof.json", tmp_path / "keys.json"
    made = run("get", str(recorded), "--out", paper)
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"The proof of entry {recorded} is in {paper}.\n"
    assert run("keys", "--out", key).stdout == f"The list of public keys is in {key}.\n"

    said = run("verify", paper, "--key", key, "--json", offline=True)

    found = read(said.stdout, "proof-verify")
    assert (said.returncode, found["proven"], found["size"]) == (0, True, 3)
    paper.write_text(paper.read_text().replace('{\\"n\\":2}', '{\\"n\\":9}'))
    refused = run("verify", paper, "--key", key, offline=True)
    assert refused.returncode == 2
    assert "not proven" in refused.stderr
    assert refused.stdout == ""
    away = run("verify", tmp_path / "none.json", "--key", key, offline=True)
    assert away.returncode == 2
    assert away.stderr == f"{tmp_path}/none.json: No such file or directory. Check the path.\n"


def test_without_a_key_nothing_is_proven(run: Run, tmp_path: Path) -> None:
    paper = tmp_path / "proof.json"
    paper.write_text("{}")

    said = run("verify", paper, offline=True)

    assert said.returncode == 2
    assert "Name the log's key file with --key" in said.stderr


def test_an_unknown_fact_is_refused(run: Run, recorded: int) -> None:
    said = run("get", str(recorded + 1))

    assert (said.returncode, said.stdout) == (2, "")
    assert "Look up its number" in said.stderr


def test_a_checkpoint_kept_shows_that_the_log_only_grew(
    run: Run, recorded: int, database: str, tmp_path: Path
) -> None:
    old, paper = tmp_path / "old", tmp_path / "grown.json"
    assert recorded
    assert run("checkpoint", "--out", old).returncode == 0
    with psycopg.connect(database) as con:
        con.execute("select journal_append('test.seen', now(), '{}')")
    assert read(run("checkpoint", "--json").stdout, "proof-checkpoint")["size"] == 4

    made = run("consistency", old, "--out", paper)
    said = run("verify", paper, offline=True)

    assert (made.returncode, said.returncode) == (0, 0)
    assert "at size 4 only adds to what it was at size 3" in said.stdout
    assert run("audit", "--held", old).returncode == 0


def test_an_exported_log_is_audited_without_a_database(
    run: Run, recorded: int, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    assert recorded
    assert run("checkpoint").returncode == 0
    assert "5 lines" in run("export", file).stdout

    whole = run("audit", file, "--json", offline=True)
    assert (whole.returncode, read(whole.stdout, "proof-audit")["damage"]) == (0, 0)
    (tmp_path / "deep").write_text("[" * 100_000)
    deep = run("audit", tmp_path / "deep", offline=True)
    assert (deep.returncode, "first line is none of" in deep.stderr) == (2, True)
    file.write_text(file.read_text().replace("test.seen", "test.sold", 1))
    told = run("audit", file, offline=True)

    assert told.returncode == 2
    assert "entry 1, id, kind, at, commitment or leaf" in told.stdout
    assert "damages: 1" in told.stdout


def test_the_database_is_audited_where_it_lies(run: Run, recorded: int, database: str) -> None:
    assert run("checkpoint").returncode == 0
    with psycopg.connect(database) as con:
        con.execute("alter table journal_entry disable trigger all")
        con.execute("update journal_entry set body = '{}' where id = %s", (recorded,))

    told = run("audit", "--json")

    found = read(told.stdout, "proof-audit")
    assert (told.returncode, found["damage"]) == (2, 1)
    assert found["damages"][0]["where"] == f"leaf 2, entry {recorded}"


def test_a_database_that_is_away_and_keys_that_are_broken_are_told(
    run: Run, recorded: int, database: str, tmp_path: Path
) -> None:
    away = run("get", str(recorded), offline=True)
    assert (away.returncode, away.stdout) == (2, "")
    assert "Look at DATABASE_URL and whether the server runs" in away.stderr

    assert run("checkpoint").returncode == 0
    for secret in (tmp_path / "home" / "keys").glob("*.pem"):
        secret.unlink()
    with psycopg.connect(database) as con:
        con.execute("select journal_append('test.seen', now(), '{}')")
    lost = run("checkpoint")
    assert (lost.returncode, lost.stdout) == (2, "")
    assert "has no secret file" in lost.stderr


def test_an_empty_log_has_no_checkpoint(run: Run) -> None:
    said = run("checkpoint")

    assert (said.returncode, said.stdout) == (2, "")
    assert "nothing was recorded yet" in said.stderr
