"""The books and the rates answer people and programs; a refusal is one sentence and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from tradeloop.cli.main import app

ENTRY = {
    "key": "advance-7:paid",
    "on": "2026-03-09",
    "why": "Advance [7]",
    "postings": [
        {"debit": "xin:owes:7", "credit": "nb:cash", "currency": "USD", "minor": "79200"},
        {"debit": "xin:owes:7", "credit": "nb:fees", "currency": "USD", "minor": 800},
    ],
}
RATES = "date,base,rate,per,source\n2026-03-09,USD,7.1034,1,PBC\n2026-03-09,JPY,4.6123,100,PBC\n"


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)


def tradeloop(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def entries(folder: Path, *given: object) -> Path:
    path = folder / "entries.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in given), encoding="utf-8")
    return path


def rates(folder: Path, text: str = RATES) -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_entries_of_a_file_are_posted_once(tmp_path: Path) -> None:
    file = entries(tmp_path, ENTRY)

    first, again = tradeloop("ledger", "post", file), tradeloop("ledger", "post", file, "--json")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "1 entries posted" in first.stdout
    assert json.loads(again.stdout) == {"posted": 0, "repeated": 1}


def test_a_wrong_line_is_named_and_nothing_is_posted(tmp_path: Path) -> None:
    negative = json.loads(json.dumps(ENTRY).replace("79200", "-79200"))
    for wrong in (negative, {**ENTRY, "colour": "red"}, {**ENTRY, "on": "today"}, [], "x"):
        done = tradeloop("ledger", "post", entries(tmp_path, ENTRY, wrong))

        assert done.exit_code == 2
        assert "line 2: " in done.stderr
        assert "Traceback" not in done.stderr

    deep = tmp_path / "deep.jsonl"
    deep.write_text("[" * 100_000)
    done = tradeloop("ledger", "post", deep)
    assert (done.exit_code, "line 1: " in done.stderr) == (2, True)

    shown = tradeloop("ledger", "balances", "--json")
    assert json.loads(shown.stdout)["balances"] == []


def test_a_reused_key_is_told_in_one_sentence(tmp_path: Path) -> None:
    tradeloop("ledger", "post", entries(tmp_path, ENTRY))
    done = tradeloop("ledger", "post", entries(tmp_path, {**ENTRY, "why": "Another"}))

    assert done.exit_code == 2
    assert "Key advance-7:paid was used before" in done.stderr


def test_the_trial_balance_and_a_statement_show_what_was_posted(tmp_path: Path) -> None:
    tradeloop("ledger", "post", entries(tmp_path, ENTRY))

    trial = tradeloop("ledger", "trial-balance", "--on", "2026-03-09")
    found = json.loads(tradeloop("ledger", "balances", "nb:", "--json").stdout)
    words = ("ledger", "statement", "nb:cash", "--from", "2026-03-01", "--to", "2026-03-31")
    people, programs = tradeloop(*words), json.loads(tradeloop(*words, "--json").stdout)

    assert trial.exit_code == 0
    assert "800.00 USD" in trial.stdout
    assert [one["balance_minor"] for one in found["balances"]] == ["-79200", "-800"]
    assert "Advance [7]" in people.stdout
    assert "2026-03-09*" in people.stdout
    (only,) = programs["statements"]
    assert (only["opening_minor"], only["closing_minor"]) == ("0", "-79200")
    assert [one["is_backdated"] for one in only["movements"]] == [True]


def test_a_malformed_account_is_told() -> None:
    done = tradeloop("ledger", "statement", "cash", "--from", "2026-03-01")

    assert done.exit_code == 2
    assert "owner:what" in done.stderr


def test_a_period_that_ends_before_it_begins_is_told() -> None:
    done = tradeloop("ledger", "statement", "a:cash", "--from", "2026-03-02", "--to", "2026-03-01")

    assert done.exit_code == 2
    assert "no day" in done.stderr


def test_a_table_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = tradeloop("rates", "import", tmp_path / "none.csv")

    assert done.exit_code == 2
    said = f"{tmp_path}/none.csv: No such file or directory. Name a file that can be read.\n"
    assert done.stderr == said


def test_rates_come_from_csv_and_from_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for row in RATES.splitlines():
        book.active.append(row.split(","))  # type: ignore[union-attr]
    book.save(tmp_path / "rates.xlsx")

    first = tradeloop("rates", "import", rates(tmp_path))
    again = tradeloop("rates", "import", tmp_path / "rates.xlsx", "--json")

    assert "2 rates added" in first.stdout
    assert json.loads(again.stdout) == {"added": 0, "corrected": 0, "known": 2, "warnings": []}


def test_a_conflict_is_refused_and_a_correction_says_why(tmp_path: Path) -> None:
    tradeloop("rates", "import", rates(tmp_path))
    other = rates(tmp_path, RATES.replace("7.1034", "7.2"))

    refused = tradeloop("rates", "import", other)
    done = tradeloop("rates", "import", other, "--correct", "Misprint", "--json")
    listed = json.loads(tradeloop("rates", "list", "--base", "usd", "--json").stdout)

    assert refused.exit_code == 2
    assert "line 2 says 1 USD = 7.2 CNY" in refused.stderr
    assert "7.1034" in refused.stderr
    assert json.loads(done.stdout)["corrected"] == 1
    assert [(one["rate"], one["why"]) for one in listed["rates"]] == [
        ("7.1034", None), ("7.2", "Misprint"),
    ]  # fmt: skip
    assert "Misprint" in tradeloop("rates", "list").stdout


def test_a_rate_is_shown_as_a_conversion_would_use_it(tmp_path: Path) -> None:
    tradeloop("rates", "import", rates(tmp_path))
    words = ("rates", "show", "usd", "jpy", "--source", "PBC")

    found = json.loads(tradeloop(*words, "--on", "2026-03-09", "--json").stdout)
    people = tradeloop(*words, "--on", "2026-03-11", "--within", "2")
    none = tradeloop(*words, "--on", "2026-03-11")

    assert int(found["numerator"]) * 46123 == int(found["denominator"]) * 7103400
    assert "1 USD is about 154.00992996" in people.stdout
    assert none.exit_code == 2
    assert "USD/CNY of PBC on 2026-03-09" in none.stderr


def test_a_file_that_is_not_there_ends_with_2() -> None:
    for words in (("rates", "import", "nowhere.csv"), ("ledger", "post", "nowhere.jsonl")):
        assert tradeloop(*words).exit_code == 2


def test_a_file_without_entries_is_refused(tmp_path: Path) -> None:
    done = tradeloop("ledger", "post", entries(tmp_path))

    assert done.exit_code == 2
    assert "has no entry" in done.stderr
