"""The parcel on its way: waybill, weights, dates, departure, arrival and manifest."""

from __future__ import annotations

from collections.abc import Mapping

from trade_cases.build import Case, Trade, case


def weighs(list_kg: str, waybill_kg: str, trade: Trade) -> Trade:
    """Set the gross weights of list and waybill."""
    return trade.change("CEB603", grossWeight=list_kg).change("CEB505", grossWeight=waybill_kg)


def dated(trade: Trade, *, order: str, waybill: str, listed: str) -> Trade:
    """Set the times of application of the three papers."""
    trade.change("CEB303", appTime=order).change("CEB505", appTime=waybill)
    return trade.change("CEB603", appTime=listed)


def shipped(waybill: str, ie_date: str, trade: Trade) -> Trade:
    """Set the waybill's time and the list's date of export, and the rest to fit them."""
    later = max(waybill, ie_date + "120000")
    dated(trade, order=waybill, waybill=waybill, listed=later)
    trade.change("CEB603", ieDate=ie_date)
    return trade.change("CEB604", returnTime=later + "000")


def noted(kind: str, bill: str, trade: Trade) -> Trade:
    """Give the list the master bill B1, and one note over its parcel another or the same."""
    return trade.change("CEB603", billNo="B1").add(kind, billNo=bill)


def left(leave_time: str, trade: Trade) -> Trade:
    """Add a departure note; the list was released on 2026-08-03 at noon."""
    return trade.add("CEB509", leaveTime=leave_time)


def waybill_of_two(trade: Trade) -> Trade:
    """Put a second trade's list on the first one's waybill."""
    trade.drop("CEB505").clean("x")
    return trade.change("CEB603", at=1, logisticsNo=f"W{trade.number}").change(
        "CEB505", logisticsNo=f"W{trade.number}"
    )


WEIGHT: Mapping[str, Case] = {
    "weight 5 % over": case(lambda t: weighs("2.1", "2.0", t)),
    "weight just more than 5 % over": case(
        lambda t: weighs("2.10001", "2.0", t), "weight-differs", grade="contradicted"
    ),
    "weight 5 % under": case(lambda t: weighs("1.9", "2.0", t)),
    "weight just more than 5 % under": case(
        lambda t: weighs("1.89999", "2.0", t), "weight-differs", grade="contradicted"
    ),
    "net as much as gross": case(lambda t: t.change("CEB603", netWeight="1.2")),
    "net just under gross": case(lambda t: t.change("CEB603", netWeight="1.19999")),
    "net just over gross": case(
        lambda t: t.change("CEB603", netWeight="1.20001"), "net-exceeds-gross", grade="contradicted"
    ),
    "other number of packages": case(lambda t: t.change("CEB603", packNo="2"), "packages-differ"),
}

WAYBILL: Mapping[str, Case] = {
    "two lists on one waybill": case(waybill_of_two, "waybill-reused", grade="contradicted"),
    "two lists on one waybill: the second": case(
        waybill_of_two, "waybill-reused", grade="contradicted",
        trade=lambda t: f"91330100MA27XL000U/A{t.number}x",
    ),
    "window: six calendar months after": case(lambda t: shipped("20260203100000", "20260803", t)),
    "window: a day less than six months": case(lambda t: shipped("20260203100000", "20260802", t)),
    "window: a day more than six months": case(
        lambda t: shipped("20260203100000", "20260804", t), "waybill-stale", grade="incomplete"
    ),
    "window: six months end with a short February": case(
        lambda t: shipped("20250831100000", "20260228", t)
    ),
    "window: and not on the first of March": case(
        lambda t: shipped("20250831100000", "20260301", t), "waybill-stale", grade="incomplete"
    ),
    "window: thirty days before": case(lambda t: shipped("20260902100000", "20260803", t)),
    "window: thirty days before a waybill of midnight": case(
        lambda t: shipped("20260902000000", "20260803", t)
    ),
    "window: twenty-nine days before": case(lambda t: shipped("20260901100000", "20260803", t)),
    "window: thirty-one days before": case(
        lambda t: shipped("20260903100000", "20260803", t), "waybill-stale", grade="incomplete"
    ),
}  # fmt: skip

DATES: Mapping[str, Case] = {
    "order a day after the waybill": case(
        lambda t: dated(
            t, order="20260803100000", waybill="20260802100000", listed="20260803100000"
        )
    ),
    "order a second more than a day after the waybill": case(
        lambda t: dated(
            t, order="20260803100001", waybill="20260802100000", listed="20260803100001"
        ),
        "dates-out-of-order", grade="contradicted",
    ),
    "waybill a day after the list": case(
        lambda t: dated(
            t, order="20260801100000", waybill="20260804100000", listed="20260803100000"
        )
    ),
    "waybill a second more than a day after the list": case(
        lambda t: dated(
            t, order="20260801100000", waybill="20260804100001", listed="20260803100000"
        ),
        "dates-out-of-order", grade="contradicted",
    ),
    "order a day after the list": case(
        lambda t: dated(
            t, order="20260804100000", waybill="20260804100000", listed="20260803100000"
        )
    ),
    "order a second more than a day after the list": case(
        lambda t: dated(
            t, order="20260804100001", waybill="20260804100000", listed="20260803100000"
        ),
        "dates-out-of-order", grade="contradicted",
    ),
}  # fmt: skip

DEPARTURE: Mapping[str, Case] = {
    "departure after release": case(lambda t: left("20260804090000", t)),
    "departure a day before release": case(lambda t: left("20260802120000", t)),
    "departure a second more than a day before release": case(
        lambda t: left("20260802115959", t), "departure-before-release", grade="contradicted"
    ),
    "departure on the day of judging": case(lambda t: left("20260901235959", t)),
    "departure on the day after": case(lambda t: left("20260902000000", t), "departure-in-future"),
    "a departure seven months later is another parcel's": case(lambda t: left("20270304090000", t)),
    "departure note with the list's bill": case(lambda t: noted("CEB509", "B1", t)),
    "departure note with another bill": case(
        lambda t: noted("CEB509", "B2", t), "bill-differs", grade="contradicted"
    ),
    "arrival note with another bill": case(
        lambda t: noted("CEB507", "B2", t), "bill-differs", grade="contradicted"
    ),
    "manifest with another bill": case(
        lambda t: noted("CEB607", "B2", t), "bill-differs", grade="contradicted"
    ),
    "a list without a bill differs from none": case(lambda t: t.add("CEB509").add("CEB607")),
    "a list without a bill, and two notes that differ": case(
        lambda t: t.add("CEB509", billNo="B1").add("CEB607", billNo="B2"),
        "bill-differs", grade="contradicted",
    ),
    "arrival and manifest agree": case(lambda t: t.add("CEB507").add("CEB607")),
}  # fmt: skip


def manifest_number(number: str, trade: Trade) -> Trade:
    """Add a manifest that puts a list number beside the parcel."""
    return trade.add(
        "CEB607", lines=[{"gnum": "1", "logisticsNo": f"W{trade.number}", "invtNo": number}]
    )


MANIFEST: Mapping[str, Case] = {
    "manifest with another list's number": case(
        lambda t: manifest_number("29162026E888888888", t), "manifest-number-differs",
        grade="contradicted",
    ),
    "manifest without a list number": case(
        lambda t: t.add("CEB607", lines=[{"gnum": "1", "logisticsNo": f"W{t.number}"}])
    ),
    "one part of a manifest of two": case(
        lambda t: t.add("CEB607", msgCount="2"), "manifest-incomplete"
    ),
    "both parts of a manifest of two": case(
        lambda t: t.add("CEB607", msgCount="2").add("CEB607", msgCount="2", msgSeqNo="2", lines=[])
    ),
}  # fmt: skip

CASES: Mapping[str, Case] = {**WEIGHT, **WAYBILL, **DATES, **DEPARTURE, **MANIFEST}
