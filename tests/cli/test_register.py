"""What judged trades are worth is registered once, from papers or a lake, and follows them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from registry.shop import stands
from tradeloop.cli.main import app
from tradeloop.cli.register import SAID
from tradeloop.cli.registry import opened as registry_opened
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.site.opened import opened
from tradeloop.store.database import cursor
from tradeloop.trades.actions import judged
from tradeloop.trades.registration import JudgedTrade, judged_trades

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"
DAY = date(2026, 11, 1)
NOON = datetime(2026, 11, 1, 12, tzinfo=SHANGHAI)
TABLES = (
    "registry_capacity", "registry_paper", "registry_name", "registry_book", "registry_fingerprint",
    "registry_twin", "trades_reading", "trades_trade", "trades_verdict", "journal_entry",
)  # fmt: skip
PAYMENTS = "Ref,Trade no.,Paid on,Currency,Amount,Payer"
PAYMENT = "LATER-{number},{number},2026-10-20,{currency},{amount},A buyer"


def tradeloop(*words: object) -> Result:
    """Run a command."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done


def registered(*words: object) -> dict[str, Any]:
    """Register for a bank; return what was said to programs."""
    done = tradeloop("register", *words, "--on", DAY, "--json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / "register.schema.json").read_text()))
    return found


def hold(paper: str, lake: Path, *more: object, amount: str = "1.00") -> dict[str, Any]:
    """Hold a value by a paper that was never registered; return the answer."""
    done = tradeloop(
        "registry", "hold", paper, amount, "USD", "--holder", "bank:NB", "--lake", lake, "--json",
        *more,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == (1 if found["refusal"] else 0)
    return found


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let commands work on this test's database, on a day of the town's season."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tradeloop.cli.registry.commands.now", lambda: NOON)
    monkeypatch.setattr("tradeloop.cli.main.now", lambda: NOON)
    monkeypatch.setattr(registry_opened, "opened", partial(opened, clock_skew_s_max=None))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small market whose merchants sell on credit; nothing in it is real."""
    folder = tmp_path_factory.mktemp("market")
    words = ("generate", "--town", "yiwu", "--trades", "40", "--seed", "7", "--faults", "0.1")
    assert tradeloop(*words, "--as", "csv", "--out", folder / "town").exit_code == 0
    return folder / "town"


@pytest.fixture(scope="module")
def trades(town: Path) -> Sequence[JudgedTrade]:
    """The trades of the town, as they are judged for a bank."""
    with judged([town], purpose="finance", on=DAY) as done:
        return [one for some in judged_trades(done.con) for one in some]


@pytest.fixture(scope="module")
def proven(trades: Sequence[JudgedTrade]) -> JudgedTrade:
    """A trade that is worth a good deal."""
    return max(trades, key=lambda one: one.verified_minor)


@pytest.fixture(scope="module")
def lake(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with the papers of the town, of which none was registered."""
    folder = tmp_path_factory.mktemp("lake") / "lake"
    done = tradeloop("lake", "add", town, "--lake", folder, "--purpose", "finance", "--on", DAY)
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def later(town: Path, tmp_path: Path) -> Path:
    """A copy of the town, to which papers may be added."""
    return Path(shutil.copytree(town, tmp_path / "later"))


def paid(folder: Path, *payments: tuple[JudgedTrade, str, str]) -> None:
    """Add a bank's statement: for these trades the buyers paid so much."""
    lines = [
        PAYMENT.format(number=one.name.partition("/")[2], amount=amount, currency=currency)
        for one, amount, currency in payments
    ]
    (folder / "statement" / "later.csv").write_text("\n".join([PAYMENTS, *lines]))


def paper(trade: JudgedTrade, kind: str = "trade") -> str:
    """Return a name of a trade's value."""
    firm, _, number = trade.name.partition("/")
    if kind == "trade":
        return f"trade:{firm}:{number}"
    (found,) = [one for one in trade.names if one[0] == kind]
    return f"{kind}:{found[1] or firm}:{found[2]}"


def everything() -> Iterator[list[tuple[object, ...]]]:
    """Give all rows of every table that registering writes, and the facts of the journal."""
    with cursor() as cur:
        for table in TABLES:
            yield sorted(cur.execute(f"table {table}".encode()).fetchall(), key=repr)


def test_every_outcome_has_its_words_and_its_place_in_the_schema() -> None:
    schema = json.loads((SCHEMAS / "register.schema.json").read_text())

    assert set(SAID) == set(schema["properties"]["trades"]["propertyNames"]["enum"])


def test_a_town_is_registered_and_again_changes_nothing(
    town: Path, trades: Sequence[JudgedTrade]
) -> None:
    worth = [one for one in trades if one.grade == "proven"]
    first = registered(town)
    before = list(everything())

    again = registered(town)

    rest = len(trades) - len(worth)
    assert first["trades"] == {"opened": len(worth), "not-proven": rest}
    assert again["trades"] == {"unchanged": len(worth), "not-proven": rest}
    assert list(everything()) == before
    for one in worth:
        assert stands(paper(one)) == (one.verified_minor, 0, 0, 0)


def test_papers_that_come_later_adjust_values_take_them_away_and_leave_them_over_used(
    town: Path, later: Path, trades: Sequence[JudgedTrade]
) -> None:
    by_value = sorted(trades, key=lambda one: -one.verified_minor)
    used, adjusted, contradicted = by_value[:3]
    opened = registered(town)["trades"]["opened"]
    words = (paper(used), f"{used.verified_minor / 100:.2f}", "USD", "--holder", "bank:NB")
    assert tradeloop("registry", "hold", *words).exit_code == 0
    paid(later, (used, "1000", "USD"), (adjusted, "10.01", "USD"), (contradicted, "5", "AED"))

    people = tradeloop("register", later, "--on", DAY)
    program = registered(later)
    listed = tradeloop("registry", "over-used")

    assert people.exit_code == 0
    assert "        3 amended" in people.stdout
    assert "        1 proven no longer, worth nothing now" in people.stdout
    assert f"{opened - 3:>9} as they were" in people.stdout
    assert f"OVER-USED by 100,000 minor units: {paper(used)}" in people.stdout
    assert (program["trades"]["unchanged"], program["over_used"]) == (opened, [])
    assert f"{paper(used)} (finance): 1,000.00 USD more is in use" in listed.stdout
    assert stands(paper(used)) == (used.verified_minor - 100_000, used.verified_minor, 0, 0)
    assert stands(paper(adjusted)) == (adjusted.verified_minor - 1_001, 0, 0, 0)
    assert stands(paper(contradicted)) == (0, 0, 0, 0)


def test_a_folder_that_lacks_papers_takes_nothing_away_and_a_lake_that_lacks_them_does(
    town: Path, later: Path, tmp_path: Path, proven: JudgedTrade
) -> None:
    opened = registered(town)["trades"]["opened"]
    shutil.rmtree(later / "CN.declaration")

    folder = registered(later)["trades"]
    assert folder["kept"] == opened
    assert stands(paper(proven))[0] == proven.verified_minor

    words = ("--lake", tmp_path / "lake")
    assert tradeloop("lake", "add", later, *words, "--on", DAY).exit_code == 0
    assert registered(*words)["trades"]["withdrawn"] == opened
    assert stands(paper(proven)) == (0, 0, 0, 0)


def test_a_lake_is_registered_as_its_papers_are(lake: Path, trades: Sequence[JudgedTrade]) -> None:
    opened = registered("--lake", lake)["trades"]["opened"]

    worth = [one for one in trades if one.grade == "proven"]
    assert opened == len(worth)
    for one in worth:
        assert stands(paper(one)) == (one.verified_minor, 0, 0, 0)


def test_only_the_trades_that_are_named_are_registered(lake: Path, proven: JudgedTrade) -> None:
    done = registered("--lake", lake, "--trade", proven.name)

    assert done["trades"] == {"opened": 1}
    with cursor() as cur:
        assert cur.execute("select paper from registry_capacity").fetchall() == [(paper(proven),)]


def test_a_value_is_held_by_a_paper_of_a_lake_that_was_never_registered(
    lake: Path, trades: Sequence[JudgedTrade], proven: JudgedTrade
) -> None:
    own = next(
        one for one in trades
        if one.grade == "proven" and _declared_alone(one, trades) and one != proven
    )  # fmt: skip

    by_record = hold(paper(proven, "record"), lake)
    by_declaration = hold(paper(own, "declaration"), lake, amount="2.00")
    by_trade = hold(paper(own), lake, amount="3.00")

    assert by_record["free_minor"] == proven.verified_minor - 100
    assert by_declaration["free_minor"] == own.verified_minor - 200
    assert by_trade["free_minor"] == own.verified_minor - 500


def test_a_declaration_that_several_merchants_share_stands_for_none_of_their_values(
    lake: Path, trades: Sequence[JudgedTrade]
) -> None:
    shared = next(
        one for one in trades
        if sum(_declaration(other) == _declaration(one) != "" for other in trades) > 1
        and all(other.grade == "proven" for other in trades
                if _declaration(other) == _declaration(one))
    )  # fmt: skip

    assert hold(paper(shared, "declaration"), lake)["refusal"] == "several-values"
    assert stands(paper(shared)) == (shared.verified_minor, 0, 0, 0)
    assert hold(paper(shared, "record"), lake)["refusal"] is None


def test_a_parcel_is_held_by_the_number_of_its_list(tmp_path: Path) -> None:
    folder, parcels = tmp_path / "parcels", tmp_path / "lake"
    assert tradeloop("generate", "--trades", 30, "--seed", 3, "--out", folder).exit_code == 0
    assert tradeloop("lake", "add", folder, "--lake", parcels, "--on", DAY).exit_code == 0
    with judged([folder], purpose="customs", on=DAY) as done:
        (trades,) = judged_trades(done.con)
    one = next(trade for trade in trades if trade.grade == "proven")

    for kind in ("list", "order"):
        told = tradeloop(
            "registry", "hold", paper(one, kind), "0.01", one.currency, "--holder", "bank:NB",
            "--purpose", "customs", "--lake", parcels,
        )  # fmt: skip
        assert told.exit_code == 0, told.stdout + told.stderr
    assert stands(paper(one), "customs") == (one.verified_minor, 2, 0, 0)


def test_a_paper_that_is_not_in_the_lake_or_not_proven_is_unknown(
    lake: Path, trades: Sequence[JudgedTrade], proven: JudgedTrade
) -> None:
    bad = next(one for one in trades if one.grade == "contradicted")

    for name in ("record:CN.1:NONE-1", "list:CN.customs:29242026I000000001", paper(bad)):
        assert hold(name, lake)["refusal"] == "unknown-capacity"
    assert hold(paper(proven), lake, "--purpose", "gift")["refusal"] == "unknown-capacity"


def test_a_mistake_ends_with_2_and_registers_nothing(
    town: Path, lake: Path, proven: JudgedTrade, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    name = paper(proven)
    for words in (
        ("register",),
        ("register", town, "--lake", lake),
        ("register", tmp_path / "empty"),
        ("register", tmp_path / "nowhere"),
        ("register", town, "--on", "1999-01-01"),
        ("register", "--lake", tmp_path / "none"),
        ("registry", "hold", name, "1", "USD", "--holder", "b", "--lake", tmp_path / "none"),
        ("registry", "hold", "record", "1", "USD", "--holder", "b", "--lake", lake),
    ):
        done = tradeloop(*words)
        assert (done.exit_code, done.stdout) == (2, ""), words
        assert done.stderr
    with cursor() as cur:
        assert cur.execute("table registry_capacity").fetchall() == []


@pytest.mark.parametrize("unreadable", [True, False])
def test_a_lake_without_a_trade_registers_nothing_and_says_so(
    tmp_path: Path,
    unreadable: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    paper, lake = tmp_path / ("a.xml" if unreadable else "a.bin"), tmp_path / "lake"
    paper.write_text("<a" if unreadable else "not a paper of trade")
    added = tradeloop("lake", "add", paper, "--lake", lake)
    assert added.exit_code == (2 if unreadable else 0), added.stderr

    done = tradeloop("register", "--lake", lake)
    held = tradeloop("registry", "hold", "list:a:b", "1", "USD", "--holder", "b", "--lake", lake)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "No trade is in these papers; nothing was registered.\n"
    assert held.exit_code == 1


def _declaration(trade: JudgedTrade) -> str:
    return next((number for kind, _, number in trade.names if kind == "declaration"), "")


def _declared_alone(trade: JudgedTrade, trades: Sequence[JudgedTrade]) -> bool:
    number = _declaration(trade)
    return number != "" and sum(_declaration(other) == number for other in trades) == 1
