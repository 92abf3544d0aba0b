"""Bytes become text, whatever they say of themselves; what was odd is told."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from tradeloop.documents.told import Told

DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text with plain line ends, and what must be told of how it was read."""

    text: str
    told: tuple[Told, ...]


def decode(data: bytes) -> Text:
    """Return the text of `data`; nothing raises."""
    told: list[Told] = []
    declared = _declared(data)
    text, used = _text(data, declared)
    if _family(used) != _family(declared) and not text.isascii():
        told.append(Told("encoding-differs", "encoding", used, declared))
    if used == "utf-8 with errors":
        told.append(Told("encoding-broken", "encoding", "bytes that fit no encoding", declared))
    if found := FORBIDDEN.findall(text):
        line = text.count("\n", 0, text.index(found[0])) + 1
        seen = f"{len(found)} × U+{ord(found[0]):04X}, first on line {line}"
        told.append(Told("control-character", None, seen, "no control characters"))
        text = FORBIDDEN.sub("", text)
    return Text(text.replace("\r\n", "\n").replace("\r", "\n"), tuple(told))


def _declared(data: bytes) -> str:
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    found = DECLARED.search(data, 0, 4096)
    return found[1].decode("ascii").lower() if found else "utf-8"


def _text(data: bytes, declared: str) -> tuple[str, str]:
    """Return the text, and the encoding that fitted: the declared one wherever it can be.

    Valid UTF-8 with Chinese in it is UTF-8 whatever it declares: three bytes of another encoding
    hardly ever look like that. Two bytes do, so without Chinese the declaration stands.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            data, declared = data[len(mark) :], name
    if declared != "utf-8" and (text := _decoded(data, "utf-8")) and IDEOGRAPH.search(text):
        return text, "utf-8"
    for name in dict.fromkeys((declared, "utf-8", "gb18030")):
        if (text := _decoded(data, name)) is not None:
            return text, name
    return data.decode("utf-8", "replace"), "utf-8 with errors"


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        return None


def _family(name: str) -> str:
    return "gb" if name.startswith("gb") else name.replace("_", "-").replace("utf8", "utf-8")
