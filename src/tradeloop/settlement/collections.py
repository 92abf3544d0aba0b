"""Payments that are told without a bank's file: a table with a payment a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.receivables.facts import NewPayment
from tradeloop.settlement.values import minor_of

COLUMNS = ("id", "seller", "buyer", "amount", "currency", "day")
OPTIONAL = ("names",)
SHOWN_MAX = 20


class CollectionsUnreadable(ValueError):
    """A table of payments has rows that say none; nothing was written."""


def payments_of(text: str) -> tuple[NewPayment, ...]:
    """Return the payments of a table in CSV.

    Its columns, in any order: id, seller, buyer, amount (1234.50), currency, day (2026-03-09), and
    if you like names: the trade that the buyer says it is for.

    Raises:
        CollectionsUnreadable: A column is missing, or rows cannot be read; the message names each.
    """
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    given = {(name or "").strip() for name in table.fieldnames or ()}
    if missing := [name for name in COLUMNS if name not in given]:
        raise CollectionsUnreadable(
            f"the table lacks {', '.join(missing)}. Give the columns {', '.join(COLUMNS)}, and if "
            "you like names. Nothing was written."
        )
    found, wrong = [], []
    try:
        for row in table:
            read = _payment({(key or "").strip(): value for key, value in row.items()})
            if isinstance(read, str):
                wrong.append(f"line {table.line_num}: {read}")
            else:
                found.append(read)
    except csv.Error as error:
        wrong.append(f"line {table.line_num}: {error}")
    if wrong:
        more = f"; and {len(wrong) - SHOWN_MAX} more" if len(wrong) > SHOWN_MAX else ""
        raise CollectionsUnreadable(f"{'; '.join(wrong[:SHOWN_MAX])}{more}. Nothing was written.")
    return tuple(found)


def _payment(row: Mapping[str, str | None]) -> NewPayment | str:
    """Return the payment of a row, or what is wrong with it."""
    cell = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *OPTIONAL)}
    if empty := [name for name in COLUMNS if not cell[name]]:
        return f"{', '.join(empty)} is empty"
    if cell["currency"] not in MINOR_DIGITS:
        return f"{cell['currency']!r} is no currency; write it as USD"
    minor = minor_of(cell["amount"], cell["currency"])
    if minor is None:
        return f"{cell['amount']!r} is no amount of {cell['currency']}; write plain digits: 1234.50"
    try:
        paid_on = date.fromisoformat(cell["day"])
    except ValueError:
        return f"{cell['day']!r} is no day; write it as 2026-03-09"
    return NewPayment(
        id=cell["id"], seller=cell["seller"], buyer=cell["buyer"],
        amount=Money(minor, cell["currency"]), paid_on=paid_on, names=cell["names"] or None,
    )  # fmt: skip
