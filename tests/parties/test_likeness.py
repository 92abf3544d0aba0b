"""Numbers decide who is who, names suggest, and what a person decided stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tradeloop.parties.facts import Buyer, Decision, IdentityNumber, Verdict
from tradeloop.parties.likeness import compare, same_number
from tradeloop.parties.terms import terms_on

TERMS = terms_on(date(2026, 1, 1))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VAT = IdentityNumber(kind="vat", text="DE 123.456.788", country="DEU")
NORDWIND = Buyer(key="1", names=("Nordwind Handels GmbH",), country="DEU", numbers=(VAT,))
TWIN = replace(NORDWIND, key="2", numbers=())
ZEPHYR = Buyer(key="3", names=("Zephyr Trading Ltd",), country="GBR")


def number(text: str, **other: str) -> IdentityNumber:
    return IdentityNumber(**({"kind": "vat", "country": "DEU"} | other), text=text)


def decided(same: bool, at: datetime = NOON) -> Decision:  # noqa: FBT001 - reads as a sentence
    return Decision(pair=frozenset({"1", "2"}), same=same, by="Ms Lin", at=at)


def test_an_equal_number_decides_whatever_the_names() -> None:
    found = compare(NORDWIND, replace(ZEPHYR, numbers=(number("de123456788"),)), terms=TERMS)

    assert found.verdict is Verdict.SAME
    assert "both bear vat DE123456788" in found.reasons
    assert {"name", "country"} <= set(found.differ)


def test_the_same_name_in_the_same_country_is_the_same() -> None:
    assert compare(NORDWIND, TWIN, terms=TERMS).verdict is Verdict.SAME


@pytest.mark.parametrize(
    "other",
    [
        replace(TWIN, country=None),
        replace(TWIN, country="AUT"),
        replace(TWIN, numbers=(number("DE999456788"),)),
        replace(TWIN, names=("Nordwindt Handels GmbH",)),
    ],
    ids=["no country", "another country", "another number", "a slip in the name"],
)
def test_the_same_name_with_a_doubt_is_for_a_person(other: Buyer) -> None:
    assert compare(NORDWIND, other, terms=TERMS).verdict is Verdict.POSSIBLY


def test_one_number_equal_and_one_not_is_for_a_person() -> None:
    lei, another = number("529900ABC", kind="lei"), number("529900XYZ", kind="lei")
    found = compare(
        replace(NORDWIND, numbers=(VAT, lei)), replace(TWIN, numbers=(VAT, another)), terms=TERMS
    )

    assert found.verdict is Verdict.POSSIBLY


def test_an_alias_counts_as_a_name() -> None:
    alias = replace(ZEPHYR, aliases=("NORDWIND HANDELS",), country="DEU")

    assert compare(NORDWIND, alias, terms=TERMS).verdict is Verdict.SAME


def test_other_firms_are_different() -> None:
    assert compare(NORDWIND, ZEPHYR, terms=TERMS).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (number("12345"), number("1-23 45"), True),
        (number("12345"), number("12345", kind="lei"), False),
        (number("12345"), number("12345", country="FRA"), False),
        (number("00000"), number("00000"), False),
        (number("1234"), number("1234"), False),
        (number(""), number(""), False),
    ],
)
def test_a_number_is_the_same_within_its_register(
    first: IdentityNumber, second: IdentityNumber, same: bool  # noqa: FBT001 - a column
) -> None:  # fmt: skip
    assert same_number(first, second) is same


def test_what_a_person_decided_stands_and_the_latest_word_counts() -> None:
    later = decided(same=True, at=NOON.replace(day=2))
    slip = replace(TWIN, names=("Nordwindt Handels GmbH",))

    apart = compare(NORDWIND, slip, terms=TERMS, decisions=[decided(same=False)])
    joined = compare(slip, NORDWIND, terms=TERMS, decisions=[later, decided(same=False)])

    assert apart.verdict is Verdict.DIFFERENT
    assert apart.reasons[0] == "Ms Lin decided on 2026-03-01: different"
    assert joined.verdict is Verdict.SAME


def test_a_decision_against_what_is_known_now_is_told() -> None:
    same = replace(TWIN, numbers=(VAT,))

    found = compare(NORDWIND, same, terms=TERMS, decisions=[decided(same=False)])

    assert found.verdict is Verdict.DIFFERENT
    assert "what is known now says same, look again" in found.reasons[0]


def test_a_decision_on_others_changes_nothing() -> None:
    found = compare(NORDWIND, ZEPHYR, terms=TERMS, decisions=[decided(same=True)])

    assert found.verdict is Verdict.DIFFERENT


def test_terms_have_a_first_day() -> None:
    with pytest.raises(LookupError, match="Name a later day"):
        terms_on(date(1999, 12, 31))
