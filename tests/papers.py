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
DEPOT = "3301980004"
LIST_NUMBER = "29162026E000000001"
SUMMARY_NUMBER = "S20260000000000001"
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
        "invtNo": LIST_NUMBER, "ebcCode": SELLER, "ebpCode": PLATFORM, "orderNo": "A1",
        "statisticsFlag": "B", "returnStatus": "800", "returnTime": "20260803120000000",
        "returnInfo": "released",
    },
    "CEB304": {
        "guid": "0" * 36, "ebpCode": PLATFORM, "ebcCode": SELLER, "orderNo": "A1",
        "returnStatus": "120", "returnTime": "20260801101000000", "returnInfo": "accepted",
    },
    "CEB404": {
        "guid": "0" * 36, "ebcCode": SELLER, "orderNo": "A1", "payNo": "P1",
        "returnStatus": "120", "returnTime": "20260801111000000", "returnInfo": "accepted",
    },
    "CEB506": {
        "guid": "0" * 36, "logisticsCode": CARRIER, "logisticsNo": "W1", "returnStatus": "120",
        "returnTime": "20260802101000000", "returnInfo": "accepted",
    },
    "CEB507": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260803180000", "appStatus": "2",
        "customsCode": "2916", "copNo": "V1", "operatorCode": DEPOT, "operatorName": "depot",
        "ieFlag": "E", "trafMode": "5", "billNo": "B1", "domesticTrafNo": "truck",
        "logisticsCode": CARRIER, "logisticsName": "carrier", "msgCount": "1", "msgSeqNo": "1",
    },
    "CEB508": {
        "guid": "0" * 36, "operatorCode": DEPOT, "copNo": "V1", "msgSeqNo": "1",
        "returnStatus": "120", "returnTime": "20260803181000000", "returnInfo": "accepted",
    },
    "CEB509": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260804100000", "appStatus": "2",
        "customsCode": "2916", "copNo": "D1", "logisticsCode": CARRIER, "logisticsName": "carrier",
        "trafMode": "5", "billNo": "B1", "leaveTime": "20260804090000", "msgCount": "1",
        "msgSeqNo": "1",
    },
    "CEB510": {
        "guid": "0" * 36, "logisticsCode": CARRIER, "copNo": "D1", "msgSeqNo": "1",
        "returnStatus": "120", "returnTime": "20260804101000000", "returnInfo": "accepted",
    },
    "CEB605": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260805100000", "appStatus": "2",
        "customsCode": "2916", "copNo": "X1", "invtNo": LIST_NUMBER, "reason": "no sale",
        "agentCode": AGENT, "agentName": "agent", "ebcCode": SELLER, "ebcName": "seller",
    },
    "CEB606": {
        "guid": "0" * 36, "agentCode": AGENT, "copNo": "X1", "invtNo": LIST_NUMBER,
        "returnStatus": "399", "returnTime": "20260805120000000", "returnInfo": "granted",
    },
    "CEB607": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260803170000", "appStatus": "2",
        "customsCode": "2916", "copNo": "M1", "agentCode": AGENT, "agentName": "agent",
        "trafMode": "5", "trafName": "plane", "voyageNo": "V1", "billNo": "B1",
        "grossWeight": "1.2", "logisticsCode": CARRIER, "logisticsName": "carrier",
        "msgCount": "1", "msgSeqNo": "1",
    },
    "CEB608": {
        "guid": "0" * 36, "agentCode": AGENT, "copNo": "M1", "msgSeqNo": "1",
        "returnStatus": "399", "returnTime": "20260803171000000", "returnInfo": "concluded",
    },
    "CEB701": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260810100000", "appStatus": "2",
        "customsCode": "2916", "copNo": "S1", "agentCode": AGENT, "agentName": "agent",
        "ebcCode": SELLER, "ebcName": "seller", "declAgentCode": AGENT, "declAgentName": "agent",
        "summaryFlag": "1", "itemNameFlag": "1", "msgCount": "1", "msgSeqNo": "1",
    },
    "CEB702": {
        "guid": "0" * 36, "agentCode": AGENT, "ebcCode": SELLER, "copNo": "S1", "msgSeqNo": "1",
        "returnStatus": "399", "returnTime": "20260810110000000", "returnInfo": "concluded",
    },
    "CEB792": {
        "guid": "0" * 36, "customsCode": "2916", "sumNo": SUMMARY_NUMBER,
        "opDate": "20260811100000000", "declSeqNo": "D20260000000000001", "decState": "1",
        "agentCode": AGENT, "agentName": "agent", "ebcCode": SELLER, "ebcName": "seller",
        "declAgentCode": AGENT, "declAgentName": "agent", "grossWeight": "1.2",
        "netWeight": "1.0", "msgCount": "1", "msgSeqNo": "1",
    },
    "CEB213": {
        "guid": "0" * 36, "appType": "1", "appTime": "20260815100000", "appStatus": "2",
        "customsCode": "2916", "ebpCode": PLATFORM, "ebpName": "platform", "ebcCode": SELLER,
        "ebcName": "seller", "logisticsNo": "R1", "logisticsCode": CARRIER,
        "logisticsName": "carrier", "coElNo": "E1", "invtNo": LIST_NUMBER, "agentCode": AGENT,
        "agentName": "agent", "billNo": "B9", "ieFlag": "I", "trafMode": "5",
        "trafName": "plane", "portCode": "2910", "reason": "unwanted", "country": "502",
        "voyageNo": "V9",
    },
    "CEB214": {
        "guid": "0" * 36, "agentCode": AGENT, "coElNo": "E1", "invtNo": LIST_NUMBER,
        "returnStatus": "399", "returnTime": "20260815110000000", "returnInfo": "concluded",
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
    "CEB507": ({"gnum": "1", "logisticsNo": "W1"},),
    "CEB509": ({"gnum": "1", "logisticsNo": "W1"},),
    "CEB607": ({"gnum": "1", "logisticsNo": "W1", "invtNo": LIST_NUMBER},),
    "CEB701": ({"invtNo": LIST_NUMBER},),
    "CEB792": (
        {"invtNo": LIST_NUMBER, "logisticsNo": "W1", "gseqno": "1", "gnum": "1",
         "gcode": "9503008900"},
    ),
    "CEB213": (
        {"gnum": "1", "gcode": "9503008900", "gname": "goods", "gmodel": "model", "qty": "1",
         "qty1": "1", "unit": "007", "unit1": "007"},
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
