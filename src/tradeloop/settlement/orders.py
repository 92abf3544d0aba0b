"""Payment orders: given once, sent once, and confirmed by what the bank books."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.ledger.facts import MINOR_MAX
from tradeloop.settlement import pain, queries
from tradeloop.settlement.accounts import without_blanks
from tradeloop.settlement.facts import Order, Ordered, Sending, Transfer
from tradeloop.settlement.lifecycle import ORDER, OrderEvent
from tradeloop.settlement.pain import OrderRefused
from tradeloop.settlement.rows import lock, rows

TEXT_MAX = 300
IN_A_FILE_MAX = 10_000


class OrderUnreadable(ValueError):
    """An order says nothing that could be paid; nothing was written."""


class OrderIdReused(Exception):
    """The id was used before for another order; nothing was written."""


class AccountBound(Exception):
    """The account of an order was agreed on elsewhere; nothing was written."""


class OrderUnknown(Exception):
    """No order has this id; nothing was written."""


class MessageReused(Exception):
    """The name of a file was used before for another; nothing was written."""


@transaction.atomic
def order_payment(
    *, id: UUID, payee: str, name: str, account: str, agent: str | None, amount: Money,
    what_for: str, at: datetime, is_bound: bool = False,
) -> Ordered:  # fmt: skip
    """Give an order to pay, once; `send_orders` writes it into a file for the bank.

    Whether a bank takes name and account shows when the file is written: what does not fit is held
    then by its name, and `mend_order` helps.

    Args:
        id: Chosen by the caller before the first attempt, and kept for every retry. Its hex is the
            end-to-end id by which the bank tells of the payment.
        payee: Who is paid, as in our books.
        name: Of the account's holder, as the bank has it.
        account: IBAN or the bank's own number.
        agent: The bank's BIC, if known.
        amount: Above zero.
        what_for: For people; the payee reads it too, as far as banks forward it.
        at: The caller's clock.
        is_bound: The account was agreed on elsewhere, so that nobody mends it here.

    Raises:
        OrderUnreadable: A text is empty or too long, or the amount is not above zero.
        OrderIdReused: The id was used for another order.
    """
    texts = {"payee": payee, "name": name, "account": account, "what_for": what_for}
    for field, text in texts.items():
        _check(field, text)
    if not 0 < amount.minor <= MINOR_MAX:
        raise OrderUnreadable(
            f"{amount} cannot be paid. Give an amount above zero. Nothing was written."
        )
    content = {
        **texts, "agent": agent, "currency": amount.currency, "id": str(id),
        "minor": str(amount.minor), **({"is_bound": True} if is_bound else {}),
    }  # fmt: skip
    asked = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    rows("select pg_advisory_xact_lock(hashtextextended(%s, 7216103))", str(id))
    if before := rows("select asked from settlement_order where id = %s", id):
        if before[0] != (asked,):
            raise OrderIdReused(
                f"Order {id} was given before with other content. Send the first again, or take a "
                "new id. Nothing was written."
            )
        return queries.orders(ids=[id])[0]
    fact = record(kind="settlement.ordered", at=at, fact=content)
    rows(
        "insert into settlement_order (id, payee, name, account, agent, is_bound, currency, "
        "amount_minor, what_for, state, ordered_at, asked, made_by) "
        "values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        id, payee, name, account, agent, is_bound, amount.currency, amount.minor, what_for,
        ORDER.start.value, at, asked, fact.entry_id,
    )  # fmt: skip
    return queries.orders(ids=[id])[0]


@transaction.atomic
def mend_order(
    *, id: UUID, name: str, account: str, agent: str | None, by: str, because: str, at: datetime
) -> Ordered:
    """Write name, account and agent of an order as the bank has them, before it is sent.

    Raises:
        OrderUnknown: There is none.
        MoveNotAllowed: It was sent or rejected.
        OrderUnreadable: A text is empty or too long.
        AccountBound: Another account than the one agreed on was given.
    """
    for field, text in (("name", name), ("account", account), ("by", by), ("because", because)):
        _check(field, text)
    account = without_blanks(account)
    order = _locked(id)
    ORDER.after(order.state, OrderEvent.SEND)
    if (order.name, order.account, order.agent) == (name, account, agent):
        return order
    if order.is_bound and without_blanks(order.account) != account:
        raise AccountBound(
            f"The account of order {id} was agreed on for {order.what_for}; its name and agent may "
            "be mended, the account not. Have the order rejected (payments settle-order), agree "
            "on the other account where that was agreed, and order anew. Nothing was written."
        )
    record(
        kind="settlement.order-mended", at=at,
        fact={
            "account": account, "agent": agent, "because": because, "by": by, "id": str(id),
            "name": name,
        },
    )  # fmt: skip
    rows(
        "update settlement_order set name = %s, account = %s, agent = %s where id = %s",
        name, account, agent, id,
    )  # fmt: skip
    return queries.orders(ids=[id])[0]


@transaction.atomic
def send_orders(
    *, message: str, debtor: str, account: str, agent: str, execute_on: date, at: datetime,
    only: str = "",
) -> Sending:  # fmt: skip
    """Write all orders that were not sent yet as one file for a bank; each is in one file only.

    The file is kept: the same message again gives the same bytes, so nothing is lost if it could
    not be saved, and nothing is paid twice. An order that the bank would not take is held and told.

    Args:
        message: The file's name for the bank.
        debtor: Who pays, as the bank has it.
        account: From which account.
        agent: BIC of our bank.
        execute_on: When the bank is to pay.
        at: The caller's clock.
        only: What `what_for` begins with; all if empty.

    Raises:
        MessageReused: The message was used before for another file.
        OrderRefused: The file itself is not as banks take it; nothing was written.
    """
    lock()
    asked = json.dumps([debtor, account, agent, execute_on.isoformat(), only])
    if before := rows(
        "select asked, content from settlement_orderfile where message = %s", message
    ):
        if before[0][0] != asked:
            raise MessageReused(
                f"{message} names another file already. Take a new name. Nothing was written."
            )
        sent = rows("select id from settlement_order where file_id = %s order by id", message)
        return Sending(
            message=message, content=bytes(before[0][1]), orders=tuple(one for (one,) in sent),
            held=(),
        )  # fmt: skip
    head = Order(
        message=message, created_at=at, debtor=debtor, account=account, agent=agent,
        execute_on=execute_on,
    )  # fmt: skip
    if reasons := "; ".join(pain.head_reasons(head)):
        raise OrderRefused(f"{reasons}. Nothing was written.")
    mine = rows("select id from settlement_order where state = 'ordered' order by id for update")
    # Only what is locked: another may be ordered, and paid by another way, at this very moment.
    waiting = [
        one for one in queries.orders(ids=[id_ for (id_,) in mine]) if one.what_for.startswith(only)
    ][:IN_A_FILE_MAX]
    fit, held = _sorted_out(waiting)
    if not fit:
        return Sending(message=message, content=None, orders=(), held=held)
    content = pain.write(replace(head, transfers=tuple(map(_transfer, fit))))
    fact = record(
        kind="settlement.sent", at=at,
        fact={
            "digest": hashlib.sha256(content).hexdigest(), "message": message,
            "orders": [str(one.id) for one in fit],
        },
    )  # fmt: skip
    rows(
        "insert into settlement_orderfile (message, asked, content, made_by) "
        "values (%s, %s, %s, %s)",
        message, asked, content, fact.entry_id,
    )  # fmt: skip
    rows(
        "update settlement_order set state = %s, file_id = %s where id = any(%s::uuid[])",
        ORDER.after(ORDER.start, OrderEvent.SEND).value, message, [one.id for one in fit],
    )  # fmt: skip
    return Sending(message=message, content=content, orders=tuple(one.id for one in fit), held=held)


@transaction.atomic
def settle_order(*, id: UUID, event: OrderEvent, by: str, because: str, at: datetime) -> Ordered:
    """Say as a person what became of an order: the bank confirmed or rejected it otherwise.

    Raises:
        OrderUnknown: There is none.
        MoveNotAllowed: It cannot be confirmed or rejected from where it stands.
        OrderUnreadable: Who or why is empty.
    """
    for field, text in (("by", by), ("because", because)):
        _check(field, text)
    return _moved(_locked(id), event, by=by, because=because, at=at)


@transaction.atomic
def pay_otherwise(*, id: UUID, by: str, because: str, at: datetime) -> Ordered | None:
    """Say that the payee had the money by another way: an order never sent is not sent any more.

    The order is locked, as whoever sends it does: it is in a file or paid otherwise, not both. One
    that was sent, or is settled, stays as it is. Return it as it stands; None if there is none.

    Raises:
        OrderUnreadable: Who or why is empty.
    """
    for field, text in (("by", by), ("because", because)):
        _check(field, text)
    order = _found(id)
    if order is None or OrderEvent.PAY_OTHERWISE not in ORDER.allowed(order.state):
        return order
    return _moved(order, OrderEvent.PAY_OTHERWISE, by=by, because=because, at=at)


def _check(field: str, text: str) -> None:
    if not text.strip() or len(text) > TEXT_MAX or not text.isprintable():
        raise OrderUnreadable(
            f"{field} is {text[:60]!r}. Give 1 to {TEXT_MAX} letters on one line. "
            "Nothing was written."
        )


def _locked(id: UUID) -> Ordered:
    if (found := _found(id)) is None:
        raise OrderUnknown(f"No order has the id {id}. List them with `payments orders`.")
    return found


def _found(id: UUID) -> Ordered | None:
    """Lock an order, if there is one, and return it as it stands then."""
    rows("select id from settlement_order where id = %s for update", id)
    return next(iter(queries.orders(ids=[id])), None)


def _moved(order: Ordered, event: OrderEvent, *, by: str, because: str, at: datetime) -> Ordered:
    """Move an order, whose row is locked, by a person's word."""
    state = ORDER.after(order.state, event)
    record(
        kind=f"settlement.{state.value}", at=at,
        fact={"because": because, "by": by, "order": str(order.id), "payment": None},
    )  # fmt: skip
    rows(
        "update settlement_order set state = %s, because = %s where id = %s",
        state.value, f"{by}: {because}", order.id,
    )  # fmt: skip
    return queries.orders(ids=[order.id])[0]


def _sorted_out(
    waiting: Sequence[Ordered],
) -> tuple[list[Ordered], tuple[tuple[UUID, str], ...]]:
    """Return the orders that a bank takes, and the others with their reasons."""
    reasons = [(one, "; ".join(pain.transfer_reasons(_transfer(one)))) for one in waiting]
    return (
        [one for one, reason in reasons if not reason],
        tuple((one.id, reason) for one, reason in reasons if reason),
    )


def _transfer(one: Ordered) -> Transfer:
    transfer = Transfer(
        end_to_end=one.id.hex, amount=one.amount, creditor=one.name, account=one.account,
        agent=one.agent, remittance=(one.what_for,),
    )  # fmt: skip
    # What it is for is a courtesy: the id says it, and no payment waits for a letter in a text.
    bare = replace(transfer, remittance=())
    has_odd_text = any(pain.transfer_reasons(transfer)) and not any(pain.transfer_reasons(bare))
    return bare if has_odd_text else transfer
