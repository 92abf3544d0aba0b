"""Lists and buyers from the command line: what is done, what is told, and what stays hidden."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from tradeloop.cli.main import app
from tradeloop.parties import actions
from tradeloop.parties.facts import Told
from tradeloop.registry.fingerprints import key_of
from tradeloop.store.database import use

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
GOOD, OTHER = "91330782MA2000001K", "91330782MA2000002N"


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    for name in ("lists", "parties.buyers", "parties.firms"):
        monkeypatch.setattr(f"tradeloop.cli.{name}.now", lambda: NOON)


def tradeloop(*words: object) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done


def read(schema: str, *words: object) -> dict[str, Any]:
    done = tradeloop(*words, "--json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8")))
    return found


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def known(database: str, tmp_path: Path, *told: Told) -> list[str]:
    """Let papers tell of buyers, under the secret of the home that the commands use."""
    use(database, clock_skew_s_max=None)
    secret = key_of(tmp_path / "home" / "keys")
    return [one.buyer for one in actions.resolve(told=told, now=NOON, secret=secret)]


def test_a_list_comes_in_and_is_shown_on_a_day(tmp_path: Path) -> None:
    file = table(
        tmp_path / "white.csv",
        f"代码,等级,起,止\n{GOOD},A,2026-01-01,2026-06-30\n{GOOD[:-1]}J,A,,\n",
    )
    words = ("lists", "import", file, "--list", "white", "--source", "Bureau")

    done, again = tradeloop(*words), read("lists-import", *words)

    assert "version 1: 1 entries added, 0 kept, 0 ended, 1 lines refused" in done.stdout
    assert "line 3: " in done.stderr
    assert again["is_new"] is False
    assert len(read("lists-show", "lists", "show", "white", "--on", "2026-06-30")["entries"]) == 1
    assert read("lists-show", "lists", "show", "white", "--on", "2026-07-01")["entries"] == []
    assert read("lists-versions", "lists", "show")["versions"][0]["entries"] == 1
    assert GOOD in tradeloop("lists", "show", "white", "--history").stdout
    assert "white" in tradeloop("lists", "show").stdout


def test_a_workbook_is_a_list_too(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("subject", "from"), (GOOD, datetime(2026, 1, 5))):  # noqa: DTZ001 - a cell has no zone
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "white.xlsx")

    found = read("lists-import", "lists", "import", tmp_path / "white.xlsx", "--list", "white",
                 "--source", "Bureau", "--from", "2026-02-01", "--to", "2026-12-31")  # fmt: skip

    assert found["added"] == 1
    entry = read("lists-show", "lists", "show", "white")["entries"][0]
    assert (entry["from_date"], entry["to_date"]) == ("2026-01-05", "2026-12-31")


def test_a_file_that_is_no_list_is_one_sentence(tmp_path: Path) -> None:
    for text in ("", "x,y\n1,2\n", "subject\n,\n"):
        file = table(tmp_path / "list.csv", text)
        done = tradeloop("lists", "import", file, "--list", "white", "--source", "Bureau")
        assert done.exit_code == 2
        assert str(file) in done.stderr
    assert tradeloop("lists", "import", tmp_path / "no.csv", "--list", "white").exit_code == 2


def test_a_list_that_nobody_brought_is_told() -> None:
    done = tradeloop("lists", "show", "wite")

    assert done.exit_code == 2
    assert "There is no list wite" in done.stderr


def test_an_identity_card_is_masked_on_screen(tmp_path: Path) -> None:
    file = table(tmp_path / "white.csv", "subject\n11010519491231002X\n")
    tradeloop("lists", "import", file, "--list", "white", "--source", "Bureau")

    assert "11010519491231002X" not in tradeloop("lists", "show", "white").stdout


def test_an_appeal_is_noted_and_decided(tmp_path: Path) -> None:
    file = table(tmp_path / "black.csv", f"subject\n{GOOD}\n")
    tradeloop("lists", "import", file, "--list", "black", "--source", "Bureau")
    words = ("lists", "appeal", "black", GOOD, "--because", "paid")

    assert "noted." in tradeloop(*words).stdout
    assert "noted before" in tradeloop(*words).stdout
    assert tradeloop(*words, "--upheld").exit_code == 2
    done = tradeloop(*words, "--upheld", "--by", "bureau")

    assert "upheld." in done.stdout
    assert read("lists-show", "lists", "show", "black")["entries"] == []
    assert tradeloop("lists", "appeal", "black", OTHER, "--because", "paid").exit_code == 2


def test_buyers_are_listed_masked_and_decided_on(database: str, tmp_path: Path) -> None:
    one, other = known(
        database, tmp_path, Told(name="Nordwind [x]", country="DEU", number="P1234567"),
        Told(name="Nordwind X", country="FRA"),
    )  # fmt: skip

    listed = read("parties-buyers", "parties", "buyers")
    pairs = read("parties-pairs", "parties", "buyers", "--possible")["pairs"]
    shown = tradeloop("parties", "buyers")

    assert [buyer["key"] for buyer in listed["buyers"]] == [one, other]
    assert "1234567" not in json.dumps(listed) + shown.stdout
    assert "Nordwind [x]" in shown.stdout
    assert [(pair["first"], pair["second"]) for pair in pairs] == [(one, other)]
    assert "1 pairs that may be one" in tradeloop("parties", "buyers", "--possible").stdout

    words = ("parties", "decide", one, other, "--by", "li", "--because", "asked")
    assert tradeloop(*words).exit_code == 2  # says neither
    assert "are one" in tradeloop(*words, "--same").stdout
    assert read("parties-decide", *words, "--same") == {
        "same": True, "new": False, "buyer": one, "other": one,
    }  # fmt: skip
    assert tradeloop("parties", "decide", one, "buyer:0", "--same", *words[4:]).exit_code == 2


def test_hits_are_listed_and_cleared(database: str, tmp_path: Path) -> None:
    known(database, tmp_path, Told(name="Zephyr Gulf Shipping", country="ARE"))
    file = table(tmp_path / "s.csv", "name,country\nZephyr Gulf Shipping LLC,阿联酋\n")
    done = tradeloop("lists", "import", file, "--list", "sanctions", "--source", "List")
    assert "1 buyers may be on it" in done.stdout

    (hit,) = read("parties-hits", "parties", "hits")["hits"]
    assert "Zephyr" in tradeloop("parties", "hits").stdout
    words = ("parties", "clear", hit["id"], "--by", "li", "--because", "another")
    assert "is cleared." in tradeloop(*words).stdout

    assert read("parties-hits", "parties", "hits")["hits"] == []
    assert tradeloop(*words, "--upheld").stdout.endswith("upheld.\n")
    assert tradeloop("parties", "clear", 99, *words[3:]).exit_code == 2


def test_firms_and_relations_are_kept(tmp_path: Path) -> None:
    firm = ("parties", "firm", GOOD, "--name", "合成商户", "--role", "merchant")

    assert "is kept" in tradeloop(*firm, "--identifier", GOOD).stdout
    assert "nothing changed" in tradeloop(*firm).stdout
    assert tradeloop(*firm, "--identifier", GOOD[:-1] + "J").exit_code == 2
    assert read("parties-firms", "parties", "firms")["firms"][0]["roles"] == ["merchant"]
    assert "merchant" in tradeloop("parties", "firms").stdout

    related = ("parties", "relate", GOOD, OTHER, "--because", "one owner", "--source", "register")
    assert "belong together." in tradeloop(*related).stdout
    assert tradeloop("parties", "relate", GOOD, GOOD, *related[4:]).exit_code == 2
    file = table(
        tmp_path / "r.csv",
        f"a,b,because,from\n{GOOD},{OTHER},one owner,\n{GOOD},x,spouse,2026-01-01\n{GOOD},,y,\n",
    )
    done = tradeloop("parties", "relations", file, "--source", "register")
    assert "1 relations taken, 1 were known, 1 lines refused" in done.stdout
    assert "line 4: " in done.stderr
    assert tradeloop("parties", "relations", table(tmp_path / "e.csv", "")).exit_code == 2
