"""What was approved is offered, signed, and paid by the bank; what comes back is shared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

from tradeloop.claims import actions, queries
from tradeloop.claims.accounts import Account
from tradeloop.claims.agree import Draft
from tradeloop.claims.lifecycle import State
from tradeloop.claims.outside import listed
from tradeloop.claims.pay import order_id, payouts_of
from tradeloop.claims.people import code_of
from tradeloop.claims.story import agreement_text
from tradeloop.economy.papers.dice import dice
from tradeloop.economy.season.bank import BIC, Bank, Booking, account_of
from tradeloop.economy.season.claims import HANDLERS, person_of, secret_of, standing
from tradeloop.economy.season.clock import CODE_S, Clock
from tradeloop.economy.season.habits import Habits, happens, within
from tradeloop.kit.money import Money
from tradeloop.recovery import actions as recovery
from tradeloop.recovery.queries import position
from tradeloop.settlement import actions as settlement
from tradeloop.settlement import queries as paid
from tradeloop.settlement.lifecycle import OrderState

CASHIER = "cashier (simulated)"
INSURER = "SYNTHETIC INSURER"
NONCE_BYTES = 12
EXECUTED_AFTER = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Payouts:
    """What is on its way to merchants, and what is pursued, between two days."""

    scheme: str
    seed: int
    habits: Habits
    clock: Clock
    bank: Bank
    people_key: bytes
    enrolled: set[str] = field(default_factory=set)
    offers: int = 0
    messages: int = 0
    executed: list[Booking] = field(default_factory=list)  # which no statement told of yet
    pays_on: dict[str, date] = field(default_factory=dict)  # claims whose order is at the bank
    paid_on: dict[str, date] = field(default_factory=dict)  # by claim
    owes_from: dict[str, date] = field(default_factory=dict)  # claims of which something came back

    def go_on(self) -> None:
        """Offer what was approved; what was offered before is signed, ordered and sent."""
        for name, state in standing(State.SIGNED, State.OFFERED, State.APPROVED):
            if state is State.APPROVED:
                self._offer(name)
                continue
            if state is State.OFFERED:
                self._sign(name)
            self._order(name)
        self._send()

    def told(self) -> list[Booking]:
        """Return what the bank booked since it was last asked."""
        executed, self.executed = self.executed, []
        return executed

    def _send(self) -> None:
        """Send all orders in one file; the bank executes them on the next day."""
        name = f"SEASON-{self.seed}-{self.messages + 1:04}"
        sent = settlement.send_orders(
            message=name, debtor=INSURER, account=account_of(f"insurer:{self.scheme}"), agent=BIC,
            execute_on=self.clock.day, at=self.clock.now(),
        )  # fmt: skip
        if sent.content is not None:
            self.messages += 1
            self.executed += self.bank.execute(sent.content, self.clock.day + EXECUTED_AFTER)

    def confirm(self) -> None:
        """Say of each claim that it is paid once the bank's file says so; begin to pursue."""
        for name, _ in standing(State.ORDERED):
            payouts = payouts_of(name)
            orders = paid.orders(ids=[order_id(one.id) for one in payouts])
            if any(one.state is not OrderState.CONFIRMED for one in orders):
                continue
            for one in payouts:
                actions.confirm_paid(
                    claim=name, payout=one.id, paid_on=self.pays_on[name], by=CASHIER,
                    at=self.clock.now(),
                )  # fmt: skip
            self.paid_on[name] = self.pays_on.pop(name)
            recovery.open_pursuit(claim=name, by=HANDLERS[0], at=self.clock.now())
            self._spend(name)

    def pursue(self) -> None:
        """Share what buyers paid since, let merchants hand on the insurer's part, give up."""
        for shared in recovery.sweep(at=self.clock.now(), by=HANDLERS[0]):
            name = shared.receipt.rpartition("@")[2].partition("#")[0]
            self.owes_from.setdefault(name, self.clock.day)
        for name, since in sorted(self.owes_from.items()):
            if since + timedelta(days=self.habits.insurer["handed_after_days"]) <= self.clock.day:
                del self.owes_from[name]
                self._hand_over(name)
        for name, on in sorted(self.paid_on.items()):
            if on + timedelta(days=self.habits.insurer["given_up_after_days"]) <= self.clock.day:
                del self.paid_on[name]
                if not position(name).received.minor:
                    recovery.write_off(
                        claim=name, because="nothing came back", by=HANDLERS[1],
                        at=self.clock.now(),
                    )  # fmt: skip

    def _offer(self, name: str) -> None:
        self.offers += 1

        def render(draft: Draft) -> bytes:
            return agreement_text(draft.number, draft.case, draft.calculated).encode()

        actions.offer(
            claim=name, number=f"S{self.seed}-A{self.offers:05}", render=render, by=HANDLERS[0],
            at=self.clock.now(),
        )  # fmt: skip

    def _sign(self, name: str) -> None:
        case, agreement = queries.case(name), queries.agreement(name)
        assert agreement is not None  # noqa: S101 - what is offered has its file
        person, secret = person_of(case.policyholder), secret_of(self.seed, case.policyholder)
        if person not in self.enrolled:
            nonce = hashlib.sha256(f"nonce {person}".encode()).digest()[:NONCE_BYTES]
            actions.enrol(
                person=person, party=case.policyholder, secret=secret, key=self.people_key,
                nonce=nonce, by=HANDLERS[0], at=self.clock.now(),
            )  # fmt: skip
            self.enrolled.add(person)
        at = self.clock.now(CODE_S)
        actions.sign(
            claim=name, person=person, code=code_of(secret, at), digest=agreement["content_id"],
            key=self.people_key, at=at,
        )  # fmt: skip

    def _order(self, name: str) -> None:
        case = queries.case(name)
        payees = {case.policyholder, *(one.assignee for one in case.lines if one.assignee)}
        for payee in sorted(payees):
            actions.state_account(
                claim=name, payee=payee, by=HANDLERS[0], at=self.clock.now(),
                account=Account(name=f"SYNTHETIC {payee}", number=account_of(payee), agent=BIC),
            )  # fmt: skip
        done = actions.order_payout(
            claim=name, by=CASHIER, at=self.clock.now(),
            order_payment=settlement.order_payment, screen=listed,
        )  # fmt: skip
        if done.state is State.ORDERED:  # else its figure changed, and it begins anew
            self.pays_on[name] = self.clock.day + EXECUTED_AFTER

    def _spend(self, name: str) -> None:
        r = dice(self.seed, "costs", name)
        if not happens(r, self.habits.insurer["cost_percent"]):
            return
        currency = position(name).received.currency
        recovery.spend(
            id=f"{name} costs", claim=name, spent_on=self.clock.day, spent_by="insurer",
            amount=Money(within(r, self.habits.insurer["cost_minor"]), currency),
            because="a collector abroad", by=HANDLERS[0], at=self.clock.now(),
        )  # fmt: skip

    def _hand_over(self, name: str) -> None:
        owes = position(name).insured_owes
        if not owes.minor:
            return
        recovery.hand_over(
            id=f"{name} handed on {self.clock.day}", claim=name, handed_on=self.clock.day,
            from_side="insured" if owes.minor > 0 else "insurer", by=CASHIER,
            amount=Money(abs(owes.minor), owes.currency), at=self.clock.now(),
        )  # fmt: skip
