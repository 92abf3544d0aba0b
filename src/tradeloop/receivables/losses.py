"""From the day of a loss on, what the buyer pays is a recovery and is shared pro rata."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.receivables import moves
from tradeloop.receivables.asked import check_text
from tradeloop.receivables.moves import Move, Pair
from tradeloop.store.database import cursor


class LossBegun(Exception):
    """A loss of the seller with this buyer began on another day; nothing was written."""


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
        RequestUnreadable: The reason or a name cannot be kept.
    """
    for field, text in (("seller", seller), ("buyer", buyer), ("because", because)):
        check_text(field, text)
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
