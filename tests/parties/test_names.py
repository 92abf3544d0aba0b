"""Names that differ only in how they are written are alike; legal forms never make them so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.parties.alike import WHOLE_BP, compare_names
from tradeloop.parties.names import NAME_LENGTH_MAX, name_of
from tradeloop.parties.terms import terms_on

TERMS = terms_on(date(2026, 1, 1))
TEXTS = st.text(max_size=60) | st.sampled_from(["ООО Ромашка", "深圳市华强有限公司", "A.B.C. Co."])
# Letters of which no legal form is made.
WORDS = st.lists(st.text("defhmn", min_size=3, max_size=9), min_size=1, max_size=6)


def score(first: str, second: str) -> int:
    return compare_names(name_of(first), name_of(second), terms=TERMS).score_bp


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nordwind Handels GmbH", "NORDWIND HANDELS G.m.b.H."),
        ("Zephyr Trading Co., Ltd.", "zephyr trading limited"),
        ("ООО «Ромашка»", "Romashka LLC"),
        ("ОАО Полюс", "Polyus, Open Joint Stock Company"),
        ("深圳市华强电子有限公司", "深圳市华强电子股份有限公司"),
        ("Ελλάς Τρόφιμα", "Ellas Trofima"),
        ("Crédit Maritime S.A.", "Credit Maritime SA"),
        ("Good Harvest Foods", "Goodharvest Foods"),
        ("B & C Foods", "B and C Foods"),
        ("The Baltic Tea Company", "Baltic Tea"),
        ("Ｆｕｌｌｗｉｄｔｈ Ltd", "Fullwidth Ltd"),
        ("Łódź Tekstylia Sp. z o.o.", "LODZ TEKSTYLIA"),
    ],
)
def test_the_same_name_written_otherwise_is_the_same(first: str, second: str) -> None:
    assert score(first, second) >= TERMS.same_at_bp - TERMS.form_conflict_bp
    assert name_of(first).forms != name_of(second).forms or score(first, second) == WHOLE_BP


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nordwind Handels GmbH", "Nordwindt Handels GmbH"),
        ("Smith, John", "John Smith"),
        ("Nordwind Handels AG", "Nordwind Handels GmbH"),
        ("Harbour Fund VII", "Harbour Fund VIII"),
        ("Harbour Trust 2004", "Harbour Trust 2005"),
        ("Banco Azul", "Banco Azul Chile"),
        ("深圳市华强电子", "深圳华强电子"),
    ],
)
def test_what_is_nearly_the_same_is_for_a_person(first: str, second: str) -> None:
    assert TERMS.possible_at_bp <= score(first, second) < TERMS.same_at_bp


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nordwind Handels GmbH", "Ostwind Handels GmbH"),
        ("Alfa LLC", "Beta LLC"),
        ("ООО Ромашка", "ООО Василёк"),
        ("Bank of Norland (East) Limited", "Bank of Norland (West) Limited"),
        ("Snow", "Snoe"),
        ("Ali Hassan al-Basri", "Ali Hassan al-Mosuli"),
        ("李小明", "李小鸣"),
        ("Co., Ltd.", "Zephyr Co., Ltd."),
        ("", "Zephyr"),
        ("???", "???"),
    ],
)
def test_other_names_are_different(first: str, second: str) -> None:
    assert score(first, second) < TERMS.possible_at_bp


@given(TEXTS, TEXTS)
def test_a_comparison_is_the_same_from_either_side(first: str, second: str) -> None:
    one, other = name_of(first), name_of(second)

    assert compare_names(one, other, terms=TERMS) == compare_names(other, one, terms=TERMS)


@given(TEXTS)
def test_a_name_is_wholly_like_itself(text: str) -> None:
    name = name_of(text)

    assert score(text, text) == (WHOLE_BP if name.native or name.tokens else 0)


@given(WORDS, st.randoms())
def test_another_order_of_words_leaves_it_to_a_person(words: list[str], dice: object) -> None:
    other = sorted(words, key=lambda _: dice.random())  # type: ignore[attr-defined]

    assert score(" ".join(words), " ".join(other)) >= WHOLE_BP - TERMS.unequal_bp


@given(WORDS, WORDS, st.sampled_from(["Ltd", "GmbH", "S.A.", "OOO", "有限公司"]))
def test_a_legal_form_on_both_never_raises_a_score(
    first: list[str], second: list[str], form: str
) -> None:
    one, other = " ".join(first), " ".join(second)

    assert score(f"{one} {form}", f"{other} {form}") <= score(one, other)


@pytest.mark.parametrize("text", ["有限公司有限公司", "株式会社", "Ltd", "Co. Ltd. Inc.", "The"])
def test_a_name_is_never_all_form(text: str) -> None:
    assert name_of(text).tokens
    assert score(text, text) == WHOLE_BP


def test_a_name_of_endless_length_takes_no_endless_time() -> None:
    assert len(name_of("a " * 10**6).tokens) <= NAME_LENGTH_MAX
