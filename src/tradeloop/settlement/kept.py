"""A payment of a bank file as it is kept: as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from tradeloop.kit.money import Money
from tradeloop.settlement.facts import (
    Direction,
    Entry,
    Exchange,
    Party,
    Payment,
    Place,
    References,
)


def to_json(payment: Payment) -> str:
    """Write all that a bank file says of a payment."""
    return json.dumps(asdict(payment), ensure_ascii=False, default=str, sort_keys=True)


def from_json(text: str) -> Payment:
    """Return the payment that was written."""
    told = json.loads(text)
    references, exchange = told["references"], told["exchange"]
    return Payment(
        place=Place(**told["place"]), account=told["account"],
        booked_on=_day(told["booked_on"]), value_on=_day(told["value_on"]),
        amount=Money(**told["amount"]), direction=Direction(told["direction"]),
        is_reversal=told["is_reversal"], status=told["status"],
        references=References(
            end_to_end=references["end_to_end"], transaction=references["transaction"],
            creditor=tuple(references["creditor"]), remittance=tuple(references["remittance"]),
        ),
        counterparty=Party(**told["counterparty"]),
        original=Money(**told["original"]) if told["original"] else None,
        exchange=Exchange(
            source=exchange["source"], target=exchange["target"], rate=Decimal(exchange["rate"])
        ) if exchange else None,
        bank_code=told["bank_code"],
        entry=_entry(told["entry"]),
    )  # fmt: skip


def _entry(told: dict[str, Any]) -> Entry:
    return Entry(
        place=Place(**told["place"]), reference=told["reference"], amount=Money(**told["amount"])
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
