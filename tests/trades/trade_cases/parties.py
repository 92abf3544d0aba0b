"""Who sells, on which platform: order, list, waybill and summary name the same firm."""

from __future__ import annotations

from collections.abc import Mapping

import papers
from trade_cases.build import Case, Trade, case, customs_code, firm_code

OTHER_PLATFORM = "3301960778"
PLATFORM_CREDIT = "91330100MA27PLAT0X"  # 18 places; nobody checks a platform's check digit
FOREIGN = "无"
BAD_CHECK_DIGIT = papers.SELLER[:-1] + "1"
UNSOLD = {"ebcCode": None}


def list_on(platform: str, trade: Trade) -> Trade:
    """Put the list and its answer on a platform."""
    return trade.change("CEB603", ebpCode=platform).change("CEB604", ebpCode=platform)


def list_of(code: str, trade: Trade) -> Trade:
    """Put the list and its answer under another selling firm's code; the waybill names none."""
    trade.change("CEB603", ebcCode=code).change("CEB604", ebcCode=code)
    return trade.change("CEB505", **UNSOLD)


def all_of(code: str, trade: Trade) -> Trade:
    """Put every paper under one selling firm's code."""
    return list_of(code, trade).change("CEB303", ebcCode=code)


def two_codes(trade: Trade, *, row: bool) -> Trade:
    """Name the firm by its customs code on the order and by its credit code on the list."""
    mine, credit = customs_code(trade.number), firm_code(trade.number)
    trade.change("CEB303", ebcCode=mine)
    return list_of(credit, trade.firm(mine, credit) if row else trade)


def credit_name(trade: Trade) -> str:
    """Return the trade's name under its credit code."""
    return f"{firm_code(trade.number)}/A{trade.number}"


def customs_name(trade: Trade) -> str:
    """Return the trade's name under its customs code."""
    return f"{customs_code(trade.number)}/A{trade.number}"


CASES: Mapping[str, Case] = {
    "all papers name one firm and one platform": case(lambda t: t),
    "the list is on another platform": case(
        lambda t: list_on(OTHER_PLATFORM, t), "platform-differs", grade="contradicted"
    ),
    "a foreign platform without a code differs from none": case(lambda t: list_on(FOREIGN, t)),
    "the order's platform has no code": case(lambda t: t.change("CEB303", ebpCode=FOREIGN)),
    "codes of two kinds for a platform are no contradiction": case(
        lambda t: list_on(PLATFORM_CREDIT, t), "platform-unavailable", grade="incomplete"
    ),
    "the firm table joins the platform's codes": case(
        lambda t: list_on(firm_code(t.number), t.firm(customs_code(t.number), firm_code(t.number)))
        .change("CEB303", ebpCode=customs_code(t.number))
    ),
    "the firm table says the platform's code is another firm's": case(
        lambda t: list_on(firm_code(t.number), t.firm(customs_code(t.number), firm_code(9000)))
        .change("CEB303", ebpCode=customs_code(t.number)),
        "platform-differs", grade="contradicted",
    ),
    "the list is another seller's: the order": case(
        lambda t: list_of(firm_code(t.number), t),
        "seller-differs", "list-missing", grade="contradicted",
    ),
    "the list is another seller's: the list": case(
        lambda t: list_of(firm_code(t.number), t),
        "seller-differs", "order-missing", grade="contradicted", trade=credit_name,
    ),
    "the same number on two platforms is two trades": case(
        lambda t: list_on(OTHER_PLATFORM, list_of(firm_code(t.number), t)), "order-missing",
        grade="incomplete", trade=credit_name,
    ),
    "the waybill is another seller's": case(
        lambda t: t.change("CEB505", ebcCode=firm_code(t.number)),
        "seller-differs", grade="contradicted",
    ),
    "the waybill names no seller": case(lambda t: t.change("CEB505", ebcCode=None)),
    "the summary is another seller's": case(
        lambda t: t.add("CEB701", ebcCode=firm_code(t.number)),
        "seller-differs", grade="contradicted",
    ),
    "the summary is the seller's": case(lambda t: t.add("CEB701")),
    "one firm under both its codes, as the firm table says": case(
        lambda t: two_codes(t, row=True), "parties-same-code-twice", trade=credit_name
    ),
    "one firm under both its codes, and no firm table says so": case(
        lambda t: two_codes(t, row=False), "parties-unavailable", grade="incomplete",
        trade=customs_name,
    ),
    "the waybill alone has a code of the other kind": case(
        lambda t: t.change("CEB505", ebcCode=customs_code(t.number)),
        "parties-unavailable", grade="incomplete",
    ),
    "the waybill's code of the other kind is in the firm table": case(
        lambda t: all_of(firm_code(t.number), t)
        .change("CEB505", ebcCode=customs_code(t.number))
        .firm(customs_code(t.number), firm_code(t.number)),
        trade=credit_name,
    ),
    "the firm table says the waybill's code is another firm's": case(
        lambda t: t.change("CEB505", ebcCode=customs_code(t.number))
        .firm(customs_code(t.number), firm_code(9001)),
        "seller-differs", grade="contradicted",
    ),
    "a credit code with a wrong check digit": case(
        lambda t: all_of(BAD_CHECK_DIGIT, t), "firm-code-malformed", grade="contradicted",
        trade=lambda t: f"{BAD_CHECK_DIGIT}/A{t.number}",
    ),
    "a firm code of eleven places": case(
        lambda t: all_of("33019600011", t), "firm-code-malformed", grade="contradicted",
        trade=lambda t: f"33019600011/A{t.number}",
    ),
    "a firm code of nine places": case(
        lambda t: all_of("330196000", t), "firm-code-malformed", grade="contradicted",
        trade=lambda t: f"330196000/A{t.number}",
    ),
    "a customs code throughout": case(
        lambda t: all_of(papers.SELLER_CUSTOMS, t),
        trade=lambda t: f"{papers.SELLER_CUSTOMS}/A{t.number}",
    ),
}  # fmt: skip
