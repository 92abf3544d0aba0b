"""Is a file as plain as the schema, so that the fast reader may have it?

The fast reader neither validates nor knows what it passes over, so it gets a file only when every
element in it is one that the schema has, in its place, once, and nothing else is there. The first
time that a head or a line with certain elements is met, it is held against the schema and becomes
a pattern; those that follow need only match it. In a real file nearly all share a few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tradeloop.documents.layout import Field, Message, messages

HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s+version=[\"']1\.[01][\"']"
    rb"(?:\s+encoding=[\"']utf-?8[\"'])?(?:\s+standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?\s*"
    rb"<((?:[A-Za-z_][\w.-]*:)?)(CEB\d{3})Message((?:\s+[\w:.-]+\s*=\s*\"[^\"<>&]*\")*)\s*>",
    re.IGNORECASE,
)
GUID = re.compile(rb"\sguid\s*=\s*\"([^\"]*)\"")
LEAF = re.compile(rb"\s*<([^<>/\s]+)(?:/>|>([^<]*)</\1>)")
BETWEEN = re.compile(rb">\s+<")
TEXT = re.compile(rb">[^<]+")
SPACE = re.compile(rb"\s*")
ENTITY = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;)")
ATTRIBUTE = re.compile(rb"\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
FORBIDDEN = bytes(set(range(32)) - set(b"\t\n\r"))
NOT_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF, which XML forbids
TAG = re.compile(rb"<(/?)([^<>/\s]+)(/?)>(#?)")
NAMESPACE = b'"http://www.chinaport.gov.cn/ceb"'

ENVELOPE = {
    "BaseTransfer": ("copCode", "copName", "dxpMode", "dxpId", "note"),
    "BaseSubscribe": ("status", "dxpMode", "dxpAddress", "note"),
}
FORMS_MAX = 64  # patterns remembered for a node; a kind of message whose nodes vary more is odd
TAILS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Plain:
    """A message that the fast reader may have."""

    message: Message
    guid: str
    data: bytes  # the message alone, with plain line ends
    whole: bytes  # the file as it came, for the tolerant reader
    records: int
    signed: bool
    declared: bool


@dataclass(slots=True)
class _Forms:
    """The patterns of one node of one kind of message under one prefix; the latest first."""

    start: bytes
    opening: bytes  # a pattern
    closing: bytes
    prefix: bytes
    fields: tuple[Field, ...]
    known: list[re.Pattern[bytes]] = field(default_factory=list)

    def match(self, body: bytes, start: int) -> int | None:
        """Return where the node ends that starts at `start`; None if there is no plain one."""
        if not body.startswith(self.start, start):
            return None
        for place, form in enumerate(self.known):
            if found := form.match(body, start):
                if place:
                    self.known.insert(0, self.known.pop(place))
                return found.end()
        return self._learn(body, start)

    def _learn(self, body: bytes, start: int) -> int | None:
        opening = re.compile(self.opening).match(body, start)
        if opening is None or len(self.known) >= FORMS_MAX:
            return None
        end = body.find(self.closing, opening.end())
        pattern = self._pattern(body[opening.end() : end]) if end >= 0 else None
        if pattern is None:
            return None
        self.known.insert(0, re.compile(pattern))
        found = self.known[0].match(body, start)
        return found.end() if found else None

    def _pattern(self, inner: bytes) -> bytes | None:
        """Return a pattern for nodes with these elements, or None if the schema forbids them."""
        pattern = self.opening
        wanted = iter(self.fields)
        position = 0
        while leaf := LEAF.match(inner, position):
            position = leaf.end()
            for one in wanted:
                if self.prefix + one.name.encode() == leaf[1]:
                    break
                if one.required:
                    return None
            else:
                return None
            must_be_filled = one.required and (one.type != "text" or one.length_min > 0)
            if must_be_filled and not (leaf[2] or b"").strip():
                return None
            name = re.escape(leaf[1])
            # White space around a text is for the tolerant reader to take off.
            text = rb"[^<\s][^<]*(?<!\s)" if must_be_filled else rb"(?:[^<\s][^<]*(?<!\s))?"
            pattern += (
                rb"\s*<"
                + name
                + (rb"/>" if leaf[2] is None else rb">" + text + rb"</" + name + rb">")
            )
        if inner[position:].strip() or any(one.required for one in wanted):
            return None
        return pattern + rb"\s*" + re.escape(self.closing) + rb"\s*"


_forms: dict[tuple[str, bytes], tuple[_Forms, _Forms | None]] = {}
_tails: dict[tuple[bytes, bytes], bool | None] = {}


def plain(data: bytes) -> Plain | None:
    """Return the message in `data` if all of it is as the schema says, else None."""
    head = HEAD.match(data)
    if head is None or not _is_plain_text(data):
        return None
    prefix, kind, attributes = head[1], head[2].decode("ascii"), head[3]
    message = messages().get(kind)
    name = b"xmlns:" + prefix[:-1] if prefix else b"xmlns"
    if message is None or name + b"=" + NAMESPACE not in attributes:
        return None
    body = data[head.end() :].strip()
    end = b"</" + prefix + message.root.encode() + b">"
    if not body.endswith(end):
        return None
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    records, stop = _records(message, prefix, body)
    signed = _tail(prefix, body[stop : -len(end)]) if records else None
    if signed is None:
        return None
    guid = GUID.search(attributes)
    return Plain(
        message=message,
        guid=guid[1].decode() if guid else "",
        data=b"<" + prefix + message.root.encode() + b">" + body,
        whole=data,
        records=records,
        signed=signed,
        declared=b"appStatus>2<" in body,
    )


def _is_plain_text(data: bytes) -> bool:
    """Whether the characters are plain; comments and sections cannot match the patterns anyway."""
    if b"&" in data and ENTITY.search(data):
        return False
    if len(data.translate(None, FORBIDDEN)) != len(data):
        return False
    if b"\xef\xbf" in data and any(one in data for one in NOT_CHARACTERS):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _records(message: Message, prefix: bytes, body: bytes) -> tuple[int, int]:
    """Return how many plain records `body` begins with, and where they end."""
    heads, lines = _forms_of(message, prefix)
    closing = b"</" + prefix + message.record.encode() + b">"
    records, position = 0, 0
    while (end := heads.match(body, position)) is not None:
        while lines is not None and (line_end := lines.match(body, end)) is not None:
            end = line_end
        if message.head:
            if not body.startswith(closing, end):
                break
            after = SPACE.match(body, end + len(closing))
            end = after.end() if after else end
        position = end
        records += 1
    return records, position


def _forms_of(message: Message, prefix: bytes) -> tuple[_Forms, _Forms | None]:
    key = (message.kind, prefix)
    if key not in _forms:
        record = prefix + message.record.encode()
        head = prefix + message.head.encode() if message.head else record
        opening = b"<" + re.escape(record) + b">"
        if message.head:
            opening += rb"\s*<" + re.escape(head) + b">"
        line = prefix + message.line.encode()
        _forms[key] = (
            _Forms(b"<" + record + b">", opening, b"</" + head + b">", prefix, message.head_fields),
            _Forms(
                b"<" + line + b">",
                b"<" + re.escape(line) + b">",
                b"</" + line + b">",
                prefix,
                message.line_fields,
            )
            if message.line
            else None,
        )
    return _forms[key]


def _tail(prefix: bytes, tail: bytes) -> bool | None:
    """Return whether the envelope after the records is signed; None if it is not plain."""
    tail = TEXT.sub(b">#", BETWEEN.sub(b"><", tail.strip()))
    key = (prefix, tail)
    if key not in _tails:
        if len(_tails) >= TAILS_MAX:
            _tails.clear()
        _tails[key] = _tail_allowed(prefix, tail)
    return _tails[key]


def _tail_allowed(prefix: bytes, tail: bytes) -> bool | None:
    """Hold the skeleton of an envelope (its tags, `#` for a text) against what may stand there."""
    tail = ATTRIBUTE.sub(b"", tail)
    if TAG.sub(b"", tail):
        return None
    stack: list[str] = []
    seen: list[str] = []
    for tag in TAG.finditer(tail):
        name = tag[2].removeprefix(prefix).decode("utf-8")
        if tag[1]:
            if not stack or stack.pop() != name or tag[4]:
                return None
            continue
        opaque = bool(stack) and stack[0].rpartition(":")[2] in {"Signature", "ExtendMessage"}
        if not stack:
            seen.append(name.rpartition(":")[2])
        if (not stack and tag[4]) or (
            stack and not opaque and (len(stack) > 1 or name not in ENVELOPE.get(stack[0], ()))
        ):
            return None
        if not tag[3]:
            stack.append(name)
    return None if stack else _nodes_allowed(seen)


def _nodes_allowed(seen: list[str]) -> bool | None:
    order = ["BaseTransfer", "BaseSubscribe", "Signature", "ExtendMessage"]
    if any(name not in order for name in seen):
        return None
    places = [order.index(name) for name in seen]
    single = [name for name in seen if name != "BaseSubscribe"]
    if places != sorted(places) or len(single) != len(set(single)):
        return None
    return "Signature" in seen
