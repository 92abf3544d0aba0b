"""Papers become messages: at most a hundred records each, and XML as customs wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tradeloop.documents.layout import Field, messages
from tradeloop.economy.papers.batches import LINES_MAX
from tradeloop.economy.papers.clock import day_text, moment_text, time_text
from tradeloop.economy.papers.dice import dice, guid
from tradeloop.economy.papers.paper import Paper, Row, amount_text
from tradeloop.economy.papers.town import Firm

RECORDS_MAX = 100
NAMESPACE = "http://www.chinaport.gov.cn/ceb"
SENDER_ID = "DXPSYN0000000001"
WRITES_EMPTY = 4  # every such message writes its optional fields empty; the others leave them out
# One such paper names many parcels, so that its lines fill a message and not the papers.
OVER_MANY = frozenset(("CEB507", "CEB509", "CEB607", "CEB701", "CEB792"))
FROM_CUSTOMS = "CEB792"  # the one message besides the answers that no firm sends


@dataclass(frozen=True, slots=True)
class Message:
    """One message, which is one file."""

    kind: str
    number: int  # within its kind, from 1
    guid: str
    papers: tuple[Paper, ...]


@dataclass(slots=True)
class Post:
    """Collects papers of each kind until a message is full."""

    seed: int
    waiting: dict[str, list[Paper]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)

    def take(self, papers: Iterable[Paper]) -> Iterator[Message]:
        """Add papers; return the messages that this fills."""
        for paper in papers:
            kind = paper.kind
            waiting = self.waiting.setdefault(kind, [])
            if kind in OVER_MANY:
                lines = self.lines.get(kind, 0) + len(paper.lines)
                if waiting and lines > LINES_MAX:
                    yield self._send(kind)
                    waiting, lines = self.waiting[kind], len(paper.lines)
                self.lines[kind] = lines
            waiting.append(paper)
            if len(waiting) == RECORDS_MAX:
                yield self._send(kind)

    def rest(self) -> Iterator[Message]:
        """Return what is still waiting, as messages that are not full."""
        for kind in sorted(self.waiting):
            if self.waiting[kind]:
                yield self._send(kind)

    def _send(self, kind: str) -> Message:
        number = self.sent.get(kind, 0) + 1
        self.sent[kind] = number
        papers = tuple(self.waiting[kind])
        self.waiting[kind], self.lines[kind] = [], 0
        return Message(kind, number, guid(dice(self.seed, kind, number)), papers)


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    opening: str
    closing: str
    text: Callable[[Any], str]
    empty: str  # what to write for no value
    empty_if_asked: str  # the same in a message that writes its optional fields empty


def xml(message: Message, sender: Firm) -> str:
    """Return the message as text; `sender` is the firm that transmits for all others."""
    layout = messages()[message.kind]
    asked = message.number % WRITES_EMPTY == 0
    head, line = _elements(message.kind)
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<ceb:{layout.root} guid="{message.guid}" version="1.0" xmlns:ceb="{NAMESPACE}">\n',
    ]
    for paper in message.papers:
        fields = _fields(head, paper.head, asked=asked)
        if not layout.head:
            out.append(f"\t<ceb:{layout.record}>\n{fields}\t</ceb:{layout.record}>\n")
            continue
        out.append(
            f"\t<ceb:{layout.record}>\n\t<ceb:{layout.head}>\n{fields}\t</ceb:{layout.head}>\n"
        )
        for row in paper.lines:
            fields = _fields(line, row, asked=asked)
            out.append(f"\t<ceb:{layout.line}>\n{fields}\t</ceb:{layout.line}>\n")
        out.append(f"\t</ceb:{layout.record}>\n")
    if layout.table != "answers" and message.kind != FROM_CUSTOMS:
        out.append(_transfer(sender))
    out.append(f"</ceb:{layout.root}>\n")
    return "".join(out)


def _fields(elements: tuple[_Element, ...], row: Row, *, asked: bool) -> str:
    out = []
    get = row.get
    for element in elements:
        value = get(element.name)
        if value is None:
            out.append(element.empty_if_asked if asked else element.empty)
        else:
            out.append(f"{element.opening}{element.text(value)}{element.closing}")
    return "".join(out)


@cache
def _elements(kind: str) -> tuple[tuple[_Element, ...], tuple[_Element, ...]]:
    layout = messages()[kind]
    head = tuple(_element(one) for one in layout.head_fields)
    return head, tuple(_element(one) for one in layout.line_fields)


def _element(one: Field) -> _Element:
    opening, closing = f"\t\t<ceb:{one.name}>", f"</ceb:{one.name}>\n"
    blank = opening + closing
    optional_text = one.type == "text" and one.length_min == 0
    return _Element(
        name=one.name,
        opening=opening,
        closing=closing,
        text=_TEXT[one.type],
        empty=blank if one.required else "",
        empty_if_asked=blank if one.required or optional_text else "",
    )


def _escaped(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


_TEXT: Mapping[str, Callable[[Any], str]] = {
    "text": _escaped,
    "decimal": amount_text,
    "quantity": amount_text,
    "integer": str,
    "time": time_text,
    "moment": moment_text,
    "date": day_text,
}


def _transfer(sender: Firm) -> str:
    return (
        f"\t<ceb:BaseTransfer>\n\t\t<ceb:copCode>{sender.code}</ceb:copCode>\n"
        f"\t\t<ceb:copName>{_escaped(sender.name)}</ceb:copName>\n"
        f"\t\t<ceb:dxpMode>DXP</ceb:dxpMode>\n\t\t<ceb:dxpId>{SENDER_ID}</ceb:dxpId>\n"
        "\t</ceb:BaseTransfer>\n"
    )
