"""The verbs: what is owed is opened, paid, credited, extended and assigned.

Each joins the transaction that is open, or is one of its own. Within an open transaction make one
call for many lines rather than several: each takes the locks of its sellers in one order, and two
transactions of several calls may wait for one another (the database then ends one of them).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.receivables import moves, queries
from tradeloop.receivables.agreed import (
    AlreadyAssigned,
    ExtensionBackwards,
    NotAssigned,
    assign,
    extend,
    release_assignment,
)
from tradeloop.receivables.asked import (
    RequestUnreadable,
    check_text,
    wrong_with_payment,
    wrong_with_receivable,
)
from tradeloop.receivables.facts import (
    Applied,
    Credited,
    CreditKind,
    NewPayment,
    NewReceivable,
    Opened,
    Paid,
    Received,
)
from tradeloop.receivables.found import ReceivableUnknown, found, written
from tradeloop.receivables.moves import Move, Pair
from tradeloop.registry.call import plain, quoted
from tradeloop.store.database import cursor

__all__ = [
    "REFUSED", "CreditIdReused", "CreditTooLarge", "LossBegun", "PaymentUnknown", "assign",
    "begin_loss", "credit", "extend", "open_many", "pay", "release_assignment", "withdraw_payment",
]  # fmt: skip

IN_THE_BOOKS = {"new", "known"}


class PaymentUnknown(Exception):
    """No payment has this id; nothing was written."""


class CreditTooLarge(Exception):
    """A credit is above what is open; nothing was written."""


class CreditIdReused(Exception):
    """The id was used before for another credit; nothing was written."""


class LossBegun(Exception):
    """A loss of the seller with this buyer began on another day; nothing was written."""


REFUSED = (
    AlreadyAssigned, CreditIdReused, CreditTooLarge, ExtensionBackwards, LossBegun, NotAssigned,
    PaymentUnknown, ReceivableUnknown, RequestUnreadable,
)  # fmt: skip
"""What the verbs refuse."""


@transaction.atomic
def open_many(*, new: Sequence[NewReceivable], at: datetime) -> tuple[Opened, ...]:
    """Open receivables; return one answer for each line, in their order.

    What stands in the books with the same content is not new; a line that is refused (its code is
    in `asked.REFUSALS`) stops no other. Money that is left of earlier payments clears them at once.
    What was shipped before a loss has its part in the recoveries, which are shared anew.

    Args:
        new: Any number; a trade that stands twice is opened once.
        at: The caller's clock.
    """
    refusals = [wrong_with_receivable(line) for line in new]
    good = [line for line, refusal in zip(new, refusals, strict=True) if refusal is None]
    rows = written(
        "select * from receivables_open(%s, %s::text[], %s::text[], %s::text[], %s::text[], "
        "%s::bigint[], %s::date[], %s::date[])",
        at, quoted(line.trade for line in good), quoted(line.seller for line in good),
        quoted(line.buyer for line in good), plain(line.amount.currency for line in good),
        plain(line.amount.minor for line in good), plain(line.shipped_on for line in good),
        plain(line.due_on for line in good),
    )  # fmt: skip
    said = iter([outcome for outcome, _ in rows])
    fresh = [
        (line, made_by) for line, (outcome, made_by) in zip(good, rows, strict=True)
        if outcome == "new"
    ]  # fmt: skip
    if fresh:
        days = [((line.seller, line.buyer), line.shipped_on) for line, _ in fresh]
        moves.book(
            key=fresh[0][1], at=at, why="Sold on credit",
            sums={"sold": _sums(line for line, _ in fresh)}, moves=_applied(days, at=at),
        )  # fmt: skip
    answers = [refusal or next(said) for refusal in refusals]
    return tuple(
        Opened(
            trade=line.trade, is_new=answer == "new",
            refusal=None if answer in IN_THE_BOOKS else answer,
        )
        for line, answer in zip(new, answers, strict=True)
    )  # fmt: skip


@transaction.atomic
def pay(
    *, payments: Sequence[NewPayment], at: datetime, rule: Applied = Applied.OLDEST_FIRST
) -> tuple[Paid, ...]:
    """Take in payments and apply them; return one answer for each, in their order.

    Before the loss a payment clears the oldest debt first (by day of shipment, then by name),
    whatever the buyer says; from the day of the loss on it is shared pro rata by what is open,
    insured or not. What finds no debt is left, and clears debts that come later. A payment of
    before the loss that is told after it still comes first: recoveries are shared anew behind it.

    Args:
        payments: One whose id is known with the same content is not new, and hears what it clears
            now. One that is refused (its code is in `asked.REFUSALS`) stops no other.
        at: The caller's clock.
        rule: `AS_NAMED` where a scheme lets the buyer say what a payment is for.

    Raises:
        RequestUnreadable: `rule` is pro rata: the day of a payment decides that, not its teller.
    """
    if rule is Applied.PRO_RATA:
        raise RequestUnreadable(
            "Payments are shared pro rata from the day of the loss on, by themselves. "
            "Give oldest-first or as-named for those before it. Nothing was written."
        )
    refusals = [wrong_with_payment(line) for line in payments]
    good = [line for line, refusal in zip(payments, refusals, strict=True) if refusal is None]
    rows = written(
        "select * from receivables_take_in(%s, %s::text[], %s::text[], %s::text[], %s::text[], "
        "%s::bigint[], %s::date[], %s::text[])",
        at, quoted(line.id for line in good), quoted(line.seller for line in good),
        quoted(line.buyer for line in good), plain(line.amount.currency for line in good),
        plain(line.amount.minor for line in good), plain(line.paid_on for line in good),
        quoted(line.names for line in good),
    )  # fmt: skip
    said = iter([outcome for outcome, _ in rows])
    fresh = [
        (line, made_by) for line, (outcome, made_by) in zip(good, rows, strict=True)
        if outcome == "new"
    ]  # fmt: skip
    if fresh:
        days = [((line.seller, line.buyer), line.paid_on) for line, _ in fresh]
        moves.book(
            key=fresh[0][1], at=at, why="Paid by buyers",
            sums={"received": _sums(line for line, _ in fresh)}, moves=_applied(days, at=at, rule=rule),
        )  # fmt: skip
    answers = [refusal or next(said) for refusal in refusals]
    stand = queries.payments(
        line.id for line, answer in zip(payments, answers, strict=True) if answer in IN_THE_BOOKS
    )
    return tuple(
        _paid(stand[line.id], is_new=answer == "new")
        if answer in IN_THE_BOOKS
        else Paid(id=line.id, is_new=False, refusal=answer)
        for line, answer in zip(payments, answers, strict=True)
    )


@transaction.atomic
def withdraw_payment(*, id: str, because: str, at: datetime) -> Paid:
    """Take a payment back, as its bank did: what it cleared is owed again. Return what that was.

    Other payments stay where they were applied: certificates, limits and claims were told of it,
    and what the buyer owes in all is the same. Only what is left of others finds the debts that
    are open again. A payment that was withdrawn before is not touched.

    Raises:
        PaymentUnknown: No payment has this id.
        RequestUnreadable: The reason cannot be kept.
    """
    check_text("because", because)
    payment = queries.payments([id]).get(id)
    if payment is None:
        raise PaymentUnknown(f"No payment has the id {id!r}. Look it up in the statement.")
    pair = (payment.seller, payment.buyer)
    moves.lock(pair[0])
    payment = queries.payments([id])[id]
    if payment.withdrawn:
        return _paid(payment, is_new=False)
    fact = record(kind="receivables.withdrawn", at=at, fact={"because": because, "payment": id})
    amount = payment.amount
    gone = moves.withdraw(id, at)
    sums = {(pair[0], amount.currency): -amount.minor}
    applied = [*gone, *moves.spread([pair])]
    moves.tell(applied, at)
    moves.book(
        key=fact.entry_id, at=at, why=f"Taken back by the bank: {id}"[:500],
        sums={"received": sums}, moves=applied,
    )  # fmt: skip
    return _paid(payment, is_new=True)


@transaction.atomic
def credit(
    *, id: UUID, trade: str, kind: CreditKind, amount: Money, counts_on: date, because: str,
    at: datetime,
) -> Credited:  # fmt: skip
    """Let less be owed: set off, goods returned, price reduced, charges kept by banks.

    A credit of before the loss comes before recoveries, which are shared anew.

    Args:
        id: Chosen by the caller before the first attempt, and kept for every retry.
        trade: Whose receivable it is.
        kind: Why.
        amount: No more than is open.
        counts_on: From which day; that of shipment at the earliest.
        because: For people.
        at: The caller's clock.

    Raises:
        ReceivableUnknown: The trade has none.
        CreditIdReused: The id was used for another credit.
        CreditTooLarge: It is above what is open, in another currency, or not above zero.
        RequestUnreadable: The reason cannot be kept, or the day lies before the shipment.
    """
    check_text("because", because)
    owed = found(trade)
    content = (owed.id, kind.value, amount.minor, counts_on, because)
    if before := queries.credit_of(id):
        if (*before, amount.currency) != (*content, owed.currency):
            raise CreditIdReused(
                f"Credit {id} was entered before with other content. Send the first again, or take "
                "a new id. Nothing was written."
            )
        return Credited(id=id, trade=trade, is_new=False, open=owed.open)
    if counts_on < owed.shipped_on:
        raise RequestUnreadable(
            f"The credit counts from {counts_on}, before the shipment of {owed.shipped_on}. "
            "Give that day or a later one. Nothing was written."
        )
    pair: Pair = (owed.seller, owed.buyer)
    loss_on = moves.losses([pair]).get(pair)
    shared = moves.take_back([pair]) if loss_on and counts_on < loss_on else []
    owed = found(trade)
    if amount.currency != owed.currency or not 0 < amount.minor <= owed.open.minor:
        raise CreditTooLarge(
            f"A credit of {amount} does not fit: {owed.open} of {trade} is open. Credit what is "
            "open at most; the seller pays the rest back. Nothing was written."
        )
    fact = record(
        kind="receivables.credited", at=at,
        fact={
            "because": because, "counts_on": counts_on.isoformat(), "currency": amount.currency,
            "id": str(id), "kind": kind.value, "minor": str(amount.minor), "trade": trade,
        },
    )  # fmt: skip
    with cursor() as cur:
        cur.execute(
            "insert into receivables_credit (id, receivable_id, kind, amount_minor, counts_on, "
            "because, made_by) values (%s, %s, %s, %s, %s, %s, %s)",
            (id, owed.id, *content[1:], fact.entry_id),
        )
        cur.execute(
            "update receivables_receivable set credited_minor = credited_minor + %s where id = %s",
            (amount.minor, owed.id),
        )
    shared += moves.spread([pair])
    moves.tell(shared, at)
    moves.book(
        key=fact.entry_id, at=at, why=f"{kind.value}: {trade}"[:500],
        sums={"credited": {(pair[0], amount.currency): amount.minor}}, moves=shared,
    )  # fmt: skip
    return Credited(id=id, trade=trade, is_new=True, open=found(trade).open)


@transaction.atomic
def begin_loss(
    *, seller: str, buyer: str, loss_on: date, because: str, at: datetime
) -> tuple[Move, ...]:
    """From `loss_on` on what the buyer pays the seller is a recovery, and is shared pro rata.

    Payments of that day and later which were applied before we knew are shared anew. Again with the
    same day changes nothing.

    Returns:
        What went back to such payments (below zero), and what they clear now.

    Raises:
        LossBegun: A loss of the two was recorded for another day.
        RequestUnreadable: The reason cannot be kept.
    """
    check_text("because", because)
    moves.lock(seller)
    pair: Pair = (seller, buyer)
    before = moves.losses([pair]).get(pair)
    if before == loss_on:
        return ()
    if before is not None:
        raise LossBegun(
            f"The loss of {seller} with {buyer} began on {before}, not on {loss_on}. "
            "Payments since are shared by that day; it stays. Nothing was written."
        )
    fact = record(
        kind="receivables.loss-begun", at=at,
        fact={
            "because": because, "buyer": buyer, "loss_on": loss_on.isoformat(), "seller": seller,
        },
    )  # fmt: skip
    with cursor() as cur:
        cur.execute(
            "insert into receivables_loss (seller, buyer, loss_on, because, made_by) "
            "values (%s, %s, %s, %s, %s)",
            (seller, buyer, loss_on, because, fact.entry_id),
        )
    shared = [*moves.take_back([pair]), *moves.spread([pair])]
    moves.tell(shared, at)
    moves.book(key=fact.entry_id, at=at, why=f"Loss of {loss_on}", moves=shared)
    return tuple(shared)


def _applied(
    days: Sequence[tuple[Pair, date]], *, at: datetime, rule: Applied = Applied.OLDEST_FIRST
) -> list[Move]:
    """Apply what is left of payments; recoveries anew where something came of before the loss."""
    pairs = {pair for pair, _ in days}
    losses = moves.losses(pairs)
    shaken = {pair for pair, on in days if pair in losses and on < losses[pair]}
    moved = moves.take_back(shaken) if shaken else []
    moved += moves.spread(pairs, rule)
    moves.tell(moved, at)
    return moved


def _paid(payment: Received, *, is_new: bool) -> Paid:
    return Paid(id=payment.id, is_new=is_new, parts=payment.parts, left=payment.left)


def _sums(lines: Iterable[NewReceivable | NewPayment]) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for line in lines:
        sums[line.seller, line.amount.currency] += line.amount.minor
    return sums
