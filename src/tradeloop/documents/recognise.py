"""What a file is, by its bytes rather than by its name."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

MESSAGE = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?CEB\d{3}Message[\s>]")
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
OPAQUE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
WIDE = (b"\xff\xfe", b"\xfe\xff")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_WORKBOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "EncryptedPackage"))
DECLARATION = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?DecMessage[\s>]")
# How the files begin that are kept as evidence.
EVIDENCE = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (OLE, "office document"),
    (b"{\\rtf", "office document"),
    (b"PK", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
WORKBOOKS = frozenset({"xlsx", "xlsm", "xls"})
TEXT_SUFFIXES = frozenset({"txt", "log", "md", "eml", "html", "htm", "json"})


class Sort(StrEnum):
    """What we do with a file."""

    MESSAGES = "messages"
    FACTS = "facts"
    DELIMITED = "delimited"
    JSON_LINES = "json-lines"
    WORKBOOK = "workbook"
    DECLARATION = "declaration"
    OTHER_XML = "other-xml"
    OTHER = "other"
    EMPTY = "empty"
    DOCTYPE = "doctype"
    NOT_XML = "not-xml"


TABLES = {
    "csv": Sort.DELIMITED, "tsv": Sort.DELIMITED, "jsonl": Sort.JSON_LINES,
    "ndjson": Sort.JSON_LINES,
}  # fmt: skip


def recognise(data: bytes, name: str) -> Sort:
    """Return what the file is; `name` only says whether it claims to be XML or a table."""
    suffix = name.lower().rpartition(".")[2]
    if not data.strip(b"\x00 \t\r\n"):
        return Sort.EMPTY
    if data[:4] == b"PAR1":
        return Sort.FACTS
    if suffix in WORKBOOKS or _is_workbook(data):
        return Sort.WORKBOOK
    if data[:2] in WIDE:
        data = data.decode("utf-16", "replace").encode()
    if found := MESSAGE.search(data):
        return Sort.DOCTYPE if _declares_type(data, found.start()) else Sort.MESSAGES
    if suffix in TABLES:
        return TABLES[suffix]
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return _markup(data, start, suffix) if start.startswith(b"<") or suffix == "xml" else Sort.OTHER


def _markup(data: bytes, start: bytes, suffix: str) -> Sort:
    if DOCTYPE.search(data) and suffix == "xml":
        return Sort.DOCTYPE
    if DECLARATION.match(_after_prolog(start)):
        return Sort.DOCTYPE if DOCTYPE.search(data) else Sort.DECLARATION
    return Sort.OTHER_XML if ROOT.match(_after_prolog(start)) else Sort.NOT_XML


def kind_of_kept(data: bytes, name: str) -> str:
    """Return what sort of evidence a file is that is kept and not read."""
    if data[:2] == b"PK" and (members := _members(data)):
        office = ("word/", "ppt/", "xl/", "content.xml")
        if any(member.startswith(office) for member in members):
            return "office document"
    for beginning, kind in EVIDENCE:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF":
        return "picture" if data[8:12] == b"WEBP" else "sound or film"
    if data[4:8] == b"ftyp":
        return "picture" if data[8:12] in {b"heic", b"heix", b"mif1"} else "sound or film"
    suffix = name.lower().rpartition(".")[2]
    return "text" if suffix in TEXT_SUFFIXES and b"\x00" not in data else "other"


def _is_workbook(data: bytes) -> bool:
    """Whether it is a workbook of the XML kind, an older one, or one locked with a password."""
    if data[:2] == b"PK":
        return "xl/workbook.xml" in _members(data)
    return data.startswith(OLE) and any(name in data for name in OLE_WORKBOOKS)


def _members(data: bytes) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ()


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
