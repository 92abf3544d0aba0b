"""The reader of camt.053 and camt.054: any version, by local names, as far as the file goes.

Source: ISO 20022 message definitions, Bank-to-Customer Cash Management. CdtDbtInd of a reversal is
the direction of the reversal itself.
"""

from __future__ import annotations

from lxml import etree

from tradeloop.settlement.balances import check_balances
from tradeloop.settlement.entries import Entries
from tradeloop.settlement.facts import Balance, Direction, Kind, Noticed, Place, Read, Statement
from tradeloop.settlement.told import noticed
from tradeloop.settlement.values import day, direction, line_of, money, shown, text
from tradeloop.settlement.xml import Parsed, parse

MESSAGES = {
    "BkToCstmrStmt": (Kind.STATEMENT, "Stmt"),
    "BkToCstmrDbtCdtNtfctn": (Kind.NOTIFICATION, "Ntfctn"),
}
ACCOUNT = ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")


def read(data: bytes, file: str) -> Read:
    """Read every statement in `data`; nothing raises. `file` is named in each place."""
    parsed = parse(data, file)
    if parsed.root is None:
        return Read((), parsed.noticed)
    told: list[Noticed] = list(parsed.noticed)
    found = [
        (kind, node)
        for message in parsed.root.iter(*MESSAGES)
        for kind, inner in [MESSAGES[str(message.tag)]]
        for node in message.findall(inner)
    ]
    if not found:
        names = [str(one.tag) for one in parsed.root.iter(etree.Element)][:3]
        told.append(
            noticed(
                "message-unknown",
                Place(file=file),
                seen=" / ".join(names),
                expected="a statement (camt.053) or notification (camt.054)",
            )
        )
    statements = tuple(
        _statement(node, kind, Place(file=file, statement=number, line=line_of(node)), parsed, told)
        for number, (kind, node) in enumerate(found, 1)
    )
    return Read(statements, tuple(told))


def _statement(
    node: etree._Element, kind: Kind, place: Place, parsed: Parsed, told: list[Noticed]
) -> Statement:
    account = text(node, *ACCOUNT)
    entries = Entries(account=account, statement=place, told=told)
    for number, entry in enumerate(node.findall("Ntry"), 1):
        entries.read(
            entry,
            Place(file=place.file, statement=place.statement, entry=number, line=line_of(entry)),
        )
    balances, lost = _balances(node, place, told)
    statement = Statement(
        place=place, kind=kind, account=account,
        version=parsed.root.get("version") if parsed.root is not None else None,
        id=text(node, "Id"), created_at=text(node, "CreDtTm"),
        balances=balances, payments=tuple(entries.payments),
    )  # fmt: skip
    _count(node, place, len(node.findall("Ntry")), told)
    if kind is Kind.STATEMENT:
        told += check_balances(statement, incomplete=parsed.lost or lost or entries.lost > 0)
    return statement


def _balances(
    node: etree._Element, place: Place, told: list[Noticed]
) -> tuple[tuple[Balance, ...], bool]:
    """Return the balances, and whether one could not be read."""
    balances, lost = [], False
    for one in node.findall("Bal"):
        amount, way = money(one.find("Amt")), direction(one)
        if amount is None or way is None:
            lost = True
            at = Place(file=place.file, statement=place.statement, line=line_of(one))
            seen = f"balance {shown(one.find('Amt'))}, {text(one, 'CdtDbtInd')}"
            told.append(
                noticed("amount-unreadable", at, seen=seen, expected="amount, currency, CRDT|DBIT")
            )
            continue
        code = text(one, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd") or ""
        signed = amount if way is Direction.CREDIT else amount - amount - amount
        balances.append(Balance(code=code, amount=signed, on=day(one.find("Dt"))))
    return tuple(balances), lost


def _count(node: etree._Element, place: Place, count: int, told: list[Noticed]) -> None:
    stated = text(node, "TxsSummry/TtlNtries/NbOfNtries")
    if stated and stated.isdecimal() and int(stated) != count:
        told.append(
            noticed("entries-number-differs", place, seen=f"{count} entries", expected=f"{stated}")
        )
