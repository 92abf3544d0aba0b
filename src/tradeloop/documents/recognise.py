"""What a file is, by its bytes rather than by its name."""

from __future__ import annotations

import re
from enum import StrEnum

MESSAGE = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?CEB\d{3}Message[\s>]")
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
WIDE = (b"\xff\xfe", b"\xfe\xff")


class Sort(StrEnum):
    """What we do with a file."""

    MESSAGES = "messages"
    FACTS = "facts"
    FIRMS = "firms"
    OTHER_XML = "other-xml"
    OTHER = "other"
    EMPTY = "empty"
    DOCTYPE = "doctype"
    NOT_XML = "not-xml"


def recognise(data: bytes, name: str) -> Sort:  # noqa: PLR0911 - one answer a line
    """Return what the file is; `name` only says whether it claims to be XML or a table."""
    suffix = name.lower().rpartition(".")[2]
    if not data.strip(b"\x00 \t\r\n"):
        return Sort.EMPTY
    if data[:4] == b"PAR1":
        return Sort.FACTS
    if data[:2] in WIDE:
        data = data.decode("utf-16", "replace").encode()
    if found := MESSAGE.search(data):
        return Sort.DOCTYPE if _declares_type(data, found.start()) else Sort.MESSAGES
    if suffix in {"csv", "jsonl", "ndjson"}:
        return Sort.FIRMS
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or suffix == "xml":
        if DOCTYPE.search(data) and suffix == "xml":
            return Sort.DOCTYPE
        return Sort.OTHER_XML if ROOT.match(_after_prolog(start)) else Sort.NOT_XML
    return Sort.OTHER


def root_name(data: bytes) -> str:
    """Return the name of the outermost element, as far as it can be seen."""
    found = ROOT.search(_after_prolog(data))
    return found[1].decode("utf-8", "replace") if found else "none"


def _declares_type(data: bytes, start: int) -> bool:
    """Whether a document type is declared, in front of the first message or further on."""
    if b"<!" not in data or not DOCTYPE.search(data):
        return False
    return bool(DOCTYPE.search(data, 0, start) or DOCTYPE.search(OPAQUE.sub(b"", data)))


def _after_prolog(data: bytes) -> bytes:
    return re.sub(
        rb"^\s*(?:<\?.*?\?>|<!--.*?-->|<![^>]*>|\s+)*", b"", data, count=1, flags=re.DOTALL
    )
