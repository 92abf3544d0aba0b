"""The simulated bank: tells of payments by camt.053 and camt.054, and executes pain.001."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml import etree

from tradeloop.kit.money import MINOR_DIGITS, Money

STATEMENT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
NOTIFICATION = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
ORDERS = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
BIC = "SYNBCNB1"
NAME = "Synthetic Town Bank (a simulator)"
ACCOUNT_LETTERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One booking on an account of the town; `reference` is the bank's own."""

    reference: str
    account: str
    on: date
    amount: Money
    is_credit: bool
    other: str  # who paid, or was paid
    says: str
    end_to_end: str | None = None


def account_of(owner: str) -> str:
    """Return the synthetic account of an owner: letters and digits, and no IBAN."""
    digits = hashlib.sha256(owner.encode()).hexdigest()[:ACCOUNT_LETTERS].upper()
    return f"SYN{digits}"


@dataclass(slots=True)
class Bank:
    """What the bank knows: the balance of each account and currency, and how many files it wrote.

    The same bookings give the same bytes.
    """

    balances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    files: int = 0
    booked: int = 0

    def reference(self) -> str:
        """Return the next number of a booking."""
        self.booked += 1
        return f"SYNBK{self.booked:09}"

    def statements(self, bookings: Sequence[Booking], on: date) -> bytes:
        """Return a file with a statement of each account that was booked on, up to a day."""
        self.files += 1
        root, message = _document(STATEMENT, "BkToCstmrStmt", f"SYN-STMT-{self.files:06}", on)
        for (account, currency), found in _by_account(bookings).items():
            node = _add(message, "Stmt")
            _add(node, "Id", f"{account}-{self.files:06}")
            _add(node, "CreDtTm", f"{on}T18:00:00+08:00")
            _account(node, account)
            before = self.balances[account, currency]
            after = before + sum(_signed(one) for one in found)
            _balance(node, "OPBD", Money(before, currency), found[0].on)
            _balance(node, "CLBD", Money(after, currency), on)
            self.balances[account, currency] = after
            for one in found:
                _entry(node, one)
        return _written(root)

    def notification(self, bookings: Sequence[Booking], on: date) -> bytes:
        """Return a file that tells of bookings before their statement does."""
        self.files += 1
        root, message = _document(
            NOTIFICATION, "BkToCstmrDbtCdtNtfctn", f"SYN-NTFCTN-{self.files:06}", on
        )
        for (account, _), found in _by_account(bookings).items():
            node = _add(message, "Ntfctn")
            _add(node, "Id", f"N-{account}-{self.files:06}")
            _add(node, "CreDtTm", f"{on}T12:00:00+08:00")
            _account(node, account)
            for one in found:
                _entry(node, one)
        return _written(root)

    def execute(self, order: bytes, on: date) -> list[Booking]:
        """Pay every transfer of a file of orders; return the debits of the account that pays."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(order, parser)
        payer = _text(root, "DbtrAcct", "Id")
        found = []
        for transfer in root.iter(f"{ORDERS}CdtTrfTxInf"):
            node = transfer.find(f"{ORDERS}Amt/{ORDERS}InstdAmt")
            if node is None or node.text is None:
                continue
            currency = node.get("Ccy", "")
            minor = int(node.text.replace(".", ""))
            found.append(
                Booking(
                    reference=self.reference(), account=payer, on=on, is_credit=False,
                    amount=Money(minor, currency), other=_text(transfer, "Cdtr", "Nm"),
                    says=_text(transfer, "RmtInf", "Ustrd"),
                    end_to_end=_text(transfer, "PmtId", "EndToEndId"),
                )
            )  # fmt: skip
        return found


def _by_account(bookings: Sequence[Booking]) -> dict[tuple[str, str], list[Booking]]:
    found: dict[tuple[str, str], list[Booking]] = defaultdict(list)
    for one in sorted(bookings, key=lambda one: (one.account, one.on, one.reference)):
        found[one.account, one.amount.currency].append(one)
    return found


def _document(space: str, name: str, id_: str, on: date) -> tuple[Any, Any]:
    nsmap: Any = {None: space}  # the stubs know no default namespace
    root = etree.Element(f"{{{space}}}Document", nsmap=nsmap)
    message = etree.SubElement(root, f"{{{space}}}{name}")
    head = _add(message, "GrpHdr")
    _add(head, "MsgId", id_)
    _add(head, "CreDtTm", f"{on}T18:00:00+08:00")
    _add(_add(head, "MsgRcpt"), "Nm", NAME)
    return root, message


def _account(node: Any, account: str) -> None:  # noqa: ANN401 - an element, whose stubs say less
    _add(_add(_add(_add(node, "Acct"), "Id"), "Othr"), "Id", account)


def _balance(node: Any, code: str, amount: Money, on: date) -> None:  # noqa: ANN401 - the same
    balance = _add(node, "Bal")
    _add(_add(_add(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, Money(abs(amount.minor), amount.currency))
    _add(balance, "CdtDbtInd", "DBIT" if amount.minor < 0 else "CRDT")
    _add(_add(balance, "Dt"), "Dt", on.isoformat())


def _entry(node: Any, one: Booking) -> None:  # noqa: ANN401 - the same
    entry = _add(node, "Ntry")
    _amount(entry, one.amount)
    _add(entry, "CdtDbtInd", "CRDT" if one.is_credit else "DBIT")
    _add(_add(entry, "Sts"), "Cd", "BOOK")
    _add(_add(entry, "BookgDt"), "Dt", one.on.isoformat())
    _add(_add(entry, "ValDt"), "Dt", one.on.isoformat())
    _add(entry, "AcctSvcrRef", one.reference)
    detail = _add(_add(entry, "NtryDtls"), "TxDtls")
    if one.end_to_end:
        _add(_add(detail, "Refs"), "EndToEndId", one.end_to_end)
    side = "Dbtr" if one.is_credit else "Cdtr"
    _add(_add(_add(_add(detail, "RltdPties"), side), "Pty"), "Nm", one.other)
    if one.says:
        _add(_add(detail, "RmtInf"), "Ustrd", one.says)


def _amount(node: Any, amount: Money) -> None:  # noqa: ANN401 - the same
    digits = MINOR_DIGITS[amount.currency]
    whole, rest = divmod(amount.minor, 10**digits)
    said = _add(node, "Amt", f"{whole}.{rest:0{digits}}" if digits else str(whole))
    said.set("Ccy", amount.currency)


def _add(node: Any, name: str, text: str | None = None) -> Any:  # noqa: ANN401 - the same
    child = etree.SubElement(node, f"{{{etree.QName(node).namespace}}}{name}")
    child.text = text
    return child


def _text(node: Any, *path: str) -> str:  # noqa: ANN401 - the same
    """Return the first text below the first element of some name, at any depth."""
    for found in node.iter(f"{ORDERS}{path[0]}"):
        for inner in found.iter(f"{ORDERS}{path[-1]}"):
            text = "".join(inner.itertext()).strip()
            if text:
                return text
    return ""


def _signed(one: Booking) -> int:
    return one.amount.minor if one.is_credit else -one.amount.minor


def _written(root: Any) -> bytes:  # noqa: ANN401 - the same
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written
