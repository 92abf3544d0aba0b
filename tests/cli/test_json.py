"""What commands print for programs is as the schemas in docs/reference/json say."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from tradeloop.cli.main import app

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"
ENTRY = {
    "key": "advance-7:paid", "on": "2026-03-09", "why": "Advance 7",
    "postings": [{"debit": "xin:owes:7", "credit": "nb:cash", "currency": "USD", "minor": 79_200}],
}  # fmt: skip
RATES = "date,base,rate,per,source\n2026-03-09,USD,7.1034,1,PBC\n2026-03-09,JPY,4.6123,100,PBC\n"


def schema(name: str) -> dict[str, object]:
    """Return a schema."""
    found: dict[str, object] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return found


def check(name: str, *words: object, codes: tuple[int, ...] = (0,)) -> None:
    """Run a command for programs; what it prints is as the schema says."""
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code in codes, done.stderr
    jsonschema.validate(json.loads(done.stdout), schema(name))


def test_every_schema_is_one() -> None:
    for path in SCHEMAS.glob("*.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_books_rates_doctor_and_backup(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    entries, rates = tmp_path / "entries.jsonl", tmp_path / "rates.csv"
    entries.write_text(json.dumps(ENTRY))
    rates.write_text(RATES)

    check("ledger-post", "ledger", "post", entries)
    check("ledger-balances", "ledger", "balances")
    check("ledger-balances", "ledger", "trial-balance")
    check("ledger-statement", "ledger", "statement", "nb:cash", "--from", "2026-01-01")
    check("rates-import", "rates", "import", rates)
    check("rates-list", "rates", "list")
    check("rates-show", "rates", "show", "USD", "JPY", "--on", "2026-03-09", "--source", "PBC")
    check("doctor", "doctor", codes=(0, 1))
    check("backup-manifest", "backup", tmp_path / "backup")
    with zipfile.ZipFile(tmp_path / "backup") as backup:
        jsonschema.validate(json.loads(backup.read("manifest.json")), schema("backup-manifest"))
