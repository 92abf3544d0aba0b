"""One record of a message becomes its rows of facts; what breaks the schema is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from tradeloop.documents.layout import Field, Message
from tradeloop.documents.told import Told
from tradeloop.documents.values import Value, excerpt, missing, read_value

KEYS = {  # what a paper cannot be joined without
    "orders": ("orderNo", "ebcCode"),
    "collections": ("orderNo", "ebcCode"),
    "waybills": ("logisticsCode", "logisticsNo"),
    "lists": ("orderNo", "ebcCode"),
}
Row = dict[str, Value]


@dataclass(slots=True)
class RecordRead:
    """What a record gave; `head` is None where the record had to be refused."""

    head: Row | None = None
    lines: list[Row] = field(default_factory=list)
    told: list[tuple[Told, int, int | None]] = field(default_factory=list)  # line, line of the XML

    def tell(self, told: Told, line: int, node: etree._Element | None) -> None:
        """Keep something to be told of a line (0 is the head), at an element."""
        at = None if node is None else node.sourceline
        self.told.append((told, line, at if isinstance(at, int) else None))


def read_record(message: Message, node: etree._Element) -> RecordRead:
    """Return the rows of one record and what is told of it; nothing raises.

    Lines of the XML are counted from the record's first.
    """
    found = RecordRead()
    heads = [node] if not message.head else list(_named(node, message.head))
    if message.head:
        _tell_others(found, node, {message.head, message.line})
    if len(heads) > 1:
        found.tell(Told("node-doubled", message.head, str(len(heads)), "1"), 0, heads[1])
    if not heads:
        told = Told("field-missing", message.head, "no such element", "the head of the record")
        found.tell(told, 0, node)
    head, problems = _leaves(heads[0] if heads else None, message.head_fields)
    for told, at in problems:
        found.tell(told, 0, at)
    columns = {one.name: one.column for one in message.head_fields}
    absent = [name for name in KEYS.get(message.table, ()) if head.get(columns[name]) is None]
    if absent or not heads:
        told = Told("key-missing", ", ".join(absent) or None, "nothing", "a number to join by")
        found.tell(told, 0, node)
        return found
    found.head = head
    for number, line in enumerate(_named(node, message.line) if message.line else (), 1):
        values, problems = _leaves(line, message.line_fields)
        found.lines.append({"line": number, **values})
        for told, at in problems:
            found.tell(told, number, at)
    return found


def stray_text(node: etree._Element) -> str:
    """Return the text that stands between the elements of `node`, where none belongs."""
    parts = (node.text, *(child.tail for child in node))
    return " ".join(part.strip() for part in parts if part and part.strip())


def local_name(node: etree._Element) -> str:
    """Return an element's name without namespace and prefix."""
    return _local(node.tag) if isinstance(node.tag, str) else "?"


def text_of(node: etree._Element) -> str:
    """Return all the text in an element."""
    return "".join(map(str, node.itertext())) if len(node) else node.text or ""


def _tell_others(found: RecordRead, node: etree._Element, known: set[str]) -> None:
    """Tell what stands in a record beside its head and its lines."""
    for child in node:
        if local_name(child) not in known:
            told = Told("element-unknown", local_name(child), excerpt(text_of(child)), "nothing")
            found.tell(told, 0, child)
    if joined := stray_text(node):
        found.tell(Told("text-stray", None, excerpt(joined), "elements only"), 0, node)


def _leaves(
    node: etree._Element | None, fields: tuple[Field, ...]
) -> tuple[Row, list[tuple[Told, etree._Element | None]]]:
    """Return the values of a head's or a line's fields, and what is told of them."""
    by_name = _places(fields)
    values: Row = {}
    told: list[tuple[Told, etree._Element | None]] = []
    seen: dict[str, str] = {}
    latest, ordered = -1, True
    for child in () if node is None else node:
        name = local_name(child)
        if name not in by_name:
            told.append((Told("element-unknown", name, excerpt(text_of(child)), "nothing"), child))
            continue
        place, one = by_name[name]
        text = text_of(child)
        if name in seen:
            told.append((Told("field-doubled", name, excerpt(text), excerpt(seen[name])), child))
            continue
        seen[name] = text
        if place < latest and ordered:
            ordered = False
            expected = f"before {fields[latest].name}"
            told.append(
                (Told("element-order", name, f"after {fields[latest].name}", expected), child)
            )
        latest = max(latest, place)
        for inner in child if len(child) else ():
            beside = Told(
                "element-unknown", local_name(inner), excerpt(text_of(inner)), "text only"
            )
            told.append((beside, inner))
        values[one.column], problem = read_value(one, text)
        if problem:
            told.append((problem, child))
    told += [(missing(one), node) for one in fields if one.required and one.name not in seen]
    return values, told


@lru_cache(maxsize=64)
def _places(fields: tuple[Field, ...]) -> Mapping[str, tuple[int, Field]]:
    return {one.name: (place, one) for place, one in enumerate(fields)}


def _named(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in node if local_name(child) == name)


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]
