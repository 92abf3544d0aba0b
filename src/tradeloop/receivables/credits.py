"""Less is owed, though nothing was paid: each credit counts once, and never above what is open."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.receivables import moves, queries
from tradeloop.receivables.asked import RequestUnreadable, check_text
from tradeloop.receivables.facts import Credited, CreditKind
from tradeloop.receivables.found import found, sellers_of, trades_of
from tradeloop.receivables.moves import Pair
from tradeloop.store.database import cursor


class CreditTooLarge(Exception):
    """A credit is above what is open; nothing was written."""


class CreditIdReused(Exception):
    """The id was used before for another credit; nothing was written."""


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
    moves.lock(*sellers_of([trade]), str(id))  # the id too: it may race under another trade
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
    _write((id, *content, fact.entry_id))
    shared += moves.spread([pair])
    moves.tell(shared, at)
    moves.book(
        key=fact.entry_id, at=at, why=f"{kind.value}: {trade}"[:500],
        sums={"credited": {(pair[0], amount.currency): amount.minor}}, moves=shared,
    )  # fmt: skip
    return Credited(id=id, trade=trade, is_new=True, open=found(trade).open)


@transaction.atomic
def withdraw_credit(*, id: UUID, because: str, at: datetime) -> bool:
    """Take a credit back: what it cleared is owed again. Return whether there was one.

    What is left of payments finds the debt that is open again; where the credit counted before the
    loss, recoveries are shared anew.

    Args:
        id: Of the credit.
        because: For people.
        at: The caller's clock.

    Raises:
        RequestUnreadable: The reason cannot be kept.
    """
    check_text("because", because)
    before = queries.credit_of(id)
    if before is None:
        return False
    (trade,) = trades_of([before[0]])
    moves.lock(*sellers_of([trade]), str(id))
    if queries.credit_of(id) is None:  # another took it back meanwhile
        return False
    owed = found(trade)
    _, _, minor, counts_on, _ = before
    pair: Pair = (owed.seller, owed.buyer)
    loss_on = moves.losses([pair]).get(pair)
    shared = moves.take_back([pair]) if loss_on and counts_on < loss_on else []
    fact = record(
        kind="receivables.credit-withdrawn", at=at,
        fact={"because": because, "credit": str(id), "trade": trade},
    )  # fmt: skip
    with cursor() as cur:
        cur.execute("delete from receivables_credit where id = %s", (id,))
        cur.execute(
            "update receivables_receivable set credited_minor = credited_minor - %s where id = %s",
            (minor, owed.id),
        )
    shared += moves.spread([pair])
    moves.tell(shared, at)
    moves.book(
        key=fact.entry_id, at=at, why=f"Credit taken back: {trade}"[:500],
        sums={"credited": {(pair[0], owed.currency): -minor}}, moves=shared,
    )  # fmt: skip
    return True


def _write(row: tuple[object, ...]) -> None:
    """Keep a credit: id, receivable, kind, minor units, day, reason, entry of the journal."""
    with cursor() as cur:
        cur.execute(
            "insert into receivables_credit (id, receivable_id, kind, amount_minor, counts_on, "
            "because, made_by) values (%s, %s, %s, %s, %s, %s, %s)",
            row,
        )
        cur.execute(
            "update receivables_receivable set credited_minor = credited_minor + %s where id = %s",
            (row[3], row[1]),
        )
