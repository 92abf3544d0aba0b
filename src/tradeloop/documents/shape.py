"""Is a file as plain as the schema, so that the fast reader may have it?

The fast reader neither validates nor knows what it passes over, so it gets a file only when the
file's skeleton (its tags, with `#` where a text was) is one that the schema allows. A skeleton
of a record is checked once and remembered: in a real file nearly all records share a few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tradeloop.documents.layout import Field, Message, messages

HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s+version=[\"']1\.[01][\"']"
    rb"(?:\s+encoding=[\"']utf-?8[\"'])?(?:\s+standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?\s*"
    rb"<((?:[A-Za-z_][\w.-]*:)?)(CEB\d{3})Message((?:\s+[\w:.-]+\s*=\s*\"[^\"<>&]*\")*)\s*>",
    re.IGNORECASE,
)
GUID = re.compile(rb"\sguid\s*=\s*\"([^\"]*)\"")
BETWEEN = re.compile(rb">\s+<")
TEXT = re.compile(rb">[^<]+")
ENTITY = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;)")
ATTRIBUTE = re.compile(rb"\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
FORBIDDEN = bytes(set(range(32)) - set(b"\t\n\r"))
TAG = re.compile(rb"<(/?)([^<>/\s]+)(/?)>(#?)")
NAMESPACE = b'"http://www.chinaport.gov.cn/ceb"'

ENVELOPE = {
    "BaseTransfer": ("copCode", "copName", "dxpMode", "dxpId", "note"),
    "BaseSubscribe": ("status", "dxpMode", "dxpAddress", "note"),
}
SHAPES_MAX = 20_000  # remembered skeletons; beyond, we forget all and learn anew


@dataclass(frozen=True, slots=True)
class Plain:
    """A message that the fast reader may have: its bytes without white space between tags."""

    message: Message
    guid: str
    data: bytes
    whole: bytes  # the file as it came, for the tolerant reader
    records: int
    signed: bool
    declared: bool


_known: dict[tuple[str, bytes], set[bytes]] = {}
_tails: dict[tuple[str, bytes, bytes], bool | None] = {}


def plain(data: bytes) -> Plain | None:
    """Return the message in `data` if all of it is as the schema says, else None."""
    head = HEAD.match(data)
    if head is None:
        return None
    prefix, kind, attributes = head[1], head[2].decode("ascii"), head[3]
    message = messages().get(kind)
    name = b'xmlns:' + prefix[:-1] if prefix else b"xmlns"
    if message is None or name + b"=" + NAMESPACE not in attributes:
        return None
    body = data[head.end() :].rstrip()
    end = b"</" + prefix + message.root.encode() + b">"
    if not body.endswith(end) or not _is_plain_text(body):
        return None
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    body = BETWEEN.sub(b"><", body).lstrip()
    signed = _skeleton_is_known(message, prefix, TEXT.sub(b">#", body[: -len(end)]))
    if signed is None:
        return None
    guid = GUID.search(attributes)
    record = b"<" + prefix + message.record.encode() + b">"
    return Plain(
        message=message,
        guid=guid[1].decode() if guid else "",
        data=b"<" + prefix + message.root.encode() + b">" + body,
        whole=data,
        records=body.count(record),
        signed=signed,
        declared=b"appStatus>2<" in body,
    )


def _is_plain_text(body: bytes) -> bool:
    """Whether there is nothing but elements and text: no comments, sections, odd entities."""
    if b"<!" in body or b"<?" in body or (b"&" in body and ENTITY.search(body)):
        return False
    if len(body.translate(None, FORBIDDEN)) != len(body):
        return False
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\ufffe" not in text and "\uffff" not in text


def _skeleton_is_known(message: Message, prefix: bytes, skeleton: bytes) -> bool | None:
    """Return whether the message is signed, or None if its skeleton is not the schema's."""
    name = prefix + message.record.encode()
    before, *records = skeleton.split(b"<" + name + b">")
    if before or not records:
        return None
    records[-1], closing, tail = records[-1].rpartition(b"</" + name + b">")
    records[-1] += closing
    known = _known.setdefault((message.kind, prefix), set())
    for shape in set(records) - known:
        if not _record_allowed(message, prefix, shape):
            return None
        if len(known) >= SHAPES_MAX:
            known.clear()
        known.add(shape)
    key = (message.kind, prefix, tail)
    if key not in _tails:
        if len(_tails) >= SHAPES_MAX:
            _tails.clear()
        _tails[key] = _tail_allowed(prefix, tail)
    return _tails[key]


def _record_allowed(message: Message, prefix: bytes, shape: bytes) -> bool:
    """Whether a record's skeleton (after its opening tag) has the schema's nodes, in order."""
    end = b"</" + prefix + message.record.encode() + b">"
    if not shape.endswith(end):
        return False
    inner = shape[: -len(end)]
    if not message.head:
        return _leaves_allowed(message.head_fields, prefix, inner)
    head = prefix + message.head.encode()
    opening, closing = b"<" + head + b">", b"</" + head + b">"
    first, found, rest = inner.partition(closing)
    if not found or not first.startswith(opening):
        return False
    if not _leaves_allowed(message.head_fields, prefix, first[len(opening) :]):
        return False
    line = prefix + message.line.encode()
    before, *lines = rest.split(b"<" + line + b">")
    closing = b"</" + line + b">"
    return not before and all(
        one.endswith(closing)
        and _leaves_allowed(message.line_fields, prefix, one[: -len(closing)])
        for one in lines
    )


def _leaves_allowed(fields: tuple[Field, ...], prefix: bytes, shape: bytes) -> bool:
    """Whether `shape` is leaves of `fields`, each once, in order, none that must be there amiss."""
    wanted = iter(fields)
    position = 0
    while position < len(shape):
        tag = TAG.match(shape, position)
        if tag is None or tag[1]:
            return False
        position = tag.end()
        if not tag[3]:
            closing = b"</" + tag[2] + b">"
            if not shape.startswith(closing, position):
                return False
            position += len(closing)
        elif tag[4]:
            return False
        for field in wanted:
            if prefix + field.name.encode() == tag[2]:
                if field.required and not tag[4] and (field.type != "text" or field.length_min):
                    return False
                break
            if field.required:
                return False
        else:
            return False
    return not any(field.required for field in wanted)


def _tail_allowed(prefix: bytes, tail: bytes) -> bool | None:
    """Return whether the envelope after the records is signed; None if it is not plain."""
    tail = ATTRIBUTE.sub(b"", tail)
    if TAG.sub(b"", tail):
        return None
    stack: list[bytes] = []
    seen: list[str] = []
    for tag in TAG.finditer(tail):
        name = tag[2].removeprefix(prefix).decode("utf-8")
        inside = [part.decode() for part in stack]
        opaque = bool(inside) and inside[0].rpartition(":")[2] in {"Signature", "ExtendMessage"}
        if tag[1]:
            if not stack or stack.pop() != tag[2].removeprefix(prefix):
                return None
            if tag[4]:
                return None
            continue
        if not inside:
            seen.append(name.rpartition(":")[2])
        elif not opaque and (len(inside) > 1 or name not in ENVELOPE.get(inside[0], ())):
            return None
        if tag[4] and not inside:
            return None
        if not tag[3]:
            stack.append(tag[2].removeprefix(prefix))
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

