"""A number that is right is taken; one that cannot be right is refused with a way out."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeloop.kit.identifiers import (
    FirmCodeKind,
    IdentifierInvalid,
    Standing,
    check_customs_code,
    check_declaration_number,
    check_firm_code,
    check_hs_code,
    check_list_number,
    check_pre_entry_number,
    check_uscc,
    country_standing,
    currency_standing,
    unit_standing,
)

Check = Callable[[str], str]

CHECKS: tuple[Check, ...] = (
    check_customs_code,
    check_declaration_number,
    check_hs_code,
    check_list_number,
    check_pre_entry_number,
    check_uscc,
)

REAL_FIRMS = [
    "91110000600037341L",
    "121200004013590816",
    "91330106673959654P",
    "91310115MA1K3BTP2B",
    "9144030071526726XG",
]


@pytest.mark.parametrize("code", REAL_FIRMS)
def test_the_codes_of_real_firms_are_taken(code: str) -> None:
    assert check_uscc(code) == code


@pytest.mark.parametrize("text", ["91 110000 600037341L", "9111-0000-6000-37341L"])
def test_a_credit_code_may_be_written_in_groups(text: str) -> None:
    assert check_uscc(text) == "91110000600037341L"


@given(st.sampled_from(REAL_FIRMS), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGH"))
def test_one_wrong_place_in_a_credit_code_is_always_noticed(
    code: str, place: int, instead: str
) -> None:
    changed = code[:place] + instead + code[place + 1 :]
    if changed == code:
        return

    with pytest.raises(IdentifierInvalid):
        check_uscc(changed)


def test_a_wrong_check_digit_is_answered_with_the_right_one() -> None:
    with pytest.raises(IdentifierInvalid, match=r"ends in N.* ask for L\..* business licence"):
        check_uscc("91110000600037341N")


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_customs_code, "1105910159"),
        (check_customs_code, "3301968DZ8"),
        (check_declaration_number, "530420250040970934"),
        (check_declaration_number, "530420251040970934"),
        (check_list_number, "53042025E123456789"),
        (check_list_number, "53042025I1234567890"),
        (check_list_number, "53042025E12345678901"),
        (check_pre_entry_number, "B20160512000001882"),
        (check_hs_code, "6109"),
        (check_hs_code, "610910"),
        (check_hs_code, "61091000"),
        (check_hs_code, "6109100010"),
    ],
)
def test_a_well_formed_number_is_returned_as_it_is(check: Check, text: str) -> None:
    assert check(text) == text


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_uscc, "91110000600037341"),
        (check_uscc, "91110000600037341LL"),
        (check_uscc, "91110000600037341l"),
        (check_uscc, "9111000060003IOZSV"),
        (check_uscc, "9111A000600037341L"),
        (check_customs_code, "110591015"),
        (check_customs_code, "11059101590"),
        (check_customs_code, "3301968dz8"),
        (check_customs_code, "1105-91015"),
        (check_declaration_number, "53042025004097093"),
        (check_declaration_number, "5304202500409709340"),
        (check_declaration_number, "530420252040970934"),
        (check_declaration_number, "53042025E040970934"),
        (check_declaration_number, "530418250040970934"),
        (check_list_number, "53042025E12345678"),
        (check_list_number, "53042025E123456789012"),
        (check_list_number, "53042025e123456789"),
        (check_list_number, "530420250123456789"),
        (check_pre_entry_number, "B2016051200000188"),
        (check_pre_entry_number, "b20160512000001882"),
        (check_pre_entry_number, "B20160231000001882"),
        (check_pre_entry_number, "R20160401000000007"),
        (check_hs_code, "0000"),
        (check_hs_code, "0012"),
        (check_hs_code, "610"),
        (check_hs_code, "61091"),
        (check_hs_code, "61091000101"),
        (check_hs_code, "6109.10"),
    ],
)
def test_a_malformed_number_is_refused_with_what_was_expected(check: Check, text: str) -> None:
    with pytest.raises(IdentifierInvalid, match=r"places\) is not .* Expected .* Copy it again"):
        check(text)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("text", ["", " ", "无", "无" * 18, "６１０９", "6109\n"])
def test_blanks_words_and_full_width_digits_are_no_numbers(check: Check, text: str) -> None:
    with pytest.raises(IdentifierInvalid):
        check(text)


def test_small_letters_are_refused_with_a_hint() -> None:
    with pytest.raises(IdentifierInvalid, match="Write its letters as capitals"):
        check_customs_code("3301968dz8")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1105910159", FirmCodeKind.CUSTOMS), ("91110000600037341L", FirmCodeKind.USCC)],
)
def test_a_firm_is_known_by_either_of_its_codes(text: str, kind: FirmCodeKind) -> None:
    code = check_firm_code(text)

    assert code.kind is kind
    assert code.text == text


@pytest.mark.parametrize("text", ["", "110591015", "11059101590", "91110000600037341N"])
def test_a_firm_code_of_neither_kind_is_refused(text: str) -> None:
    with pytest.raises(IdentifierInvalid, match="Copy it again"):
        check_firm_code(text)


@pytest.mark.parametrize(
    ("standing", "known", "unknown", "malformed"),
    [
        (currency_standing, ["USD", "502"], ["XQX", "840"], ["aaa", "usd", "US", "5O2", "", "无"]),
        (country_standing, ["HKG", "110"], ["XQX", "999"], ["aaa", "hkg", "HK", "1420", "", "无"]),
        (unit_standing, ["007", "035"], ["999", "000"], ["aaa", "KGM", "35", "0035", "", "个"]),
    ],
)
def test_an_unlisted_code_is_not_a_malformed_one(
    standing: Callable[[str], Standing],
    known: list[str],
    unknown: list[str],
    malformed: list[str],
) -> None:
    assert {standing(text) for text in known} == {Standing.KNOWN}
    assert {standing(text) for text in unknown} == {Standing.UNKNOWN}
    assert {standing(text) for text in malformed} == {Standing.MALFORMED}
