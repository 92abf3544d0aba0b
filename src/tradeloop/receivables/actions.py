"""The verbs: what is owed is opened, paid, credited, extended and assigned.

Each joins the transaction that is open, or is one of its own. Within an open transaction make one
call for many lines rather than several: each takes the locks of its sellers in one order, and two
transactions of several calls may wait for one another (the database then ends one of them).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from tradeloop.journal.actions import record
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
from tradeloop.receivables.credits import CreditIdReused, CreditTooLarge, credit, withdraw_credit
from tradeloop.receivables.facts import (
    Applied,
    NewPayment,
    NewReceivable,
    Opened,
    Paid,
    Received,
)
from tradeloop.receivables.found import ReceivableUnknown, written
from tradeloop.receivables.losses import LossBegun, begin_loss
from tradeloop.receivables.moves import Move, Pair

__all__ = [
    "REFUSED", "CreditIdReused", "CreditTooLarge", "LossBegun", "PaymentUnknown", "assign",
    "begin_loss", "credit", "extend", "open_many", "pay", "release_assignment", "withdraw_credit",
    "withdraw_payment",
]  # fmt: skip

IN_THE_BOOKS = {"new", "known"}


class PaymentUnknown(Exception):
    """No payment has this id; nothing was written."""


REFUSED = (
    AlreadyAssigned, CreditIdReused, CreditTooLarge, ExtensionBackwards, LossBegun, NotAssigned,
    PaymentUnknown, ReceivableUnknown, RequestUnreadable,
)  # fmt: skip
"""What the verbs refuse."""


@transaction.atomic(savepoint=False)
def open_many(*, new: Sequence[NewReceivable], at: datetime) -> tuple[Opened, ...]:
    """Open receivables; return one answer for each line, in their order.

    What stands in the books with the same content is not new; a line that is refused (its code is
    in `asked.REFUSALS`) stops no other. Money that is left of earlier payments clears them at once.
    What was shipped before a loss has its part in the recoveries, which are shared anew. An error
    ends the transaction that is open, too.

    Args:
        new: Any number; a trade that stands twice is opened once.
        at: The caller's clock.
    """
    refusals = [wrong_with_receivable(line) for line in new]
    good = [line for line, refusal in zip(new, refusals, strict=True) if refusal is None]
    rows = written(
        "select * from receivables_open(%s, %s::text[], %s::text[], %s::text[], %s::text[], "
        "%s::bigint[], %s::date[], %s::date[])",
        at, [line.trade for line in good], [line.seller for line in good],
        [line.buyer for line in good], [line.amount.currency for line in good],
        [line.amount.minor for line in good], [line.shipped_on for line in good],
        [line.due_on for line in good],
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
        at, [line.id for line in good], [line.seller for line in good],
        [line.buyer for line in good], [line.amount.currency for line in good],
        [line.amount.minor for line in good], [line.paid_on for line in good],
        [line.names for line in good],
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
            sums={"received": _sums(line for line, _ in fresh)},
            moves=_applied(days, at=at, rule=rule),
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
def withdraw_payment(*, id: str, because: str, at: datetime) -> tuple[Move, ...]:
    """Take a payment back, as its bank did: what it cleared is owed again.

    Other payments stay where they were applied: certificates, limits and claims were told of it,
    and what the buyer owes in all is the same. Only what is left of others finds the debts that
    are open again. A payment that was withdrawn before is not touched.

    Returns:
        What went back (below zero), then what others clear now; nothing if it was withdrawn before.

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
    if queries.payments([id])[id].withdrawn:
        return ()
    fact = record(kind="receivables.withdrawn", at=at, fact={"because": because, "payment": id})
    moved = [*moves.withdraw(id, at), *moves.spread([pair])]
    moves.tell(moved, at)
    sums = {(pair[0], payment.amount.currency): -payment.amount.minor}
    moves.book(
        key=fact.entry_id, at=at, why=f"Taken back by the bank: {id}"[:500],
        sums={"received": sums}, moves=moved,
    )  # fmt: skip
    return tuple(moved)


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
