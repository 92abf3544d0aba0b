"""The same buyer is one buyer: by number, by name and country, by what people decided."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradeloop.parties import actions, known, queries
from tradeloop.parties.actions import BuyerUnknown, ReasonMissing
from tradeloop.parties.facts import Resolved, Told
from tradeloop.parties.groups import DecisionContradicts
from tradeloop.parties.memory import SecretChanged
from tradeloop.store.database import cursor, leave

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
SECRET = b"of this installation, 32 bytes.."


def told(name: str, country: str | None = "DEU", number: str | None = None, **more: str) -> Told:
    return Told(name=name, country=country, number=number, **more)


def resolve(*asked: Told) -> tuple[Resolved, ...]:
    return actions.resolve(told=asked, now=NOON, secret=SECRET)


def key(*asked: Told) -> str:
    return resolve(*asked)[0].buyer


def decide(one: str, other: str, *, same: bool, because: str = "asked them", days: int = 0) -> bool:
    return actions.decide(
        buyer=one, other=other, same=same, by="li", because=because, at=NOON + timedelta(days=days)
    )


def rows(sql: str) -> list[tuple[object, ...]]:
    with cursor() as cur:
        return cur.execute(sql.encode()).fetchall()


def test_the_same_told_is_the_same_buyer_for_ever() -> None:
    first = resolve(told("Nordwind GmbH"), told("Zephyr LLC", "ARE", "P1234567"))
    again = resolve(told("Zephyr LLC", "ARE", "p 123-4567"), told("NORDWIND  gmbh"))

    assert [one.is_new for one in first] == [True, True]
    assert [one.buyer for one in again] == [first[1].buyer, first[0].buyer]
    assert not any(one.is_new for one in again)
    assert rows("select count(*) from journal_entry") == [(1,)]


def test_one_identity_number_is_one_buyer_whatever_the_names() -> None:
    one = key(told("Nordwind GmbH", "DEU", "P1234567"))

    assert key(told("Ganz Anders AG", "DEU", "P-1234567")) == one
    assert key(told("", "DEU", "P1234567")) == one


def test_a_number_of_another_kind_is_another_number() -> None:
    one = key(told("Nordwind", "DEU", "1234567"))

    other = resolve(told("Zephyr", "DEU", "1234567", number_kind="company register"))[0]

    assert other.buyer != one
    assert other.possibly == ()


def test_a_kind_of_number_goes_by_many_words() -> None:
    one = key(told("Nordwind", "DEU", "P1234567", number_kind="Passport"))

    assert key(told("Zephyr", "DEU", "P1234567", number_kind="护照")) == one


def test_one_number_of_two_countries_is_for_a_person() -> None:
    one = key(told("Nordwind", "DEU", "P1234567"))

    assert resolve(told("Zephyr", "ARE", "P1234567"))[0].possibly == (one,)


def test_the_same_name_in_the_same_country_is_one_buyer() -> None:
    one = key(told("Nordwind GmbH"))

    assert key(told("NORDWIND")) == one
    assert [len(buyer.aliases) for buyer in known.buyers()] == [2]


@pytest.mark.parametrize(
    "other",
    [
        told("Nordwind Handel", "FRA"), told("Nordwind Handel", None), told("Nordwint Handel"),
        told("Nordwind Handel AG"), told("Handel Nordwind"), told("Нордвинд Хандел"),
    ],
)  # fmt: skip
def test_what_is_nearly_the_same_is_possibly_the_same(other: Told) -> None:
    one = key(told("Nordwind Handel GmbH"))

    found = resolve(other)[0]

    assert found.is_new
    assert found.possibly == (one,)
    assert resolve(told("Nordwind Handel GmbH"))[0].possibly == (found.buyer,)


def test_two_numbers_under_one_name_are_for_a_person() -> None:
    one = key(told("Ali Hassan", "EGY", "A1111112"))
    other = resolve(told("Ali Hassan", "EGY", "A2222223"))[0]

    assert other.possibly == (one,)


def test_a_name_that_two_bear_chooses_neither() -> None:
    one = key(told("Ali Hassan", "EGY", "A1111112"))
    other = key(told("Ali Hassan", "EGY", "A2222223"))

    found = resolve(told("Ali Hassan", "EGY"))[0]

    assert found.is_new
    assert set(found.possibly) == {one, other}


def test_within_one_call_the_order_is_kept() -> None:
    found = resolve(
        told("Nordwind"), told("Nordwind GmbH"), told("Nordwind"), told("Nordwint GmbH")
    )

    assert found[0].buyer == found[1].buyer == found[2].buyer != found[3].buyer
    assert [one.is_new for one in found] == [True, False, False, True]
    assert found[0].possibly == (found[3].buyer,)
    assert found[3].possibly == (found[0].buyer,)


@pytest.mark.parametrize("name", ["", "  ", "…", "\x00", "\ud800"])
def test_what_can_name_nobody_is_refused_and_stops_nobody(name: str) -> None:
    refused, taken = resolve(told(name), told("Nordwind"))

    assert (refused.buyer, refused.is_new) == ("", False)
    assert "Record the buyer's name" in refused.refused
    assert taken.is_new
    assert rows("select count(*) from parties_alias") == [(1,)]


@pytest.mark.parametrize("name", ["Nord\x00wind", "Nord\nwind " * 100, "N\ud800ord", "诺德"])
def test_any_text_is_taken(name: str) -> None:
    assert resolve(told(name))[0].is_new
    assert not resolve(told(name))[0].is_new


def test_a_number_of_nobody_joins_nobody() -> None:
    one = key(told("Nordwind", "DEU", "0000000"))

    assert key(told("Zephyr", "DEU", "0000000")) != one
    assert key(told("Xylo", "DEU", "n/a")) != one


def test_numbers_are_kept_as_tokens_and_masked() -> None:
    resolve(told("Nordwind", "DEU", "P1234567"), told("Zephyr", "DEU", "12345"))

    kept = str(rows("select number_masked, l::text from parties_alias as l order by id"))
    assert "P*****67" in kept
    assert "'*****'" in kept
    assert "1234567" not in kept
    assert "1234567" not in str(rows("select body from journal_entry"))


def test_another_secret_is_refused() -> None:
    resolve(told("Nordwind"))

    with pytest.raises(SecretChanged, match="Bring the folder of keys back"):
        actions.resolve(told=[told("Zephyr")], now=NOON, secret=b"another")

    assert rows("select count(*) from parties_buyer") == [(1,)]


def test_same_joins_them_and_both_keys_lead_to_the_elder() -> None:
    one, other = key(told("Nordwind")), key(told("Nordwind", "FRA"))

    assert decide(other, one, same=True)

    assert resolve(told("Nordwind", "FRA"))[0] == Resolved(buyer=one, is_new=False)
    assert queries.canonical([one, other, "SYN-ID-1"]) == {
        one: one, other: one, "SYN-ID-1": "SYN-ID-1",
    }  # fmt: skip
    assert queries.one_with([other]) == {other: (one, other)}
    assert known.buyers([other])[0].joined == (other,)


def test_different_is_remembered_for_all_that_are_one_with_them() -> None:
    one, other = key(told("Nordwind")), key(told("Nordwind", "FRA"))
    third = key(told("Nordwind", "ITA"))
    decide(one, other, same=False)
    assert resolve(told("Nordwind"))[0].possibly == (third,)

    decide(other, third, same=True)

    assert resolve(told("Nordwind"))[0].possibly == ()
    assert known.possible_pairs() == ()


def test_a_decision_is_said_once_and_corrected_by_a_later_one() -> None:
    one, other = key(told("Nordwind")), key(told("Nordwind", "FRA"))

    assert [decide(one, other, same=True), decide(other, one, same=True)] == [True, False]
    assert decide(one, other, same=False, because="looked again", days=1)

    assert resolve(told("Nordwind", "FRA"))[0] == Resolved(buyer=other, is_new=False)
    assert rows("select count(*) from parties_buyerdecision") == [(2,)]


def test_decisions_that_contradict_are_refused_and_nothing_is_written() -> None:
    keys = [key(told("Nordwind", country)) for country in ("DEU", "FRA", "ITA")]
    decide(keys[0], keys[1], same=True)
    decide(keys[0], keys[2], same=False)
    before = rows("select count(*) from journal_entry")

    with pytest.raises(DecisionContradicts, match="Correct one of these decisions first"):
        decide(keys[1], keys[2], same=True)

    assert rows("select count(*) from journal_entry") == before
    assert queries.canonical(keys)[keys[2]] == keys[2]


def test_a_decision_names_two_known_buyers_who_and_why() -> None:
    one = key(told("Nordwind"))

    with pytest.raises(BuyerUnknown, match="buyer:ff"):
        decide(one, "buyer:ff", same=True)
    with pytest.raises(BuyerUnknown, match="itself"):
        decide(one, one, same=True)
    with pytest.raises(ReasonMissing):
        decide(one, one, same=True, because=" ")

    assert rows("select count(*) from parties_buyerdecision") == [(0,)]


def test_two_connections_at_once_make_one_buyer() -> None:
    found: list[str] = []
    ready = threading.Barrier(8)
    spellings = ["Nordwind Handel GmbH", "NORDWIND HANDEL", "Nordwind Handel G.m.b.H."]

    def ask(number: int) -> None:
        ready.wait()
        try:
            found.extend(key(told(one)) for one in (spellings * 2)[number % 3 :][:3])
        finally:
            leave()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 24
    assert len(set(found)) == 1
    assert rows("select count(*) from parties_buyer") == [(1,)]
    assert rows("select count(*) from parties_alias") == [(3,)]


NAMES = st.sampled_from(["Nordwind", "Nordwind GmbH", "Nordwint", "Zephyr", "Zephyr Gulf", "Ali"])
TOLD = st.builds(
    Told, name=NAMES, country=st.sampled_from(["DEU", "ARE", None]),
    number=st.sampled_from([None, "P1234567", "P7654321"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(TOLD, max_size=12), st.data())
def test_a_call_answers_as_calls_one_by_one_do(asked: list[Told], data: st.DataObject) -> None:
    _empty()
    at_once = [one.buyer for one in resolve(*asked)]
    again = [one.buyer for one in resolve(*data.draw(st.permutations(asked)))]
    _empty()
    one_by_one = [key(one) for one in asked]

    assert at_once == one_by_one
    assert sorted(again) == sorted(at_once)


def _empty() -> None:
    with cursor() as cur:
        cur.execute(
            "truncate parties_buyer, parties_alias, parties_buyerkey, parties_possible, "
            "parties_buyerdecision, parties_hit, parties_hitdecision"
        )


def test_many_papers_of_few_buyers_are_resolved_in_one_call() -> None:
    def one(number: int, batch: str) -> Told:
        word = "".join(chr(97 + number // 26**place % 26) for place in range(4))
        return told(f"{word}{batch} {word[::-1]} Trading", "ARE", f"{batch}{number:07}")

    resolve(*(one(number, "K") for number in range(2_000)))
    papers = [one(number % 800, "N") for number in range(8_000)]

    found = resolve(*papers)

    assert len({answer.buyer for answer in found}) == 800
    assert sum(answer.is_new for answer in found) == 800
