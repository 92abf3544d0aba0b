"""Names are compared and screened from the command line; a bad table is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from tradeloop.cli.main import app

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"


def tradeloop(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def checked(done: Result, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))
    return found


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_two_names_are_compared_with_reasons() -> None:
    words = ("parties", "compare", "Nordwind GmbH", "NORDWIND")

    alone, placed = tradeloop(*words), tradeloop(*words, "--country", "DEU", "--json")

    assert alone.stdout.startswith("possibly-the-same (100.0 of 100)\n- the same words")
    assert checked(placed, "parties-compare")["verdict"] == "same"


def test_a_country_that_is_none_is_refused() -> None:
    done = tradeloop("parties", "compare", "A", "B", "--country", "Narnia")

    assert done.exit_code == 2
    assert "'Narnia' is no country" in done.stderr


def test_a_file_is_screened_by_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("country", "name"), ("ARE", "Zephyr [Gulf] Shipping LLC")):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "list.xlsx")
    asked = table(tmp_path / "buyers.csv", "name,country\nNordwind,DEU\nZephir Gulf Shipping,\n")

    words = ("parties", "screen", asked, "--list", tmp_path / "list.xlsx")
    shown, told = tradeloop(*words), tradeloop(*words, "--json")

    assert "1 hits for 2 names in a list of 1" in shown.stdout
    assert "[Gulf]" in shown.stdout
    hit = checked(told, "parties-screen")["hits"][0]  # type: ignore[index]
    assert (hit["asked"]["line"], hit["listed"]["line"]) == (3, 2)


def test_a_table_without_names_is_refused(tmp_path: Path) -> None:
    file = table(tmp_path / "buyers.csv", "firm,country\nNordwind,DEU\n")

    for done in (
        tradeloop("parties", "screen", file, "--list", file),
        tradeloop("parties", "screen", tmp_path / "none.csv", "--list", file),
    ):
        assert done.exit_code == 2
        assert done.stdout == ""
        assert str(tmp_path) in done.stderr
