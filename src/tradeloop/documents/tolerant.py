"""The tolerant reader: reads what breaks its schema as far as it goes, and tells each breach.

A message is cut into its records first, each parsed by itself, so that one broken record cannot
spoil its neighbours. lxml gets no entities, no network and no document type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from tradeloop.documents.encoding import decode
from tradeloop.documents.layout import Message, messages
from tradeloop.documents.records import (
    RecordRead,
    Row,
    local_name,
    read_record,
    stray_text,
    text_of,
)
from tradeloop.documents.told import Placed, Told
from tradeloop.documents.values import EDITION, and_more, excerpt

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?)(CEB\d{3})Message(?=[\s>])([^<>]*)>")
ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# What XML 1.0 §2.2 counts as a character.
CHARACTERS = ((9, 10), (13, 13), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]{1,8}|[0-9]{1,9});")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ENVELOPE = ("BaseTransfer", "BaseSubscribe", "Signature", "ExtendMessage")


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
    text = _without_bad_references(decoded.text, found)
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    end, number = 0, 0
    for root in ROOT.finditer(text):
        if root.start() < end:
            continue
        number += 1
        _tell_stray(found, text, end, root.start())
        end = _Reading(found, text, root, number).run()
    _tell_stray(found, text, end, len(text))
    return found


def _without_bad_references(text: str, found: Read) -> str:
    """Leave out references to characters that XML forbids, such as `&#27;`, and tell it."""
    bad = [one[0] for one in REFERENCE.finditer(text) if not _is_character(one[1])]
    for reference in dict.fromkeys(bad):
        text = text.replace(reference, "")
    if bad:
        told = Told("control-character", None, f"{len(bad)} × {bad[0]}", "no control characters")
        found.told.append(Placed(told, ""))
    return text


def _is_character(digits: str) -> bool:
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return any(low <= number <= high for low, high in CHARACTERS)


def _tell_stray(found: Read, text: str, start: int, stop: int) -> None:
    between = re.sub(r"<\?xml[^>]*\?>", "", text[start:stop]).strip()
    if between:
        line = text.count("\n", 0, start) + 1
        told = Told("text-stray", None, excerpt(between), "nothing outside the message")
        found.told.append(Placed(told, "", place=f"line {line}"))


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
        # Lengths that one edition forbids are told once a field: the first, and how many more.
        self.editions: dict[tuple[str | None, bool], list[Placed]] = {}

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
        for first, *more in self.editions.values():
            self.found.told.append(replace(first, told=and_more(first.told, len(more))))
        return closed.end() if closed else stop

    def _tell(
        self, told: Told, record: int = 0, line: int = 0, xml_line: int | None = None
    ) -> None:
        self.found.told.append(_placed(told, self.kind, self.number, record, line, xml_line))

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
        declared = any(
            row.get("app_status") == "2" for row in self.found.rows.get(message.table, ())
        )
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
        self._take(message, number, first_line, read_record(message, node))

    def _take(self, message: Message, number: int, first_line: int, read: RecordRead) -> None:
        for told, line, at in read.told:
            xml_line = first_line + at - 1 if at else None
            placed = _placed(told, self.kind, self.number, number, line, xml_line)
            if told.code == EDITION:
                self.editions.setdefault((told.field, line > 0), []).append(placed)
            else:
                self.found.told.append(placed)
        if read.head is None:
            self.found.rejected[self.kind] = self.found.rejected.get(self.kind, 0) + 1
            return
        rows = self.found.rows
        place: Row = {"message": self.number, "record": number}
        own: Row = {"message_guid": self.guid, "kind": message.kind}
        rows.setdefault(message.table, []).append({**place, **own, **read.head})
        if message.line_table:
            rows.setdefault(message.line_table, []).extend({**place, **line} for line in read.lines)

    def _line_at(self, position: int) -> int:
        """Return the line of a position; they come in rising order, so each is a short step."""
        self.line += self.text.count("\n", self.counted_to, position)
        self.counted_to = position
        return self.line

    def _reject(self, number: int, code: str, seen: str, xml_line: int) -> None:
        rejected = self.found.rejected
        rejected[self.kind] = rejected.get(self.kind, 0) + 1
        self._tell(
            Told(code, None, excerpt(" ".join(seen.split())), "a whole record"),
            number,
            xml_line=xml_line,
        )

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
        if joined := "" if node is None else stray_text(node):
            line = self.text.count("\n", 0, start) + 1
            self._tell(Told("text-stray", None, excerpt(joined), "elements only"), xml_line=line)
        for child in () if node is None else node:
            name = local_name(child)
            seen[name] = seen.get(name, 0) + 1
            if name not in ENVELOPE:
                told = Told("element-unknown", name, excerpt(text_of(child)), ", ".join(ENVELOPE))
                self._tell(told)
        for name, count in seen.items():
            if count > 1 and name in ENVELOPE and name != "BaseSubscribe":
                self._tell(Told("node-doubled", name, str(count), "1"))
        if declared and "Signature" not in seen:
            self._tell(Told("signature-missing", "Signature", "none", "ds:Signature"))


def _placed(  # noqa: PLR0913, PLR0917 - a place has as many parts
    told: Told, kind: str, message: int, record: int, line: int, xml_line: int | None
) -> Placed:
    return Placed(told, kind, message, record, line, f"line {xml_line}" if xml_line else None)
