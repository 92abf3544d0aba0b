"""What customs and the bank said: answers, release, cancellation, summary, returns, payment."""

from __future__ import annotations

from collections.abc import Mapping

from trade_cases.build import Case, Trade, case

REFUSED = "contradicted"
SECOND = "91330100MA27XL000U/A{}x"


def then(status: str, trade: Trade) -> Trade:
    """Add a later answer to the list."""
    return trade.add("CEB604", returnStatus=status, returnTime="20260804120000000")


def only(status: str, trade: Trade) -> Trade:
    """Give the list one answer."""
    return trade.change("CEB604", returnStatus=status)


def paid(charge: str, trade: Trade) -> Trade:
    """Add a collection of the whole order of 30.00."""
    return trade.add("CEB403", charge=charge)


def paid_twice(first: str, second: str, trade: Trade) -> Trade:
    """Add two collections with numbers of their own."""
    paid(first, trade).add("CEB403", tag="x", charge=second)
    return trade.change("CEB403", at=1, orderNo=f"A{trade.number}")


def one_payment(trade: Trade, **values: object) -> Trade:
    """Put two trades behind one payment number."""
    trade.clean("x").add("CEB403").add("CEB403", tag="x", **values)
    return trade.change("CEB403", at=1, payNo=f"P{trade.number}")


def one_list_number(trade: Trade) -> Trade:
    """Have customs give one number to the lists of two trades."""
    return trade.clean("x").change("CEB604", at=1, invtNo=trade.own("CEB604")["invtNo"])


def numbered(number: str, trade: Trade) -> Trade:
    """Have customs give the list a number."""
    return trade.change("CEB604", invtNo=number)


def summarised(trade: Trade, *, times: int, parts: bool = False) -> Trade:
    """Put the list into several summary applications, or into several parts of one."""
    for place in range(1, times + 1):
        own = {"msgSeqNo": str(place)} if parts else {"copNo": f"S{trade.number}-{place}"}
        trade.add("CEB701", **own)
    return trade


def result(gcode: str, trade: Trade) -> Trade:
    """Add a summary application and its result for the first line."""
    trade.add("CEB701").add("CEB792")
    trade.records[-1].lines[0]["gcode"] = gcode
    return trade


def returned(qty: str, trade: Trade, gnum: str = "1") -> Trade:
    """Have some of one line come back."""
    trade.add("CEB213")
    trade.records[-1].lines[0].update(qty=qty, gnum=gnum)
    return trade


COLLECTIONS: Mapping[str, Case] = {
    "paid in full": case(lambda t: paid("30.00", t)),
    "paid 1.00 too much": case(lambda t: paid("31.00", t)),
    "paid just more than 1.00 too much": case(
        lambda t: paid("31.00001", t), "collection-exceeds", grade=REFUSED
    ),
    "paid 1.00 too little": case(lambda t: paid("29.00", t)),
    "paid just more than 1.00 too little": case(lambda t: paid("28.99999", t), "collection-part"),
    "freight is owed too": case(lambda t: paid("36.00", t.change("CEB303", freight="5.00"))),
    "freight is owed and not paid": case(
        lambda t: paid("30.00", t.change("CEB303", freight="5.00")), "collection-part"
    ),
    "two payments in full": case(lambda t: paid_twice("20.00", "10.00", t)),
    "two payments of too much": case(
        lambda t: paid_twice("20.00", "11.00001", t), "collection-exceeds", grade=REFUSED
    ),
    "paid in another currency": case(
        lambda t: t.add("CEB403", currency="502"), "collection-currency-differs", grade=REFUSED
    ),
    "paid in the same currency by its other code": case(lambda t: t.add("CEB403", currency="CNY")),
    "the collection is rejected": case(
        lambda t: t.add("CEB403").add("CEB404", returnStatus="100"), "collection-rejected",
        grade=REFUSED,
    ),
    "the collection has an error": case(
        lambda t: t.add("CEB403").add("CEB404", returnStatus="-401001"), "collection-rejected",
        grade=REFUSED,
    ),
    "the collection is rejected and later accepted": case(
        lambda t: t.add("CEB403").add("CEB404", returnStatus="100")
        .add("CEB404", returnTime="20260803111000000")
    ),
    "the answer names no payment": case(
        lambda t: t.add("CEB403").add("CEB404", payNo=None, returnStatus="100"),
        "collection-rejected", grade=REFUSED,
    ),
    "one payment for two trades": case(one_payment, "payment-reused", grade=REFUSED),
    "one payment for two trades: the second": case(
        one_payment, "payment-reused", grade=REFUSED, trade=lambda t: SECOND.format(t.number)
    ),
    "one number at two payment firms": case(lambda t: one_payment(t, payCode="3301980010")),
}  # fmt: skip

ANSWERS: Mapping[str, Case] = {
    "the order is accepted": case(lambda t: t.add("CEB304")),
    "the order is rejected": case(
        lambda t: t.add("CEB304", returnStatus="100"), "order-rejected", grade=REFUSED
    ),
    "the order has an error": case(
        lambda t: t.add("CEB304", returnStatus="-301008"), "order-rejected", grade=REFUSED
    ),
    "the order is rejected and later accepted": case(
        lambda t: t.add("CEB304", returnStatus="100")
        .add("CEB304", returnTime="20260802101000000")
    ),
    "the waybill is rejected": case(
        lambda t: t.add("CEB506", returnStatus="100"), "waybill-rejected", grade=REFUSED
    ),
    "the waybill is accepted and later rejected": case(
        lambda t: t.add("CEB506")
        .add("CEB506", returnStatus="-501001", returnTime="20260803101000000"),
        "waybill-rejected", grade=REFUSED,
    ),
    "an answer seven months later is to another waybill": case(
        lambda t: t.add("CEB506", returnStatus="100", returnTime="20270303101000000")
    ),
    "the answer names another order": case(
        lambda t: t.change("CEB604", orderNo="A-other"), "answer-differs", grade=REFUSED
    ),
    "the answer names another list number": case(
        lambda t: t.change("CEB603", invtNo="29162026E777777777"), "answer-differs", grade=REFUSED
    ),
    "the answer names another firm": case(
        lambda t: t.change("CEB604", ebcCode="91330100MA27XL001R"), "answer-differs", grade=REFUSED
    ),
    "the answer names another platform": case(
        lambda t: t.change("CEB604", ebpCode="3301960778"), "answer-differs", grade=REFUSED
    ),
    "the answer to the order names another platform": case(
        lambda t: t.add("CEB304", ebpCode="3301960778"), "answer-differs", grade=REFUSED
    ),
    "the answer leaves fields out": case(
        lambda t: t.change("CEB604", ebcCode=None, ebpCode=None, orderNo=None)
    ),
    "a status of no table": case(lambda t: then("1399", t), "status-unknown"),
    "a status of letters": case(lambda t: then("OK", t), "status-unknown"),
    "a list number of 17 places": case(
        lambda t: numbered("29162026E00000001", t).alone(),
        "field-length-edition", "list-number-malformed", grade=REFUSED,
    ),
    "a list number of 20 places": case(
        lambda t: numbered(f"29162026E77{t.number:09}", t).alone(), "field-length-edition"
    ),
    "a list number with another letter": case(
        lambda t: numbered(f"29162026X{t.number:09}", t), "list-number-malformed", grade=REFUSED
    ),
    "a list number with a letter in its office": case(
        lambda t: numbered(f"A9162026E{t.number:09}", t), "list-number-malformed", grade=REFUSED
    ),
    "two lists with one number": case(one_list_number, "list-number-reused", grade=REFUSED),
    "two lists with one number: the second": case(
        one_list_number, "list-number-reused", grade=REFUSED,
        trade=lambda t: SECOND.format(t.number),
    ),
}  # fmt: skip

WITHDRAWN = ("100", "500", "501", "599", "600", "700", "-601001")
RELEASE: Mapping[str, Case] = {
    "released": case(lambda t: only("800", t)),
    "closed": case(lambda t: only("899", t)),
    "released, then closed": case(lambda t: then("899", t)),
    "rejected, then released": case(lambda t: then("800", only("100", t))),
    "inspected, then released": case(lambda t: then("800", only("500", t))),
    "concluded is not released": case(
        lambda t: only("399", t), "release-missing", grade="incomplete"
    ),
    "released, then concluded": case(
        lambda t: then("399", t), "release-missing", grade="incomplete"
    ),
    **{
        f"released, then {status}": case(
            lambda t, status=status: then(status, t), "release-withdrawn", grade=REFUSED
        )
        for status in WITHDRAWN
    },
    **{
        f"never released, but {status}": case(
            lambda t, status=status: only(status, t), "list-rejected", "release-missing",
            grade="incomplete",
        )
        for status in ("100", "700", "-601001")
    },
    **{
        f"held with {status}": case(
            lambda t, status=status: only(status, t), "list-detained", "release-missing",
            grade="incomplete",
        )
        for status in ("500", "599", "600")
    },
    "reviewed by hand": case(lambda t: only("300", t), "release-missing", grade="incomplete"),
    "cancelled": case(
        lambda t: t.add("CEB605").add("CEB606"), "list-cancelled", "list-missing",
        grade="incomplete",
    ),
    "a cancel request without its answer": case(lambda t: t.add("CEB605"), "cancel-requested"),
    "a cancel request that was refused": case(
        lambda t: t.add("CEB605").add("CEB606", returnStatus="100"), "cancel-requested"
    ),
}  # fmt: skip

AFTERWARDS: Mapping[str, Case] = {
    "summarised once": case(lambda t: summarised(t, times=1)),
    "in two parts of one application": case(lambda t: summarised(t, times=2, parts=True)),
    "summarised twice": case(
        lambda t: summarised(t, times=2), "list-summarised-twice", grade=REFUSED
    ),
    "summarised before release": case(
        lambda t: only("399", summarised(t, times=1)), "summary-before-release", "release-missing",
        grade=REFUSED,
    ),
    "a simplified list summarised": case(
        lambda t: summarised(t, times=1).change("CEB603", statisticsFlag="A"),
        "simplified-list-summarised", grade=REFUSED,
    ),
    "the result has the list's code": case(lambda t: result("9503008900", t)),
    "the result has another code": case(
        lambda t: result("9503008901", t), "result-code-differs", grade=REFUSED
    ),
    "all of a line came back": case(lambda t: returned("2", t), "return-recorded"),
    "just more than all of a line came back": case(
        lambda t: returned("2.00001", t), "return-recorded", "return-exceeds-list", grade=REFUSED
    ),
    "a line came back that never left": case(
        lambda t: returned("1", t, gnum="7"), "return-recorded", "return-exceeds-list",
        grade=REFUSED,
    ),
    "two returns of more than the line": case(
        lambda t: returned("1.5", returned("1", t)).change("CEB213", at=1, coElNo=f"E{t.number}x"),
        "return-recorded", "return-exceeds-list", grade=REFUSED,
    ),
    "a return that customs rejected": case(
        lambda t: returned("2", t).add("CEB214", returnStatus="100")
    ),
}  # fmt: skip

CASES: Mapping[str, Case] = {**COLLECTIONS, **ANSWERS, **RELEASE, **AFTERWARDS}
