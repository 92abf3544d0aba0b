"""Builds small customs messages for tests: one clean trade, each field to be overridden by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from tradeloop.documents.layout import Field, Message, messages

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
EXPORT_SAMPLES = SHARED / "samples" / "ceb" / "2018-113" / "export"
NO_SHARED = "the official samples lie outside the repository and are not here"

SELLER = "91330100MA27XL000U"
SELLER_CUSTOMS = "3301960001"
PLATFORM = "3301960777"
CARRIER = "3301980002"
AGENT = "3301980003"
NAMESPACE = "http://www.chinaport.gov.cn/ceb"
Values = Mapping[str, object]

BASE: Mapping[str, Values] = {
    "CEB303": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260801100000", "appStatus": "2",
        "orderType": "E", "orderNo": "A1", "ebpCode": PLATFORM, "ebpName": "platform",
        "ebcCode": SELLER, "ebcName": "seller", "goodsValue": "30.00", "freight": "0",
        "currency": "142",
    },
    "CEB403": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260801110000", "appStatus": "2",
        "ebpCode": PLATFORM, "ebpName": "platform", "ebcCode": SELLER, "ebcName": "seller",
        "orderNo": "A1", "payCode": "3301980009", "payName": "payer", "payNo": "P1",
        "charge": "30.00", "currency": "142", "accountingDate": "20260801110000",
    },
    "CEB505": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260802100000", "appStatus": "2",
        "logisticsCode": CARRIER, "logisticsName": "carrier", "logisticsNo": "W1", "freight": "0",
        "insuredFee": "0", "currency": "142", "grossWeight": "1.2", "packNo": "1",
        "goodsInfo": "goods", "ebcCode": SELLER,
    },
    "CEB603": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260803100000", "appStatus": "2",
        "customsCode": "2916", "ebpCode": PLATFORM, "ebpName": "platform", "orderNo": "A1",
        "logisticsCode": CARRIER, "logisticsName": "carrier", "logisticsNo": "W1", "copNo": "C1",
        "ieFlag": "E", "portCode": "2910", "ieDate": "20260803", "statisticsFlag": "B",
        "agentCode": AGENT, "agentName": "agent", "ebcCode": SELLER, "ebcName": "seller",
        "ownerCode": SELLER, "ownerName": "seller", "tradeMode": "9610", "trafMode": "5",
        "country": "502", "POD": "502", "freight": "0", "fCurrency": "142", "fFlag": "3",
        "insuredFee": "0", "iCurrency": "142", "iFlag": "3", "wrapType": "2", "packNo": "1",
        "grossWeight": "1.2", "netWeight": "1.0",
    },
    "CEB604": {
        "guid": "0" * 36, "agentCode": AGENT, "copNo": "C1", "preNo": "B20260803000000001",
        "invtNo": "29162026E000000001", "ebcCode": SELLER, "ebpCode": PLATFORM, "orderNo": "A1",
        "statisticsFlag": "B", "returnStatus": "800", "returnTime": "20260803120000000",
        "returnInfo": "released",
    },
}  # fmt: skip
LINES: Mapping[str, Sequence[Values]] = {
    "CEB303": (
        {"gnum": "1", "itemNo": "I1", "itemName": "item", "unit": "007", "currency": "142",
         "qty": "2", "price": "10.00", "totalPrice": "20.00"},
        {"gnum": "2", "itemNo": "I2", "itemName": "item", "unit": "007", "currency": "142",
         "qty": "1", "price": "10.00", "totalPrice": "10.00"},
    ),
    "CEB603": (
        {"gnum": "1", "itemNo": "I1", "gcode": "9503008900", "gname": "goods", "gmodel": "model",
         "barCode": "无", "country": "502", "currency": "142", "qty": "2", "qty1": "2",
         "unit": "007", "unit1": "007", "price": "10.00", "totalPrice": "20.00"},
        {"gnum": "2", "itemNo": "I2", "gcode": "9503008900", "gname": "goods", "gmodel": "model",
         "barCode": "无", "country": "502", "currency": "142", "qty": "1", "qty1": "1",
         "unit": "007", "unit1": "007", "price": "10.00", "totalPrice": "10.00"},
    ),
}  # fmt: skip


def record(kind: str, *, lines: Iterable[Values] | None = None, **values: object) -> str:
    """Return one record as XML with the prefix `ceb`; a value of None leaves its element out."""
    message = messages()[kind]
    head = _leaves(message.head_fields, {**BASE.get(kind, {}), **values})
    if message.head:
        head = f"<ceb:{message.head}>{head}</ceb:{message.head}>"
    given = LINES.get(kind, ()) if lines is None else lines
    body = "".join(
        f"<ceb:{message.line}>{_leaves(message.line_fields, line)}</ceb:{message.line}>"
        for line in given
    )
    return f"<ceb:{message.record}>{head}{body}</ceb:{message.record}>"


def wrap(kind: str, *records: str, envelope: str | None = None) -> str:
    """Return a whole message of records."""
    if envelope is None:
        envelope = _envelope(messages()[kind])
    root = f"ceb:{kind}Message"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} guid="{"G" * 36}" version="1.0" '
        f'xmlns:ceb="{NAMESPACE}">{"".join(records)}{envelope}</{root}>\n'
    )


def message(kind: str, *, lines: Iterable[Values] | None = None, **values: object) -> str:
    """Return a message of one record."""
    return wrap(kind, record(kind, lines=lines, **values))


def clean_trade(**overrides: Values) -> dict[str, str]:
    """Return the four papers of a proven trade by file name; overrides by kind (`CEB303={…}`)."""
    return {
        f"{kind}.xml": message(kind, **overrides.get(kind, {}))
        for kind in ("CEB303", "CEB505", "CEB603", "CEB604")
    }


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def _leaves(fields: Sequence[Field], values: Values) -> str:
    return "".join(
        f"<ceb:{field.name}>{escape(str(values[field.name]))}</ceb:{field.name}>"
        for field in fields
        if values.get(field.name) is not None
    )


def _envelope(kind: Message) -> str:
    if kind.table in {"answers", "summary_results"}:
        return ""
    return (
        "<ceb:BaseTransfer><ceb:copCode>3301980003</ceb:copCode><ceb:copName>agent</ceb:copName>"
        "<ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000000001</ceb:dxpId></ceb:BaseTransfer>"
    )
