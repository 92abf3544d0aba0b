"""A buyer on a list is told until a person clears it, whoever came first: buyer or list."""

from __future__ import annotations

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from tradeloop.parties import actions, queries
from tradeloop.parties.actions import ReasonMissing
from tradeloop.parties.facts import ScreenHit, Told, Verdict
from tradeloop.parties.hits import HitUnknown
from tradeloop.parties.list_import import Imported, import_list
from tradeloop.parties.list_lines import named
from tradeloop.parties.queries import NotScreened
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
TODAY = date(2026, 3, 9)
SECRET = b"of this installation, 32 bytes.."
DAY = timedelta(days=1)


def buyer(name: str, country: str | None = "ARE", number: str | None = None) -> str:
    told = Told(name=name, country=country, number=number)
    return actions.resolve(told=[told], now=NOON, secret=SECRET)[0].buyer


def take(*lines: str, code: str = "sanctions", now: datetime = NOON, **more: bool) -> Imported:
    table = list(enumerate([["name", "country", "number", "subject", "value"],
                            *(line.split(",") for line in lines)], 1))  # fmt: skip
    return import_list(
        code=code, rows=named(table)[0], now=now, secret=SECRET, source="list", **more
    )


def hits(*buyers: str, on: date = TODAY) -> list[ScreenHit]:
    actions.screen(buyers=buyers, now=NOON)
    return [hit for its in queries.screened(buyers, on=on).values() for hit in its]


def test_a_new_buyer_is_looked_for_on_lists_that_are_there() -> None:
    take("Zephyr Gulf Shipping LLC,ARE,,,", "Somebody Else,,,,")

    found = hits(buyer("Zephir Gulf Shipping"), buyer("Nordwind", "DEU"))

    assert [(hit.list_code, hit.listed, hit.verdict) for hit in found] == [
        ("sanctions", "Zephyr Gulf Shipping LLC", Verdict.POSSIBLY)
    ]
    assert "zephir is like zephyr" in found[0].reasons


def test_a_new_list_is_looked_through_for_all_buyers() -> None:
    key = buyer("Zephyr Gulf Shipping")

    done = take("Zephyr Gulf Shipping LLC,ARE,,,")

    assert done.hits == 1
    assert [hit.verdict for hit in queries.screened([key], on=TODAY)[key]] == [Verdict.SAME]


def test_who_is_not_yet_looked_for_is_no_clean_buyer() -> None:
    take("Zephyr Gulf Shipping LLC,ARE,,,")
    key = buyer("Zephyr Gulf Shipping")

    with pytest.raises(NotScreened, match=key):
        queries.screened([key], on=TODAY)


def test_without_a_list_for_screening_nobody_is_on_one() -> None:
    key = buyer("Zephyr Gulf Shipping")
    take("Zephyr Gulf Shipping,,,SYN-ID-1,", code="white")

    assert queries.screened([key], on=TODAY) == {}


def test_any_list_may_be_made_one_for_screening_later() -> None:
    key = buyer("Zephyr Gulf Shipping")
    take("Zephyr Gulf Shipping,,,SYN-ID-1,", code="warned")

    assert take("Zephyr Gulf Shipping,,,SYN-ID-1,", code="warned", screening=True).hits == 1

    assert [hit.subject for hit in queries.screened([key], on=TODAY)[key]] == ["SYN-ID-1"]


def test_a_buyer_is_found_by_its_key_and_by_its_number() -> None:
    one, other = buyer("Nordwind", "DEU"), buyer("Zephyr", "ARE", "P1234567")
    take(f",,,{one},fraud", "Quite Another,ARE,p-1234567,,", code="black")

    found = hits(one, other)

    assert [(hit.buyer, hit.score_bp) for hit in found] == [(one, 10_000), (other, 10_000)]
    assert found[1].reasons == ("both bear the same identity number",)


def test_a_hit_counts_on_the_days_of_its_entry() -> None:
    key = buyer("Zephyr Gulf Shipping")
    take("Zephyr Gulf Shipping,ARE,,,", "Other,,,,")
    take("Other,,,,", now=NOON + 10 * DAY)

    assert hits(key, on=TODAY - DAY) == []
    assert len(hits(key, on=TODAY + 9 * DAY)) == 1
    assert hits(key, on=TODAY + 10 * DAY) == []


def test_a_cleared_hit_stays_cleared_until_a_name_is_more_like_it() -> None:
    key = buyer("Zephir Gulf Shipping", "ARE", "P1234567")
    take("Zephyr Gulf Shipping LLC,ARE,,,")
    (hit,) = hits(key)
    clear = {"hit": hit.id, "by": "li", "because": "another person", "at": NOON}

    assert actions.clear_hit(**clear)
    assert not actions.clear_hit(**clear)
    assert hits(key) == []
    take("Zephyr Gulf Shipping LLC,ARE,,,worse", now=NOON + DAY)
    assert hits(key, on=TODAY + DAY) == []

    assert buyer("Zephyr Gulf Shipping", "ARE", "P1234567") == key
    assert [one.score_bp for one in hits(key, on=TODAY + DAY)] == [10_000]


def test_a_clearing_is_corrected_by_a_later_word() -> None:
    key = buyer("Zephyr Gulf Shipping")
    take("Zephyr Gulf Shipping LLC,ARE,,,")
    (hit,) = hits(key)
    actions.clear_hit(hit=hit.id, by="li", because="another person", at=NOON)

    actions.uphold_hit(hit=hit.id, by="wang", because="the same after all", at=NOON)

    assert hits(key) == [hit]


def test_a_clearing_names_a_hit_who_and_why() -> None:
    with pytest.raises(HitUnknown):
        actions.clear_hit(hit=7, by="li", because="another person", at=NOON)
    with pytest.raises(ReasonMissing):
        actions.clear_hit(hit=7, by="", because="another person", at=NOON)


def test_hits_of_one_are_hits_of_all_that_are_one_with_it() -> None:
    one, other = buyer("Nordwind", "DEU"), buyer("Zephyr Gulf Shipping")
    take("Zephyr Gulf Shipping LLC,ARE,,,")
    actions.decide(buyer=one, other=other, same=True, by="li", because="one owner", at=NOON)

    assert {hit.buyer for hit in hits(one, other)} == {one, other}
    take(f",,,{other},", code="black")
    assert set(queries.listed("black", [one], on=TODAY)) == {one}


def test_screening_again_finds_nothing_new_and_writes_nothing() -> None:
    take("Zephyr Gulf Shipping LLC,ARE,,,")
    buyer("Zephyr Gulf Shipping")

    assert [actions.screen(now=NOON), actions.screen(now=NOON)] == [1, 0]

    with cursor() as cur:
        assert (
            cur.execute("select from journal_entry where kind = 'parties.screened'").rowcount == 1
        )


def test_no_buyer_slips_through_between_a_list_and_a_look() -> None:
    names = [f"Zephyr {word} Shipping" for word in ("Gulf", "Ocean", "River", "Desert", "Harbour")]
    ready = threading.Barrier(2)

    def come() -> None:
        ready.wait()
        try:
            for name in names:
                actions.screen(buyers=[buyer(name)], now=NOON)
        finally:
            leave()

    def list_() -> None:
        ready.wait()
        try:
            take(*(f"{name},ARE,,," for name in names))
        finally:
            leave()

    threads = [threading.Thread(target=one) for one in (come, list_)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    keys = [buyer(name) for name in names]
    assert set(queries.screened(keys, on=TODAY)) == set(keys)


def test_the_same_buyers_may_be_looked_for_twice_at_once() -> None:
    names = [f"Zephyr {word} Shipping" for word in ("Gulf", "Ocean", "River", "Desert", "Harbour")]
    take(*(f"{name},ARE,,," for name in names))
    keys = [buyer(name) for name in names]
    ready, found = threading.Barrier(6), list[int]()

    def look(number: int) -> None:
        ready.wait()
        try:
            found.append(actions.screen(buyers=keys if number % 2 else keys[::-1], now=NOON))
        finally:
            leave()

    threads = [threading.Thread(target=look, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(found) == len(hits(*keys))
    assert sorted(found)[:5] == [0] * 5


def test_a_hit_is_the_same_whoever_came_first() -> None:
    dice = random.Random(1)
    words = ["".join(dice.choices("aeioukrstnl", k=dice.randint(4, 7))) for _ in range(60)]
    names = [" ".join(dice.sample(words, 3)) for _ in range(300)]
    listed = [f"{dice.choice(names)[:-1]}x,{dice.choice(['ARE', ''])},,," for _ in range(100)]
    listed = list(dict.fromkeys(listed))

    def found() -> list[tuple[object, ...]]:
        with cursor() as cur:
            return cur.execute(
                "select l.name, e.name, h.verdict, h.score_bp, h.reasons from parties_hit as h "
                "join parties_alias as l on l.id = h.alias_id "
                "join parties_listentry as e on e.id = h.entry_id order by l.name, e.name, e.id"
            ).fetchall()

    for name in names[:150]:
        buyer(name)
    take(*listed)
    by_engine = found()
    with cursor() as cur:
        cur.execute("truncate parties_hit")
        cur.execute("update parties_alias set is_screened = false")
    actions.screen(now=NOON)

    assert len(by_engine) > 30
    assert found() == by_engine


def test_a_name_listed_again_and_again_is_found_in_each_entry_that_counts() -> None:
    for day in range(15):
        take(f"Zephyr Gulf Shipping,ARE,,,reason {day}", now=NOON + day * DAY)
    key = buyer("Zephyr Gulf Shipping")

    assert len(hits(key, on=TODAY + 14 * DAY)) == 1
    assert len(hits(key, on=TODAY + 3 * DAY)) == 1
