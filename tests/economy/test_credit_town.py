"""Everybody in the towns on credit is made up, and every code there has the right form."""

import pytest
from stdnum.cn import uscc

from tradeloop.economy.papers.credit.place import load
from tradeloop.kit import codes
from tradeloop.kit.identifiers import check_customs_code, check_hs_code

TOWNS = [load("yiwu"), load("shenzhen")]
FIRMS = [firm for town in TOWNS for firms in town.firms.values() for firm in firms]
BUYERS = [buyer for town in TOWNS for buyers in town.buyers for buyer in buyers]


def test_every_code_of_a_firm_has_its_form_and_is_given_once() -> None:
    assert all(uscc.is_valid(firm.uscc) for firm in FIRMS)
    assert all(check_customs_code(firm.customs_code) for firm in FIRMS)
    for values in ([f.uscc for f in FIRMS], [f.customs_code for f in FIRMS]):
        assert len(set(values)) == len(FIRMS)


def test_nobody_could_be_taken_for_a_real_firm() -> None:
    assert all("合成" in firm.name and "Synthetic" in firm.name for firm in FIRMS)
    assert all(firm.uscc[8:11] == "DEM" for firm in FIRMS)
    assert all("SYNTHETIC" in buyer.name and "SYN-" in buyer.id_no for buyer in BUYERS)


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.name)
def test_every_code_stands_in_the_tables_of_customs(town: object) -> None:
    place = load(town.name)  # type: ignore[attr-defined]
    for ware in place.wares:
        assert check_hs_code(ware.hs) == ware.hs
        assert len(ware.hs) == 10
        assert codes.unit(ware.unit)
    assert all(codes.customs_office(office) for office in place.offices)
    assert all(codes.country(buyers[0].country) for buyers in place.buyers)


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.name)
def test_lines_step_through_the_goods_without_meeting_one_twice(town: object) -> None:
    place = load(town.name)  # type: ignore[attr-defined]
    count = len(place.wares)

    assert all(count % divisor for divisor in range(2, count))
    assert len({ware.name for ware in place.wares}) == count


def test_yiwu_sells_to_forty_countries() -> None:
    assert len(load("yiwu").buyers) == 40
