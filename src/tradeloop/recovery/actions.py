"""The verbs of recovery: receive, spend, sweep late payments in, hand on, write off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tradeloop.claims import actions as claim_actions
from tradeloop.claims.moves import ClaimUnknown
from tradeloop.claims.rows import do, one, put
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.lifecycle import MoveNotAllowed
from tradeloop.kit.money import Money
from tradeloop.kit.terms import canonical
from tradeloop.recovery import queries
from tradeloop.recovery.facts import Receipt, RecoveryUnsound, Shared
from tradeloop.recovery.late import look
from tradeloop.recovery.lifecycle import PURSUIT, Event, State
from tradeloop.recovery.opening import open_pursuit
from tradeloop.recovery.queries import Pursuit, PursuitUnknown
from tradeloop.recovery.rules import costs_of_insurer, share
from tradeloop.recovery.sharing import (
    INSURED,
    INSURER,
    handed,
    post,
    share_again,
    spent,
    undo,
    with_costs,
)
from tradeloop.recovery.terms import Costs

__all__ = [
    "REFUSED", "hand_over", "open_pursuit", "receive", "spend", "sweep",
    "withdraw_receipt", "write_off",
]  # fmt: skip


class RecoveryRefused(ValueError):
    """What is told does not fit; nothing was written."""


class ReceiptIdReused(RecoveryRefused):
    """The id stands for something else."""


REFUSED = (
    ClaimUnknown, MoveNotAllowed, PursuitUnknown, RecoveryRefused, RecoveryUnsound,
)  # fmt: skip
"""What the verbs refuse, by name; each says what to do."""


@transaction.atomic
def receive(
    *, id: str, claim: str, amount: Money, received_on: date, received_by: str, by: str,
    at: datetime, payment: str | None = None,
) -> Shared:  # fmt: skip
    """Take in money that came back, and share it to the cent.

    Args:
        id: The caller's, kept for retries.
        claim: Pursued; a write-off is revived by it.
        amount: In the currency of the pursuit.
        received_on: By whoever received it.
        received_by: `insurer` or `insured`.
        by: Who tells it.
        at: The caller's clock.
        payment: Its id in `receivables`, where the buyer paid the merchant.

    Raises:
        ReceiptIdReused: The id stands for another receipt.
        RecoveryRefused: Another currency, nothing, a day to come, or received by nobody known.
        RecoveryUnsound: More came back than is owed.
        PursuitUnknown: Nothing is pursued for the claim.
    """
    found = queries.pursuit(claim, for_update=True)
    known = one("select * from recovery_receipt where id = %s", id)
    content = (claim, amount.minor, received_on, received_by, payment)
    if known is not None:
        kept = tuple(
            known[name]
            for name in ("pursuit_id", "amount_minor", "received_on", "received_by", "payment")
        )
        if kept != content or amount.currency != found.nothing.currency:
            raise ReceiptIdReused(f"Receipt {id} stands for another one. Give this one its own id.")
        return _again(found, known)
    _check(found, id, amount, received_on, at)
    if received_by not in {INSURER, INSURED}:
        raise RecoveryRefused(f"Receipt {id}: {received_by!r} is neither insurer nor insured.")
    lost = one("select loss_on from claims_claim where id = %s", claim)
    if payment is None and lost is not None and received_on < lost["loss_on"]:
        raise RecoveryRefused(
            f"Receipt {id} is dated {received_on}, before the loss of {lost['loss_on']}. What came "
            "before pays the debt: enter it with `receivables pay`."
        )
    (shared,) = with_costs(found, [Receipt(id=id, amount=amount, received_on=received_on)])
    entry = record(
        kind="recovery.received", at=at,
        fact={
            "amount": str(amount.minor), "by": by, "claim": claim, "receipt": id,
            "to_insured": str(shared.to_insured.minor), "to_insurer": str(shared.to_insurer.minor),
        },
    ).entry_id  # fmt: skip
    put(
        "recovery_receipt",
        "id, pursuit_id, place, payment, amount_minor, received_on, received_by, "
        "costs_repaid_minor, to_insurer_minor, to_insured_minor, payover_by, said, version, "
        "made_by",
        [(
            id, claim, len(queries.receipts(claim)) + 1, payment, amount.minor, received_on,
            received_by, shared.costs_repaid.minor, shared.to_insurer.minor,
            shared.to_insured.minor, shared.payover_by.on, canonical(shared).decode(), 1, entry,
        )],
    )  # fmt: skip
    post(found, [(shared, received_by, 1)], on=received_on, at=at)
    if found.state is State.WRITTEN_OFF:
        _move(found, Event.REVIVE)
    return shared


@transaction.atomic
def withdraw_receipt(*, id: str, because: str, by: str, at: datetime) -> None:
    """Take a receipt back, as when a bank returns a payment; those left are shared anew.

    Raises:
        RecoveryRefused: There is no such receipt.
    """
    row = one("select pursuit_id from recovery_receipt where id = %s", id)
    if row is None:
        raise RecoveryRefused(f"There is no receipt {id!r}. `recovery show` names them.")
    found = queries.pursuit(row["pursuit_id"], for_update=True)
    today = at.astimezone(SHANGHAI).date()
    kept = one("select * from recovery_receipt where id = %s and withdrawn_on is null", id)
    if kept is None:
        return
    fact = {"because": because, "by": by, "claim": found.claim, "receipt": id}
    record(kind="recovery.receipt-withdrawn", at=at, fact=fact)
    undo(found, kept, on=max(today, kept["received_on"]), at=at)
    do("update recovery_receipt set withdrawn_on = %s where id = %s", today, id)
    share_again(found, on=today, at=at)


@transaction.atomic
def sweep(*, at: datetime, by: str, claims: Sequence[str] | None = None) -> tuple[Shared, ...]:
    """Take in what buyers paid merchants after their claims were paid; and what banks took back.

    Returns:
        What was shared now, claim by claim, in the order in which the payments came.
    """
    found = look(None if claims is None else list(claims))
    for receipt in found.stale:
        withdraw_receipt(id=receipt, because="its payment stands otherwise now", by=by, at=at)
    shared = []
    for late in found.new:
        pursued = queries.pursuit(late.claim, for_update=True)
        amount = min(Money(late.minor, pursued.nothing.currency), queries.position(late.claim).left)
        if amount.minor <= 0:
            continue  # beyond the debt: it is the merchant's, or the buyer's
        shared.append(
            receive(
                id=late.id, claim=late.claim, amount=amount, received_on=late.paid_on,
                received_by=INSURED, by=by, at=at, payment=late.payment,
            )
        )  # fmt: skip
    return tuple(shared)


@transaction.atomic
def spend(
    *, id: str, claim: str, amount: Money, spent_on: date, spent_by: str, because: str, by: str,
    at: datetime,
) -> tuple[Money, Money]:  # fmt: skip
    """Enter an approved cost of pursuing that the buyer did not bear.

    Returns:
        What the insurer bears of it, and what the insured; nothing of either where the proceeds
        are to repay it.

    Raises:
        ReceiptIdReused: The id stands for another cost.
        RecoveryRefused: Another currency, nothing, a day to come, or spent by nobody known.
        PursuitUnknown: Nothing is pursued for the claim.
    """
    found = queries.pursuit(claim, for_update=True)
    known = one("select * from recovery_cost where id = %s", id)
    if known is not None:
        kept = Money(known["amount_minor"], found.nothing.currency)
        if (known["pursuit_id"], kept, known["spent_by"]) != (claim, amount, spent_by):
            raise ReceiptIdReused(f"Cost {id} stands for another one. Give this one its own id.")
        return (
            Money(known["insurer_bears_minor"], amount.currency),
            Money(known["insured_bears_minor"], amount.currency),
        )
    _check(found, id, amount, spent_on, at)
    if spent_by not in {INSURER, INSURED}:
        raise RecoveryRefused(f"Cost {id}: {spent_by!r} is neither insurer nor insured.")
    insurer = insured = found.nothing
    if found.terms.costs is not Costs.FROM_PROCEEDS:
        insurer = costs_of_insurer(amount, pursued=found.pursued, terms=found.terms)
        insured = amount - insurer
    fact = {"amount": str(amount.minor), "by": by, "claim": claim, "cost": id}
    entry = record(kind="recovery.spent", at=at, fact=fact).entry_id
    put(
        "recovery_cost",
        "id, pursuit_id, amount_minor, spent_on, spent_by, because, insurer_bears_minor, "
        "insured_bears_minor, made_by",
        [(
            id, claim, amount.minor, spent_on, spent_by, because, insurer.minor, insured.minor,
            entry,
        )],
    )  # fmt: skip
    spent(found, id, amount, spent_by, (insurer, insured), on=spent_on, at=at)
    return insurer, insured


@transaction.atomic
def hand_over(
    *, id: str, claim: str, from_side: str, amount: Money, handed_on: date, by: str, at: datetime
) -> Money:
    """Enter that one side handed on what is the other's; return what the insured still owes.

    Raises:
        ReceiptIdReused: The id stands for another handover.
        RecoveryRefused: More than is owed, in another currency, or from nobody known.
        PursuitUnknown: Nothing is pursued for the claim.
    """
    found = queries.pursuit(claim, for_update=True)
    known = one("select * from recovery_handover where id = %s", id)
    content = (claim, from_side, amount.minor, amount.currency)
    kept = known and (known["pursuit_id"], known["from_side"], known["amount_minor"])
    if kept and (*kept, found.nothing.currency) != content:
        raise ReceiptIdReused(f"Handover {id} stands for another. Give this one its own id.")
    if known is None:
        _check(found, id, amount, handed_on, at)
        owed = queries.position(claim).insured_owes
        most = owed if from_side == INSURED else found.nothing - owed
        if from_side not in {INSURER, INSURED} or amount > most:
            raise RecoveryRefused(
                f"Handover {id}: {amount} from {from_side}; owed are {most}. "
                "Name insurer or insured, and no more than is owed."
            )
        fact = {"amount": str(amount.minor), "by": by, "claim": claim, "from": from_side}
        entry = record(kind="recovery.handed-over", at=at, fact=fact).entry_id
        put(
            "recovery_handover", "id, pursuit_id, from_side, amount_minor, handed_on, made_by",
            [(id, claim, from_side, amount.minor, handed_on, entry)],
        )  # fmt: skip
        handed(found, id, from_side, amount, on=handed_on, at=at)
    return queries.position(claim).insured_owes


@transaction.atomic
def write_off(*, claim: str, because: str, by: str, at: datetime) -> Pursuit:
    """Expect nothing more: the pursuit ends, and its claim is closed. Later money revives it.

    Raises:
        RecoveryRefused: Nobody says why.
    """
    if not because.strip():
        raise RecoveryRefused(f"Claim {claim} is not written off: the reason is empty. Say why.")
    found = queries.pursuit(claim, for_update=True)
    if found.state is State.WRITTEN_OFF:
        return found
    fact = {"because": because, "by": by, "claim": claim}
    record(kind="recovery.written-off", at=at, fact=fact)
    do("update recovery_pursuit set because = %s where claim_id = %s", because, claim)
    _move(found, Event.WRITE_OFF)
    claim_actions.close(claim=claim, by=by, at=at)
    return queries.pursuit(claim)


def _move(found: Pursuit, event: Event) -> None:
    after = PURSUIT.after(found.state, event)
    do("update recovery_pursuit set state = %s where claim_id = %s", after.value, found.claim)


def _check(found: Pursuit, id: str, amount: Money, on: date, at: datetime) -> None:
    if amount.currency != found.nothing.currency or amount.minor <= 0:
        raise RecoveryRefused(
            f"{id}: {amount} cannot be entered; claim {found.claim} is pursued in "
            f"{found.nothing.currency}. Give more than nothing, converted at a dated rate."
        )
    if on > at.astimezone(SHANGHAI).date():
        raise RecoveryRefused(f"{id} is dated {on}, after today. Enter it when it has happened.")


def _again(found: Pursuit, row: dict[str, Any]) -> Shared:
    """Return how a kept receipt is shared: the rules say the same again."""
    if row["withdrawn_on"] is not None:
        raise RecoveryRefused(
            f"Receipt {row['id']} was taken back. Enter new money under a new id."
        )
    kept = queries.as_facts(queries.receipts(found.claim), found.nothing.currency)
    made = share(found.pursued, kept, terms=found.terms)
    return next(one for one in made if one.receipt == row["id"])
