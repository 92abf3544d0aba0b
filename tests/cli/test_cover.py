"""A town's trades are covered by one command, and every answer can be asked for again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from tradeloop.cli.cover import calls
from tradeloop.cli.main import app
from tradeloop.cover.terms import CoverTerms, LossKnown
from tradeloop.schemes.load import Scheme, versions
from tradeloop.site.opened import opened
from tradeloop.store.database import cursor

SCHEMAS = Path(__file__).resolve().parents[2] / "docs/reference/json"
ON = "2026-11-01"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "yiwu"
    done = CliRunner().invoke(app, [
        "generate", "--town", "yiwu", "--trades", "60", "--seed", "5", "--faults", "0.2",
        "--as", "csv", "--out", str(folder),
    ])  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["cover", *words])


def told(schema: str, *words: str) -> Any:  # noqa: ANN401 - whatever JSON says
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8")))
    return found


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a loss be known by a notice only: the town is offered whole, long after its sales."""

    def worded(scheme: Scheme, section: str, *, into: type[Any]) -> tuple[Any, ...]:
        found = versions(scheme, section, into=into)
        if into is not CoverTerms:
            return found
        return tuple(replace(one, loss_known=LossKnown.TOLD) for one in found)

    monkeypatch.setattr(calls, "versions", worded)


@pytest.mark.usefixtures("late")
def test_a_town_is_covered_asked_billed_and_replayed(town: Path) -> None:
    done = told("cover-run", "run", str(town), "--on", ON)

    assert done["outcomes"]["certified"] > 30
    assert done["outcomes"]["refused"] > 0
    again = told("cover-run", "run", str(town), "--on", ON)
    assert again["answers"] == []
    assert "      0 " not in run("run", str(town), "--on", ON).stdout

    issued = told("cover-list", "list")
    assert len(issued) == done["outcomes"]["certified"]
    shown = told("cover-show", "show", issued[0]["trade"])
    assert shown["certificate"] == issued[0]
    assert sum(int(one["amount"]["minor"]) for one in shown["grants"]) == int(
        issued[0]["covered"]["minor"]
    )
    assert shown["answers"][0]["late_after"] is not None
    text = run("show", issued[0]["trade"]).stdout
    assert f"Declared late and accepted: on {ON}" in text
    assert f"day of shipment, {issued[0]['shipped_on']}; certified on " in text
    (refused, *_) = [one for one in done["answers"] if one["outcome"] == "refused"]
    text = run("show", refused["trade"]).stdout
    assert all(one["code"] in text and one["remedy"] in text for one in refused["findings"])

    assert told("cover-overdue", "overdue", "--on", ON)
    exposed = told("cover-exposure", "exposure", "--on", ON)
    assert exposed
    assert f"of {len(exposed)} buyer" in run("exposure", "--on", ON).stdout
    assert told("cover-bill", "bill", "--on", ON)
    assert told("cover-bill", "bill", "--on", ON) == []
    assert told("cover-room", "room") == {}
    assert told("cover-score", "score", issued[0]["buyer"], "--on", ON)["of"] == 100
    assert len(told("cover-policies", "policy", "list")) > 10
    assert told("cover-replay", "replay") == {"replayed": len(done["answers"]), "differ": []}


def test_what_is_offered_when_it_is_unpaid_past_its_day_is_refused_with_what_would_pass(
    town: Path,
) -> None:
    done = told("cover-run", "run", str(town), "--on", ON)

    burning = [
        one for answer in done["answers"] for one in answer["findings"]
        if one["code"] == "declared-late"
    ]  # fmt: skip
    assert len(burning) > 10
    assert all("unpaid since" in one["because"] for one in burning)
    assert all("as long as no loss of it is known" in one["remedy"] for one in burning)


def test_one_trade_alone_is_offered_and_its_policy_ended(town: Path) -> None:
    everything = told("cover-run", "run", str(town), "--on", ON, "--trade", "nobody/nothing")
    assert everything["answers"] == []
    alone = run("run", str(town), "--on", ON, "--trade", "nothing")
    assert alone.output == "Nothing was offered: no trade is named so; write FIRM/NUMBER.\n"
    trade = "91330782DEMM00490R/none"

    assert run("show", trade).exit_code == 2
    assert "was never offered" in run("show", trade).output
    done = run("policy", "begin", "91330782DEMM00490R", "--from", "2026-04-01")
    assert "insures from 2026-04-01 to 2027-03-31" in done.stdout
    policy = "yiwu-market-procurement/91330782DEMM00490R/2026-04-01"
    ended = run("policy", "end", policy, "--because", "asked for", "--on", "2026-05-01")
    assert "ends with 2026-05-01" in ended.stdout
    again = run("policy", "end", policy, "--because", "asked for", "--on", "2026-05-01")
    assert (again.exit_code, "is final" in again.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "one of both"),
        (("run", "nowhere"), "nowhere"),
        (("show", "YW-1"), "'YW-1' is no trade. Write FIRM/NUMBER"),
        (("run", ".", "--scheme", "none-such"), "There is no scheme 'none-such'"),
        (("limit", "buyer:1", "ten", "--because", "x", "--id", "L"), "'ten' is no amount"),
        (("policy", "begin", "A", "--from", "2019-01-01"), "No terms are in force on 2019-01-01"),
    ],
)
def test_a_wrong_word_is_told_in_one_sentence(words: tuple[str, ...], said: str) -> None:
    done = run(*words)

    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_limit_is_set_for_a_buyer() -> None:
    with opened(None), cursor() as cur:
        cur.execute("insert into parties_buyer (key, made_by) values ('buyer:1', 1)")
    words = ("limit", "buyer:1", "20,000.00", "--because", "pays late", "--id", "L-1",
             "--told", "2026-05-01")  # fmt: skip

    assert "has a limit of 20,000.00 USD, told now" in run(*words).stdout
    assert "told before" in run(*words).stdout
    other = run(*words[:2], "5.00", "--because", "other", "--id", "L-1", "--told", "2026-05-01")
    assert (other.exit_code, "other content" in other.output) == (2, True)
    nobody = run("limit", "buyer:2", *words[2:])
    assert (nobody.exit_code, "There is no buyer buyer:2" in nobody.output) == (2, True)


def test_a_pool_is_opened_and_amended() -> None:
    words = ("pool", "yiwu-market-procurement", "2026")

    assert told("cover-pool", *words, "5,000,000.00")["outcome"] == "opened"
    assert told("cover-pool", *words, "4,000,000.00")["amount"]["minor"] == "400000000"
    assert "4,000,000.00 USD (unchanged)" in run(*words, "4,000,000.00").stdout
    wrong = run("pool", "none-such", "2026", "1")
    assert (wrong.exit_code, "no scheme" in wrong.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("list", "--scheme", "nope"), "nope"), (("show", "a/b", "--scheme", "nope"), "nope"),
        (("policy", "list", "--scheme", "nope"), "nope"),
        (("room", "nobody"), "There is no buyer nobody"),
    ],
)  # fmt: skip
def test_what_is_unknown_is_refused_by_name(words: tuple[str, ...], says: str) -> None:
    done = run(*words)

    assert done.exit_code == 2
    assert says in done.stderr
