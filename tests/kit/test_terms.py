"""Terms count from their day, and what follows from them has one form, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from tradeloop.kit.explained import Explained
from tradeloop.kit.money import CurrencyMismatch, Money
from tradeloop.kit.terms import Dated, Rounds, canonical, digest, in_force, plain, used


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Dated):
    """A step's terms."""

    most: Money | None
    rounding: Rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Others(Terms):
    """The same figures for another step."""


def terms(on: date, kind: type[Terms] = Terms) -> Terms:
    return kind(
        scheme="s", from_date=on, source="A test", most=Money(2**60, "USD"), rounding=Rounds.UP
    )


def test_the_last_version_that_began_is_in_force_whatever_their_order() -> None:
    old, new = terms(date(2024, 1, 1)), terms(date(2025, 1, 1))

    for day, wanted in ((date(2024, 12, 31), old), (date(2025, 1, 1), new)):
        assert in_force([new, old], day) == in_force([old, new], day) == wanted


def test_amounts_are_texts_so_that_no_reader_loses_digits() -> None:
    assert plain(terms(date(2024, 1, 1))) == {
        "scheme": "s", "from_date": "2024-01-01", "source": "A test",
        "most": {"currency": "USD", "minor": "1152921504606846976"}, "rounding": "up",
    }  # fmt: skip
    assert canonical({"b": (None, True), "a": [1]}) == b'{"a":[1],"b":[null,true]}'


def test_equal_figures_of_two_steps_have_two_digests() -> None:
    day = date(2024, 1, 1)

    assert digest(terms(day)) == digest(terms(day))
    assert digest(terms(day)) != digest(terms(day, Others))


def test_used_terms_are_told_as_text() -> None:
    assert used(terms(date(2024, 1, 1)), "rounding", "from_date") == (
        ("rounding", "up"), ("from_date", "2024-01-01")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rounds", "wanted"), [("half-up", 3), ("half-even", 2), ("down", 2), ("up", 3)]
)
def test_each_rounding_is_the_one_of_its_name(rounds: str, wanted: int) -> None:
    assert Rounds(rounds).by(5, 2) == wanted


def test_each_line_of_an_explanation_tells_what_it_changes() -> None:
    found = Explained.start("a", Money(10, "USD"), "Ten", "Clause 1").then(
        "b", Money(4, "USD"), "Less six", "Clause 2"
    )

    assert [(line.change.minor, line.figure.minor) for line in found.lines] == [(10, 10), (-6, 4)]
    assert found.result == Money(4, "USD")
    with pytest.raises(CurrencyMismatch):
        found.then("c", Money(4, "CNY"), "Other", "Clause 3")
