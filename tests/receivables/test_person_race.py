"""Who writes for a person who sells waits for the others, though the trade's name is masked."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.parties.tokens import PERSON
from tradeloop.receivables import actions
from tradeloop.receivables.facts import CreditKind, NewPayment, NewReceivable
from tradeloop.receivables.queries import owed
from tradeloop.store.database import leave

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 5, 10)
AT = datetime(2026, 5, 12, 12, tzinfo=SHANGHAI)
SELLER, TRADE, BUYER = f"{PERSON}abc123", "330***********1234/T-1", "buyer:a1"


def test_a_credit_waits_for_a_payment_that_is_being_applied() -> None:
    actions.open_many(
        new=[NewReceivable(
            trade=TRADE, seller=SELLER, buyer=BUYER, amount=Money(10_000, "USD"), shipped_on=DAY,
            due_on=DAY + timedelta(days=60),
        )],
        at=AT,
    )  # fmt: skip
    said: list[str] = []

    def credit() -> None:
        try:
            actions.credit(
                id=uuid4(), trade=TRADE, kind=CreditKind.PRICE_REDUCED, amount=Money(6_000, "USD"),
                counts_on=DAY, because="late", at=AT,
            )  # fmt: skip
            said.append("credited")
        except Exception as error:  # noqa: BLE001 - its name is looked at
            said.append(type(error).__name__)
        finally:
            leave()

    other = threading.Thread(target=credit)
    with transaction.atomic():
        actions.pay(
            payments=[NewPayment(
                id="P-1", seller=SELLER, buyer=BUYER, amount=Money(9_000, "USD"),
                paid_on=DAY + timedelta(days=1),
            )],
            at=AT,
        )  # fmt: skip
        other.start()
        other.join(1)
    other.join(20)

    assert said == ["CreditTooLarge"]
    (one,) = owed(on=DAY + timedelta(days=9))
    assert one.open == Money(1_000, "USD")
