"""Builds messages of every kind by chance: legal ones, odd ones, and ones that were damaged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from xml.sax.saxutils import escape

import papers
from tradeloop.documents.layout import Field, Message, messages

LETTERS = "abcXYZ0123456789-/._ 贸易真实性，。海关&<>'\"　é𠮷"
TAG = re.compile(rb"<[^<>]*>")
LEAF = re.compile(rb"<([^<>/\s]+)(?:/>|>[^<]*</\1>)")
INSERTED = (
    b"oops", b"<x>1</x>", b"<!-- c -->", b"<![CDATA[a<b]]>", b"&#13;", b"&nope;", b"&amp;", b"\x00",
    b"\xff", b"\xc2\x85", b"\xef\xbf\xbe", b"\x0c", b"\r", b" ", b"<", b">", b"&", b"<ceb:note/>",
    b"<?pi x?>", b"</", b"\xe3\x80\x80",
)  # fmt: skip
SPACES = ("", " ", "\n", "\t ", "\r\n", " \n")


class Maker:
    """Makes one message; `odd` is how often something is not as the schema says."""

    def __init__(self, kind: str, r: Random, *, odd: float = 0.0) -> None:
        """Choose a prefix and what stands between elements."""
        self.message: Message = messages()[kind]
        self.r, self.odd = r, odd
        self.prefix = r.choice(("ceb:", "", "CEB:", "a1:", "n.s-1:"))
        self.between = r.choice(("", "", "\n", "\r\n  ", "\n\t", " "))

    def whole(self, records: int | None = None) -> bytes:
        """Return the bytes of a message."""
        count = self.r.randint(1, 8) if records is None else records
        root = f"{self.prefix}{self.message.root}"
        name = f"xmlns:{self.prefix[:-1]}" if self.prefix else "xmlns"
        parts = ['<?xml version="1.0" encoding="UTF-8"?>\n'] if self.r.random() < 1 / 2 else []
        guid = self.r.choice((f' guid="{self.r.getrandbits(140):036X}"', "", ' guid=""'))
        parts.append(f'<{root}{guid} version="1.0" {name}="{papers.NAMESPACE}">{self.between}')
        parts += [self._record() + self.between for _ in range(count)]
        parts += [self._envelope(), self.between, f"</{root}>", self.r.choice(("", "\n", "\r\n"))]
        mark = b"\xef\xbb\xbf" if self.r.random() < 1 / 8 else b""
        return mark + "".join(parts).encode()

    def _record(self) -> str:
        message = self.message
        head = self._leaves(message.head_fields)
        if message.head:
            head = self._node(message.head, head)
        lines = range(self.r.randint(0, 5) if message.line else 0)
        rest = (self._node(message.line, self._leaves(message.line_fields)) for _ in lines)
        return self._node(message.record, self.between.join((head, *rest)))

    def _node(self, name: str, inner: str) -> str:
        return f"<{self.prefix}{name}>{self.between}{inner}{self.between}</{self.prefix}{name}>"

    def _leaves(self, fields: Sequence[Field]) -> str:
        return self.between.join(leaf for leaf in map(self._leaf, fields) if leaf)

    def _leaf(self, field: Field) -> str:
        chance = self.r.random()
        tag = f"{self.prefix}{field.name}"
        may_be_empty = not field.required or (field.type == "text" and field.length_min == 0)
        if not field.required and chance < 1 / 3:
            return ""
        if may_be_empty and chance < 1 / 2:
            return self.r.choice((f"<{tag}></{tag}>", f"<{tag}/>"))
        if self.r.random() < self.odd:
            text = self.r.choice(("", " ", self._odd(field), self._odd(field)))
            return f"<{tag}>{text}</{tag}>"
        return f"<{tag}>{escape(self.value(field))}</{tag}>"

    def value(self, field: Field) -> str:
        """Return a legal value of a field."""
        r = self.r
        if field.type == "text":
            low, high = max(1, field.length_min), min(field.length_max, field.length_min + 12)
            size = r.choice((low, high, r.randint(low, max(low, high))))
            text = "".join(r.choice(LETTERS) for _ in range(size))
            return "x" + text[1:-1] + "y"[: size - 1] if text != text.strip(" \t\r\n") else text
        if field.type == "integer":
            return str(r.randint(0, 10 ** r.randint(1, field.length_max) - 1))
        if field.type in {"decimal", "quantity"}:
            return self._number(14 if field.type == "decimal" else 13)
        day = f"{r.randint(1900, 2100)}{r.randint(1, 12):02}{r.randint(1, 28):02}"
        clock = f"{r.randint(0, 23):02}{r.randint(0, 59):02}{r.randint(0, 59):02}"
        milli = f"{r.randint(0, 999):03}"
        return {"date": day, "time": day + clock, "moment": day + clock + milli}[field.type]

    def _number(self, digits: int) -> str:
        r = self.r
        sign = "-" if r.random() < 1 / 10 else ""
        whole = str(r.randint(0, 10 ** r.randint(1, digits) - 1))
        fraction = "".join(r.choice("0123456789") for _ in range(r.randint(0, 5)))
        return sign + whole + ("." + fraction if fraction else "")

    def _odd(self, field: Field) -> str:
        r = self.r
        legal = escape(self.value(field))
        return r.choice((
            r.choice(SPACES) + legal + r.choice(SPACES), legal + "\r\n" + legal, legal[:-1],
            legal + "0", "0" * 12 + legal, "+" + legal, legal + ".", ".5", "1e5", "NaN", "-0",
            "1,000.00", "１２", "00000101", "00000101000000", "20240229", "20230229",
            "20260230101010", "20260801240000", "20260801235960", "20260801235960000",
            "99991231235959999", "x" * 2_001, "　", " 　 ", "&#65;", "<b>x</b>",
        ))  # fmt: skip

    def _envelope(self) -> str:
        p = self.prefix
        transfer = f"<{p}BaseTransfer><{p}copCode>1</{p}copCode><{p}note/></{p}BaseTransfer>"
        subscribe = f"<{p}BaseSubscribe><{p}status>1</{p}status></{p}BaseSubscribe>"
        signature = (
            '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
            '<ds:Reference URI=""/></ds:SignedInfo></ds:Signature>'
        )
        more = f"<{p}ExtendMessage><{p}name>x</{p}name></{p}ExtendMessage>"
        chosen = [one for one in (transfer, subscribe, signature, more) if self.r.random() < 1 / 2]
        return self.between.join(chosen)


def _without_a_leaf(data: bytes, leaves: Sequence[re.Match[bytes]], r: Random) -> bytes:
    leaf = r.choice(leaves)
    return data[: leaf.start()] + data[leaf.end() :]


def damaged(data: bytes, r: Random) -> bytes:
    """Return a message with one to three wounds: tags lost, doubled or swapped, things put in."""
    for _ in range(r.randint(1, 3)):
        tags = list(TAG.finditer(data))
        if not tags:
            return data
        one, two = sorted((r.choice(tags), r.choice(tags)), key=lambda tag: tag.start())
        at = r.choice((one.end(), one.start(), r.randrange(len(data))))
        leaves = list(LEAF.finditer(data))
        choice = r.randrange(8 if leaves else 6)
        if choice == 7:
            data = _without_a_leaf(data, leaves, r)
        elif choice == 6:
            leaf = r.choice(leaves)
            data = data[: leaf.end()] + leaf[0] + data[leaf.end() :]
        elif choice == 0:
            data = data[: one.start()] + data[one.end() :]
        elif choice == 1:
            data = data[: one.end()] + one[0] + data[one.end() :]
        elif choice == 2 and one.end() <= two.start():
            data = (
                data[: one.start()] + two[0] + data[one.end() : two.start()] + one[0]
                + data[two.end() :]
            )  # fmt: skip
        elif choice == 3:
            data = data[: one.start()] + data[two.end() :]
        elif choice == 4:
            data = data[:at] + data[one.start() : two.end()] + data[at:]
        else:
            data = data[:at] + r.choice(INSERTED) + data[at:]
    return data
