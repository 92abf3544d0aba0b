"""Payment orders as pain.001.001.09: a file for one's own bank, the same bytes for the same facts.

Source: ISO 20022 pain.001.001.09; the characters are those that every bank forwards (SWIFT set X),
names have at most 70 places. Nothing is changed silently: what does not fit is refused by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree
from stdnum import iban

from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.settlement.facts import Order, Transfer

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NSMAP: Any = {None: NAMESPACE}  # the stubs know no default namespace
CHARACTERS = "letters A to Z, digits, space and / - ? : ( ) . , ' +"
PLAIN = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+")
ACCOUNT = re.compile(r"[A-Za-z0-9]{1,34}")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Za-z0-9]{11,30}")
BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
CHARGES = ("DEBT", "CRED", "SHAR", "SLEV")
ID_MAX, NAME_MAX, LINE_MAX = 35, 70, 140
DIGITS_MAX = 18


class OrderRefused(ValueError):
    """The order cannot be written as a file that banks take; the message lists every reason."""


def write(order: Order) -> bytes:
    """Return the file.

    Raises:
        OrderRefused: Something does not fit; all of it is listed, with the payment it is in.
    """
    if reasons := list(_reasons(order)):
        more = f"; and {len(reasons) - 20} more" if len(reasons) > 20 else ""  # noqa: PLR2004 - a screen
        raise OrderRefused("; ".join(reasons[:20]) + more)
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap=NSMAP)
    message = _add(root, "CstmrCdtTrfInitn")
    head = _add(message, "GrpHdr")
    _add(head, "MsgId", order.message)
    _add(head, "CreDtTm", order.created_at.isoformat(timespec="seconds"))
    count, total = str(len(order.transfers)), _control_sum(order)
    _add(head, "NbOfTxs", count)
    _add(head, "CtrlSum", total)
    _add(_add(head, "InitgPty"), "Nm", order.debtor)
    block = _add(message, "PmtInf")
    _add(block, "PmtInfId", order.message)
    _add(block, "PmtMtd", "TRF")
    _add(block, "NbOfTxs", count)
    _add(block, "CtrlSum", total)
    _add(_add(block, "ReqdExctnDt"), "Dt", order.execute_on.isoformat())
    _add(_add(block, "Dbtr"), "Nm", order.debtor)
    _account(block, "DbtrAcct", order.account)
    _add(_add(_add(block, "DbtrAgt"), "FinInstnId"), "BICFI", order.agent)
    _add(block, "ChrgBr", order.charges)
    for transfer in order.transfers:
        _transfer(block, transfer)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _transfer(block: etree._Element, transfer: Transfer) -> None:
    node = _add(block, "CdtTrfTxInf")
    _add(_add(node, "PmtId"), "EndToEndId", transfer.end_to_end)
    amount = _add(_add(node, "Amt"), "InstdAmt", _decimal(transfer.amount))
    amount.set("Ccy", transfer.amount.currency)
    if transfer.agent:
        _add(_add(_add(node, "CdtrAgt"), "FinInstnId"), "BICFI", transfer.agent)
    _add(_add(node, "Cdtr"), "Nm", transfer.creditor)
    _account(node, "CdtrAcct", transfer.account)
    if transfer.remittance or transfer.creditor_reference:
        remittance = _add(node, "RmtInf")
        for line in transfer.remittance:
            _add(remittance, "Ustrd", line)
        if transfer.creditor_reference:
            reference = _add(_add(remittance, "Strd"), "CdtrRefInf")
            _add(_add(_add(reference, "Tp"), "CdOrPrtry"), "Cd", "SCOR")
            _add(reference, "Ref", transfer.creditor_reference)


def head_reasons(order: Order) -> Iterator[str]:
    """Say everything of a file itself that does not fit, whatever payments are in it."""
    yield from _id("message", order.message)
    yield from _text("debtor", order.debtor, NAME_MAX)
    yield from _account_reasons("account", order.account)
    yield from _bic("agent", order.agent)
    if order.created_at.tzinfo is None:
        yield "created_at has no time zone; give one, as +08:00"
    if order.charges not in CHARGES:
        yield f"charges is {order.charges!r}; give one of {', '.join(CHARGES)}"


def _reasons(order: Order) -> Iterator[str]:
    yield from head_reasons(order)
    if not order.transfers:
        yield "there is no payment; give at least one"
    for name, count in Counter(one.end_to_end for one in order.transfers).items():
        if count > 1:
            yield f"end_to_end {name!r} stands {count} times; give each payment its own"
    for number, transfer in enumerate(order.transfers, 1):
        for reason in transfer_reasons(transfer):
            yield f"payment {number}: {reason}"


def transfer_reasons(transfer: Transfer) -> Iterator[str]:
    """Say everything of one payment that does not fit."""
    yield from _id("end_to_end", transfer.end_to_end)
    yield from _text("creditor", transfer.creditor, NAME_MAX)
    yield from _account_reasons("account", transfer.account)
    if transfer.agent is not None:
        yield from _bic("agent", transfer.agent)
    if transfer.amount.minor <= 0:
        yield f"amount is {transfer.amount}; give one above zero"
    elif len(str(transfer.amount.minor)) > DIGITS_MAX:
        yield f"amount is {transfer.amount}; give one of at most {DIGITS_MAX} digits"
    for line in transfer.remittance:
        yield from _text("remittance", line, LINE_MAX)
    if transfer.creditor_reference is not None:
        yield from _id("creditor_reference", transfer.creditor_reference)
    if transfer.creditor_reference is not None and transfer.remittance:
        yield "has both remittance and creditor_reference, and many banks drop one; give one"
    if len(transfer.remittance) > 1:
        yield f"has {len(transfer.remittance)} lines of remittance; banks forward one, so join them"


def _text(name: str, given: str, length_max: int) -> Iterator[str]:
    if not given or given != given.strip():
        yield f"{name} is {given!r}; give a text without spaces around it"
    elif not PLAIN.fullmatch(given):
        odd = " ".join(sorted({one for one in given if not PLAIN.fullmatch(one)}))
        yield f"{name} {given!r} has {odd!r}; write it with {CHARACTERS}"
    elif len(given) > length_max:
        yield f"{name} {given!r} has {len(given)} places; shorten it to {length_max}"


def _id(name: str, given: str) -> Iterator[str]:
    yield from _text(name, given, ID_MAX)
    if given.startswith("/") or given.endswith("/") or "//" in given:
        yield f"{name} {given!r} has a slash at an end or two together; take it out"


def _account_reasons(name: str, given: str) -> Iterator[str]:
    if not ACCOUNT.fullmatch(given):
        yield f"{name} {given!r} is no account; give 1 to 34 letters and digits without spaces"
    elif IBAN.fullmatch(given) and not iban.is_valid(given, check_country=False):
        yield f"{name} {given!r} is no IBAN: its check digits are wrong; copy it again"


def _bic(name: str, given: str) -> Iterator[str]:
    if not BIC.fullmatch(given):
        yield f"{name} {given!r} is no BIC; give its 8 or 11 capital letters and digits"


def _account(parent: etree._Element, name: str, number: str) -> None:
    node = _add(_add(parent, name), "Id")
    if IBAN.fullmatch(number):
        _add(node, "IBAN", number)
    else:
        _add(_add(node, "Othr"), "Id", number)


def _control_sum(order: Order) -> str:
    """Return the sum of all amounts whatever their currency, as the message asks."""
    amounts = (Decimal(_decimal(one.amount)) for one in order.transfers)
    return f"{sum(amounts, Decimal(0)):f}"


def _decimal(amount: Money) -> str:
    digits = MINOR_DIGITS[amount.currency]
    whole, rest = divmod(amount.minor, 10**digits)
    return f"{whole}.{rest:0{digits}}" if digits else str(whole)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    node = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    node.text = text
    return node
