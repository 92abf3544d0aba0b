"""A trade without a fault keeps every rule that a judge could hold against it."""

from collections import Counter
from functools import cache

import pytest

from tradeloop.economy.papers.applications import summaries
from tradeloop.economy.papers.batches import flights
from tradeloop.economy.papers.clock import DAY, day_of
from tradeloop.economy.papers.generate import listed, trade_of
from tradeloop.economy.papers.negatives import NEGATIVES, PART, oddities
from tradeloop.economy.papers.paper import WHOLE
from tradeloop.economy.papers.town import Town, load
from tradeloop.economy.papers.trade import Trade
from tradeloop.economy.papers.world import World
from tradeloop.kit.identifiers import (
    check_declaration_number,
    check_list_number,
    check_pre_entry_number,
)

TOWN: Town = load("hangzhou")
TOLERANCE_PERCENT = 5


@cache
def trades() -> tuple[Trade, ...]:
    world = World(TOWN, 11, 0.0, 1, 5)
    return tuple(trade_of(world, number) for number in range(2000))


def currency(code: str) -> str:
    same = {place.currency_customs: place.currency for place in TOWN.destinations}
    return same.get(code, code)


def firm(code: str) -> str:
    same = {one.customs_code: one.uscc for one in listed(TOWN)}
    return same.get(code, code)


def test_every_line_and_every_order_adds_up() -> None:
    for trade in trades():
        papers = [*trade.orders, *(paper for one in trade.parcels for paper in one.lists)]
        for line in (line for paper in papers for line in paper.lines):
            assert line["qty"] * line["price"] == line["totalPrice"] * WHOLE
            assert line["qty"] > 0 <= line["price"]
        for order in trade.orders:
            assert order.head["goodsValue"] == sum(line["totalPrice"] for line in order.lines)


def test_lists_declare_what_was_ordered_and_never_more() -> None:
    for trade in trades():
        ordered = {line["itemNo"]: line for line in trade.orders[-1].lines}
        declared: Counter[str] = Counter()
        for line in (line for one in trade.parcels for line in one.declared.lines):
            same = ordered[line["itemNo"]]
            declared[line["itemNo"]] += line["qty"]
            assert (line["price"], line["unit"]) == (same["price"], same["unit"])
            assert currency(line["currency"]) == currency(same["currency"])
        if trade.plan.negative != "partly-exported":
            assert declared == {number: line["qty"] for number, line in ordered.items()}
        assert all(qty <= ordered[number]["qty"] for number, qty in declared.items())


def test_no_more_is_collected_than_is_due_and_in_the_same_currency() -> None:
    for trade in trades():
        head = trade.orders[-1].head
        for paper in trade.collections:
            due = head["goodsValue"] + head["freight"]
            assert 0 < paper.head["charge"] <= due
            assert (paper.head["charge"] < due) == (trade.plan.paid == "part")
            assert currency(paper.head["currency"]) == currency(head["currency"])


def test_the_steps_follow_one_another_and_end_before_the_day_of_judging() -> None:
    last = day_of(TOWN.judged_on) * DAY
    for trade in trades():
        for one in trade.parcels:
            waybill = one.waybills[0].head["appTime"]
            assert trade.orders[-1].head["appTime"] <= waybill
            assert waybill <= one.lists[0].head["appTime"] <= one.declared.head["appTime"]
            times = [answer.head["returnTime"] for answer in one.answers]
            assert len(set(times)) == len(times)
            assert sorted(times) == times
            assert one.released_at < one.flight.leaves_at
            assert one.declared.head["appTime"] < one.released_at
        at = [paper.head.get("appTime", paper.head.get("returnTime")) for paper in trade.papers()]
        assert all(time is not None and time < last for time in at)


def test_weights_agree_within_the_tolerance() -> None:
    for one in (one for trade in trades() for one in trade.parcels):
        gross, net = one.declared.head["grossWeight"], one.declared.head["netWeight"]
        apart = abs(one.waybills[0].head["grossWeight"] - gross) * 100
        assert 0 < net <= gross
        assert apart < gross * TOLERANCE_PERCENT


def test_every_paper_of_a_trade_names_its_seller() -> None:
    for trade in trades():
        named = {firm(p.head["ebcCode"]) for p in trade.papers() if p.head.get("ebcCode")}
        assert named == {trade.firm}


def test_numbers_are_given_once() -> None:
    papers = [paper for trade in trades() for paper in trade.papers()]
    parcels = [one for trade in trades() for one in trade.parcels]

    assert not repeated(paper.head["guid"] for paper in papers)
    assert not repeated(one.number for one in parcels)
    assert not repeated(one.declared.head["copNo"] for one in parcels)
    assert not repeated(trade.key for trade in trades())
    assert not repeated(p.head["payNo"] for trade in trades() for p in trade.collections)


def test_numbers_of_customs_have_their_shapes() -> None:
    parcels = [one for trade in trades() for one in trade.parcels]
    papers = [*summaries(trades()[0].deal.world, 0, parcels)]
    papers += flights(trades()[0].deal.world, parcels)
    papers += [paper for one in parcels for paper in one.papers()]

    assert all(check_list_number(one.number) for one in parcels)
    for head in (paper.head for paper in papers):
        assert "preNo" not in head or check_pre_entry_number(head["preNo"])
        assert "entryId" not in head or check_declaration_number(head["entryId"])
        assert all(len(head[name]) == 18 for name in ("sumNo", "declSeqNo") if name in head)


def repeated(values: object) -> list[object]:
    assert hasattr(values, "__iter__")
    return [value for value, count in Counter(values).items() if count > 1]


def test_a_waybill_number_comes_again_only_after_seven_months() -> None:
    used: dict[tuple[str, str], list[int]] = {}
    for one in (one for trade in trades() for one in trade.parcels):
        head = one.waybills[0].head
        key = (head["logisticsCode"], head["logisticsNo"])
        used.setdefault(key, []).append(head["appTime"] // DAY)

    again = [sorted(days) for days in used.values() if len(days) > 1]
    assert again
    assert all(len(days) == 2 and days[1] - days[0] > 7 * 31 for days in again)


@pytest.mark.parametrize("kind", [*NEGATIVES, PART])
def test_every_trap_for_a_hasty_judge_is_laid(kind: str) -> None:
    count = sum(kind in oddities(trade) for trade in trades())

    assert 0.005 <= count / len(trades()) <= 0.07


def test_the_town_plans_exactly_the_traps_that_exist() -> None:
    assert set(TOWN.negatives) == set(NEGATIVES)


def test_the_number_of_goods_is_a_prime() -> None:
    count = len(TOWN.goods)

    assert all(count % divisor for divisor in range(2, count))


def test_bills_take_an_even_number_of_trades_so_that_partners_fly_together() -> None:
    assert not any(size % 2 for size in TOWN.habits["parcels_per_bill"])
