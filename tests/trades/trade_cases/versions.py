"""Papers that come again: repeats, drafts, changes, deletions, and whom an answer belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import papers
from trade_cases.build import Case, Trade, case, customs_code, firm_code

REFUSED = "contradicted"
LATER = "20260803110000"


def again(kind: str, trade: Trade, **values: object) -> Trade:
    """Send a paper of the trade once more, with other values."""
    return trade.add(kind, **values)


def draft(kind: str, trade: Trade) -> Trade:
    """Leave the paper a draft."""
    return trade.change(kind, appStatus="1")


def waybill_used_again(trade: Trade) -> Trade:
    """Use the waybill's number for the parcel of another order, seven months later."""
    trade.add("CEB303", tag="x", appTime="20270302100000")
    trade.add("CEB505", appTime="20270302110000", grossWeight="9.9")
    trade.add("CEB603", tag="x", appTime="20270303100000", ieDate="20270303", grossWeight="9.9")
    trade.change("CEB603", at=1, logisticsNo=f"W{trade.number}")
    return trade.add("CEB604", tag="x", returnTime="20270303120000000")


def corrected(trade: Trade, status: str, *, answered: str = "20260803101000000") -> Trade:
    """Send a list with 5 packages again with 1, after an answer."""
    trade.change("CEB603", packNo="5", grossWeight="5.0", appTime="20260803100000")
    trade.change("CEB604", returnTime="20260803120000000")
    trade.add("CEB604", returnStatus=status, returnTime=answered)
    return again("CEB603", trade, appTime=LATER)


def second(trade: Trade) -> str:
    """Return the name of the trade with the second set of numbers."""
    return f"{papers.SELLER}/A{trade.number}x"


ORDERS: Mapping[str, Case] = {
    "the same order twice": case(lambda t: again("CEB303", t), "paper-repeated"),
    "the same order at another time": case(
        lambda t: again("CEB303", t, appTime=LATER), "paper-repeated"
    ),
    "the same order ten times": case(
        lambda t: [again("CEB303", t) for _ in range(9)], "paper-repeated"
    ),
    "two contents under one order number": case(
        lambda t: again("CEB303", t.change("CEB303", freight="5"), appTime=LATER), "key-reused",
        grade=REFUSED,
    ),
    "two contents, told as a change": case(
        lambda t: again("CEB303", t.change("CEB303", freight="5"), appTime=LATER, appType="2"),
        "paper-amended",
    ),
    "the latest change counts, whatever came first": case(
        lambda t: again("CEB303", t, appTime="20260801090000", goodsValue="99.00")
        .change("CEB303", appType="2"),
        "paper-amended",
    ),
    "two contents after a rejection": case(
        lambda t: again("CEB303", t.change("CEB303", freight="5"), appTime=LATER)
        .add("CEB304", returnStatus="100").add("CEB304", returnTime="20260803120000000"),
        "paper-amended",
    ),
    "two contents after an acceptance": case(
        lambda t: again("CEB303", t.change("CEB303", freight="5"), appTime=LATER).add("CEB304"),
        "key-reused", grade=REFUSED,
    ),
    "a rejection that came after both": case(
        lambda t: again("CEB303", t.change("CEB303", freight="5"), appTime=LATER)
        .add("CEB304", returnStatus="100", returnTime="20260804120000000"),
        "key-reused", "order-rejected", grade=REFUSED,
    ),
    "a draft, then the order": case(
        lambda t: again("CEB303", draft("CEB303", t).change("CEB303", goodsValue="1"),
                        appTime=LATER),
        "paper-amended",
    ),
    "a draft that is later than the order": case(
        lambda t: again("CEB303", t, appTime=LATER, appStatus="1", goodsValue="1"),
        "paper-amended",
    ),
    "only a draft": case(
        lambda t: draft("CEB303", t), "paper-draft", "order-missing", grade="incomplete"
    ),
    "the order deleted": case(
        lambda t: again("CEB303", t, appTime=LATER, appType="3"),
        "paper-deleted", "paper-amended", "order-missing", grade="incomplete",
    ),
    "the order deleted and never seen before": case(
        lambda t: t.change("CEB303", appType="3"), "paper-deleted", "order-missing",
        grade="incomplete",
    ),
    "a line's quantity changed without a word": case(
        lambda t: again("CEB303", t, appTime="20260801090000", lines=[
            {**papers.LINES["CEB303"][0], "qty": "3"}, papers.LINES["CEB303"][1]
        ]),
        "key-reused", grade=REFUSED,
    ),
    "a line left out without a word": case(
        lambda t: again("CEB303", t, appTime="20260801090000", lines=papers.LINES["CEB303"][:1]),
        "key-reused", grade=REFUSED,
    ),
}  # fmt: skip

LISTS: Mapping[str, Case] = {
    "the same list twice": case(lambda t: again("CEB603", t), "paper-repeated"),
    "two contents under one list key": case(
        lambda t: corrected(t, "120"), "key-reused", grade=REFUSED
    ),
    "a list corrected after its rejection": case(lambda t: corrected(t, "100"), "paper-amended"),
    "a list corrected after an error": case(lambda t: corrected(t, "-601001"), "paper-amended"),
    "a list told as a change": case(
        lambda t: again("CEB603", t.change("CEB603", grossWeight="5"), appTime=LATER, appType="2"),
        "paper-amended",
    ),
    "two orders under one list key": case(
        lambda t: t.clean("x").change("CEB603", at=1, copNo=f"C{t.number}", appTime=LATER)
        .change("CEB604", at=1, copNo=f"C{t.number}").drop("CEB604"),
        "key-reused", "list-missing", grade=REFUSED, orphans=["orphan-waybill"],
    ),
    "a draft list": case(
        lambda t: draft("CEB603", t).drop("CEB604"), "paper-draft", "list-missing",
        grade="incomplete",
    ),
    "a draft list that customs released": case(lambda t: draft("CEB603", t)),
    "a deleted list": case(
        lambda t: again("CEB603", t, appTime=LATER, appType="3"),
        "paper-deleted", "paper-amended", "list-missing", grade="incomplete",
    ),
    "a cancelled list and its replacement": case(
        lambda t: t.add("CEB605").add("CEB606").add("CEB603", copNo=f"C{t.number}-2")
        .add("CEB604", copNo=f"C{t.number}-2", invtNo=f"29162026E5{t.number:08}"),
        "list-cancelled",
    ),
    "a cancel request answered by the list's own number": case(
        lambda t: t.add("CEB605", copNo=f"C{t.number}").add("CEB606", copNo=f"C{t.number}"),
        "list-cancelled", "list-missing", grade="incomplete",
    ),
    "a cancel request first granted and then refused": case(
        lambda t: t.add("CEB605").add("CEB606")
        .add("CEB606", returnStatus="100", returnTime="20260806120000000"),
        "cancel-requested",
    ),
    "a cancel request by another agent": case(
        lambda t: t.add("CEB605").add("CEB606", agentCode="3301980099"), "cancel-requested"
    ),
}  # fmt: skip

OTHERS: Mapping[str, Case] = {
    "the same waybill twice": case(lambda t: again("CEB505", t), "paper-repeated"),
    "two contents under one waybill number": case(
        lambda t: again("CEB505", t.change("CEB505", grossWeight="5"), appTime="20260802110000"),
        "key-reused", grade=REFUSED,
    ),
    "a waybill told as a change": case(
        lambda t: again("CEB505", t.change("CEB505", grossWeight="5"), appTime="20260802110000",
                        appType="2"),
        "paper-amended",
    ),
    "a waybill corrected after its rejection": case(
        lambda t: again("CEB505", t.change("CEB505", grossWeight="5"), appTime="20260802110000")
        .add("CEB506", returnStatus="100").add("CEB506", returnTime="20260802120000000"),
        "paper-amended",
    ),
    "a deleted waybill": case(
        lambda t: t.change("CEB505", appType="3"), "waybill-missing", "paper-deleted",
        grade="incomplete",
    ),
    "a draft waybill": case(
        lambda t: draft("CEB505", t), "waybill-missing", "paper-draft", grade="incomplete"
    ),
    "a waybill number used again: the first parcel": case(waybill_used_again),
    "a waybill number used again: the second": case(waybill_used_again, trade=second),
    "the same collection twice": case(
        lambda t: again("CEB403", t.add("CEB403")), "paper-repeated"
    ),
    "two contents under one payment number": case(
        lambda t: again("CEB403", t.add("CEB403", charge="29.50"), appTime=LATER), "key-reused",
        grade=REFUSED,
    ),
    "a collection told as a change": case(
        lambda t: again("CEB403", t.add("CEB403", charge="99"), appTime=LATER, appType="2"),
        "paper-amended",
    ),
    "a deleted collection": case(
        lambda t: t.add("CEB403", charge="99", appType="3"), "paper-deleted"
    ),
    "two payments without numbers": case(
        lambda t: t.add("CEB403", payNo=None, charge="10.00")
        .add("CEB403", payNo=None, charge="20.00")
    ),
    "one payment without a number, twice": case(
        lambda t: t.add("CEB403", payNo=None).add("CEB403", payNo=None), "paper-repeated"
    ),
}  # fmt: skip

ANSWERS: Mapping[str, Case] = {
    "found by its copNo": case(lambda t: t.change("CEB604", invtNo=None, orderNo=None)),
    "found by the list's number": case(
        lambda t: t.change("CEB604", copNo=None, agentCode=None, orderNo=None)
        .change("CEB603", invtNo=t.own("CEB604")["invtNo"])
    ),
    "found by the order": case(
        lambda t: t.change("CEB604", copNo=None, agentCode=None, invtNo=None)
    ),
    "found by the order, and it gives the number": case(
        lambda t: t.change("CEB604", copNo=None, agentCode=None).add("CEB701")
    ),
    "another agent's copNo is not ours": case(
        lambda t: t.change("CEB604", agentCode="3301980099", invtNo=None, orderNo=None),
        "release-missing", grade="incomplete", orphans=["orphan-answer"],
    ),
    "an order with two lists does not tell which": case(
        lambda t: t.add("CEB505", tag="x").add("CEB603", tag="x", orderNo=f"A{t.number}")
        .change("CEB604", copNo=None, agentCode=None, invtNo=None),
        "line-quantity-exceeds", "list-exceeds-order", "release-missing", grade=REFUSED,
    ),
}  # fmt: skip

FIRMS: Mapping[str, Case] = {
    "a code that passed to another firm before": case(
        lambda t: t.change("CEB303", ebcCode=customs_code(t.number))
        .change("CEB505", ebcCode=None)
        .change("CEB603", ebcCode=firm_code(t.number)).change("CEB604", ebcCode=firm_code(t.number))
        .firm(customs_code(t.number), firm_code(9100), "2019-01-01")
        .firm(customs_code(t.number), firm_code(t.number), "2026-08-01"),
        "parties-same-code-twice", trade=lambda t: f"{firm_code(t.number)}/A{t.number}",
    ),
    "a row drawn up after the papers": case(
        lambda t: t.change("CEB303", ebcCode=customs_code(t.number))
        .change("CEB505", ebcCode=None)
        .change("CEB603", ebcCode=firm_code(t.number)).change("CEB604", ebcCode=firm_code(t.number))
        .firm(customs_code(t.number), firm_code(t.number), "2026-08-31"),
        "parties-same-code-twice", trade=lambda t: f"{firm_code(t.number)}/A{t.number}",
    ),
    "one row twice": case(
        lambda t: t.firm(customs_code(t.number), papers.SELLER)
        .firm(customs_code(t.number), papers.SELLER)
        .change("CEB505", ebcCode=customs_code(t.number))
    ),
    "a platform's code that passed to another firm": case(
        lambda t: t.change("CEB303", ebpCode=customs_code(t.number))
        .change("CEB603", ebpCode=customs_code(t.number))
        .change("CEB604", ebpCode=customs_code(t.number))
        .firm(customs_code(t.number), firm_code(9200), "2019-01-01")
        .firm(customs_code(t.number), firm_code(9201), "2025-01-01")
    ),
}  # fmt: skip

CASES: Mapping[str, Case] = {**ORDERS, **LISTS, **OTHERS, **ANSWERS, **FIRMS}
