"""A clean trade on credit adds up: papers, amounts, weights, quantities and days agree."""

from collections import Counter
from collections.abc import Iterable
from functools import cache

import pytest

from tradeloop.economy.papers.catalogue import faults
from tradeloop.economy.papers.clock import DAY
from tradeloop.economy.papers.credit import shenzhen, yiwu
from tradeloop.economy.papers.credit.generate import lots
from tradeloop.economy.papers.credit.place import load
from tradeloop.economy.papers.credit.run import Run, new_run
from tradeloop.economy.papers.credit.shenzhen.export import Export
from tradeloop.economy.papers.credit.shenzhen.purchase import Purchase
from tradeloop.economy.papers.paper import WHOLE, Paper

CENT = WHOLE // 100
TRADES = 3_000


def run_of(town: str, fault_rate: float = 0.0, seed: int = 7) -> Run:
    return new_run(
        town=load(town),
        faults=faults(f"faults_{town}"),
        seed=seed,
        fault_rate=fault_rate,
        lines_min=1,
        lines_max=8,
    )


@cache
def market() -> tuple[yiwu.Lot, ...]:
    return tuple(lot for lot in lots(run_of("yiwu"), TRADES) if isinstance(lot, yiwu.Lot))


@cache
def stock() -> tuple[shenzhen.Lot, ...]:
    return tuple(lot for lot in lots(run_of("shenzhen"), TRADES) if isinstance(lot, shenzhen.Lot))


def total(rows: Iterable[dict[str, int]], name: str) -> int:
    return sum(row[name] for row in rows)


def paid(payments: Iterable[Paper]) -> int:
    return total([paper.head for paper in payments], "amount")


def fob(declared: Paper) -> int:
    """Return the declaration's total without freight and insurance, by its marks."""
    head, whole = declared.head, total(declared.lines, "total")
    cost = 0
    for name in ("freight", "insurance"):
        value = head.get(name) or 0
        cost += whole * value // (100 * WHOLE) if head.get(f"{name}_mark") == "1" else value
    return whole - cost


def test_each_town_has_as_many_trades_as_were_asked_for() -> None:
    assert sum(lot.size for lot in market()) == TRADES
    assert sum(lot.size for lot in stock()) == TRADES


def test_the_records_of_a_declaration_come_to_what_was_declared() -> None:
    for lot in market():
        recorded = sum(sale.record.head["amount"] for sale in lot.sales)

        assert abs(fob(lot.declared) - recorded) <= WHOLE
        assert total(lot.declared.lines, "total") <= 150_000 * WHOLE
        assert {lot.declared.head["currency"]} == {"USD"}
        assert len(lot.sales) <= 5


def test_each_line_is_quantity_times_price_and_the_amount_their_sum() -> None:
    papers = [paper for lot in (*market(), *stock()) for paper in lot.papers()]
    for paper in papers:
        for row in paper.lines:
            if paper.kind == "CN.einvoice":
                assert row["qty"] * row["price"] // WHOLE == row["net"]
            elif "total" in row:
                assert abs(row["qty"] * row["price"] // WHOLE - row["total"]) <= CENT
        if paper.kind in {"MP.trade", "contract"}:
            assert paper.head["amount"] == total(paper.lines, "total")
        if paper.kind == "CN.einvoice":
            assert paper.head["gross"] == paper.head["net"] + paper.head["tax"]
            assert paper.head["net"] == total(paper.lines, "net")
            assert paper.head["tax"] == total(paper.lines, "tax")


def test_packing_lists_weigh_what_was_declared_and_hold_what_was_sold() -> None:
    for lot in market():
        lists = {paper.head["no"]: paper.head for sale in lot.sales for paper in sale.packing}
        assert total(lists.values(), "gross_kg") == lot.declared.head["gross_kg"]
        for sale in lot.sales:
            own = {paper.head["no"]: paper for paper in sale.packing}.values()
            packed = Counter[str]()
            for paper in own:
                packed.update({row["goods"]: row["qty"] for row in paper.lines})
                assert paper.head["net_kg"] <= paper.head["gross_kg"]
                assert paper.head["container_no"] == sale.record.head["container_no"]
            assert packed == {row["goods"]: row["qty"] for row in sale.record.lines}


def test_the_goods_of_a_record_are_declared_under_their_chapter() -> None:
    for lot in market():
        chapters = {row["hs"][:2] for row in lot.declared.lines}
        assert all(row["hs"][:2] in chapters for sale in lot.sales for row in sale.record.lines)
        merged = [row for row in lot.declared.lines if row["goods"].endswith("等")]
        assert len(lot.declared.lines) - len(merged) <= 5


def test_the_days_of_a_market_trade_follow_one_another() -> None:
    last = load("yiwu").last_day
    for lot in market():
        head = lot.declared.head
        assert head["status"] in {"released", "closed"}
        assert head["declared_on"] * DAY <= head["released_at"] <= head["left_at"] <= last * DAY
        for sale in lot.sales:
            record = sale.record.head
            assert record["confirmed_at"] <= head["declared_on"] * DAY
            assert record["due_on"] or record["terms_days"]
            due_on = record["due_on"] or sale.due
            assert 0 < due_on - record["confirmed_at"] // DAY <= 360
            assert record["purchaser_id_no"]
            assert record["payment_method"] != "cash"


def test_something_is_still_owed_on_every_trade() -> None:
    for lot in market():
        for sale in lot.sales:
            assert 0 <= paid(sale.payments) < sale.record.head["amount"]
    for one in (trade for lot in stock() for trade in lot.trades):
        assert 0 <= paid(one.payments) < one.contract.head["amount"]


def test_valid_invoices_bill_no_more_than_the_contract() -> None:
    for purchase in purchases():
        billed = {
            paper.head["number"]: paper.head["gross"]
            for paper in purchase.invoices
            if paper.head["state"] != "void"
        }
        agreed = purchase.contract.head["amount"]
        assert 0 < sum(billed.values()) <= agreed + agreed * 50 // 10_000


def test_no_more_is_received_than_ordered_nor_exported_than_received() -> None:
    stocked, left = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for purchase in purchases():
        hs = {row["goods"]: row["hs"] for row in purchase.contract.lines}
        ordered = {row["goods"]: row["qty"] for row in purchase.contract.lines}
        received = Counter[str]()
        for paper in {paper.head["no"]: paper for paper in purchase.receipts}.values():
            assert paper.head["received_on"] >= purchase.contract.head["signed_on"]
            received.update({row["goods"]: row["qty"] for row in paper.lines})
            for row in paper.lines:
                key = (purchase.exporter.uscc, hs[row["goods"]][:4], row["unit"])
                stocked[key] += row["qty"]
        assert all(qty <= ordered[goods] for goods, qty in received.items())
    for export in exports():
        for paper in {paper.head["entry_id"]: paper for paper in export.declarations}.values():
            for row in paper.lines:
                left[export.exporter.uscc, row["hs"][:4], row["unit"]] += row["qty"]
    assert left
    assert all(qty <= stocked[key] for key, qty in left.items())


def test_no_more_is_declared_than_was_sold_abroad() -> None:
    for export in exports():
        standing = {paper.head["entry_id"]: paper for paper in export.declarations}.values()
        declared = sum(total(paper.lines, "total") for paper in standing)
        assert 0 < declared <= export.contract.head["amount"]
        for paper in standing:
            assert paper.head["mode"] == export.contract.head["mode"] in {"9710", "9810"}
            assert paper.head["consignor_uscc"] == export.contract.head["seller_uscc"]


@pytest.mark.parametrize("town", ["yiwu", "shenzhen"])
def test_no_number_is_given_to_two_trades(town: str) -> None:
    every = market() if town == "yiwu" else stock()
    keys = [key for lot in every for key in lot.keys]
    assert len(set(keys)) == len(keys)
    for name in ("ref", "entry_id", "number"):
        owners: dict[str, set[int]] = {}
        for place, lot in enumerate(every):
            for paper in lot.papers():
                if name in paper.head and paper.kind != "return_table":
                    owners.setdefault(paper.head[name], set()).add(place)
        assert all(len(found) == 1 for found in owners.values())


def purchases() -> list[Purchase]:
    return [purchase for lot in stock() for purchase in lot.purchases]


def exports() -> list[Export]:
    return [export for lot in stock() for export in lot.exports]
