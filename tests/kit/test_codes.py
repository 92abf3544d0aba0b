"""The code tables are whole, and one code means one thing in each of them."""

import pytest

from tradeloop.kit import codes

KEYS = {
    "answer_errors": "code",
    "countries": "iso3",
    "currencies": "iso",
    "customs_offices": "code",
    "packages": "code",
    "trade_modes": "code",
    "transport_modes": "code",
    "units": "code",
}
MAY_BE_BLANK = {
    ("countries", "iso3"),
    ("currencies", "customs_code"),
    ("currencies", "name_zh"),
}


@pytest.mark.parametrize("name", codes.TABLES)
def test_no_key_stands_twice_in_a_table(name: str) -> None:
    keys = [row[KEYS[name]] for row in codes.table(name)]

    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize("name", codes.TABLES)
def test_a_table_has_no_blanks_but_the_declared_ones(name: str) -> None:
    for row in codes.table(name):
        for column, value in row.items():
            assert value == value.strip()
            assert value or (name, column) in MAY_BE_BLANK


@pytest.mark.parametrize("name", codes.TABLES)
def test_a_table_can_be_read_where_its_path_says(name: str) -> None:
    heading, *rows = codes.path(name).read_text(encoding="utf-8").splitlines()

    assert heading.split(",") == list(codes.table(name)[0])
    assert len(rows) == len(codes.table(name))


def test_a_table_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(codes.TableUnknown, match="currencies"):
        codes.table("currency")
    with pytest.raises(codes.TableUnknown, match="currencies"):
        codes.path("../codes/units")


def test_142_is_the_yuan_as_a_currency_and_china_as_a_country() -> None:
    yuan, china = codes.currency("142"), codes.country("142")

    assert yuan is not None
    assert yuan.iso == "CNY"
    assert china is not None
    assert china.iso3 == "CHN"


@pytest.mark.parametrize(
    ("digits", "letters"),
    [("502", "USD"), ("110", "HKD"), ("300", "EUR"), ("303", "GBP"), ("116", "JPY")],
)
def test_a_currency_is_the_same_by_letters_and_by_customs_digits(digits: str, letters: str) -> None:
    assert codes.currency(digits) is codes.currency(letters) is not None


@pytest.mark.parametrize(
    ("letters", "digits"),
    [
        ("CNY", 2),
        ("IDR", 2),
        ("TWD", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("VND", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("CLF", 4),
    ],
)
def test_a_currency_has_the_digits_of_iso_4217(letters: str, digits: int) -> None:
    found = codes.currency(letters)

    assert found is not None
    assert found.minor_digits == digits


@pytest.mark.parametrize("code", ["840", "156", "cny", "XXX", "", "0142"])
def test_numbers_of_iso_4217_and_misspellings_are_no_currency(code: str) -> None:
    assert codes.currency(code) is None


def test_customs_digits_stand_for_one_currency_each() -> None:
    digits = [row["customs_code"] for row in codes.table("currencies") if row["customs_code"]]

    assert len(digits) == len(set(digits)) == 22


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        ("502", "USA"),
        ("110", "HKG"),
        ("116", "JPN"),
        ("326", "NOR"),
        ("699", "ZOC"),
        ("701", "ZZZ"),
        ("ZAF", "ZAF"),
        ("244", "ZAF"),
    ],
)
def test_a_country_is_found_by_letters_and_by_customs_digits(code: str, letters: str) -> None:
    found = codes.country(code)

    assert found is not None
    assert found.iso3 == letters


def test_a_territory_is_found_by_its_letters_though_it_shares_its_digits() -> None:
    guam, rest_of_oceania = codes.country("GUM"), codes.country("699")

    assert guam is not None
    assert rest_of_oceania is not None
    assert guam.name_en == "Guam"
    assert guam.customs_code == rest_of_oceania.customs_code


def test_other_africa_has_digits_but_not_the_letters_of_south_africa() -> None:
    africa = codes.country("299")

    assert africa is not None
    assert africa.iso3 is None
    assert africa.name_zh == "非洲其他国家(地区)"
    assert codes.country("") is None


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (codes.unit("007"), "个"),
        (codes.unit("035"), "千克"),
        (codes.customs_office("0100"), "北京关区"),
        (codes.trade_mode("9610"), "电子商务"),
        (codes.trade_mode("1039"), "市场采购"),
        (codes.trade_mode("9710"), "跨境电商B2B直接出口"),
        (codes.trade_mode("9810"), "跨境电商出口海外仓"),
        (codes.transport_mode("5"), "航空运输"),
        (codes.package("22"), "纸制或纤维板制盒/箱"),
    ],
)
def test_a_code_says_its_official_name(found: codes.Code | None, name: str) -> None:
    assert found is not None
    assert found.name_zh == name


def test_a_national_package_code_is_joined_to_the_older_one() -> None:
    carton, older = codes.package("22"), codes.package("2")

    assert carton is not None
    assert older is not None
    assert carton.customs_code == older.code == older.customs_code


def test_unlisted_codes_are_none() -> None:
    assert codes.unit("999") is None
    assert codes.customs_office("9999") is None
    assert codes.trade_mode("9999") is None
    assert codes.transport_mode("?") is None
    assert codes.package("98") is None
    assert codes.answer_error("-1") is None


def test_an_answer_code_says_what_went_wrong() -> None:
    assert codes.answer_error("-301010") == "已存在相同编号的订单"


def test_a_code_that_is_printed_with_two_messages_gives_both() -> None:
    message = codes.answer_error("-621027")

    assert message == "保存失败，请确认状态并刷新重试 / 请确认表体gnum 无重复！"
