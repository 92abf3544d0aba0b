"""Takes messages apart into records, and writes these anew in other files and messages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import duckdb
from lxml import etree

import papers
from tradeloop.documents.layout import messages

# Told once for each message or file that has it, so these follow the cutting.
OF_FILES = ("signature-missing", "file-repeated", "field-length-edition")


class Loose(NamedTuple):
    """One record, out of its message."""

    kind: str
    fields: tuple[tuple[str, str], ...]  # (name, text); nodes as (<name, "") and (>name, "")


class Said(NamedTuple):
    """What was said of a batch, without files and places."""

    verdicts: Counter[tuple[object, ...]]
    findings: Counter[tuple[object, ...]]
    links: Counter[tuple[object, ...]]


def said(con: duckdb.DuckDBPyConnection) -> Said:
    """Return what a judged batch says."""
    left_out = ", ".join(f"'{code}'" for code in OF_FILES)
    columns = "trade, code, field, seen, expected, weight"
    questions = (
        "select * from verdicts",
        f"select {columns} from findings where code not in ({left_out})",  # noqa: S608 - our own words
        "select * from links",
    )
    return Said(*(Counter(con.execute(sql).fetchall()) for sql in questions))


def loosened(folder: Path) -> Iterator[Loose]:
    """Return every record of every message in a folder."""
    for path in sorted(folder.rglob("*.xml")):
        root = etree.parse(path).getroot()
        kind = etree.QName(root).localname.removesuffix("Message")
        record = messages()[kind].record
        for node in root:
            if etree.QName(node).localname == record:
                yield Loose(kind, tuple(_fields(node)))


def _fields(node: etree._Element) -> Iterator[tuple[str, str]]:
    for child in node:
        name = etree.QName(child).localname
        if len(child):
            yield "<" + name, ""
            yield from _fields(child)
            yield ">" + name, ""
        else:
            yield name, child.text or ""


def written(records: Iterable[Loose], kind: str, r: random.Random) -> str:
    """Return one message with a prefix or none, in one line or in many."""
    prefix = r.choice(("ceb:", "", "x:"))
    line = r.choice(("", "\n", "\n  "))
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    body = []
    for record in records:
        body.append(f"<{prefix}{messages()[kind].record}>")
        for field, text in record.fields:
            tag = prefix + field.lstrip("<>")
            whole = {"<": f"<{tag}>", ">": f"</{tag}>"}
            body.append(whole.get(field[0]) or f"<{tag}>{escape(text)}</{tag}>")
        body.append(f"</{prefix}{messages()[kind].record}>")
    root = f"{prefix}{kind}Message"
    guid = f"{r.getrandbits(128):036x}"
    opening = f'<{root} {name}="{papers.NAMESPACE}" guid="{guid}" version="1.0">'
    return opening + line + line.join(body) + line + f"</{root}>\n"
