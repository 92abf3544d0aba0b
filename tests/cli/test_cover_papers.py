"""`tradeloop cover certificate` writes what is covered, once, and nothing that is not so."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import jsonschema
import pypdf
import pytest
import typst
from typer.testing import CliRunner, Result

from cover.counter import MERCHANT, SCHEME, issued, noon, offer, trade
from tradeloop.cli.main import app
from tradeloop.cover.queries import recorded_as
from tradeloop.forms import fonts
from tradeloop.journal.queries import recorded
from tradeloop.parties.actions import register_firm

SCHEMA = Path(__file__).resolve().parents[2] / "docs/reference/json/cover-certificate.schema.json"
DAY = date(2026, 5, 1)
NUMBER = f"{SCHEME}/2026/00000002"


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    offer(trade("A", 100_000), trade("B", 80_000))


def write(out: Path, *words: str, number: str = NUMBER) -> Result:
    return CliRunner().invoke(app, ["cover", "certificate", number, "--out", str(out), *words])


def text(file: Path) -> str:
    pages = pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages
    read = "".join(page.extract_text() for page in pages)
    return "".join(read.replace("\u200b", "").replace("\u2068", "").replace("\u2069", "").split())


def test_a_certificate_has_the_figures_of_the_cover_and_the_names_of_its_parties(
    tmp_path: Path,
) -> None:
    register_firm(key=MERCHANT, name="义乌市模拟饰品商行", from_date=DAY, at=noon(DAY))

    done = write(tmp_path / "a.pdf", "--language", "both", "--synthetic")

    assert (done.exit_code, done.stderr) == (0, "")
    found = text(tmp_path / "a.pdf")
    one = issued("B")
    for said in (
        str(one.covered).replace(" ", ""), str(one.uncovered).replace(" ", ""), NUMBER, one.terms,
        "SYNTHETICBUYERYIRQ004TRADING", "伊拉克", MERCHANT, "义乌市模拟饰品商行",
        "Syntheticdata", "45%",
    ):  # fmt: skip
        assert said in found


def test_its_proof_names_the_entry_and_what_the_log_binds_of_it(tmp_path: Path) -> None:
    done = write(tmp_path / "a.pdf", "--json")

    told = json.loads(done.stdout)
    jsonschema.validate(told, json.loads(SCHEMA.read_text("utf-8")))
    (entry,) = recorded([recorded_as(NUMBER)])
    assert told["file"] == str(tmp_path / "a.pdf")
    assert told["proof"].endswith(f"/{entry.entry_id}/{entry.commitment.hex()}")
    assert told["proof"] in text(tmp_path / "a.pdf")
    assert told["sha256"] in text(tmp_path / "a.pdf")


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")

    done = write(tmp_path / "a.pdf")

    assert (done.exit_code, (tmp_path / "a.pdf").read_text()) == (2, "mine")
    assert "is there already" in done.stderr


def test_a_number_that_is_none_writes_nothing(tmp_path: Path) -> None:
    for number in (f"{MERCHANT}/B", "no"):
        done = write(tmp_path / "a.pdf", number=number)

        assert done.exit_code == 2
        assert "See tradeloop cover list" in done.stderr
    assert not (tmp_path / "a.pdf").exists()


def test_without_a_font_the_sentence_says_what_to_install_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_latin = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(fonts, "installed", lambda: only_latin)

    done = write(tmp_path / "a.pdf")

    assert done.exit_code == 2
    assert "apt-get install fonts-noto-cjk" in done.stderr
    assert not (tmp_path / "a.pdf").exists()
