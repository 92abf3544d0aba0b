"""A year of the town can be lived again to the byte, and its money is all accounted for."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.replays import replays
from tradeloop.cover.replay import replay
from tradeloop.cover.terms import CoverTerms
from tradeloop.ledger import queries as ledger
from tradeloop.receivables.queries import disagreements
from tradeloop.schemes.load import find, versions
from tradeloop.site.opened import served
from tradeloop.store.database import cursor, leave, use
from tradeloop.store.home import Home

SCHEME = "yiwu-market-procurement"
LISTS = ("certificates.csv", "claims.csv", "payments.csv", "recoveries.csv", "decisions.csv")
RESULTS = ("season.json", *LISTS)
EVER = date(9000, 1, 1)
SEASON = ("--trades", "300", "--seed", "7")
RANDOM = re.compile(r"(buyer:|person-)[0-9a-f]{8,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")


def begin(out: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tradeloop", "season", "--out", str(out), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    said, told = process.communicate()
    assert process.returncode == 0, told
    return said


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Live one season; give its folder."""
    out = tmp_path_factory.mktemp("season") / "year"
    assert "risk covered" in ended(begin(out, *SEASON))
    return out


@pytest.fixture(scope="module")
def books(year: Path) -> Iterator[Path]:
    """Open the database of the season that was lived; give its folder."""
    with open_books(year) as out:
        yield out


@contextmanager
def open_books(out: Path) -> Iterator[Path]:
    """Let the reads of the tests work on the database of a season."""
    with served(Home.found(out / "home"), tell=lambda _: None) as address:
        use(address, clock_skew_s_max=None)
        yield out
        leave()


def rows(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode(), values or None)
        return cur.fetchall()


def told(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "season.json").read_text("utf-8"))
    return found


def listed(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def minor(text: str) -> int:
    return int(text.replace(".", "")) if text else 0


def test_a_season_is_the_same_to_the_byte(year: Path, tmp_path: Path) -> None:
    said = ended(begin(tmp_path / "again", *SEASON, "--json"))

    for name in RESULTS:
        assert (tmp_path / "again" / name).read_bytes() == (year / name).read_bytes(), name
    assert said == (year / "season.json").read_text("utf-8")


def test_the_figures_have_their_schema(year: Path) -> None:
    schema = Path(__file__).parents[2] / "docs/reference/json/season.schema.json"

    jsonschema.validate(told(year), json.loads(schema.read_text("utf-8")))


def test_no_result_names_the_machine_or_a_number_of_this_home(year: Path) -> None:
    for name in RESULTS:
        text = (year / name).read_text("utf-8")
        assert str(year) not in text, name
        assert not RANDOM.search(text), name


def test_everything_that_may_happen_happens(year: Path) -> None:
    found = told(year)

    assert found["cases"]["paid"] > 0
    assert found["cases"]["states"]["withdrawn"] > 0, "a buyer paid late"
    assert int(found["recovered"]["to_insurer_minor"]["USD"]) > 0
    assert {one["code"] for one in found["refused"]} >= {"paid-in-cash", "papers-missing"}
    assert {one["code"] for one in found["not_taken"]} == {
        "already-claimed", "claim-too-early", "shipment-uncovered",
    }  # fmt: skip
    assert found["payments"]["by_hand"] > 0
    assert found["cover"]["white_listed"] > 0
    assert found["cover"]["limit_cut_for"]


def test_the_table_says_what_the_lists_say(year: Path) -> None:
    found = told(year)
    certificates, claims = listed(year, "certificates.csv"), listed(year, "claims.csv")
    paid = [one for one in claims if one["paid_on"]]

    assert len(certificates) == found["trades"]["certified"]
    assert sum(minor(one["covered"]) for one in certificates) == int(
        found["cover"]["covered_minor"]["USD"]
    )
    assert sum(minor(one["claimed"]) for one in claims) == int(
        found["losses"]["reported_minor"]["USD"]
    )
    assert sum(minor(one["pay"]) for one in paid) == int(found["losses"]["paid_minor"]["USD"])
    assert sum(minor(one["amount"]) for one in listed(year, "recoveries.csv")) == int(
        found["recovered"]["total_minor"]["USD"]
    )


def test_every_refused_claim_has_its_reasons(year: Path) -> None:
    for one in listed(year, "claims.csv"):
        if one["state"] == "refused":
            assert all(one[name] for name in ("code", "because", "remedy")), one
        if one["state"] == "not-taken":
            assert one["code"], one
            assert one["because"], one


@pytest.mark.usefixtures("books")
def test_money_is_conserved_in_each_currency() -> None:
    conserved()


@pytest.mark.usefixtures("books")
def test_nobody_is_paid_more_than_its_loss() -> None:
    bounded()


@pytest.mark.usefixtures("books")
def test_every_claim_came_to_its_state_by_the_table_of_moves() -> None:
    moved()


@pytest.mark.usefixtures("books")
def test_every_answer_is_worked_out_again_to_the_byte() -> None:
    replayed()


def test_a_home_that_has_anything_in_it_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "kept").write_text("mine", encoding="utf-8")
    process = begin(tmp_path / "out", "--home", str(home))
    said, told_ = process.communicate()

    assert process.returncode == 2
    assert "not an empty folder" in told_
    assert not said
    assert [one.name for one in home.iterdir()] == ["kept"]
    assert not (tmp_path / "out").exists()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 7))
def test_the_promises_hold_in_any_season(seed: int, tmp_path: Path) -> None:
    ended(begin(tmp_path / "out", "--trades", "400", "--seed", str(seed)))

    with open_books(tmp_path / "out"):
        conserved()
        bounded()
        moved()
        replayed()


@pytest.mark.soak
def test_a_season_of_twenty_thousand_trades_is_the_same_to_the_byte(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for out in (one, other):
        ended(begin(out, "--trades", "20000", "--seed", "5"))

    for name in RESULTS:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    with open_books(one):
        conserved()
        bounded()
        moved()
        replayed()


def conserved() -> None:
    """What came in is applied or left; each booking is booked once; debits equal credits."""
    assert disagreements() == ()
    assert ledger.different_sums() == ()
    sums: dict[str, int] = defaultdict(int)
    for one in ledger.trial_balance(on=EVER).balances:
        sums[one.debit.currency] += one.debit.minor - one.credit.minor
    assert set(sums.values()) == {0}
    for currency, paid, left, applied in rows(
        "select p.currency, sum(p.amount_minor), sum(p.left_minor), (select sum(a.amount_minor) "
        "from receivables_application as a join receivables_payment as q on q.id = a.payment_id "
        "where q.currency = p.currency) from receivables_payment as p group by p.currency"
    ):
        assert paid == left + applied, currency
    ((arrived, booked),) = rows(
        "select sum(amount_minor), sum(booked_minor) from settlement_bankpayment where is_credit"
    )
    ((entered,),) = rows("select sum(amount_minor) from receivables_payment")
    assert arrived == booked == entered
    ((ordered, debited),) = rows(
        "select (select sum(amount_minor) from settlement_order where state = 'confirmed'), "
        "(select sum(amount_minor) from settlement_bankpayment where not is_credit)"
    )
    assert ordered == debited
    paid_out()


def paid_out() -> None:
    """What was paid, and what came back for it, is what the insurer's books say."""
    name = f"insurer:{SCHEME}"
    ((ordered, paid),) = rows(
        "select coalesce(sum(amount_minor), 0), "
        "coalesce(sum(amount_minor) filter (where paid_on is not null), 0) from claims_payout"
    )
    owed = sum(
        (one.credit - one.debit).minor for one in ledger.balances(f"{name}:claims-owed", on=EVER)
    )
    assert ledger.balance(f"{name}:claims", on=EVER, currency="USD").minor == ordered
    assert owed == ordered - paid
    ((to_insurer,),) = rows(
        "select coalesce(sum(to_insurer_minor), 0) from recovery_receipt where withdrawn_on is null"
    )
    assert ledger.balance(f"{name}:recoveries", on=EVER, currency="USD").minor == -to_insurer


def bounded() -> None:
    """Nobody has more than was lost: of the insurer, or of all together."""
    for claim, claimed, pay, debt, received, to_insurer in rows(
        "select c.id, c.claimed_minor, sum(o.amount_minor), p.debt_minor, "
        "(select coalesce(sum(r.amount_minor), 0) from recovery_receipt as r "
        " where r.pursuit_id = c.id and r.withdrawn_on is null), "
        "(select coalesce(sum(r.to_insurer_minor), 0) from recovery_receipt as r "
        " where r.pursuit_id = c.id and r.withdrawn_on is null) "
        "from claims_claim as c join claims_payout as o on o.claim_id = c.id "
        "left join recovery_pursuit as p on p.claim_id = c.id group by c.id, p.debt_minor"
    ):
        assert pay <= claimed, claim
        assert to_insurer <= pay, claim
        if debt is not None:
            assert received <= debt, claim
            assert pay + received - to_insurer <= debt, claim
    for buyer, used, bound in rows(
        "select c.buyer, sum(c.covered_minor), max(c.limit_minor) from cover_certificate as c "
        "group by c.buyer having count(*) = 1"
    ):
        assert used <= bound, buyer


def moved() -> None:
    """Each claim's moves are those of the table, and end where it stands."""
    states = dict(rows("select id, state from claims_claim"))
    reached = dict.fromkeys(states, CLAIM.start)
    for claim, event, before, after in rows(
        "select claim_id, event, from_state, to_state from claims_move order by id"
    ):
        assert reached[claim] is State(before), claim
        reached[claim] = CLAIM.after(State(before), Event(event))
        assert reached[claim] is State(after), claim
    assert {claim: state.value for claim, state in reached.items()} == states


def replayed() -> None:
    """Cover and claims are worked out again, and nothing differs."""
    answers = list(replay(SCHEME, versions(find(SCHEME), "cover", into=CoverTerms)))
    assert answers
    assert not [one for one in answers if one is not None]
    made = replays()
    assert made
    assert all(one.is_same for one in made)
