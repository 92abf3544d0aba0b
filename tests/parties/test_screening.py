"""Who is on a list is found, also with a slip; nobody else is; what was not looked at is told."""

from __future__ import annotations

import random
from datetime import date

from tradeloop.parties.facts import Party, Verdict
from tradeloop.parties.screening import CANDIDATES_MAX, KEY_HOLDERS_MAX, screen
from tradeloop.parties.terms import terms_on

TERMS = terms_on(date(2026, 1, 1))
LETTERS = "abcdefghiklmnoprstuvz"


def parties(*names: str, country: str | None = None) -> list[Party]:
    return [Party(line=n, name=name, country=country) for n, name in enumerate(names, start=2)]


def test_a_hit_says_where_and_why() -> None:
    listed = parties("Zephyr Shipping LLC", "Alexander Lukin")

    found = screen(parties("Nordwind GmbH", "Aleksander Lukin"), listed, terms=TERMS)

    assert [(hit.asked.line, hit.listed.line) for hit in found.hits] == [(3, 3)]
    assert found.hits[0].verdict is Verdict.POSSIBLY
    assert "aleksander is like alexander" in found.hits[0].reasons


def test_the_same_name_in_the_same_country_is_a_sure_hit() -> None:
    asked, listed = parties("Zephyr LLC", country="ARE"), parties("ZEPHYR", country="ARE")

    assert screen(asked, listed, terms=TERMS).hits[0].verdict is Verdict.SAME


def test_nothing_is_found_in_an_empty_list_or_for_an_empty_name() -> None:
    assert screen(parties("Zephyr"), [], terms=TERMS).hits == ()
    assert screen(parties("…", ""), parties("…", "Zephyr"), terms=TERMS).hits == ()
    assert screen([], parties("Zephyr"), terms=TERMS).hits == ()


def test_names_with_one_slip_are_found_among_many() -> None:
    dice = random.Random(1)
    words = ["".join(dice.choices(LETTERS, k=dice.randint(4, 9))) for _ in range(1500)]
    names = [f"{' '.join(dice.sample(words, 3))} Ltd" for _ in range(3000)]
    asked = [slipped(name, dice) for name in names[:300]]

    found = screen(parties(*asked), parties(*names), terms=TERMS)

    right = {hit.asked.line for hit in found.hits if hit.asked.line == hit.listed.line}
    assert len(right) >= 297
    assert found.compared <= len(asked) * CANDIDATES_MAX


def slipped(name: str, dice: random.Random) -> str:
    at = dice.randrange(len(name) - 4)
    return name[:at] + dice.choice(LETTERS) + name[at + 1 :]


def test_a_name_that_too_many_share_is_found_and_told() -> None:
    crowd = parties(*["Ali Hassan"] * (KEY_HOLDERS_MAX + 50))

    found = screen(parties("Ali Hassan", "Nordwind"), crowd, terms=TERMS)

    assert len(found.hits) == CANDIDATES_MAX
    assert found.cut == (2,)


def test_a_word_that_half_the_list_has_tells_little() -> None:
    names = [f"Sunrise {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{n}" for n in range(2000)]

    found = screen(parties("Sunrise Borealis"), parties(*names, "Borealis"), terms=TERMS)

    assert [hit.listed.name for hit in found.hits] == ["Borealis"]
