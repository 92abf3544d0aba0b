"""Where payees have their money: as the signed paper names it, or as two people say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.lifecycle import State
from tradeloop.claims.moves import lock
from tradeloop.claims.rows import do, named, one
from tradeloop.forms.shown import masked
from tradeloop.journal.actions import record
from tradeloop.settlement.accounts import without_blanks

STATED = """
select a.payee, a.name, a.number, a.agent, a.agreement_id, a.stated_by
from claims_account as a
left join claims_agreement as g on g.number = a.agreement_id
where a.claim_id = %s and (a.agreement_id is null or g.state <> 'void')
order by a.id
"""
ORDERED = """
select p.id, p.paid_on, o.state from claims_payout as p
left join settlement_order as o on o.id = p."order"
where p.claim_id = %s and p.payee = %s
"""
OPEN = {State.OFFERED, State.SIGNED, State.ORDERED, State.PAID, State.SUBROGATED, State.CLOSED}


class PayoutRefused(ValueError):
    """The payout is not ordered; nothing was written."""


class PayeeUnknown(PayoutRefused):
    """There is no account of somebody who is to be paid."""


class AccountDiffers(PayoutRefused):
    """Another account than the one that was agreed or stated."""


class StatedByOrderer(PayoutRefused):
    """Who stated an account cannot order a payment to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a payee has its money."""

    name: str
    number: str
    agent: str | None = None  # BIC

    def __post_init__(self) -> None:
        """Keep the number as banks write it, however a person grouped its digits."""
        object.__setattr__(self, "number", without_blanks(self.number))

    def __str__(self) -> str:
        """Say it as a paper shows it: whoever reads on cannot use it."""
        return f"{self.name} {masked(self.number)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An account, by whom it was stated, and the agreement that names it if one does."""

    payee: str
    account: Account
    agreement: str | None
    stated_by: str


@transaction.atomic
def state_account(*, claim: str, payee: str, account: Account, by: str, at: datetime) -> State:
    """State where somebody is paid whose account no agreement names, or whom the bank rejected.

    Another person orders the payment.

    Args:
        claim: Its agreement is offered, signed, or its payout ordered.
        payee: The insured, or who a receivable is assigned to.
        account: The last one that was stated counts.
        by: Who states it.
        at: The caller's clock.

    Raises:
        PayoutRefused: Nothing is agreed, the payee is not paid on this claim, a text is empty, or
            the bank may still pay the order.
        AccountDiffers: The agreement names another account, and the bank rejected nothing.
    """
    state = lock(claim)
    case, agreement = queries.case(claim), queries.agreement(claim)
    if state not in OPEN or agreement is None:
        raise PayoutRefused(
            f"Claim {claim} is {state}: nobody is paid on it now. State an account once its "
            "agreement is offered."
        )
    payees = {line.assignee or case.policyholder for line in case.lines}
    if payee not in payees:
        raise PayoutRefused(
            f"Claim {claim} pays {', '.join(sorted(payees))}, not {payee}. Name one of them."
        )
    known = stated_of(claim).get(payee)
    if known is not None and known.account == account:
        return state
    order = one(ORDERED, claim, payee)
    if order is not None and order["paid_on"]:
        raise PayoutRefused(
            f"Payout {order['id']} to {payee} was paid on {order['paid_on']}. If the bank sent its "
            "money back, say so first: tradeloop claims returned."
        )
    if order is not None and order["state"] not in {None, "rejected"}:
        raise PayoutRefused(
            f"Payout {order['id']} to {payee} is with the bank, which may still pay it. Have it "
            "rejected first, so that nobody is paid twice."
        )
    if order is None and known is not None and known.agreement is not None:
        raise AccountDiffers(
            f"Agreement {known.agreement} names {known.account} of {payee}; {account} is another. "
            "To be paid elsewhere is a sign of fraud to look into: tradeloop claims signal. "
            "Once another person cleared it, offer a new agreement."
        )
    keep(claim=claim, agreement=None, payee=payee, account=account, by=by, at=at)
    return state


def keep(
    *, claim: str, agreement: str | None, payee: str, account: Account, by: str, at: datetime
) -> None:
    """Keep an account; the journal tells that it was stated, and not which it is.

    Raises:
        PayoutRefused: Its name or its number is empty.
    """
    if not account.name.strip() or not account.number.strip():
        raise PayoutRefused(f"The account of {payee} lacks its name or its number. Give both.")
    made = record(kind="claims.account-stated", at=at, fact={
        "agreement": agreement, "by": by, "claim": claim, "payee": payee,
    }).entry_id  # fmt: skip
    do(
        "insert into claims_account (claim_id, agreement_id, payee, name, number, agent, "
        "stated_by, stated_at, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        claim, agreement, payee, account.name, account.number, account.agent, by, at, made,
    )  # fmt: skip


def stated_of(claim: str) -> Mapping[str, Stated]:
    """Return the account of each payee that counts: as agreed, or as stated since."""
    return {
        row["payee"]: Stated(
            payee=row["payee"], agreement=row["agreement_id"], stated_by=row["stated_by"],
            account=Account(name=row["name"], number=row["number"], agent=row["agent"]),
        )
        for row in named(STATED, claim)
    }  # fmt: skip


def account_of(claim: str, payee: str, *, given: Account | None, by: str) -> Account:
    """Return where a payee is paid, for whoever orders it.

    Args:
        claim: Whose payout it is.
        payee: Who is paid.
        given: What the orderer holds for the account, to be compared; None trusts the records.
        by: Who orders.

    Raises:
        PayeeUnknown: Nobody stated an account.
        AccountDiffers: The one given is another.
        StatedByOrderer: No agreement names it, and the orderer stated it.
    """
    found = stated_of(claim).get(payee)
    if found is None:
        raise PayeeUnknown(
            f"Claim {claim} pays {payee}; there is no account of {payee}. Let another person state "
            "it: tradeloop claims account."
        )
    if given is not None and given not in {
        found.account, Account(name=found.account.name, number=found.account.number)
    }:  # fmt: skip
        where = f"Agreement {found.agreement}" if found.agreement else found.stated_by
        raise AccountDiffers(
            f"{where} names {found.account} of {payee}; {given} is another. Pay to the one named; "
            "for another, a new agreement is signed."
        )
    if found.agreement is None and found.stated_by == by:
        raise StatedByOrderer(
            f"{by} stated the account of {payee}, which no agreement names. Let another person "
            "order."
        )
    return found.account
