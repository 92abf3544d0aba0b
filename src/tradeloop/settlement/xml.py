"""A bank's file becomes elements without namespaces: no entities, no network, bounded size.

A damaged file is read as far as whole entries go: an entry that is not well-formed is left out
and told, never completed by guess, for half an amount is a wrong amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from tradeloop.documents.encoding import decode
from tradeloop.settlement.facts import Noticed, Place
from tradeloop.settlement.told import noticed

BYTES_MAX = 64 * 1024 * 1024
WIDE = (b"\xff\xfe", b"\xfe\xff")
# Taken out of an amount, such a byte would make another amount; as "?" it makes none.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
MARKED = bytes.maketrans(CONTROLS, b"?" * len(CONTROLS))
TYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PREFIX = r"(?:[A-Za-z_][\w.-]*:)?"
OPENING = re.compile(rf"<{PREFIX}Ntry(?=[\s>])[^<>]*>")
ENTRY_CLOSED = re.compile(rf"</{PREFIX}Ntry\s*>")
TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)[^<>]*?(/?)>")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The outermost element, what was noticed, and whether something was lost on the way."""

    root: etree._Element | None
    noticed: tuple[Noticed, ...]
    lost: bool = False


def parse(data: bytes, file: str) -> Parsed:
    """Parse one file; nothing raises."""
    whole = Place(file=file)
    if len(data) > BYTES_MAX:
        seen = f"{len(data):,} bytes"
        return _refused("file-too-large", whole, seen, f"at most {BYTES_MAX:,} bytes")
    plain = data if data.startswith(WIDE) else data.translate(MARKED)
    decoded = decode(plain)
    text = DECLARATION.sub("", decoded.text.lstrip("\ufeff"))
    if found := TYPE.search(text):
        place = Place(file=file, line=_line(text, found.start()))
        return _refused("document-type", place, found[0], "no document type and no entities")
    odd = tuple(
        noticed("encoding-odd", whole, seen=f"{one.code}: {one.seen}", expected=one.expected or "")
        for one in decoded.told
    )
    if plain != data:
        odd += (
            noticed("encoding-odd", whole, seen="control characters, read as ?", expected="none"),
        )
    root, fault = _tree(text)
    if fault is None and root is not None:
        return Parsed(_local(root), odd)
    mended = _mended(text, file, fault)
    return Parsed(mended.root, odd + mended.noticed, lost=True)


def _refused(code: str, place: Place, seen: str, expected: str) -> Parsed:
    return Parsed(None, (noticed(code, place, seen=seen, expected=expected),), lost=True)


def _mended(text: str, file: str, fault: tuple[int, str] | None) -> Parsed:
    """Leave out what is broken: single entries first, then all behind the last whole one."""
    line, message = fault or (1, "no element")
    place = Place(file=file, line=line)
    told = [noticed("xml-damaged", place, seen=message, expected="well-formed XML")]
    kept, broken = _without_broken(_without_comments(text), file)
    told += broken
    root, fault = _tree(kept)
    if fault is not None or root is None:
        ends = [one.end() for one in ENTRY_CLOSED.finditer(kept)]
        cut = kept[: ends[-1]] if ends else ""
        root, fault = _tree(cut + _closing(cut))
        if fault is not None or root is None:
            seen = f"line {fault[0]}: {fault[1]}" if fault else "no whole entry"
            told.append(noticed("file-unreadable", place, seen=seen, expected="camt.053 or .054"))
            return Parsed(None, tuple(told))
        at = Place(file=file, line=_line(kept, len(cut)))
        told.append(
            noticed("file-truncated", at, seen="the rest is not read", expected="a whole message")
        )
    return Parsed(_local(root), tuple(told))


def _without_comments(text: str) -> str:
    """Blank out comments, so that no entry is found in one; an open one reaches to the end."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start + 4)
        end = len(text) if end < 0 else end + 3
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*parts, text[at:]])


def _without_broken(text: str, file: str) -> tuple[str, list[Noticed]]:
    """Leave out each entry that is not well-formed by itself; the count of lines stays."""
    starts = [one.start() for one in OPENING.finditer(text)]
    parts, told, at = [], [], 0
    line, counted_to = 1, 0
    for number, start in enumerate(starts):
        line, counted_to = line + text.count("\n", counted_to, start), start
        stop = starts[number + 1] if number + 1 < len(starts) else len(text)
        closed = ENTRY_CLOSED.search(text, start, stop)
        end = closed.end() if closed else stop
        root, fault = _tree(text[start:end])
        if fault is None and root is not None:
            continue
        seen = "no closing tag" if closed is None or fault is None else fault[1]
        place = Place(file=file, line=line + (fault[0] - 1 if fault else 0))
        told.append(noticed("entry-broken", place, seen=seen, expected="a whole entry (Ntry)"))
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*parts, text[at:]]), told


def _closing(text: str) -> str:
    """Return the closing tags that a cut text lacks."""
    open_: list[str] = []
    for end, name, empty in TAG.findall(text):
        if end and open_ and open_[-1] == name:
            open_.pop()
        elif not end and not empty:
            open_.append(name)
    return "".join(f"</{name}>" for name in reversed(open_))


def _tree(text: str) -> tuple[etree._Element | None, tuple[int, str] | None]:
    """Return the tree and its first fault, as line and message; unknown prefixes are none."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, strip_cdata=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return None, (error.lineno or 1, str(error.msg))
    for entry in parser.error_log:
        if entry.type != etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE:
            return root, (entry.line, entry.message)
    return root, None


def _local(root: etree._Element) -> etree._Element:
    """Drop namespaces and prefixes: versions and banks differ in them, names stay."""
    version = str(root.tag).rpartition("}")[0]
    for node in root.iter(etree.Element):
        node.tag = str(node.tag).rpartition("}")[2].rpartition(":")[2]
    if version:
        root.set("version", version.rpartition(":")[2])
    return root


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
