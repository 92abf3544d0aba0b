"""Can a file be read by a person: refused if it could do harm, kept if it is damaged."""

from __future__ import annotations

import io
import zipfile

SIZE_MAX = 20 * 1024 * 1024
"""Bytes of one paper; a longer one is sent in parts."""

EXECUTABLE = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
SUFFIXES_REFUSED = (
    ".exe", ".com", ".bat", ".cmd", ".js", ".vbs", ".scr", ".ps1", ".sh", ".jar", ".msi", ".apk"
)  # fmt: skip
PDF_END, JPEG_END = 2048, 64


class EvidenceRefused(ValueError):
    """The file was not taken; nothing was written."""


def check(body: bytes, name: str) -> None:
    """Refuse a file that nobody should keep.

    Raises:
        EvidenceRefused: It is empty, too large, or a program.
    """
    if not body.strip(b"\x00 \t\r\n"):
        raise EvidenceRefused(f"{name} is empty. Send the file again.")
    if len(body) > SIZE_MAX:
        raise EvidenceRefused(
            f"{name} has {len(body):,} bytes; at most {SIZE_MAX:,} are taken. Send it in parts."
        )
    if body.startswith(EXECUTABLE) or name.lower().endswith(SUFFIXES_REFUSED):
        raise EvidenceRefused(
            f"{name} is a program, and is not taken. Send a PDF, a picture, a text or a workbook."
        )


def illegible(body: bytes) -> str | None:
    """Return why nobody can read a file; None if somebody can."""
    if body.startswith(b"%PDF"):
        return None if b"%%EOF" in body[-PDF_END:] else "the PDF breaks off; send it again"
    if body.startswith(b"\x89PNG"):
        return None if b"IEND" in body[-JPEG_END:] else "the picture breaks off; send it again"
    if body.startswith(b"\xff\xd8\xff"):
        end = body[-JPEG_END:]
        return None if b"\xff\xd9" in end else "the picture breaks off; send it again"
    if body.startswith(b"PK"):
        return None if _whole(body) else "the archive is damaged; send it again"
    if _is_text(body):
        return None
    return "no kind of file that people read; send a PDF, a picture or a text"


def _whole(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _is_text(body: bytes) -> bool:
    if b"\x00" in body:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(one.isprintable() or one in "\r\n\t\f\ufeff" for one in text)
    return False
