"""Lines, amounts and codes: what was ordered is what was declared, to the last decimal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trade_cases.build import Case, Trade, case

BOTH = ("CEB303", "CEB603")
REFUSED = "contradicted"


def total(order: str, listed: str, goods_value: str, trade: Trade) -> Trade:
    """Set the total of the first line (2 × 10.00) on order and list, and the goods value."""
    trade.line("CEB303", 1, totalPrice=order).line("CEB603", 1, totalPrice=listed)
    return trade.change("CEB303", goodsValue=goods_value)


def one_line(trade: Trade, **values: object) -> Trade:
    """Declare only the first line, with other values."""
    return trade.cut("CEB603", lines=1).line("CEB603", 1, **values)


def split(trade: Trade, rest: str) -> Trade:
    """Declare the order by two lists: 20.00 and `rest` × 10.00 of the second item."""
    trade.cut("CEB603", lines=1).add("CEB505", tag="x").add("CEB603", tag="x").add(
        "CEB604", tag="x"
    )
    trade.change("CEB603", at=1, orderNo=f"A{trade.number}")
    trade.change("CEB604", at=1, orderNo=f"A{trade.number}")
    second = trade.records[-2]
    second.lines = [{**second.lines[1], "gnum": "1", "qty": rest, "totalPrice": f"{rest}0.00"}]
    return trade


def two_prices(listed: str, trade: Trade) -> Trade:
    """Order one item at 10.00 and at 12.00, and declare both lines, one at another price."""
    trade.line("CEB303", 2, itemNo="I1", price="12.00", totalPrice="12.00")
    trade.line("CEB603", 2, itemNo="I1", price=listed, totalPrice="12.00")
    return trade.change("CEB303", goodsValue="32.00")


def without_items(trade: Trade) -> Trade:
    """Leave out the item numbers, so that only line numbers can correspond."""
    return trade.every_line(*BOTH, itemNo=None).alone()


def third_line(trade: Trade, qty: str) -> Trade:
    """Add a third line without a price worth mentioning to order and list."""
    for kind in BOTH:
        trade.line(kind, 3, gnum="3", itemNo="I3", qty=qty, totalPrice="0.00")
    return trade


LINES: Mapping[str, Case] = {
    "an item that was not ordered": case(
        lambda t: t.line("CEB603", 2, itemNo="I9"), "line-not-ordered", grade=REFUSED
    ),
    "lines correspond by number where they have no item": case(without_items, "field-missing"),
    "a line number that was not ordered": case(
        lambda t: without_items(t).line("CEB603", 2, gnum="3"),
        "field-missing", "line-not-ordered", "line-number-gap", grade=REFUSED,
    ),
    "lines in another order": case(
        lambda t: t.line("CEB303", 1, gnum="2").line("CEB303", 2, gnum="1")
    ),
    "as much as was ordered": case(
        lambda t: one_line(t, qty="2", totalPrice="20.00"), "partly-exported"
    ),
    "just more than was ordered": case(
        lambda t: one_line(t, qty="2.00001", totalPrice="20.00"),
        "line-quantity-exceeds", "partly-exported", grade=REFUSED,
    ),
    "just less than was ordered": case(
        lambda t: one_line(t, qty="1.99999", totalPrice="20.00"), "partly-exported"
    ),
    "two lists as much as was ordered": case(lambda t: split(t, "1")),
    "two lists more than was ordered": case(
        lambda t: split(t, "2"), "line-quantity-exceeds", "list-exceeds-order", grade=REFUSED
    ),
    "the price just over": case(
        lambda t: t.line("CEB603", 1, price="10.00001"), "line-price-differs", grade=REFUSED
    ),
    "the price just under": case(
        lambda t: t.line("CEB603", 1, price="9.99999"), "line-price-differs", grade=REFUSED
    ),
    "one item at two prices": case(lambda t: two_prices("12.00", t)),
    "one item at two prices and a third between them": case(
        lambda t: two_prices("11.99999", t), "line-price-differs", grade=REFUSED
    ),
    "another unit": case(
        lambda t: t.line("CEB603", 1, unit="011"), "line-unit-differs", grade=REFUSED
    ),
    "line numbers with a gap": case(lambda t: t.line("CEB603", 2, gnum="3"), "line-number-gap"),
    "line numbers from 2": case(
        lambda t: t.line("CEB303", 1, gnum="2").line("CEB303", 2, gnum="3"), "line-number-gap"
    ),
    "one line number twice": case(lambda t: t.line("CEB303", 2, gnum="1"), "line-number-gap"),
    "a quantity just above zero": case(lambda t: third_line(t, "0.00001")),
    "a quantity of zero": case(
        lambda t: third_line(t, "0"), "quantity-not-positive", grade=REFUSED
    ),
    "a quantity below zero": case(
        lambda t: third_line(t, "-0.00001"), "quantity-not-positive", grade=REFUSED
    ),
}  # fmt: skip

AMOUNTS: Mapping[str, Case] = {
    "a line 0.01 over": case(lambda t: total("20.01", "20.01", "30.01", t)),
    "a line 0.01 under": case(lambda t: total("19.99", "19.99", "29.99", t)),
    "a line just more than 0.01 over": case(
        lambda t: total("20.01001", "20.01001", "30.01001", t), "line-total-differs", grade=REFUSED
    ),
    "a line just more than 0.01 under": case(
        lambda t: total("19.98999", "19.98999", "29.98999", t), "line-total-differs", grade=REFUSED
    ),
    "the goods value just over its lines": case(
        lambda t: t.change("CEB303", goodsValue="30.00001"),
        "goods-value-differs", "partly-exported", grade=REFUSED,
    ),
    "the goods value just under its lines": case(
        lambda t: t.change("CEB303", goodsValue="29.99999"),
        "goods-value-differs", "list-exceeds-order", grade=REFUSED,
    ),
    "the list just over the order": case(
        lambda t: total("20.00", "20.00001", "30.00", t), "list-exceeds-order", grade=REFUSED
    ),
    "the list just under the order": case(
        lambda t: total("20.00", "19.99999", "30.00", t), "partly-exported"
    ),
    "the same currency under its two codes": case(lambda t: t.every_line(*BOTH, currency="CNY")),
    "an order line in another currency": case(
        lambda t: t.line("CEB303", 1, currency="502"), "currency-differs", grade=REFUSED
    ),
    "the list in another currency": case(
        lambda t: t.every_line("CEB603", currency="USD"), "currency-differs", grade=REFUSED
    ),
    "freight of zero": case(lambda t: t.change("CEB303", freight="0.00")),
    "freight just below zero": case(
        lambda t: t.change("CEB303", freight="-0.00001"), "amount-negative", grade=REFUSED
    ),
    "the list's freight below zero": case(
        lambda t: t.change("CEB603", freight="-1"), "amount-negative", grade=REFUSED
    ),
    "everything below zero": case(
        lambda t: t.every_line(*BOTH, price="-10.00")
        .line("CEB303", 1, totalPrice="-20").line("CEB303", 2, totalPrice="-10")
        .line("CEB603", 1, totalPrice="-20").line("CEB603", 2, totalPrice="-10")
        .change("CEB303", goodsValue="-30"),
        "amount-negative", grade=REFUSED,
    ),
    "an amount with letters": case(
        lambda t: t.alone().line("CEB603", 2, totalPrice="1O.00"),
        "number-malformed", "value-missing", grade=REFUSED,
    ),
    "an amount of fifteen digits": case(
        lambda t: t.alone().change("CEB505", insuredFee="123456789012345"), "number-out-of-range",
        grade=REFUSED,
    ),
    "a date that no calendar has": case(
        lambda t: t.alone().change("CEB603", ieDate="20260230"), "date-impossible", grade=REFUSED
    ),
}  # fmt: skip


def _code(field: str, value: str, *kinds: str) -> Callable[[Trade], Trade]:
    return lambda trade: trade.every_line(*kinds, **{field: value})


def _head(field: str, value: str) -> Callable[[Trade], Trade]:
    return lambda trade: trade.change("CEB603", **{field: value})


CODES: Mapping[str, Case] = {
    "a unit of letters": case(_code("unit", "aaa", *BOTH), "unit-malformed", grade=REFUSED),
    "a second unit of letters": case(
        _code("unit1", "kg1", "CEB603"), "unit-malformed", grade=REFUSED
    ),
    "a unit that is not listed": case(_code("unit", "200", *BOTH), "unit-unknown"),
    "a currency in small letters": case(
        lambda t: t.every_line(*BOTH, currency="cny").change("CEB303", currency="cny"),
        "currency-malformed", grade=REFUSED,
    ),
    "a currency that is not listed": case(
        lambda t: t.every_line(*BOTH, currency="ABC").change("CEB303", currency="ABC"),
        "currency-unknown",
    ),
    "freight in a currency that is none": case(
        _head("fCurrency", "1x2"), "currency-malformed", grade=REFUSED
    ),
    "a country that is none": case(
        _code("country", "us1", "CEB603"), "country-malformed", grade=REFUSED
    ),
    "a destination that is not listed": case(_head("country", "999"), "country-unknown"),
    "country codes of both kinds": case(_code("country", "HKG", "CEB603")),
    "an import list": case(_head("ieFlag", "I"), "direction-malformed", grade=REFUSED),
    "a direction in small letters": case(
        _head("ieFlag", "e"), "direction-malformed", grade=REFUSED
    ),
    "a trade mode that is none": case(_head("tradeMode", "9999"), "trade-mode-unknown"),
    "a trade mode of letters": case(
        _head("tradeMode", "aaaa"), "trade-mode-malformed", grade=REFUSED
    ),
    "a customs office of letters": case(
        _head("customsCode", "aaaa"), "customs-office-malformed", grade=REFUSED
    ),
    "a flag that is none": case(_head("statisticsFlag", "X"), "flag-malformed", grade=REFUSED),
    "a trade mode for other goods": case(
        _head("tradeMode", "0110"), "trade-mode-not-judged", grade="incomplete"
    ),
    "bonded goods": case(_head("tradeMode", "1210")),
    "a commodity code of nine digits": case(
        _code("gcode", "950300890", "CEB603"), "hs-malformed", grade=REFUSED
    ),
    "a commodity code with a letter": case(
        _code("gcode", "95030089O0", "CEB603"), "hs-malformed", grade=REFUSED
    ),
    "a commodity code of chapter 00": case(
        _code("gcode", "0003008900", "CEB603"), "hs-malformed", grade=REFUSED
    ),
    "four digits on a list for statistics": case(
        _code("gcode", "9503", "CEB603"), "hs-malformed", grade=REFUSED
    ),
    "four digits on a simplified list": case(
        lambda t: t.every_line("CEB603", gcode="9503").change("CEB603", statisticsFlag="A")
    ),
    "ten digits on a simplified list": case(_head("statisticsFlag", "A")),
    "a customs office that is not listed": case(
        _head("customsCode", "9999"), "customs-office-unknown"
    ),
}  # fmt: skip

CASES: Mapping[str, Case] = {**LINES, **AMOUNTS, **CODES}
