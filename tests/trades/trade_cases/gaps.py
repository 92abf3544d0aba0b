"""What is not here: a paper that is missing or stale, and papers that belong to no trade."""

from __future__ import annotations

from collections.abc import Mapping

from trade_cases.build import CLEAN, Case, Trade, case

MISSING: Mapping[str, Case] = {
    "no order": case(lambda t: t.drop("CEB303"), "order-missing", grade="incomplete"),
    "no list": case(
        lambda t: t.drop("CEB603", "CEB604", "CEB505"), "list-missing", grade="incomplete"
    ),
    "no waybill": case(lambda t: t.drop("CEB505"), "waybill-missing", grade="incomplete"),
    "no answer": case(lambda t: t.drop("CEB604"), "release-missing", grade="incomplete"),
    "no answer thirty days after the date of export": case(
        lambda t: t.drop("CEB604").change("CEB603", ieDate="20260802"), "release-missing",
        grade="incomplete",
    ),
    "no answer thirty-one days after the date of export": case(
        lambda t: t.drop("CEB604").change("CEB603", ieDate="20260801"), "release-stale",
        grade="incomplete",
    ),
    "released late is released": case(
        lambda t: t.change("CEB604", returnTime="20260831235959000")
    ),
    "a list without lines": case(
        lambda t: t.cut("CEB603", lines=0), "lines-missing", "value-missing", grade="incomplete"
    ),
    "an order without lines": case(
        lambda t: t.cut("CEB303", lines=0), "lines-missing", grade="incomplete"
    ),
    "an order without a goods value": case(
        lambda t: t.alone().change("CEB303", goodsValue=None), "field-missing", "value-missing",
        grade="incomplete",
    ),
    "a list line without a total": case(
        lambda t: t.alone().line("CEB603", 1, totalPrice=None), "field-missing", "value-missing",
        grade="incomplete",
    ),
}  # fmt: skip


def lone(kind: str, trade: Trade, **values: object) -> Trade:
    """Leave one paper alone, without the trade that it belongs to."""
    return trade.drop(*CLEAN).add(kind, **values)


ORPHANS: Mapping[str, Case] = {
    "a waybill alone": case(lambda t: lone("CEB505", t), grade="", orphans=["orphan-waybill"]),
    "a parcel only on a departure note": case(
        lambda t: lone("CEB509", t), grade="", orphans=["orphan-waybill"]
    ),
    "a parcel only on an arrival note": case(
        lambda t: lone("CEB507", t), grade="", orphans=["orphan-waybill"]
    ),
    "a collection alone": case(
        lambda t: lone("CEB403", t), grade="", orphans=["orphan-collection"]
    ),
    **{
        f"an answer {kind} alone": case(
            lambda t, kind=kind: lone(kind, t), grade="", orphans=["orphan-answer"]
        )
        for kind in (
            "CEB304", "CEB404", "CEB506", "CEB508", "CEB510", "CEB604", "CEB606", "CEB608",
            "CEB702", "CEB214",
        )
    },
    "a summary of a list that is not here": case(
        lambda t: lone("CEB701", t), grade="", orphans=["orphan-list"]
    ),
    "a manifest of a list that is not here": case(
        lambda t: lone("CEB607", t), grade="", orphans=["orphan-list"]
    ),
    "a cancel request alone": case(
        lambda t: lone("CEB605", t), grade="", orphans=["orphan-cancellation"]
    ),
    "a return alone": case(lambda t: lone("CEB213", t), grade="", orphans=["orphan-return"]),
    "every paper of a whole trade": case(
        lambda t: t.add("CEB304").add("CEB403").add("CEB404").add("CEB506").add("CEB507")
        .add("CEB508").add("CEB509").add("CEB510").add("CEB607").add("CEB608").add("CEB701")
        .add("CEB702").add("CEB792")
    ),
    "a cancelled trade with all its answers": case(
        lambda t: t.add("CEB605").add("CEB606"), "list-cancelled", "list-missing",
        grade="incomplete",
    ),
    "a return with its answer": case(
        lambda t: t.add("CEB213").add("CEB214"), "return-recorded"
    ),
    "an answer to a summary, found by its number": case(
        lambda t: t.add("CEB701", sumNo=t.own("CEB701")["sumNo"])
        .add("CEB702", copNo=None, sumNo=t.own("CEB701")["sumNo"])
    ),
    "an answer to a cancel request, found by the list's number": case(
        lambda t: t.add("CEB605").add("CEB606", copNo=None), "list-cancelled", "list-missing",
        grade="incomplete",
    ),
    "an answer to a cancel request that names no agent": case(
        lambda t: t.add("CEB605").add("CEB606", copNo=None, agentCode=None), "list-cancelled",
        "list-missing", grade="incomplete",
    ),
}  # fmt: skip

CASES: Mapping[str, Case] = {**MISSING, **ORPHANS}
