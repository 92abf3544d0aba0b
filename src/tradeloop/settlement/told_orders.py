"""What a bank's file tells of our payment orders: the account was debited, or the money is back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.settlement.kept import from_json
from tradeloop.settlement.lifecycle import ORDER, OrderEvent, OrderState
from tradeloop.settlement.rows import rows

TOLD = """
select p.id, p.told, p.is_credit, o.id, o.state, o.currency, o.amount_minor
from settlement_bankpayment as p
join settlement_order as o
    on o.id = case when lower(p.end_to_end) ~ '^[0-9a-f]{32}$' then p.end_to_end::uuid end
where p.id = any(%s::text[])
order by p.is_credit, p.paid_on, p.id
for update of o
"""


def hear(payments: Sequence[str], *, at: datetime) -> None:
    """Let each of these payments that bears the id of an order say what became of it.

    A debit of its amount confirms it, a credit of it means that the money came back. With another
    amount, or where the order was never sent, the payment waits for a person.
    """
    states: dict[str, OrderState] = {}
    for payment, told, is_credit, order, state, currency, minor in rows(TOLD, list(payments)):
        now = states.get(str(order), OrderState(state))
        event = OrderEvent.REJECT if is_credit else OrderEvent.CONFIRM
        one, amount = from_json(told), Money(minor, currency)
        if amount not in {one.amount, one.original}:
            _doubt(payment, f"it bears the id of order {order}, but is not of its {amount}")
        elif now is OrderState.ORDERED or event not in ORDER.allowed(now):
            _doubt(payment, f"it bears the id of order {order}, which is {now.value}")
        else:
            states[str(order)] = _moved(payment, str(order), now, event, at)


def _moved(
    payment: str, order: str, now: OrderState, event: OrderEvent, at: datetime
) -> OrderState:
    state = ORDER.after(now, event)
    because = "the money came back" if event is OrderEvent.REJECT else None
    record(
        kind=f"settlement.{state.value}", at=at,
        fact={"because": because, "by": None, "order": order, "payment": payment},
    )  # fmt: skip
    rows(
        "update settlement_order set state = %s, told_by_id = %s, because = %s where id = %s",
        state.value, payment, because, order,
    )  # fmt: skip
    rows("update settlement_bankpayment set state = 'order' where id = %s", payment)
    return state


def _doubt(payment: str, because: str) -> None:
    rows("update settlement_bankpayment set state = 'order-doubt' where id = %s", payment)
    rows(
        "insert into settlement_doubt (payment_id, because, may_pay) values (%s, %s, %s)",
        payment, because, json.dumps([]),
    )  # fmt: skip
