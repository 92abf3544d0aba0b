"""What people keep beside the papers: a chat, a scan, a photo; and an index of some of it."""

from __future__ import annotations

import struct
import zlib
from random import Random

from tradeloop.economy.papers.clock import day_text
from tradeloop.economy.papers.credit.run import Run
from tradeloop.economy.papers.dice import pick
from tradeloop.economy.papers.paper import Paper

SUFFIXES = {"chat": ".txt", "bill of lading": ".pdf", "photo": ".png"}
INDEXED_PERCENT = 60

Kept = tuple[list[tuple[str, bytes]], list[Paper]]  # files, and the rows of their index


def evidence(run: Run, r: Random, *, key: tuple[str, str], day: int, parties: str) -> Kept:
    """Return one file for some trades, and for some of these a row of the index.

    Args:
        run: The run.
        r: The lot's own generator.
        key: The field that names the trade (`trade_no` or `order_no`) and its number.
        day: When it was made.
        parties: Whom it concerns.
    """
    if r.random() * 100 >= run.town.habits["evidence_percent"]:
        return [], []
    field, number = key
    kind = pick(r, tuple(SUFFIXES))
    name = f"{number}_{kind.replace(' ', '-')}{SUFFIXES[kind]}"
    content = {"chat": _chat, "bill of lading": _pdf, "photo": _png}[kind](number, day)
    if r.random() * 100 >= INDEXED_PERCENT:
        return [(name, content)], []
    head = {"path": name, field: number, "kind": kind, "dated_on": day, "parties": parties}
    return [(name, content)], [Paper("evidence", head)]


def _chat(number: str, day: int) -> bytes:
    text = (
        f"{day_text(day)} 10:02 synthetic buyer: we agree to {number}, payment as written.\n"
        f"{day_text(day)} 10:05 合成卖家: 好的, 已确认 {number}。\n"
    )
    return text.encode()


def _pdf(number: str, day: int) -> bytes:
    """Return the least that begins and ends as a PDF; no reader has to show it."""
    return f"%PDF-1.4\n% synthetic scan of {number}, {day_text(day)}\n%%EOF\n".encode()


def _png(number: str, day: int) -> bytes:
    """Return a picture of one grey point, with the trade's number as its comment."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"tEXt", f"Comment\0synthetic photo {number} {day_text(day)}".encode()),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
