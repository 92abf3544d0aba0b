"""A rate is dated, sourced, kept for ever, and applied exactly."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest

from tradeloop.kit.money import Money, half_up
from tradeloop.ledger import rates
from tradeloop.ledger.rate_import import Imported, RateConflicts, import_rates
from tradeloop.ledger.rate_lines import RatesRefused, named
from tradeloop.ledger.rates import NoRate, RateUnknown, convert, convert_again, listed
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
PBC = """date,base,rate,per,source
2026-03-09,USD,7.1034,1,PBC
2026-03-09,JPY,4.6123,100,PBC
2026-03-10,USD,7.1,1,PBC
"""


def take(text: str, *, correct: str | None = None, source: str | None = None) -> Imported:
    table = [(line, row.split(",")) for line, row in enumerate(text.splitlines(), 1)]
    return import_rates(rows=named(table), at=NOON, correct=correct, source=source)


def usd(minor: int, to: str, on: date = TUESDAY, days: int = 0) -> rates.Converted:
    return convert(
        Money(minor, "USD"), to=to, on=on, source="PBC", age_days_max=days, rounding=half_up
    )


def test_a_table_is_taken_whole_and_the_same_again_changes_nothing() -> None:
    assert take(PBC) == Imported(added=3, corrected=0, known=0, warnings=())
    assert take(PBC) == Imported(added=0, corrected=0, known=3, warnings=())
    assert len(listed()) == 3
    with cursor() as cur:
        cur.execute("select kind from journal_entry")
        assert cur.fetchall() == [("ledger.rates-imported",)]


def test_headings_and_currencies_may_be_chinese() -> None:
    take(
        "日期,货币,汇率,单位,来源\n2026年3月9日,日元,4.6123,100,外汇局\n2026-03-09,502,7.1,,外汇局\n"
    )

    assert [str(one).rpartition(",")[0] for one in listed()] == [
        "100 JPY = 4.6123 CNY (2026-03-09, 外汇局",
        "1 USD = 7.1 CNY (2026-03-09, 外汇局",
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-03-11,USD,7.1,1,PBC", "in the future"),
        ("2026-13-01,USD,7.1,1,PBC", "no date"),
        ("2026-03-09,XXX,7.1,1,PBC", "no currency"),
        ("2026-03-09,CNY,1,1,PBC", "two currencies"),
        ("2026-03-09,EUR,0,1,PBC", "not above zero"),
        ("2026-03-09,EUR,-7,1,PBC", "not above zero"),
        ("2026-03-09,EUR,nan,1,PBC", "no number"),
        ("2026-03-09,EUR,seven,1,PBC", "no number"),
        ("2026-03-09,EUR,7.1234567890123,1,PBC", "too long"),
        ("2026-03-09,EUR,1e4,1,PBC", "no number"),
        ("2026-03-09,EUR,1_000,1,PBC", "no number"),
        ("2026-03-09,EUR,１,1,PBC", "no number"),
        (f"2026-03-09,EUR,{10**18},1,PBC", "too long"),
        ("2026-03-09,EUR,7.1,0.5,PBC", "units"),
        ("2026年3月40日,EUR,7.1,1,PBC", "no date"),
        ("2026-03-09,EUR,7.1,1,", "no source"),
        ("2026-03-09,USD,7.2,1,PBC", "line 2 says 1 USD = 7.1034 CNY"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(line: str, says: str) -> None:
    with pytest.raises(RatesRefused, match=f"line 5.*{says}"):
        take(f"{PBC}{line}\n")

    assert listed() == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-03-08,USD,7.1,1,PBC", "order of days"),
        ("2026-03-09,USD,710.34,100,PBC", "stands on line 2"),
        ("2026-03-10,JPY,46.123,100,PBC", "slipped point"),
    ],
)
def test_an_odd_line_is_taken_and_told(line: str, says: str) -> None:
    done = take(f"{PBC}{line}\n")

    assert [one for one in done.warnings if one.startswith("line 5") and says in one]


def test_a_jump_of_a_fifth_is_not_told_and_one_above_it_is() -> None:
    take("date,base,rate,source\n2026-03-01,USD,10,PBC\n2026-02-01,EUR,10,PBC\n")

    assert take("date,base,rate,source\n2026-03-02,USD,12,PBC\n").warnings == ()
    assert len(take("date,base,rate,source\n2026-03-03,USD,14.400001,PBC\n").warnings) == 1
    assert take("date,base,rate,source\n2026-03-03,EUR,90,PBC\n").warnings == ()


def test_another_rate_for_the_same_day_is_refused_with_both_values() -> None:
    take(PBC)

    with pytest.raises(RateConflicts, match=r"line 2 .*7\.2 CNY.* but 1 USD = 7\.1034 CNY"):
        take("date,base,rate,source\n2026-03-09,USD,7.2,PBC\n2026-03-09,EUR,8,PBC\n")

    assert len(listed()) == 3
    assert take("date,base,rate,source\n2026-03-09,USD,7.2,Bank of China\n").added == 1


def test_long_rates_are_compared_to_their_last_digit() -> None:
    head, rate = "date,base,rate,per,source\n", "123456789012345678.123456789012"
    take(f"{head}2026-03-09,IRR,{rate},10007,PBC\n")

    assert take(f"{head}2026-03-09,IRR,{rate},10007,PBC\n").known == 1
    with pytest.raises(RateConflicts):
        take(f"{head}2026-03-09,IRR,{rate[:-1]}3,10007,PBC\n")


def test_a_correction_counts_from_now_on_and_the_old_rate_stays() -> None:
    take(PBC)
    before = usd(1_000_000, "CNY")
    right = "date,base,rate,source\n2026-03-10,USD,7.2,PBC\n"
    done = take(right, correct="Misprint")

    assert (done.added, done.corrected) == (0, 1)
    assert take(right, correct="Misprint").known == 1
    assert usd(1_000_000, "CNY").money == Money(7_200_000, "CNY")
    assert [(one.rate, one.why) for one in listed(base="USD", from_on=TUESDAY)] == [
        (Decimal("7.1"), None), (Decimal("7.2"), "Misprint"),
    ]  # fmt: skip
    again = convert_again(
        Money(1_000_000, "USD"), to="CNY", rate_id=before.rate_id, rounding=half_up
    )
    assert again == before


def test_a_rate_is_used_directly_the_other_way_round_or_through_cny() -> None:
    take(PBC)

    assert usd(10_000, "CNY").money == Money(71_000, "CNY")
    assert usd(10_000, "JPY", on=MONDAY).money == Money(15_401, "JPY")
    back = convert(
        Money(71_000, "CNY"), to="USD", on=TUESDAY, source="PBC", age_days_max=0, rounding=half_up
    )
    assert back.money == Money(10_000, "USD")
    cross = usd(10_000, "JPY", on=MONDAY)
    assert len(cross.rate_id.split("+")) == 2
    assert "100 JPY = 4.6123 CNY" in cross.explained
    assert "1 USD = 7.1034 CNY" in cross.explained
    assert convert_again(
        Money(10_000, "USD"), to="JPY", rate_id=cross.rate_id, rounding=half_up
    ) == cross  # fmt: skip


def test_the_latest_rate_before_the_day_counts_within_its_age() -> None:
    take(PBC)

    assert usd(100, "CNY", on=date(2026, 3, 12), days=2).money == Money(710, "CNY")
    assert usd(100, "CNY", on=date(2026, 3, 12), days=10**9).money == Money(710, "CNY")
    with pytest.raises(NoRate, match="USD/CNY of PBC on 2026-03-10"):
        usd(100, "CNY", on=date(2026, 3, 12), days=1)
    with pytest.raises(NoRate, match="USD/CNY of PBC on 2026-03-09"):
        usd(100, "CNY", on=date(2026, 3, 8), days=9)


def test_rates_of_another_source_are_never_used() -> None:
    take(PBC.replace("PBC", "Bank of China"))

    with pytest.raises(NoRate, match="of Bank of China on 2026-03-10"):
        usd(100, "CNY")


def test_one_currency_needs_no_rate() -> None:
    assert usd(5, "USD") == rates.Converted(
        money=Money(5, "USD"), rate_id="", explained="0.05 USD is not converted"
    )


def test_a_rate_id_of_another_pair_is_refused() -> None:
    take(PBC)
    found = usd(100, "CNY").rate_id

    for rate_id in (found, "", "999", f"{found}+{found}", "x"):
        with pytest.raises(RateUnknown):
            convert_again(Money(1, "JPY"), to="USD", rate_id=rate_id, rounding=half_up)


@pytest.mark.parametrize(
    "change",
    [
        "update ledger_rate set rate = 8",
        "delete from ledger_rate",
        (
            "insert into ledger_rate (base_id, quote_id, quoted_on, source, rate, per, "
            "recorded_at, "
            "corrects_id, why) select 'EUR', quote_id, quoted_on, source, 8, 1, "
            "recorded_at, id, 'x' "
            "from ledger_rate where quoted_on = '2026-03-10'"
        ),
    ],
)
def test_no_rate_is_changed_or_corrected_by_one_of_another_pair(change: str) -> None:
    take(PBC)

    with pytest.raises(psycopg.Error, match=r"only grows|another pair"), cursor() as cur:
        cur.execute(change.encode())

    assert len(listed()) == 3


def test_a_decimal_comma_is_refused_and_never_read_as_thousands() -> None:
    table = [(1, ["date", "base", "rate", "source"]), (2, ["2026-03-09", "USD", "7,1034", "PBC"])]

    with pytest.raises(RatesRefused, match="line 2: '7,1034' is no number"):
        import_rates(rows=named(table), at=NOON)

    assert listed() == ()


def test_two_who_import_the_same_table_at_once_add_it_once() -> None:
    added: list[int] = []

    def work() -> None:
        added.append(take(PBC).added)
        leave()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(added) == [0, 0, 0, 3]
    assert len(listed()) == 3


def test_headings_that_are_missing_or_unknown_are_named() -> None:
    for head, says in (("date,base", "rate"), ("date,base,rate,colour", "colour")):
        with pytest.raises(RatesRefused, match=says):
            named([(1, head.split(","))])
    with pytest.raises(RatesRefused, match="no rates"):
        named([])
