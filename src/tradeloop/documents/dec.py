"""The customs declaration as message (DecMessage): read as far as its layout is public.

`dec_fields.csv` maps each element to a column of `CN.declaration`. The message is what was sent to
customs: it says nothing of release, so its status is `declared`. The currency stands in its lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from lxml import etree

from tradeloop.documents.encoding import decode
from tradeloop.documents.gather import Unreadable
from tradeloop.documents.papers import PaperField, PaperKind, paper_kinds
from tradeloop.documents.tables.facts import Collector, TablesRead
from tradeloop.documents.tables.headings import Column
from tradeloop.documents.tables.record import At, Cells, Records
from tradeloop.documents.tables.sheet import Cell
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import excerpt

KIND = "CN.declaration"
CURRENCY = "TradeCurr"
# What customs' table of price terms says of those that we know (成交方式代码).
PRICE_BASES = {"1": "CIF", "2": "CFR", "3": "FOB"}


def read_declarations(data: bytes, *, file: int, digest: str, name: str) -> TablesRead:
    """Read each DecMessage of a file.

    Raises:
        Unreadable: It is not well-formed XML. The caller has made sure that it declares no type.
    """
    del name
    decoded = decode(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(_without_declaration(decoded.text).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not well-formed XML: {error.msg}; get it again") from None
    collector = Collector(file, digest)
    collector.tell_all(decoded.told, KIND)
    for number, head in enumerate(root.iter("{*}DecHead"), 1):
        _read(Records(collector), head, number)
    return collector.done()


def _read(records: Records, head: etree._Element, number: int) -> None:
    kind = _kind()
    message = head.getparent()
    nodes = [] if message is None else list(message.iterfind("{*}DecLists/{*}DecList"))
    lines = [_texts(node) for node in nodes]
    texts = _texts(head)
    currencies = list(dict.fromkeys(line[CURRENCY] for line in lines if line.get(CURRENCY)))
    texts["TransMode"] = PRICE_BASES.get(texts.get("TransMode", ""), texts.get("TransMode", ""))
    cells = [
        *_cells(kind, "head", texts),
        (_column(kind, "currency", in_line=False), currencies[0] if currencies else None),
        (_column(kind, "status", in_line=False), "declared"),
    ]
    at = At(number, 1, 0, _place(head))
    taken = records.head(kind, cells, at)
    if taken is None:
        return
    if len(currencies) > 1:
        seen, expected = excerpt(" and ".join(currencies)), "one currency a declaration"
        told = Told("currency-mixed", "currency", seen, expected)
        records.collector.tell(Placed(told, KIND, number, 1, 0, at.place(None)))
    for place, (node, line) in enumerate(zip(nodes, lines, strict=True), 1):
        at = At(number, 1, place, _place(node))
        records.line(taken, _cells(kind, "line", line), at)
        extras = [
            (name, text) for name, text in line.items() if name not in {CURRENCY, *_map("line")}
        ]
        records.extras(extras, taken, at)
    extras = [(name, text) for name, text in texts.items() if name not in _map("head")]
    records.extras(extras, taken, At(number, 1, 0, _place(head)))


@cache
def _kind() -> PaperKind:
    """Return the kind without its need of a day of declaration, which customs sets."""
    kind = paper_kinds()[KIND]
    heads = (
        replace(field, need="") if field.name == "declared_on" else field
        for field in kind.head_fields
    )
    return replace(kind, head_fields=tuple(heads))


def _texts(node: etree._Element) -> dict[str, str]:
    """Return the text of each child that has one; the first of two counts."""
    found: dict[str, str] = {}
    for child in node:
        text = "".join(map(str, child.itertext())).strip() if isinstance(child.tag, str) else ""
        if text:
            found.setdefault(etree.QName(child).localname, text)
    return found


def _cells(kind: PaperKind, part: str, texts: Mapping[str, str]) -> Cells:
    found: list[tuple[Column, Cell]] = []
    for element, name in _map(part).items():
        column = _column(kind, name, in_line=part == "line")
        found.append((column, texts.get(element)))
    return found


@cache
def _column(kind: PaperKind, name: str, *, in_line: bool) -> Column:
    fields: Sequence[PaperField] = kind.line_fields if in_line else kind.head_fields
    [field] = [field for field in fields if field.name == name]
    return Column(0, field, name, in_line)


@cache
def _map(part: str) -> Mapping[str, str]:
    text = files("tradeloop.documents").joinpath("dec_fields.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["element"]: row["column"] for row in rows if row["part"] == part}


def _place(node: etree._Element) -> Callable[[Column | None], str]:
    return lambda _: f"line {node.sourceline}"


def _without_declaration(text: str) -> str:
    """Return a text without the encoding it declares: it is text already."""
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        declaration, _, rest = text.partition("?>")
        return "\n" * declaration.count("\n") + rest
    return text
