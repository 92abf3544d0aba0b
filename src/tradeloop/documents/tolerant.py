"""The tolerant reader: reads what breaks its schema as far as it goes, and tells each breach.

A message is cut into its records first, each parsed by itself, so that one broken record cannot
spoil its neighbours. lxml gets no entities, no network and no document type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from tradeloop.documents.encoding import decode
from tradeloop.documents.layout import Field, Message, messages
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import (
    EDITION,
    Value,
    excerpt,
    length_of_one_edition,
    missing,
    read_value,
)

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?)(CEB\d{3})Message(?=[\s>])([^<>]*)>")
ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ENVELOPE = ("BaseTransfer", "BaseSubscribe", "Signature", "ExtendMessage")
KEYS = {  # what a paper cannot be joined without
    "orders": ("orderNo", "ebcCode"),
    "collections": ("orderNo", "ebcCode"),
    "waybills": ("logisticsCode", "logisticsNo"),
    "lists": ("orderNo", "ebcCode"),
    "cancellations": (),
}
Row = dict[str, Value]


@dataclass(slots=True)
class Read:
    """What one file gave: rows for each table, what is told, and records counted by kind."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    told: list[Placed] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)

    @property
    def facts(self) -> int:
        """How many records became facts."""
        return sum(self.records.values()) - sum(self.rejected.values())


def read(data: bytes) -> Read:
    """Read every message in `data`; nothing raises.

    The caller has made sure that no document type is declared.
    """
    decoded = decode(data)
    found = Read(told=[Placed(told, "") for told in decoded.told])
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), decoded.text)
    end, number = 0, 0
    for root in ROOT.finditer(text):
        if root.start() < end:
            continue
        number += 1
        _tell_stray(found, text, end, root.start())
        end = _Reading(found, text, root, number).run()
    _tell_stray(found, text, end, len(text))
    return found


def _tell_stray(found: Read, text: str, start: int, stop: int) -> None:
    between = re.sub(r"<\?xml[^>]*\?>", "", text[start:stop]).strip()
    if between:
        line = text.count("\n", 0, start) + 1
        told = Told("text-stray", None, excerpt(between), "nothing outside the message")
        found.told.append(Placed(told, "", xml_line=line))


class _Reading:
    """The reading of one message out of a text."""

    def __init__(self, found: Read, text: str, root: re.Match[str], number: int) -> None:
        self.found, self.text, self.root, self.number = found, text, root, number
        self.kind = root[2]
        self.message = messages().get(self.kind)
        attributes = {name: a or b for name, a, b in ATTRIBUTE.findall(root[3])}
        self.guid = attributes.get("guid") or None
        prefix = root[1][:-1]
        self.namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns")
        self.opening = (
            f'<{root[1]}x xmlns{":" + prefix if prefix else ""}="{NAMESPACE}" '
            'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        )
        self.closing = f"</{root[1]}x>"
        self.line, self.counted_to = text.count("\n", 0, root.start()) + 1, root.start()
        # Lengths that one edition forbids: the first of each field, and how many there are.
        self.editions: dict[str, tuple[Field, str, int, int, int | None, int]] = {}

    def run(self) -> int:
        """Read the message; return where it ends in the text."""
        closing = re.compile(rf"</(?:[A-Za-z_][\w.-]*:)?{self.kind}Message\s*>")
        closed = closing.search(self.text, self.root.end())
        following = ROOT.search(self.text, self.root.end())
        if closed and following and following.start() < closed.start():
            closed = None
        stop = closed.start() if closed else (following.start() if following else len(self.text))
        if self.message is None:
            known = ", ".join(messages())
            self._tell(Told("message-unknown", None, self.root[2] + "Message", f"one of {known}"))
        else:
            self._read_records(self.message, self.root.end(), stop, cut=closed is None)
        for one, seen, record, line, xml_line, count in self.editions.values():
            self._tell(length_of_one_edition(one, seen, count - 1), record, line, xml_line)
        return closed.end() if closed else stop

    def _tell(self, told: Told, record: int = 0, line: int = 0, xml_line: int | None = None) -> None:
        self.found.told.append(Placed(told, self.kind, self.number, record, line, xml_line))

    def note_edition(
        self, field: Field, seen: str, record: int, line: int, xml_line: int | None
    ) -> None:
        """Keep the first of the lengths of this field that one edition forbids; count the rest."""
        key = f"{field.name} {line > 0}"
        _, first, at, at_line, at_xml, count = self.editions.get(
            key, (field, seen, record, line, xml_line, 0)
        )
        self.editions[key] = (field, first, at, at_line, at_xml, count + 1)

    def _read_records(self, message: Message, start: int, stop: int, *, cut: bool) -> None:
        if self.namespace != NAMESPACE:
            self._tell(Told("namespace-missing", "xmlns", self.namespace or "none", NAMESPACE))
        name = rf"(?:[A-Za-z_][\w.-]*:)?{message.record}"
        opening = re.compile(rf"<{name}(?:\s[^<>]*)?>")
        closing = re.compile(rf"</{name}\s*>")
        outside, at, number = [], start, 0
        while found := opening.search(self.text, at, stop):
            number += 1
            outside.append(self.text[at : found.start()])
            closed = closing.search(self.text, found.end(), stop)
            following = opening.search(self.text, found.end(), stop)
            whole = closed and not (following and following.start() < closed.start())
            end = following.start() if following else stop
            at = closed.end() if closed and whole else end
            cut_here = cut and not whole and following is None
            self._read_record(message, number, found.start(), at, cut=cut_here)
        outside.append(self.text[at:stop])
        if cut:
            self._tell(Told("file-truncated", None, "no closing tag", f"</{message.root}>"))
        records = self.found.records
        records[self.kind] = records.get(self.kind, 0) + number
        declared = any(row.get("app_status") == "2" for row in self.found.rows.get(message.table, ()))
        self._read_envelope("".join(outside), start, declared=declared and not cut)

    def _read_record(
        self, message: Message, number: int, start: int, stop: int, *, cut: bool
    ) -> None:
        first_line = self._line_at(start)
        fragment = self.text[start:stop]
        if cut:
            self._reject(number, "record-broken", fragment, first_line)
            return
        node, faults = self._parse(fragment)
        if faults:
            line, what = faults[0]
            told = Told("xml-malformed", None, excerpt(what), "well-formed XML")
            self._tell(told, number, xml_line=first_line + line - 1)
        if node is None:
            self._reject(number, "record-broken", fragment, first_line)
            return
        _Record(self, message, number, first_line).read(node)

    def _line_at(self, position: int) -> int:
        """Return the line of a position; positions come in rising order, so each is a short step."""
        self.line += self.text.count("\n", self.counted_to, position)
        self.counted_to = position
        return self.line

    def _reject(self, number: int, code: str, seen: str, xml_line: int) -> None:
        rejected = self.found.rejected
        rejected[self.kind] = rejected.get(self.kind, 0) + 1
        self._tell(Told(code, None, excerpt(seen), "a whole record"), number, xml_line=xml_line)

    def _parse(self, fragment: str) -> tuple[etree._Element | None, list[tuple[int, str]]]:
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=True, remove_comments=True, remove_pis=True, strip_cdata=True,
        )  # fmt: skip
        whole = (self.opening + fragment + self.closing).encode("utf-8", "replace")
        try:
            root = etree.fromstring(whole, parser)
        except etree.XMLSyntaxError:
            return None, []
        faults = [
            (entry.line, entry.message)
            for entry in parser.error_log
            if entry.type != etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE
        ]
        return (root[0] if root is not None and len(root) else None), faults

    def _read_envelope(self, text: str, start: int, *, declared: bool) -> None:
        node, _ = self._parse("<e>" + text + "</e>")
        seen: dict[str, int] = {}
        stray = [] if node is None else [node.text, *(child.tail for child in node)]
        if joined := " ".join(part.strip() for part in stray if part and part.strip()):
            line = self.text.count("\n", 0, start) + 1
            self._tell(Told("text-stray", None, excerpt(joined), "elements only"), xml_line=line)
        for child in () if node is None else node:
            name = _local(child)
            seen[name] = seen.get(name, 0) + 1
            if name not in ENVELOPE:
                told = Told("element-unknown", name, excerpt(_text(child)), ", ".join(ENVELOPE))
                self._tell(told)
        for name, count in seen.items():
            if count > 1 and name in ENVELOPE and name != "BaseSubscribe":
                self._tell(Told("node-doubled", name, str(count), "1"))
        if declared and "Signature" not in seen:
            self._tell(Told("signature-missing", "Signature", "none", "ds:Signature"))


class _Record:
    """The reading of one record of a message."""

    def __init__(self, reading: _Reading, message: Message, number: int, first_line: int) -> None:
        self.reading, self.message, self.number = reading, message, number
        self.first_line = first_line

    def read(self, node: etree._Element) -> None:
        message = self.message
        heads = [node] if not message.head else list(_named(node, message.head))
        lines = list(_named(node, message.line)) if message.line else []
        self._tell_others(node, {message.head, message.line} if message.head else set())
        if len(heads) > 1:
            self._tell(Told("node-doubled", message.head, str(len(heads)), "1"), 0, heads[1])
        if not heads:
            told = Told("field-missing", message.head, "no such element", "the head of the record")
            self._tell(told, 0, node)
        head, problems = self._leaves(heads[0] if heads else None, message.head_fields, 0)
        absent = [name for name in KEYS.get(message.table, ()) if head.get(_column(message, name)) is None]
        for told, at in problems:
            self._tell(told, 0, at)
        if absent or not heads:
            told = Told("key-missing", ", ".join(absent) or None, "nothing", "a number to join by")
            self._tell(told, 0, node)
            rejected = self.reading.found.rejected
            rejected[message.kind] = rejected.get(message.kind, 0) + 1
            return
        place: Row = {"message": self.reading.number, "record": self.number}
        rows = self.reading.found.rows
        own: Row = {"message_guid": self.reading.guid, "kind": message.kind}
        rows.setdefault(message.table, []).append({**place, **own, **head})
        if message.line_table:
            rows.setdefault(message.line_table, [])
        for number, line in enumerate(lines, 1):
            values, problems = self._leaves(line, message.line_fields, number)
            for told, at in problems:
                self._tell(told, number, at)
            rows[message.line_table].append({**place, "line": number, **values})

    def _tell(self, told: Told, line: int, node: etree._Element | None) -> None:
        xml_line = self._xml_line(node)
        self.reading._tell(told, self.number, line, xml_line)  # noqa: SLF001 - two halves of one reading

    def _xml_line(self, node: etree._Element | None) -> int | None:
        if node is None or not node.sourceline:
            return None
        return self.first_line + node.sourceline - 1

    def _tell_others(self, node: etree._Element, known: set[str]) -> None:
        """Tell what stands in a record beside its head and its lines."""
        if not known:
            return
        for child in node:
            if _local(child) not in known:
                told = Told("element-unknown", _local(child), excerpt(_text(child)), "nothing")
                self._tell(told, 0, child)
        stray = [part for part in (node.text, *(child.tail for child in node)) if part]
        if joined := " ".join(part.strip() for part in stray if part.strip()):
            self._tell(Told("text-stray", None, excerpt(joined), "elements only"), 0, node)

    def _leaves(
        self, node: etree._Element | None, fields: tuple[Field, ...], line: int
    ) -> tuple[Row, list[tuple[Told, etree._Element | None]]]:
        """Return the values of a head's or a line's fields, and what is told of them."""
        by_name = _places(fields)
        values: Row = {}
        told: list[tuple[Told, etree._Element | None]] = []
        seen: dict[str, str] = {}
        latest, ordered = -1, True
        for child in () if node is None else node:
            name = _local(child)
            if name not in by_name:
                told.append((Told("element-unknown", name, excerpt(_text(child)), "nothing"), child))
                continue
            place, one = by_name[name]
            text = _text(child)
            if name in seen:
                told.append((Told("field-doubled", name, excerpt(text), excerpt(seen[name])), child))
                continue
            seen[name] = text
            if place < latest and ordered:
                ordered = False
                expected = f"before {fields[latest].name}"
                told.append((Told("element-order", name, f"after {fields[latest].name}", expected), child))
            latest = max(latest, place)
            for inner in child if len(child) else ():
                beside = Told("element-unknown", _local(inner), excerpt(_text(inner)), "text only")
                told.append((beside, inner))
            values[one.column], problem = read_value(one, text)
            if problem and problem.code == EDITION:
                xml_line = self._xml_line(child)
                self.reading.note_edition(
                    one, str(values[one.column]), self.number, line, xml_line
                )
            elif problem:
                told.append((problem, child))
        told += [(missing(one), node) for one in fields if one.required and one.name not in seen]
        return values, told


@lru_cache(maxsize=64)
def _places(fields: tuple[Field, ...]) -> Mapping[str, tuple[int, Field]]:
    return {one.name: (place, one) for place, one in enumerate(fields)}


def _column(message: Message, name: str) -> str:
    return next(one.column for one in message.head_fields if one.name == name)


def _named(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in node if _local(child) == name)


def _local(node: etree._Element) -> str:
    return _local_name(node.tag) if isinstance(node.tag, str) else "?"


@lru_cache(maxsize=4096)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]


def _text(node: etree._Element) -> str:
    return "".join(map(str, node.itertext())) if len(node) else node.text or ""
