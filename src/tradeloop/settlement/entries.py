"""One booking becomes its payments: a batch is told apart only where its parts add up to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from lxml import etree

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import (
    Direction,
    Entry,
    Exchange,
    Noticed,
    Party,
    Payment,
    Place,
    References,
)
from tradeloop.settlement.told import noticed
from tradeloop.settlement.values import (
    TRUE,
    bank_code,
    day,
    direction,
    exchange,
    line_of,
    money,
    shown,
    text,
    texts,
)

AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/AnncdPstngAmt/Amt", "AmtDtls/CntrValAmt/Amt")
ORIGINALS = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt")
EXCHANGES = tuple(
    f"AmtDtls/{name}/CcyXchg" for name in ("TxAmt", "InstdAmt", "CntrValAmt", "AnncdPstngAmt")
)
ACCOUNTS = ("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN")
COUNT_DIGITS_MAX = 15


@dataclass(slots=True)
class Entries:
    """The entries of one statement, as they are read."""

    account: str | None
    statement: Place
    told: list[Noticed]
    payments: list[Payment] = field(default_factory=list)
    lost: int = 0

    def read(self, node: etree._Element, place: Place) -> None:
        """Read one entry: its payments are kept, or it is lost and told."""
        amount, way = money(node.find("Amt")), direction(node)
        if amount is None:
            expected = "digits and a currency of ISO 4217, no finer than its minor unit"
            self._lose("amount-unreadable", place, shown(node.find("Amt")), expected)
            return
        if way is None:
            seen = f"CdtDbtInd {text(node, 'CdtDbtInd') or 'none'}"
            self._lose("entry-incomplete", place, seen, "CRDT or DBIT")
            return
        status = text(node, "Sts/Cd", "Sts/Prtry", "Sts")
        if status is None:
            self._tell("status-missing", place, "no status", "BOOK, PDNG, INFO or FUTR")
        whole = Payment(
            place=place, account=self.account, amount=amount, direction=way, status=status,
            booked_on=self._day(node, "BookgDt", place), value_on=self._day(node, "ValDt", place),
            is_reversal=(text(node, "RvslInd") or "").lower() in TRUE,
            references=References(transaction=text(node, "AcctSvcrRef", "NtryRef")),
            counterparty=Party(), original=None, exchange=None, bank_code=bank_code(node),
            entry=Entry(
                place=place, reference=text(node, "AcctSvcrRef"), amount=amount
            ),
        )  # fmt: skip
        details = node.findall("NtryDtls/TxDtls")
        self._count(node, place, len(details))
        self.payments += self._parts(whole, node, details)

    def _parts(
        self, whole: Payment, node: etree._Element, details: list[etree._Element]
    ) -> list[Payment]:
        """Return a payment for each detail if they add up to the booking, else one for all."""
        parts = [
            self._detail(whole, detail, number if len(details) > 1 else 0)
            for number, detail in enumerate(details, 1)
        ]
        own = [_amount_in(detail, whole.amount.currency) for detail in details]
        if not parts:
            return [self._exchanged(whole, node)]
        if None in own:
            if len(parts) == 1:
                return parts
            seen = f"{own.count(None)} of {len(own)} parts without an amount in the account's"
            self._tell(
                "details-unpriced", whole.place, f"{seen} currency", f"parts of {whole.amount}"
            )
            return [_together(whole, parts)]
        priced = [
            replace(part, amount=amount, direction=direction(detail) or whole.direction)
            for part, amount, detail in zip(parts, own, details, strict=True)
            if amount is not None
        ]
        total = Money(sum(part.signed_minor for part in priced), whole.amount.currency)
        if total.minor == whole.signed_minor:
            return priced
        booked = Money(whole.signed_minor, whole.amount.currency)
        self._tell("details-differ", whole.place, f"parts of {total} in all", f"{booked} as booked")
        return parts if len(parts) == 1 else [_together(whole, parts)]

    def _detail(self, whole: Payment, node: etree._Element, number: int) -> Payment:
        """Return the payment that a detail tells of, with the amount of the whole booking."""
        known = text(node, "Refs/AcctSvcrRef", "Refs/TxId", "Refs/UETR", "Refs/InstrId")
        lines = (
            *texts(node, "RmtInf/Ustrd"),
            *texts(node, "RmtInf/Strd/RfrdDocInf/Nb"),
            *texts(node, "RmtInf/Strd/AddtlRmtInf"),
        )
        part = replace(
            whole, place=replace(whole.place, detail=number, line=line_of(node)),
            references=References(
                end_to_end=text(node, "Refs/EndToEndId"),
                transaction=known or whole.references.transaction,
                creditor=texts(node, "RmtInf/Strd/CdtrRefInf/Ref"), remittance=lines,
            ),
            counterparty=_party(node, direction(node) or whole.direction, whole.is_reversal),
            bank_code=bank_code(node) or whole.bank_code,
            is_reversal=whole.is_reversal or (text(node, "RvslInd") or "").lower() in TRUE,
        )  # fmt: skip
        return self._exchanged(part, node)

    def _exchanged(self, payment: Payment, node: etree._Element) -> Payment:
        """Add what was instructed in another currency, and the rate."""
        currency = payment.amount.currency
        stated = [found for path in ORIGINALS if (found := money(node.find(path)))]
        original = next((one for one in stated if one.currency != currency and one.minor), None)
        rate: Exchange | None = None
        for path in EXCHANGES:
            applied = node.find(path)
            if applied is not None and rate is None:
                rate = exchange(applied)
                if rate is None:
                    seen = text(applied, "XchgRate") or "none"
                    self._tell("rate-unreadable", payment.place, seen, "a number above zero")
        return replace(payment, original=original, exchange=rate)

    def _count(self, node: etree._Element, place: Place, count: int) -> None:
        stated = [text(batch, "NbOfTxs") for batch in node.findall("NtryDtls/Btch")]
        numbers = [
            int(one) for one in stated if one and one.isdecimal() and len(one) <= COUNT_DIGITS_MAX
        ]
        if numbers and count and sum(numbers) != count:
            self._tell("details-number-differs", place, f"{count} parts", f"{sum(numbers)} stated")

    def _day(self, node: etree._Element, name: str, place: Place) -> date | None:
        found = node.find(name)
        read = day(found)
        if found is not None and read is None:
            self._tell("date-unreadable", place, f"{name} {text(found, '')}", "as 2026-03-09")
        return read

    def _lose(self, code: str, place: Place, seen: str, expected: str) -> None:
        self.lost += 1
        self._tell(code, place, seen, expected)

    def _tell(self, code: str, place: Place, seen: str, expected: str) -> None:
        self.told.append(noticed(code, place, seen=seen, expected=expected))


def _amount_in(node: etree._Element, currency: str) -> Money | None:
    """Return the first amount of a detail in the currency of the account."""
    stated = (money(node.find(path)) for path in AMOUNTS)
    return next((one for one in stated if one and one.currency == currency), None)


def _together(whole: Payment, parts: list[Payment]) -> Payment:
    """Return the booking as one payment that names every reference of its parts."""
    end_to_end = dict.fromkeys(one for part in parts if (one := part.references.end_to_end))
    references = References(
        end_to_end=next(iter(end_to_end)) if len(end_to_end) == 1 else None,
        transaction=whole.references.transaction,
        creditor=tuple(dict.fromkeys(one for part in parts for one in part.references.creditor)),
        remittance=tuple(
            dict.fromkeys(
                [one for part in parts for one in part.references.remittance]
                + (list(end_to_end) if len(end_to_end) > 1 else [])
            )
        ),
    )
    others = {part.counterparty for part in parts}
    same = others.pop() if len(others) == 1 else Party()
    return replace(whole, references=references, counterparty=same)


def _party(node: etree._Element, way: Direction, is_reversal: bool) -> Party:  # noqa: FBT001
    """Return the other side: who paid a credit, who got a debit; turned round in a reversal."""
    side = "Dbtr" if (way is Direction.CREDIT) != is_reversal else "Cdtr"
    parties, agents = node.find("RltdPties"), node.find("RltdAgts")
    bank = f"{side}Agt/FinInstnId"
    return Party(
        name=text(parties, f"{side}/Pty/Nm", f"{side}/Nm", f"{side}/Agt/FinInstnId/Nm"),
        account=text(parties, *(f"{side}Acct/{path}" for path in ACCOUNTS)),
        agent=text(
            agents, f"{bank}/BICFI", f"{bank}/BIC", f"{bank}/ClrSysMmbId/MmbId", f"{bank}/Nm"
        ),
    )
