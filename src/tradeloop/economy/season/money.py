"""What buyers send arrives by the bank's files; what is doubtful, a simulated person decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from tradeloop.economy.season.bank import Bank, Booking
from tradeloop.economy.season.behaviour import Debt, Extended, Happening, Paying, Returned
from tradeloop.economy.season.clock import Clock
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import CreditKind
from tradeloop.receivables.queries import owed
from tradeloop.settlement import actions as settlement
from tradeloop.settlement import queries

PERSON = "bookkeeper (simulated)"
REFERENCE = re.compile(r"SYNBK\d{9}")
CHARGES_MAX: Mapping[str, int] = {"USD": 3_000}
NOTIFIED_EACH = 3  # every so many payments are told by a notification too, before the statement


@dataclass(slots=True)
class Till:
    """The town's accounts: which were opened, and what was meant with each booking."""

    bank: Bank
    clock: Clock
    accounts: set[str] = field(default_factory=set)
    meant: dict[str, Paying] = field(default_factory=dict)  # by the bank's reference
    by_hand: int = 0  # payments on which a person decided

    def open(self, debt: Debt) -> None:
        """Give the seller of a debt its account, once."""
        if debt.account not in self.accounts:
            self.accounts.add(debt.account)
            settlement.add_account(account=debt.account, owner=debt.seller, at=self.clock.now())

    def take_in(self, happened: Sequence[Happening], executed: Sequence[Booking]) -> set[str]:
        """Take in what happened since the last day; return the buyers who owe less now.

        Args:
            happened: Payments, returned goods and new days to pay.
            executed: What the bank booked of payment orders.
        """
        buyers = {one.debt.buyer for one in happened if not isinstance(one, Extended)}
        for one in happened:
            if isinstance(one, Returned):
                self._return(one)
            elif isinstance(one, Extended):
                receivables.extend(
                    trade=one.debt.trade, to_date=one.to_date, agreed_on=one.on,
                    at=self.clock.now(),
                )  # fmt: skip
        paid = [self._booking(one) for one in happened if isinstance(one, Paying)]
        bookings = [*paid, *executed]
        if not bookings:
            return buyers
        on = self.clock.day
        self._files(
            *([self.bank.notification(paid[::NOTIFIED_EACH], on)] if paid else []),
            self.bank.statements(bookings, on),
        )
        if paid:
            settlement.match_open(at=self.clock.now(), charges_max_minor=CHARGES_MAX)
            self._decide()
        return buyers

    def _files(self, *files: bytes) -> None:
        for number, data in enumerate(files, 1):
            settlement.take_in_bank_file(
                data=data, name=f"{self.clock.day}-{number}.xml", at=self.clock.now()
            )

    def _booking(self, one: Paying) -> Booking:
        reference = self.bank.reference()
        self.meant[reference] = one
        number = one.debt.trade.partition("/")[2]
        return Booking(
            reference=reference, account=one.debt.account, on=one.on,
            amount=one.amount - one.kept, is_credit=True, other=one.payer,
            says=f"PAYMENT FOR {number}" if one.is_named else "PAYMENT FOR GOODS",
        )  # fmt: skip

    def _return(self, one: Returned) -> None:
        """Credit goods that came back, as far as they are not paid yet."""
        (debt,) = owed(on=self.clock.day, trades=[one.debt.trade])
        amount = min(one.amount, debt.open)
        if amount.minor:
            receivables.credit(
                id=uuid5(NAMESPACE_OID, f"returned {debt.trade}"), trade=debt.trade,
                kind=CreditKind.GOODS_RETURNED, amount=amount, counts_on=one.on,
                because="goods came back", at=self.clock.now(),
            )  # fmt: skip

    def _decide(self) -> None:
        """Let a person, who can ask the buyer, say what each doubtful payment is for."""
        for one in queries.waiting():
            found = REFERENCE.search(one.payment)
            meant = self.meant.get(found.group()) if found else None
            if meant is not None:
                self.by_hand += 1
                settlement.decide(
                    payment=one.payment, trades=[meant.debt.trade], by=PERSON,
                    because="the buyer says so", at=self.clock.now(),
                )  # fmt: skip
