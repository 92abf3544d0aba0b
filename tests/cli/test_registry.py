"""The registry answers people and programs: done is 0, refused is 1, a mistake 2 with a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from registry.shop import DECLARATION, LATER, LIST, NOON, ORDER, line, stands
from tradeloop.cli.main import app
from tradeloop.cli.registry import opened as registry_opened
from tradeloop.cli.registry import says as registry_says
from tradeloop.registry import actions
from tradeloop.registry.call import ClockWrong
from tradeloop.site.opened import opened
from tradeloop.store.database import cursor, use

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json"
TABLES = (
    "registry_capacity", "registry_paper", "registry_name", "registry_book", "registry_hold",
    "registry_move", "registry_change", "journal_entry",
)  # fmt: skip
BANK = ("--holder", "bank:NB")


@pytest.fixture(autouse=True)
def _installation(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let commands work on this test's database, at noon."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("TRADELOOP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tradeloop.cli.registry.commands.now", lambda: NOON)
    monkeypatch.setattr(registry_opened, "opened", partial(opened, clock_skew_s_max=None))


def registry(*words: object, given: str | None = None) -> Result:
    """Run one command of the registry."""
    done = CliRunner().invoke(app, ["registry", *map(str, words)], input=given)
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done


def read(done: Result, schema: str) -> dict[str, Any]:
    """Return what was printed for programs; it is as its schema says."""
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.schema.json").read_text()))
    return found


def rows() -> list[int]:
    """Count the rows of every table that the registry writes."""
    with cursor() as cur:
        return [cur.execute(f"table {name}".encode()).rowcount for name in TABLES]


def opened_value(amount: str = "100", paper: str = ORDER, *more: object) -> None:
    """Open a value that no trade proves."""
    assert registry("open", paper, amount, "USD", "--because", "a test", *more).exit_code == 0


def held(amount: str = "60", *more: object) -> str:
    """Hold some of it; return the id of the hold."""
    done = registry("hold", ORDER, amount, "USD", *BANK, "--json", *more)
    assert done.exit_code == 0, done.stderr
    return str(read(done, "registry-hold")["id"])


def request(**other: object) -> str:
    """Return one line of a file of requests."""
    given = {
        "id": str(uuid4()), "paper": ORDER, "purpose": "finance", "holder": "bank:NB",
        "unit": "USD", "amount_minor": 60_00, "expires_at": "2026-01-09T12:00:00+08:00",
    }  # fmt: skip
    return json.dumps({**given, **other})


def test_a_value_is_held_and_told_to_people_and_to_programs() -> None:
    opened_value()

    people = registry("hold", ORDER, "1.50", "USD", *BANK)
    program = read(registry("hold", ORDER, "60", "USD", *BANK, "--json"), "registry-hold")

    assert people.exit_code == 0
    assert f"Held: 1.50 USD of {ORDER} for bank:NB until 2026-01-04 20:00" in people.stdout
    assert "98.50 USD is left" in people.stdout
    assert (program["refusal"], program["granted_minor"], program["free_minor"]) == (
        None,
        6000,
        3850,
    )


def test_a_hold_that_is_committed_at_once_has_no_end(tmp_path: Path) -> None:
    opened_value()
    id = uuid4()

    done = registry("hold", ORDER, "60", "USD", *BANK, "--commit", "--id", id)
    again = registry("hold", ORDER, "60", "USD", *BANK, "--id", id)
    both = registry("hold", ORDER, "1", "USD", *BANK, "--commit", "--hours", 3)

    assert f"Committed: 60.00 USD of {ORDER} for bank:NB, as {id}." in done.stdout
    assert again.stdout == done.stdout
    assert both.exit_code == 2
    assert "has no end" in both.stderr
    file = tmp_path / "lines.jsonl"
    file.write_text(request(id=str(uuid4()), amount_minor=40_00, expires_at=None))
    assert registry("hold-lines", file).exit_code == 0
    assert stands() == (10_000, 0, 10_000, 0)
    shown = read(registry("show", ORDER, "--json"), "registry-show")
    assert {hold["expires_at"] for hold in shown["holds"]} == {None}
    assert "committed" in registry("show", ORDER).stdout


def test_without_the_secret_key_answers_stand_and_are_told_without_a_promise(
    tmp_path: Path,
) -> None:
    opened_value()
    for secret in (tmp_path / "home" / "keys").glob("*.pem"):
        secret.unlink()

    done = registry("hold", ORDER, "60", "USD", *BANK, "--json")

    assert done.exit_code == 0
    assert "has no secret file" in done.stderr
    assert read(done, "registry-hold")["promise"] is None
    assert stands() == (10_000, 6_000, 0, 0)


def test_a_second_loan_on_one_value_is_refused_with_what_is_free_and_never_who_holds() -> None:
    opened_value()
    held("80")

    people = registry("hold", ORDER, "30", "USD", "--holder", "bank:EB")
    program = registry("hold", ORDER, "30", "USD", "--holder", "bank:EB", "--json")

    assert (people.exit_code, program.exit_code) == (1, 1)
    assert "Refused (not-enough)" in people.stdout
    assert "20.00 USD is free, 1 other holds." in people.stdout
    assert "bank:NB" not in people.stdout + program.stdout
    said = read(program, "registry-hold")
    assert (said["refusal"], said["free_minor"], said["others"]) == ("not-enough", 2000, 1)
    assert stands() == (10_000, 8_000, 0, 0)


def test_less_may_be_taken_down_to_a_least_amount() -> None:
    opened_value()

    done = registry("hold", ORDER, "160", "USD", *BANK, "--at-least", "1", "--json")

    assert read(done, "registry-hold")["granted_minor"] == 10_000


def test_the_same_id_hears_the_first_answer_and_for_something_else_a_refusal() -> None:
    opened_value()
    words = ("hold", ORDER, "60", "USD", *BANK, "--until", "2026-01-09T12:00:00", "--json")
    id = str(uuid4())
    first = read(registry(*words, "--id", id), "registry-hold")
    before = rows()

    again = read(registry(*words, "--id", id), "registry-hold")
    other = registry(*words, "--id", id, "--purpose", "insurance")

    assert again == {**first, "repeated": True}
    assert other.exit_code == 1
    assert read(other, "registry-hold")["refusal"] == "id-reused"
    assert rows() == before


def test_who_repeats_a_request_without_a_time_means_the_time_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened_value()
    words = ("hold", ORDER, "60", "USD", *BANK, "--id", uuid4(), "--json")
    first = read(registry(*words), "registry-hold")
    monkeypatch.setattr("tradeloop.cli.registry.commands.now", lambda: NOON + timedelta(hours=1))

    assert read(registry(*words), "registry-hold") == {**first, "repeated": True}
    other = read(registry(*words, "--hours", "72"), "registry-hold")
    assert other["refusal"] == "id-reused"


def test_a_hold_is_committed_spent_and_released() -> None:
    opened_value()
    hold = held("60")

    committed = registry("commit", hold, "50")
    part = registry("spend", hold, "20")
    rest = registry("release", hold, "--json")

    assert "Done: commit 50.00 USD; the hold is committed." in committed.stdout
    assert "Done: spend 20.00 USD; the hold is committed." in part.stdout
    said = read(rest, "registry-move")
    assert (said["state"], said["moved_minor"], rest.exit_code) == ("spent", 3000, 0)
    assert stands() == (10_000, 0, 0, 2_000)


def test_a_hold_is_handed_over_by_its_holder_alone() -> None:
    opened_value()
    hold = held()

    stranger = registry("hand-over", hold, "bank:EB", "--by", "bank:WB")
    owner = registry("hand-over", hold, "bank:EB", "--by", "bank:NB")

    assert stranger.exit_code == 1
    assert "Refused (unknown-hold)" in stranger.stdout
    assert "Done: hand-over; the hold is held." in owner.stdout
    assert registry("commit", hold, "--by", "bank:NB").exit_code == 1


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("spend",), "move-not-allowed"), (("commit", "60.01"), "more-than-held"),
        (("release", "0"), "amount-not-positive"),
    ],
)  # fmt: skip
def test_a_move_that_does_not_fit_ends_with_1_and_moves_nothing(
    words: Sequence[str], refusal: str
) -> None:
    opened_value()
    event, *amount = words
    hold = held()

    people, program = registry(event, hold, *amount), registry(event, hold, *amount, "--json")

    assert (people.exit_code, program.exit_code) == (1, 1)
    assert f"Refused ({refusal})" in people.stdout
    assert "The hold is held, 60.00 USD of it." in people.stdout
    assert read(program, "registry-move")["refusal"] == refusal
    assert stands() == (10_000, 6_000, 0, 0)


def test_what_ran_out_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    opened_value()
    held("60", "--hours", "1")
    assert registry("expire").stdout == "0 holds ran out.\n"
    monkeypatch.setattr("tradeloop.cli.registry.commands.now", lambda: NOON + timedelta(hours=1))

    assert read(registry("expire", "--json"), "registry-expire") == {"expired": 1}
    assert stands() == (10_000, 0, 0, 0)


def test_many_lines_are_answered_in_their_order(tmp_path: Path) -> None:
    opened_value()
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join([request(), request(), "", request(amount_minor=40_00)]))

    done = registry("hold-lines", file, "--json")
    again = registry("hold-lines", file)

    said = read(done, "registry-hold-lines")
    answers = said["answers"]
    assert len(said["promises"]) == 1  # a call is one fact
    assert [one["refusal"] or one["granted_minor"] for one in answers] == [6000, "not-enough", 4000]
    assert (done.exit_code, again.exit_code) == (1, 1)
    assert [text.split()[0] for text in again.stdout.splitlines()] == ["Held:", "Refused", "Held:"]
    assert stands() == (10_000, 10_000, 0, 0)


def test_all_or_nothing_and_a_single_line_from_the_input() -> None:
    opened_value()

    whole = registry("hold-lines", "-", "--all-or-nothing", given=f"{request()}\n{request()}\n")
    one = registry("hold-lines", "-", "--json", given=request())

    assert whole.exit_code == 1
    assert "another-line-refused" in whole.stdout
    assert [len(read(one, "registry-hold-lines")["answers"]), one.exit_code] == [1, 0]
    assert stands() == (10_000, 6_000, 0, 0)


BAD_LINES = {
    "no json": "line 2: ",
    "[1]": "line 2: [1] is no object",
    "[" * 100_000: "line 2: maximum recursion depth",
    request(colour="red"): "check colour",
    request(paper=5): "paper is 5; expected a text",
    request(unit=[]): "unit is []; expected a text",
    request(amount_minor=1.5): "expected a whole number of minor units",
    request(amount_minor=True): "amount_minor is True",
    request(amount_minor=2**63): "at most 9223372036854775807",
    request(at_least_minor="1"): "at_least_minor is '1'",
    request(rate=5): "rate is 5",
    request(holder="\ud800"): "holder is",
    request(holder=" bank:NB"): "without blanks",
    request(unit="usd"): "'usd' is no unit",
    request(purpose="Finance"): "is no purpose",
    request(paper="order"): "names no paper",
    request(expires_at="2026-01-09T12:00:00"): "has no zone",
    request(expires_at="9999-12-31T23:59:59-12:00"): "from 1970 to 8999",
    request(expires_at="tomorrow"): "line 2: ",
    request(id="1"): "line 2: ",
}


def test_a_bad_line_is_named_and_nothing_is_asked() -> None:
    opened_value()
    before = rows()

    for bad, said in BAD_LINES.items():
        done = registry("hold-lines", "-", given=f"{request()}\n{bad}")
        assert (done.exit_code, done.stdout) == (2, ""), bad
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert rows() == before


def test_no_lines_are_no_request() -> None:
    before = rows()

    assert read(registry("hold-lines", "-", "--json", given="\n"), "registry-hold-lines") == {
        "answers": [], "promises": [],
    }  # fmt: skip
    assert rows() == before


REFUSED: Mapping[tuple[str, ...], str] = {
    ("order:CN.1:none", "1", "USD"): "unknown-capacity",
    (ORDER, "1", "EUR"): "unit-differs",
    (ORDER, "1", "pieces"): "unit-differs",
    (ORDER, "0", "USD"): "amount-not-positive",
    (ORDER, "100.01", "USD"): "not-enough",
    (ORDER, "92233720368547758.07", "USD"): "not-enough",
    (ORDER, "1", "USD", "--purpose", "insurance"): "no-such-purpose",
    (ORDER, "1", "USD", "--at-least", "2"): "least-not-within-amount",
    (ORDER, "1", "USD", "--until", "2025-12-31T00:00:00"): "expires-too-early",
    ("--", ORDER, "-5", "USD"): "amount-not-positive",
}


def test_what_cannot_be_granted_is_refused_by_name_with_a_remedy() -> None:
    opened_value()

    for words, refusal in REFUSED.items():
        program = registry("hold", *BANK, "--json", *words)
        said = read(program, "registry-hold")
        assert (program.exit_code, said["refusal"]) == (1, refusal), words
        assert said["because"].endswith(".")
    people = registry("hold", *BANK, "order:CN.1:none", "1", "USD")
    assert people.exit_code == 1
    assert "Refused (unknown-capacity): No value is registered under this paper." in people.stdout
    people = registry("hold", *BANK, ORDER, "1", "EUR")
    assert people.exit_code == 1
    assert "It is in USD, and EUR was asked for." in people.stdout
    assert stands() == (10_000, 0, 0, 0)


def test_a_refusal_in_another_currency_names_no_free_amount_in_it() -> None:
    opened_value()

    assert "is free" not in registry("hold", ORDER, "1", "JPY", *BANK).stdout


NO_AMOUNTS = {
    "1.005": "more than 2 digits",
    "92233720368547758.08": "at most 9223372036854775807",
    **dict.fromkeys(("1,5", "1,23,456", "1_0", "1e2", "1e999999", "nan", "", "ten"), "no amount"),
    "９": "no amount",
    "9" * 5000: "no amount",
}


def test_what_is_no_amount_is_told_in_one_sentence_and_nothing_is_asked() -> None:
    opened_value()
    before = rows()

    for amount, said in NO_AMOUNTS.items():
        done = registry("hold", ORDER, amount, "USD", *BANK)
        assert (done.exit_code, done.stdout) == (2, ""), amount
        assert said in done.stderr
    assert rows() == before


@pytest.mark.parametrize(
    ("amount", "minor"), [("1,234.5", 123_450), ("1234.500", 123_450), ("0.07", 7), ("-0.50", -50)]
)
def test_amounts_are_read_as_people_write_them(amount: str, minor: int) -> None:
    assert registry_says.minor(amount, "USD") == minor


def test_a_word_that_is_wrong_ends_with_2_and_nothing_is_asked() -> None:
    before = rows()

    for words in (
        ("order", "1", "USD", *BANK),
        (ORDER, "1", "Usd", *BANK),
        (ORDER, "1", "USD", "--holder", " "),
        (ORDER, "1", "USD", *BANK, "--purpose", "A loan"),
        (ORDER, "1", "USD", *BANK, "--id", "7"),
        (ORDER, "1", "USD", *BANK, "--hours", "99999999"),
        (ORDER, "1", "USD"),
    ):
        assert registry("hold", *words).exit_code == 2, words
    assert rows() == before


def test_a_wrong_clock_is_told_and_nothing_is_written(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_value()
    held()
    before = rows()
    monkeypatch.setattr(registry_opened, "opened", opened)  # noon is not now: 300 s are allowed

    done = registry("hold", ORDER, "1", "USD", *BANK)

    assert done.exit_code == 2
    assert "Set the clock right and call again; nothing was written." in done.stderr
    use(database, clock_skew_s_max=300)
    with pytest.raises(ClockWrong, match="300 are allowed"):
        actions.hold(lines=[line(1), line(1)], now=NOON)
    with pytest.raises(ClockWrong):
        actions.expire(now=LATER + timedelta(days=30_000))
    assert rows() == before


def test_a_value_is_opened_once_and_what_differs_amends_it() -> None:
    words = ("open", ORDER, "100", "USD", "--because", "a line of credit", "--name", LIST)

    first, again = registry(*words), registry(*words, "--json")
    taken = registry("open", LIST, "5", "USD", "--because", "another")

    assert "opened" in first.stdout
    assert read(again, "registry-open")["outcome"] == "unchanged"
    assert taken.exit_code == 1
    assert "Refused (name-taken)" in taken.stdout
    assert stands(LIST) == (10_000, 0, 0, 0)


def test_an_amendment_below_what_is_used_is_told_and_listed() -> None:
    opened_value()
    held("80")
    none = registry("over-used")

    people = registry("adjust", ORDER, "50", "USD", "--because", "goods came back")
    program = registry("over-used", "--json")

    assert (none.exit_code, none.stdout) == (0, "Nothing is over-used.\n")
    assert "30.00 USD more than that is in use: OVER-USED" in people.stdout
    assert program.exit_code == 1
    (book,) = read(program, "registry-over-used")["over_used"]
    assert (book["paper"], book["over_minor"], book["unit"]) == (ORDER, 3000, "USD")
    assert f"{ORDER} (finance): 30.00 USD more is in use" in registry("over-used").stdout


def test_an_amendment_has_an_id_and_is_made_once() -> None:
    opened_value()
    words = (
        "adjust",
        ORDER,
        "50",
        "USD",
        "--because",
        "goods came back",
        "--id",
        uuid4(),
        "--json",
    )

    first, again = registry(*words), registry(*words)
    refused = registry("adjust", ORDER, "50", "EUR", "--because", "goods came back", "--json")

    assert read(first, "registry-change") == read(again, "registry-change")
    assert read(refused, "registry-change") == {"refusal": "unit-differs"}
    assert refused.exit_code == 1


def test_a_frozen_value_is_held_by_nobody_until_it_is_thawed() -> None:
    opened_value()
    frozen = registry("freeze", ORDER, "--because", "under inquiry")

    refused = registry("hold", ORDER, "1", "USD", *BANK)
    shown = registry("show", ORDER)
    thawed = registry("thaw", ORDER, "--json")

    assert (frozen.exit_code, frozen.stdout) == (0, f"{ORDER} is frozen.\n")
    assert "Refused (frozen)" in refused.stdout
    assert "FROZEN: under inquiry" in shown.stdout
    assert read(thawed, "registry-change") == {"refusal": None, "state": "thawed"}
    assert registry("hold", ORDER, "1", "USD", *BANK).exit_code == 0


def test_a_reason_is_words() -> None:
    opened_value()
    before = rows()

    for because in ("", " ", "a\0b", "\ud800"):
        for words in (("freeze", ORDER), ("adjust", ORDER, "1", "USD"), ("open", LIST, "1", "USD")):
            done = registry(*words, "--because", because)
            assert done.exit_code == 2
            assert "because is" in done.stderr
    assert rows() == before


def test_lists_are_folded_into_a_declaration() -> None:
    opened_value("100", LIST)
    opened_value("50", "list:CN.customs:2")
    refused = registry("fold", DECLARATION, LIST, "list:CN.customs:3")

    done = registry("fold", DECLARATION, LIST, "list:CN.customs:2")

    assert refused.exit_code == 1
    assert "Refused (unknown-capacity): list:CN.customs:3:" in refused.stdout
    assert done.stdout == f"2 values are part of {DECLARATION} now.\n"
    assert stands(DECLARATION) == stands(LIST) == (15_000, 0, 0, 0)


def test_a_value_is_shown_and_a_holder_sees_only_its_own_holds() -> None:
    opened_value("100", ORDER, "--name", LIST)
    hold = held("60")
    registry("commit", hold, "50")
    registry("hold", ORDER, "10", "USD", "--holder", "[/bank] EB")

    people = registry("show", LIST)
    operator = read(registry("show", ORDER, "--json"), "registry-show")
    holder = read(registry("show", ORDER, "--as", "[/bank] EB", "--json"), "registry-show")

    assert f"{ORDER}, in USD" in people.stdout
    assert f"also {LIST}" in people.stdout
    assert "bank:NB" in people.stdout
    assert "[/bank] EB" in people.stdout
    (book,) = operator["books"]
    assert (book["committed_minor"], book["held_minor"], book["free_minor"]) == (5000, 1000, 4000)
    assert [one["holder"] for one in operator["holds"]] == ["bank:NB", "[/bank] EB"]
    assert [one["holder"] for one in holder["holds"]] == ["[/bank] EB"]
    assert registry("show", "order:CN.1:none").exit_code == 2


def test_every_book_is_recomputed_and_one_that_differs_is_told() -> None:
    opened_value()
    held()
    whole = registry("check")
    with cursor() as cur:
        cur.execute("update registry_book set held_minor = 1")

    people, program = registry("check"), registry("check", "--json")

    assert (whole.exit_code, people.exit_code, program.exit_code) == (0, 1, 1)
    assert "Every book is what" in whole.stdout
    assert f"{ORDER} (finance): the book says" in people.stdout
    (one,) = read(program, "registry-check")["disagreements"]
    assert one["paper"] == ORDER


def test_a_database_that_is_away_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "host=/nowhere dbname=none")

    done = CliRunner().invoke(app, ["registry", "check"])

    assert done.exit_code != 0
    assert "Traceback" not in done.stderr
