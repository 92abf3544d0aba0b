"""A list is a row of versions: what each said stays readable, and its mistakes are told by line."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from tradeloop.parties import actions, appeals, queries
from tradeloop.parties.appeals import AppealRefused, EntryUnknown
from tradeloop.parties.facts import Standing
from tradeloop.parties.list_import import Imported, VersionBackwards, import_list
from tradeloop.parties.list_lines import ListRefused, named
from tradeloop.store.database import cursor, leave

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
TODAY = date(2026, 3, 9)
SECRET = b"of this installation, 32 bytes.."
GOOD, OTHER = "91330782MA2000001K", "91330782MA2000002N"
DAY = timedelta(days=1)


def take(
    text: str, code: str = "white", *, source: str = "Bureau", now: datetime = NOON,
    from_date: date | None = None, to_date: date | None = None, screening: bool = False,
) -> Imported:  # fmt: skip
    table = [(n, line.split(",")) for n, line in enumerate(text.strip().splitlines(), 1)]
    return import_list(
        code=code, rows=named(table)[0], now=now, secret=SECRET, source=source,
        from_date=from_date, to_date=to_date, screening=screening,
    )  # fmt: skip


def periods(subject: str, code: str = "white") -> list[tuple[str, date, date | None]]:
    return [(one.value, one.from_date, one.to_date) for one in queries.listings(code, [subject])]


def on(day: date, code: str = "white") -> dict[str, str]:
    return {one.subject: one.value for one in queries.list_on(code, on=day)}


def count(table: str) -> int:
    with cursor() as cur:
        return cur.execute(f"select from parties_{table}".encode()).rowcount


pytestmark = pytest.mark.usefixtures("database")


def test_a_list_says_who_is_on_it_on_a_day_both_days_inclusive() -> None:
    take(f"subject,value,from,to\n{GOOD},A,2026-01-01,2026-06-30\nSYN-ID-1,B,2026-02-01,")

    def found(day: date) -> dict[str, Standing]:
        return dict(queries.listed("white", [GOOD, "SYN-ID-1", "nobody"], on=day))

    assert set(found(date(2025, 12, 31))) == set()
    assert set(found(date(2026, 1, 1))) == {GOOD}
    assert set(found(date(2026, 6, 30))) == {GOOD, "SYN-ID-1"}
    assert set(found(date(2026, 7, 1))) == {"SYN-ID-1"}
    assert found(date(2026, 2, 1))["SYN-ID-1"] == Standing(
        list_code="white", subject="SYN-ID-1", value="B", from_date=date(2026, 2, 1), to_date=None,
        source="Bureau",
    )  # fmt: skip
    assert queries.listed("black", [GOOD], on=TODAY) == {}


def test_headings_may_be_chinese_and_in_any_order() -> None:
    done = take(
        f"截止日期,等级,企业名称,统一社会信用代码,起始日期,来源,备注\n"
        f"长期,A,某某,{GOOD},2026/1/5,商务局,x\n2026年6月30日,B,另,{OTHER},2026.1.5,商务局,"
    )

    assert done.added == 2
    assert periods(GOOD) == [("A", date(2026, 1, 5), None)]
    assert periods(OTHER) == [("B", date(2026, 1, 5), date(2026, 6, 30))]


def test_the_same_file_again_changes_nothing() -> None:
    text = f"subject,value\n{GOOD},A\n{OTHER},B"
    take(text)
    entries = count("listentry")

    again = take(f"value,subject\nB,{OTHER}\nA,{GOOD}", now=NOON + 30 * DAY)

    assert (again.is_new, again.version, again.added, again.ended) == (False, 1, 0, 0)
    assert count("listentry") == entries
    assert count("listversion") == 1


def test_a_changed_file_is_a_version_and_ends_what_it_no_longer_names() -> None:
    take(f"subject,from\n{GOOD},2026-01-01\n{OTHER},2026-01-01")

    done = take(f"subject,from\n{GOOD},2026-01-01\nSYN-ID-1,", from_date=date(2026, 4, 1))

    assert (done.version, done.added, done.kept, done.ended) == (2, 1, 1, 1)
    assert periods(OTHER) == [("listed", date(2026, 1, 1), date(2026, 3, 31))]
    assert set(on(date(2026, 3, 31))) == {GOOD, OTHER}
    assert set(on(date(2026, 4, 1))) == {GOOD, "SYN-ID-1"}
    assert [(v.number, v.from_date, v.entries) for v in queries.list_versions("white")] == [
        (1, TODAY, 2), (2, date(2026, 4, 1), 2),
    ]  # fmt: skip


def test_another_value_counts_from_the_first_day_of_the_version() -> None:
    take(f"subject,grade,from\n{GOOD},A,2026-01-01", "grade")
    take(f"subject,grade,from\n{GOOD},C,2026-01-01", "grade", from_date=date(2026, 4, 1))

    assert periods(GOOD, "grade") == [
        ("A", date(2026, 1, 1), date(2026, 3, 31)), ("C", date(2026, 4, 1), None),
    ]  # fmt: skip


def test_days_of_which_nothing_was_said_are_added() -> None:
    take(f"subject,from\n{GOOD},2026-01-01")
    take(f"subject,from\n{GOOD},2025-12-01", from_date=date(2026, 4, 1))

    assert periods(GOOD) == [
        ("listed", date(2025, 12, 1), date(2025, 12, 31)), ("listed", date(2026, 1, 1), None),
    ]  # fmt: skip


def test_a_version_of_the_same_day_takes_the_place_of_the_last() -> None:
    take(f"subject\n{GOOD}\n{OTHER}")
    take(f"subject\n{GOOD}")

    assert on(TODAY) == {GOOD: "listed"}
    assert periods(OTHER) == []


def test_a_version_cannot_begin_before_the_last() -> None:
    take(f"subject\n{GOOD}")

    with pytest.raises(VersionBackwards, match="2026-03-09"):
        take(f"subject\n{OTHER}", from_date=date(2026, 1, 1))

    assert on(TODAY) == {GOOD: "listed"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("91330782MA2000001J,A,,", "ask for K"),
        (f"{OTHER},A,2026-13-01,", "'2026-13-01' is no date"),
        (f"{OTHER},A,2026-02-01,2026-01-01", "before its first"),
        (",A,,", "names nobody"),
        ("two words,A,,", "is no key"),
        ("buyer:ffff,A,,", "no buyer that is known"),
        (f"{GOOD},B,,", "line 2 speaks of"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_stops_nobody(line: str, says: str) -> None:
    done = take(f"subject,value,from,to\n{GOOD},A,,\n{line}\nSYN-ID-1,A,,")

    assert len(done.refused) == 1
    assert done.refused[0].startswith("line 3: ")
    assert says in done.refused[0]
    assert on(TODAY) == {GOOD: "A", "SYN-ID-1": "A"}


def test_a_subject_named_with_a_slip_stays_listed() -> None:
    take(f"subject\n{GOOD}\n{OTHER}")

    done = take("subject\n91330782MA2000001J\nSYN-ID-1", now=NOON + DAY)

    assert set(on(TODAY + DAY)) == {GOOD, "SYN-ID-1"}
    assert "which therefore stays listed" in done.warnings[0]


def test_a_line_that_could_not_be_read_and_is_removed_ends_what_it_named() -> None:
    take(f"subject\n{GOOD}\n{OTHER}")
    slip = "91330782MA2000001J"
    take(f"subject\n{GOOD}\n{slip}", now=NOON + DAY)
    assert set(on(TODAY + DAY)) == {GOOD, OTHER}

    done = take(f"subject\n{GOOD}", now=NOON + 2 * DAY)

    assert (done.is_new, done.ended) == (True, 1)
    assert set(on(TODAY + 2 * DAY)) == {GOOD}


def test_with_too_many_lines_unread_nothing_ends() -> None:
    take(f"subject\n{GOOD}\n{OTHER}")

    done = take(f"subject\n{GOOD}\n" + "no key\n" * 1001, now=NOON + DAY)

    assert set(on(TODAY + DAY)) == {GOOD, OTHER}
    assert "take it again" in done.warnings[0]


def test_one_file_taken_twice_at_once_is_one_version() -> None:
    ready = threading.Barrier(4)
    done: list[Imported] = []

    def come() -> None:
        ready.wait()
        try:
            done.append(take(f"subject\n{GOOD}\n{OTHER}"))
        finally:
            leave()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.is_new for one in done) == [False, False, False, True]
    assert (count("listversion"), count("listentry")) == (1, 2)


@pytest.mark.parametrize("text", ["", "subject", "subject\n,", "value\nA", "subject,uscc\na,b"])
def test_a_file_of_which_nothing_can_be_taken_ends_nothing(text: str) -> None:
    take(f"subject\n{GOOD}")

    with pytest.raises(ListRefused):
        take(text, now=NOON + DAY)

    assert on(TODAY + DAY) == {GOOD: "listed"}
    assert count("listversion") == 1


def test_an_identity_card_is_no_credit_code_with_a_slip() -> None:
    take("subject\n11010519491231002X")

    assert on(TODAY) == {"11010519491231002X": "listed"}


def test_a_name_stands_for_the_one_firm_that_bears_it() -> None:
    actions.register_firm(key=GOOD, name="合成商户", from_date=TODAY, at=NOON)

    done = take("name,value\n合成商户,A\n无名,B")

    assert on(TODAY) == {GOOD: "A"}
    assert "no firm, or more than one, is called '无名'" in done.refused[0]


def test_codes_are_data_of_one_word_and_each_line_has_a_source() -> None:
    with pytest.raises(ListRefused, match="is no code of a list"):
        take(f"subject\n{GOOD}", "two words")
    with pytest.raises(ListRefused, match="names no source"):
        take(f"subject\n{GOOD}", source="")

    assert take(f"subject\n{GOOD}", "stars").added == 1


def test_an_appeal_is_noted_and_ends_the_entry_if_upheld() -> None:
    take(f"subject,from\n{GOOD},2026-01-01", "black")
    asked = {"code": "black", "subject": GOOD, "at": NOON}

    assert appeals.appeal(by="wang", because="paid", **asked)
    assert not appeals.appeal(by="wang", because="paid", **asked)
    assert queries.listed("black", [GOOD], on=TODAY)[GOOD].appeal is not None
    assert appeals.decide_appeal(upheld=True, by="bureau", because="so it is", **asked)
    assert not appeals.decide_appeal(upheld=True, by="bureau", because="so it is", **asked)

    assert periods(GOOD, "black") == [("listed", date(2026, 1, 1), TODAY - DAY)]


def test_an_appeal_that_is_not_upheld_changes_nothing() -> None:
    take(f"subject\n{GOOD}")
    appeals.appeal(code="white", subject=GOOD, by="wang", because="paid", at=NOON)
    appeals.decide_appeal(
        code="white", subject=GOOD, upheld=False, by="bureau", because="no", at=NOON
    )

    standing = queries.listed("white", [GOOD], on=TODAY)[GOOD]
    assert standing.to_date is None
    assert standing.appeal is not None
    assert standing.appeal.upheld is False


def test_what_was_upheld_is_not_listed_again_by_the_next_version() -> None:
    take(f"subject\n{GOOD}", "black")
    appeals.appeal(code="black", subject=GOOD, by="wang", because="paid", at=NOON)
    appeals.decide_appeal(code="black", subject=GOOD, upheld=True, by="b", because="so", at=NOON)

    done = take(f"subject\n{GOOD}\n{OTHER}", "black", now=NOON + DAY)
    assert set(on(TODAY + DAY, "black")) == {OTHER}
    assert "an appeal" in done.warnings[0]

    take(f"subject,from\n{GOOD},2026-05-01\n{OTHER},", "black", now=NOON + 2 * DAY)
    assert set(on(date(2026, 5, 1), "black")) == {GOOD, OTHER}


def test_an_appeal_needs_an_entry_a_reason_and_to_be_in_time() -> None:
    take(f"subject,appeal until\n{GOOD},2026-03-08\n{OTHER},2026-03-09")

    with pytest.raises(EntryUnknown):
        appeals.appeal(code="white", subject="SYN-ID-1", by="wang", because="paid", at=NOON)
    with pytest.raises(AppealRefused, match="--because"):
        appeals.appeal(code="white", subject=GOOD, by="wang", because=" ", at=NOON)
    with pytest.raises(AppealRefused, match="Until 2026-03-08"):
        appeals.appeal(code="white", subject=GOOD, by="wang", because="paid", at=NOON)
    with pytest.raises(AppealRefused, match="is open"):
        appeals.decide_appeal(
            code="white", subject=OTHER, upheld=True, by="b", because="so", at=NOON
        )
    assert count("appeal") == 0
    appeals.appeal(code="white", subject=OTHER, by="wang", because="paid", at=NOON)
    with pytest.raises(AppealRefused, match="wang has appealed already"):
        appeals.appeal(code="white", subject=OTHER, by="li", because="paid", at=NOON)
