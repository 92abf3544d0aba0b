"""An order in JSON lines: the first line says who pays and when, each further one a payment."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.settlement.facts import Order, Transfer
from tradeloop.settlement.pain import OrderRefused
from tradeloop.settlement.values import minor_of

HEAD = {one.name for one in fields(Order)} - {"transfers"}
HEAD_OPTIONAL = {"created_at", "charges"}
PAYMENT = ({one.name for one in fields(Transfer)}) | {"currency"}
PAYMENT_OPTIONAL = {"agent", "remittance", "creditor_reference"}


def order_of(text: str, *, now: datetime) -> Order:
    """Return the order; `now` is its time where the first line gives none.

    Raises:
        OrderRefused: A line says something else than an order; the message names line and key.
    """
    lines = [(number, _object(number, one)) for number, one in _lines(text)]
    if not lines:
        raise OrderRefused("The file is empty. Begin with a line that says who pays.")
    (_, head), *rest = lines
    _keys(lines[0][0], head, HEAD, HEAD_OPTIONAL)
    try:
        created = datetime.fromisoformat(head.pop("created_at")) if "created_at" in head else now
        execute_on = date.fromisoformat(head.pop("execute_on"))
    except ValueError as error:
        raise OrderRefused(f"line {lines[0][0]}: {error}. Write days as 2026-03-09.") from None
    transfers = tuple(_transfer(number, one) for number, one in rest)
    return Order(created_at=created, execute_on=execute_on, transfers=transfers, **head)


def _lines(text: str) -> list[tuple[int, str]]:
    return [(n, one) for n, one in enumerate(text.lstrip("\ufeff").split("\n"), 1) if one.strip()]


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise OrderRefused(f"line {number} is no JSON: {error}. Write one object a line.") from None
    if not isinstance(found, dict):
        raise OrderRefused(f"line {number} is no object. Write one object a line.")
    return found


def _transfer(number: int, found: dict[str, Any]) -> Transfer:
    remittance = found.pop("remittance", [])
    lines = [remittance] if isinstance(remittance, str) else remittance
    if not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
        raise OrderRefused(f"line {number}: remittance is no text. Write a text or a list of them.")
    _keys(number, found, PAYMENT, PAYMENT_OPTIONAL)
    amount = _money(number, found.pop("amount"), found.pop("currency"))
    return Transfer(amount=amount, remittance=tuple(lines), **found)


def _money(number: int, amount: str, currency: str) -> Money:
    if currency not in MINOR_DIGITS:
        raise OrderRefused(f"line {number}: {currency!r} is no currency. Write it as USD.")
    minor = minor_of(amount, currency)
    if minor is None:
        raise OrderRefused(
            f"line {number}: {amount!r} is no amount of {currency}. "
            "Write plain digits, no finer than its minor unit, as 1234.50."
        )
    return Money(minor, currency)


def _keys(number: int, found: dict[str, Any], known: set[str], optional: set[str]) -> None:
    unknown, missing = found.keys() - known, known - optional - found.keys()
    if unknown or missing:
        said = [f"does not know {', '.join(sorted(unknown))}"] if unknown else []
        said += [f"lacks {', '.join(sorted(missing))}"] if missing else []
        raise OrderRefused(
            f"line {number} {' and '.join(said)}. Give {', '.join(sorted(known - optional))}; "
            f"{', '.join(sorted(optional))} may be left out."
        )
    if wrong := sorted(name for name, value in found.items() if not isinstance(value, str)):
        raise OrderRefused(
            f"line {number}: {', '.join(wrong)} must be texts. "
            'Write amounts in quotes, as "1234.50": numbers of JSON lose digits.'
        )
