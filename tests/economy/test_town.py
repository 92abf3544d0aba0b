"""Everybody in the town is made up, and every code there has the right form."""

from stdnum.cn import uscc

from tradeloop.economy.papers.town import load
from tradeloop.kit import codes
from tradeloop.kit.identifiers import check_customs_code, check_hs_code

TOWN = load("hangzhou")
FIRMS = [firm for firms in TOWN.firms.values() for firm in firms]


def test_every_credit_code_has_the_right_check_digit() -> None:
    assert all(uscc.is_valid(firm.uscc) for firm in FIRMS)


def test_every_customs_code_has_ten_places() -> None:
    assert all(check_customs_code(firm.customs_code) for firm in FIRMS)


def test_no_code_and_no_name_is_given_twice() -> None:
    for values in (
        [f.uscc for f in FIRMS],
        [f.customs_code for f in FIRMS],
        [f.name for f in FIRMS],
    ):
        assert len(set(values)) == len(FIRMS)


def test_nobody_could_be_taken_for_a_real_firm() -> None:
    assert all("合成" in firm.name and "Synthetic" in firm.name for firm in FIRMS)
    assert all(firm.uscc[8:11] == "DEM" for firm in FIRMS)


def test_every_code_stands_in_the_tables_of_customs() -> None:
    for good in TOWN.goods:
        assert check_hs_code(good.hs) == good.hs
        assert len(good.hs) == 10
        assert codes.unit(good.unit)
        assert codes.unit(good.legal_unit)
    for place in TOWN.places:
        assert codes.customs_office(place.office)
        assert codes.customs_office(place.port)


def test_both_code_sets_of_a_destination_mean_the_same() -> None:
    for place in TOWN.destinations:
        assert codes.country(place.iso) == codes.country(place.customs)
        assert codes.currency(place.currency) == codes.currency(place.currency_customs)
