"""An entry is in the books once, whole and for ever; what is wrong never gets in."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import transaction

from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.ledger import actions, queries
from tradeloop.ledger.actions import AlreadyUndone, EntryUnknown, KeyReused, UndoImpossible
from tradeloop.ledger.facts import (
    MINOR_MAX,
    AccountMalformed,
    Entry,
    EntryIncomplete,
    Posting,
    PostingImpossible,
)
from tradeloop.ledger.wire import canonical
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


def rows(sql: str) -> list[tuple[object, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode())
        return cur.fetchall()


def entry(
    key: str = "advance-7:paid", minor: int = 80_000, *, on: date = TUESDAY, why: str = "Advance 7"
) -> Entry:
    """A bank pays an advance and keeps a hundredth back."""
    fee = minor // 100
    return Entry(
        key=key, on=on, why=why,
        postings=(
            Posting(debit="xin:owes:7", credit="nb:cash", amount=Money(minor - fee, "USD")),
            Posting(debit="xin:owes:7", credit="nb:fees", amount=Money(fee, "USD")),
        ),
    )  # fmt: skip


def usd(account: str, on: date = TUESDAY) -> int:
    return queries.balance(account, on=on, currency="USD").minor


def nothing_was_written() -> bool:
    tables = ("entry", "posting", "day", "account")
    return all(not rows(f"select from ledger_{table}") for table in tables) and not rows(
        "select from journal_entry"
    )


def test_an_entry_moves_each_amount_from_one_account_to_another() -> None:
    actions.post(entries=[entry()], at=NOON)

    assert (usd("xin:owes:7"), usd("nb:cash"), usd("nb:fees")) == (80_000, -79_200, -800)
    assert usd("xin:owes:7", MONDAY) == 0
    assert queries.trial_balance(on=TUESDAY).is_even
    assert queries.entry("advance-7:paid") == entry()


def test_each_call_is_one_fact_of_the_journal_that_names_each_entry_by_its_digest() -> None:
    posted = actions.post(entries=[entry("a"), entry("b")], at=NOON)

    ((kind, body),) = rows("select kind, body from journal_entry")
    assert kind == "ledger.posted"
    lines = [{"key": one.key, "digest": one.digest.hex()} for one in posted]
    assert json.loads(str(body)) == {"entries": lines}


def test_a_retry_gets_the_first_answer_and_changes_nothing() -> None:
    first = actions.post(entries=[entry()], at=NOON)
    again = actions.post(entries=[entry(), entry()], at=NOON.replace(year=2027))

    assert again == (*first, *first)
    assert [one.is_new for one in (*first, *again)] == [True, False, False]
    assert usd("xin:owes:7") == 80_000
    assert len(rows("select from journal_entry")) == 1


@pytest.mark.parametrize(
    "other", [entry(minor=80_001), entry(why="Another"), entry(on=MONDAY)], ids=str
)
def test_other_content_under_a_used_key_is_refused_by_name(other: Entry) -> None:
    actions.post(entries=[entry()], at=NOON)

    with pytest.raises(KeyReused, match="advance-7:paid was used before"):
        actions.post(entries=[entry("new"), other], at=NOON)

    assert queries.entry("new") is None
    assert usd("xin:owes:7") == 80_000
    assert len(rows("select from journal_entry")) == 1


def test_one_call_cannot_hold_two_contents_for_one_key() -> None:
    with pytest.raises(KeyReused):
        actions.post(entries=[entry(minor=100), entry(minor=200)], at=NOON)

    assert nothing_was_written()


def test_an_undo_takes_back_every_amount_and_points_to_what_it_takes_back() -> None:
    actions.post(entries=[entry(on=MONDAY)], at=NOON)
    undone = actions.undo(key="u", undoes="advance-7:paid", on=TUESDAY, why="Wrong seller", at=NOON)
    again = actions.undo(key="u", undoes="advance-7:paid", on=TUESDAY, why="Wrong seller", at=NOON)

    assert again == undone
    assert usd("xin:owes:7", MONDAY) == 80_000
    assert usd("xin:owes:7") == usd("nb:cash") == usd("nb:fees") == 0
    assert rows("select kind from journal_entry") == [("ledger.posted",), ("ledger.undone",)]
    ((kept,),) = [queries.statement("nb:fees", from_on=MONDAY, to_on=TUESDAY)]
    assert [(one.key, one.reverses, one.reversed_by) for one in kept.movements] == [
        ("advance-7:paid", None, "u"),
        ("u", "advance-7:paid", None),
    ]


def test_an_entry_and_its_undo_may_come_in_one_call() -> None:
    whole = entry()
    actions.post(entries=[whole.undone(key="a", on=TUESDAY, why="No"), whole], at=NOON)

    assert usd("xin:owes:7") == 0


def test_an_entry_is_undone_once() -> None:
    actions.post(entries=[entry()], at=NOON)
    actions.undo(key="u", undoes="advance-7:paid", on=TUESDAY, why="Wrong", at=NOON)

    with pytest.raises(AlreadyUndone, match="by u"):
        actions.undo(key="v", undoes="advance-7:paid", on=TUESDAY, why="Wrong", at=NOON)

    assert queries.entry("v") is None


def test_two_undos_of_one_entry_in_one_call_are_refused() -> None:
    actions.post(entries=[entry()], at=NOON)

    with pytest.raises(AlreadyUndone):
        actions.post(
            entries=[entry().undone(key=key, on=TUESDAY, why="No") for key in "uv"], at=NOON
        )

    assert usd("xin:owes:7") == 80_000


def test_what_does_not_exist_cannot_be_undone() -> None:
    with pytest.raises(EntryUnknown, match="no entry"):
        actions.undo(key="u", undoes="never", on=TUESDAY, why="Wrong", at=NOON)
    with pytest.raises(EntryUnknown, match="no entry has that key"):
        actions.post(entries=[entry().undone(key="u", on=TUESDAY, why="Wrong")], at=NOON)

    assert nothing_was_written()


@pytest.mark.parametrize(
    ("undo", "says"),
    [
        (entry(minor=80_100).undone(key="u", on=TUESDAY, why="No"), "other postings"),
        (entry().undone(key="u", on=MONDAY, why="No"), "later than this undo"),
    ],
)
def test_an_undo_that_is_no_mirror_image_or_too_early_is_refused(undo: Entry, says: str) -> None:
    actions.post(entries=[entry()], at=NOON)

    with pytest.raises(UndoImpossible, match=says):
        actions.post(entries=[undo], at=NOON)

    assert usd("xin:owes:7") == 80_000


def test_an_undo_is_not_undone_again() -> None:
    actions.post(entries=[entry()], at=NOON)
    actions.undo(key="u", undoes="advance-7:paid", on=TUESDAY, why="Wrong", at=NOON)

    with pytest.raises(UndoImpossible, match="is itself an undo"):
        actions.undo(key="v", undoes="u", on=TUESDAY, why="Right after all", at=NOON)

    assert usd("xin:owes:7") == 0


@pytest.mark.parametrize("minor", [0, -1, MINOR_MAX + 1])
def test_amounts_are_above_zero_and_fit(minor: int) -> None:
    with pytest.raises(PostingImpossible):
        Posting(debit="a:cash", credit="b:cash", amount=Money(minor, "USD"))


def test_an_amount_stays_on_no_account() -> None:
    with pytest.raises(PostingImpossible, match="to itself"):
        Posting(debit="a:cash", credit="a:cash", amount=Money(1, "USD"))


@pytest.mark.parametrize(
    "name", ["", "cash", "a:", ":cash", "a:Cash", "a b:cash", "a:cash:", "a:cash:x y", "a" * 300]
)
def test_an_account_is_owner_and_what(name: str) -> None:
    with pytest.raises(AccountMalformed, match="owner:what"):
        Posting(debit=name, credit="b:cash", amount=Money(1, "USD"))


def test_an_entry_has_key_reason_and_postings() -> None:
    posting = Posting(debit="a:cash", credit="b:cash", amount=Money(1, "USD"))
    for given in (
        {"key": " ", "why": "x", "postings": (posting,)},
        {"key": "x", "why": "", "postings": (posting,)},
        {"key": "x", "why": "\ud800", "postings": (posting,)},
        {"key": "x\n", "why": "x", "postings": (posting,)},
        {"key": "x", "why": "x", "postings": ()},
    ):
        with pytest.raises(EntryIncomplete):
            Entry(on=TUESDAY, **given)  # type: ignore[arg-type]


def by_hand(**changed: object) -> str:
    """The JSON of a small entry, past every check of Python."""
    small = Entry(
        key="k", on=TUESDAY, why="w",
        postings=(Posting(debit="a:cash", credit="b:cash", amount=Money(5, "USD")),),
    )  # fmt: skip
    text = canonical(small)
    for name, value in changed.items():
        before = {"minor": '"minor":"5"', "credit": '"b:cash"', "currency": '"USD"'}[name]
        text = text.replace(before, str(value))
    return text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"minor": '"minor":"0"'}, psycopg.errors.CheckViolation),
        ({"minor": '"minor":"-5"'}, psycopg.errors.CheckViolation),
        ({"minor": f'"minor":"{MINOR_MAX + 1}"'}, psycopg.errors.NumericValueOutOfRange),
        ({"credit": '"a:cash"'}, psycopg.errors.CheckViolation),
        ({"credit": '"nowhere"'}, psycopg.errors.CheckViolation),
        ({"currency": '"XXX"'}, psycopg.errors.ForeignKeyViolation),
    ],
)
def test_the_database_itself_refuses_impossible_postings(
    changed: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error), cursor() as cur:
        cur.execute("select ledger_post(%s, %s)", (NOON, [by_hand(**changed)]))

    assert nothing_was_written()


@pytest.mark.parametrize(
    "change",
    [
        "update ledger_entry set why = 'other'",
        "update ledger_posting set minor = minor + 1",
        "update ledger_account set name = 'nb:purse' where name = 'nb:cash'",
        "delete from ledger_posting",
        "delete from ledger_entry",
        "truncate ledger_posting cascade",
        "update ledger_day set debit_minor = 0",
        "delete from ledger_day",
        (
            "insert into ledger_day (account_id, currency_id, booked_on, debit_minor, "
            "credit_minor) "
            "select account_id, 'EUR', booked_on, 1, 0 from ledger_day"
        ),
    ],
)
def test_nothing_in_the_books_can_be_changed_or_removed(change: str) -> None:
    actions.post(entries=[entry()], at=NOON)

    with pytest.raises(psycopg.errors.RestrictViolation):
        rows(change)

    assert queries.entry("advance-7:paid") == entry()
    assert queries.different_sums() == ()


@pytest.mark.parametrize(
    "addition",
    [
        (
            "insert into ledger_posting (entry_id, line, debit_id, credit_id, currency_id, minor, "
            "booked_on) select entry_id, line + 2, debit_id, credit_id, currency_id, "
            "minor, booked_on "
            "from ledger_posting"
        ),
        (
            "insert into ledger_entry (key, booked_on, why, posted_at, digest, lines) "
            "values ('empty', '2026-03-10', 'Nothing', now(), '', 1)"
        ),
    ],
)
def test_nothing_is_added_to_an_entry_and_no_entry_is_empty(addition: str) -> None:
    actions.post(entries=[entry()], at=NOON)

    with pytest.raises(psycopg.Error, match="Post it whole"):
        rows(addition)

    assert queries.entry("advance-7:paid") == entry()
    assert queries.entry("empty") is None


def test_what_is_rolled_back_was_never_posted() -> None:
    with transaction.atomic():
        actions.post(entries=[entry()], at=NOON)
        transaction.set_rollback(True)

    assert nothing_was_written()


def test_writers_who_race_with_one_key_post_it_once(database: str) -> None:
    start = threading.Barrier(6)
    answers: list[object] = []

    def write(number: int) -> None:
        start.wait()
        for turn in range(10):
            shared = entry(f"shared-{turn}", on=MONDAY)
            own = [entry(f"own-{number}-{turn}"), shared]
            answers.append(actions.post(entries=own if number % 2 else own[::-1], at=NOON))
        leave()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert database
    assert len(answers) == 60
    assert rows("select count(*) from ledger_entry") == [(70,)]
    assert usd("xin:owes:7", MONDAY) == 10 * 80_000
    assert usd("xin:owes:7") == 70 * 80_000
    assert queries.different_sums() == ()


def test_writers_who_race_to_undo_one_entry_undo_it_once(database: str) -> None:
    actions.post(entries=[entry()], at=NOON)
    start = threading.Barrier(6)
    told: list[str] = []

    def undo(number: int) -> None:
        start.wait()
        try:
            actions.undo(
                key=f"u-{number}", undoes="advance-7:paid", on=TUESDAY, why="Wrong", at=NOON
            )
            told.append("undone")
        except AlreadyUndone:
            told.append("refused")
        leave()

    threads = [threading.Thread(target=undo, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert database
    assert sorted(told) == ["refused"] * 5 + ["undone"]
    assert usd("xin:owes:7") == 0


def test_the_database_knows_the_currencies_that_the_program_knows() -> None:
    assert dict(rows("select code, minor_digits from ledger_currency")) == MINOR_DIGITS  # type: ignore[comparison-overlap]
