"""Amounts, days and codes as banks write them; what cannot be read is None and told."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from lxml import etree

from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.settlement.facts import Direction, Exchange

AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18}")
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[TZ+-].*)?")
DIRECTIONS = {"CRDT": Direction.CREDIT, "DBIT": Direction.DEBIT}
TRUE = frozenset({"true", "1"})


def text(node: etree._Element | None, *paths: str) -> str | None:
    """Return the text at the first of `paths` that has any, with single spaces."""
    if node is None:
        return None
    for path in paths:
        found = node.find(path) if path else node
        if found is not None and (words := " ".join("".join(map(str, found.itertext())).split())):
            return words
    return None


def texts(node: etree._Element, path: str) -> tuple[str, ...]:
    """Return all texts at `path`, in their order."""
    return tuple(words for found in node.findall(path) if (words := text(found, "")))


def minor_of(written: str, currency: str) -> int | None:
    """Return plain digits as minor units, or None: rounding would change what somebody says."""
    digits = MINOR_DIGITS.get(currency)
    if digits is None or not AMOUNT.fullmatch(written):
        return None
    whole, _, rest = written.partition(".")
    rest = rest.rstrip("0")
    return int((whole + rest.ljust(digits, "0")) or "0") if len(rest) <= digits else None


def money(node: etree._Element | None) -> Money | None:
    """Return an amount with its currency, or None if it cannot be read to the minor unit."""
    if node is None:
        return None
    currency = (node.get("Ccy") or "").strip()
    minor = minor_of((node.text or "").strip(), currency)
    return None if minor is None else Money(minor, currency)


def shown(node: etree._Element | None) -> str:
    """Write an amount as it stands in the file."""
    if node is None:
        return "none"
    return " ".join(filter(None, ((node.text or "").strip()[:40], node.get("Ccy")))) or "empty"


def day(node: etree._Element | None) -> date | None:
    """Return the day of a date or a time, as its bank counts days."""
    written = text(node, "Dt", "DtTm", "")
    found = DAY.fullmatch(written or "")
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def direction(node: etree._Element | None) -> Direction | None:
    """Return what CdtDbtInd says."""
    return DIRECTIONS.get(text(node, "CdtDbtInd") or "")


def bank_code(node: etree._Element) -> str | None:
    """Return domain/family/sub-family, else the bank's own code."""
    parts = [text(node, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "/".join(filter(None, parts)) or text(node, "BkTxCd/Prtry/Cd")


def exchange(node: etree._Element | None) -> Exchange | None:
    """Return a rate with its currencies, or None if it is no positive number."""
    rate = text(node, "XchgRate") or ""
    if not AMOUNT.fullmatch(rate) or not Decimal(rate):
        return None
    return Exchange(source=text(node, "SrcCcy"), target=text(node, "TrgtCcy"), rate=Decimal(rate))


def line_of(node: etree._Element) -> int:
    """Return the line on which an element begins; 0 is not known."""
    line = node.sourceline
    return line if isinstance(line, int) else 0
