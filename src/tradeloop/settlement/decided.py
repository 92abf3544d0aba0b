"""What a person says of a payment that waited: what it is for, what it takes back, or neither."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.receivables import actions as receivables
from tradeloop.receivables import queries as owing
from tradeloop.receivables.facts import Owed
from tradeloop.settlement import queries
from tradeloop.settlement.booked import EVER, Meant, book, charge_id
from tradeloop.settlement.facts import Booked, Direction, Payment
from tradeloop.settlement.kept import from_json
from tradeloop.settlement.rows import lock, rows

TEXT_MAX = 300
WAITS = ("open", "order-doubt")


class DecisionImpossible(Exception):
    """What a person says of a payment cannot be; nothing was written."""


@dataclass(frozen=True, slots=True)
class Found:
    """A payment that a person decides on."""

    id: str
    told: Payment
    left: Money
    seller: str | None


@transaction.atomic
def decide(
    *, payment: str, trades: Sequence[str], by: str, because: str, at: datetime
) -> tuple[Booked, ...]:
    """Say which trades a payment is for; all that is left of it is booked.

    It tells whose money it is: which debts of that buyer it clears, the rule of its day says.
    Where the trades have several buyers it fills them in the order given, and the buyer of the last
    has the rest. The same decision again changes nothing.

    Raises:
        DecisionImpossible: The payment does not wait, or a trade is not its seller's or of another
            currency; the message says which.
    """
    said = {"trades": list(trades)}
    found = _waiting(payment, said, by=by, because=because)
    if found is None:
        return tuple(one for one in queries.booked(payment) if one.by == by)
    if found.told.is_reversal or found.told.direction is not Direction.CREDIT:
        raise DecisionImpossible(
            f"{payment} is no money that came in. Say which payment it takes back, or that it is "
            "for nothing here. Nothing was written."
        )
    filled = _filled(found, trades)
    on = found.told.booked_on or found.told.value_on or at.astimezone(SHANGHAI).date()
    meant = [
        Meant(
            payment=payment, paid_on=on, owed=owed, amount=amount,
            charge=Money(0, amount.currency), agreed=("person",), differed=(),
        )
        for owed, amount in filled
    ]  # fmt: skip
    _decided(found, said, by=by, because=because, at=at)
    made = book([(one.owed.seller, one, by) for one in meant], at=at)
    if len(made) < len(meant):
        raise DecisionImpossible(
            f"{payment} stands in the receivables already, from elsewhere. Say that it is for "
            "nothing here, so that it counts once. Nothing was written."
        )
    return made


@transaction.atomic
def take_back(*, reversal: str, payment: str, by: str, because: str, at: datetime) -> None:
    """Say which payment a reversal takes back: what that one cleared is owed again.

    Raises:
        DecisionImpossible: The one is no reversal that waits, or the other no payment of the same
            account and amount that came in before; the message says which.
    """
    said = {"takes_back": payment}
    found = _waiting(reversal, said, by=by, because=because)
    if found is None:
        return
    candidates = queries.reversible(
        found.told.account, found.told.amount, found.told.booked_on or found.told.value_on
    )
    if not found.told.is_reversal or payment not in candidates:
        raise DecisionImpossible(
            f"{reversal} cannot take {payment} back. A reversal takes back a payment of its own "
            f"account and amount: {', '.join(candidates) or 'there is none'}. Nothing was written."
        )
    _decided(found, said, by=by, because=because, at=at)
    for booked_as, trades in queries.bookings_of(payment).items():
        receivables.withdraw_payment(id=booked_as, because=because, at=at)
        for trade in trades:  # what banks kept on the way was kept of that payment
            receivables.withdraw_credit(id=charge_id(booked_as, trade), because=because, at=at)
    rows("delete from settlement_doubt where payment_id = %s", payment)
    rows(
        "update settlement_bankpayment set state = 'reversed' where id = any(%s::text[])",
        [payment, reversal],
    )


@transaction.atomic
def set_aside(*, payment: str, by: str, because: str, at: datetime) -> None:
    """Say that what is left of a payment pays nothing that is owed here.

    Raises:
        DecisionImpossible: It does not wait.
    """
    said = {"aside": True}
    found = _waiting(payment, said, by=by, because=because)
    if found is not None:
        _decided(found, said, by=by, because=because, at=at)
        rows("update settlement_bankpayment set state = 'aside' where id = %s", payment)


def _waiting(payment: str, said: Mapping[str, object], *, by: str, because: str) -> Found | None:
    """Return a payment that waits, or None if the same was said of it before."""
    for field, text in (("by", by), ("because", because)):
        if not text.strip() or len(text) > TEXT_MAX or not text.isprintable():
            raise DecisionImpossible(
                f"{field} is {text[:60]!r}. Give 1 to {TEXT_MAX} letters on one line. "
                "Nothing was written."
            )
    lock()
    kept = rows(
        "select p.told, p.state, p.amount_minor - p.booked_minor, a.owner "
        "from settlement_bankpayment as p "
        "left join settlement_account as a on a.number = p.account where p.id = %s",
        payment,
    )
    if not kept:
        raise DecisionImpossible(
            f"There is no payment {payment!r}. List those that wait with `payments doubts`."
        )
    told, state, left, seller = kept[0]
    if state not in WAITS:
        last = rows(
            "select said from settlement_decision where payment_id = %s order by id desc limit 1",
            payment,
        )
        if last and json.loads(last[0][0]) == said:
            return None
        raise DecisionImpossible(f"{payment} does not wait: it is {state}. Nothing was written.")
    one = from_json(told)
    return Found(payment, one, Money(left, one.amount.currency), seller)


def _filled(found: Found, trades: Sequence[str]) -> list[tuple[Owed, Money]]:
    """Share what is left over the trades, in their order; the last one has the rest."""
    known = {one.trade: one for one in owing.owed(on=EVER, trades=trades)} if trades else {}
    if not trades:
        raise DecisionImpossible("Name at least one trade, as firm/number. Nothing was written.")
    for trade in trades:
        one = known.get(trade)
        if one is None or one.seller != found.seller:
            raise DecisionImpossible(
                f"{trade} is no trade of {found.seller or 'nobody'}, whose account the money is "
                "on. Name trades of that seller. Nothing was written."
            )
        if one.open.currency != found.left.currency:
            raise DecisionImpossible(
                f"{trade} is owed in {one.open.currency}, and {found.left} was paid. Have it "
                "exchanged and booked in that currency first. Nothing was written."
            )
    left, filled = found.left.minor, []
    for place, trade in enumerate(trades, 1):
        part = left if place == len(trades) else min(left, known[trade].open.minor)
        if part:
            filled.append((known[trade], Money(part, found.left.currency)))
            left -= part
    return filled


def _decided(
    found: Found, said: Mapping[str, object], *, by: str, because: str, at: datetime
) -> None:
    fact = record(
        kind="settlement.decided", at=at,
        fact={"because": because, "by": by, "payment": found.id, **said},
    )  # fmt: skip
    rows(
        "insert into settlement_decision (payment_id, by, said, because, made_by) "
        "values (%s, %s, %s, %s, %s)",
        found.id, by, json.dumps(said), because, fact.entry_id,
    )  # fmt: skip
    rows("delete from settlement_doubt where payment_id = %s", found.id)
