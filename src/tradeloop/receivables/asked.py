"""What a line about receivables may say: names, amounts and days that can be kept."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.ledger.facts import MINOR_MAX
from tradeloop.parties.tokens import PERSON
from tradeloop.receivables.facts import NewPayment, NewReceivable

NAME_MAX = 300
PARTY = re.compile(r"\S{1,150}")
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)

REFUSALS = {
    "name-unreadable": "A name is empty, longer than 300 letters, has blanks around it, or letters "
    "that cannot be kept. Write it as its papers do.",
    "seller-differs": "The trade is named after another firm than the seller. A trade is "
    "firm/number, and the firm is the seller.",
    "party-unreadable": "The seller has blanks or a colon or is too long for the books, or the "
    "buyer has blanks. Give the seller's code and the buyer's key.",
    "amount-not-positive": "The amount is not above zero. Give what is owed or was paid.",
    "amount-too-large": f"The amount is above {MINOR_MAX} minor units. Look at the paper again.",
    "day-impossible": "A day lies before 1970 or after 8999. Look at the paper again.",
    "due-before-shipped": "It is due before it was shipped, so no credit was given. Look at the "
    "days again.",
    "other-content": "The same name stands in the books with other content. Look it up; correct "
    "it by a credit, or give the new one a name of its own.",
}
"""Why a line is refused, and what to do about it."""


class RequestUnreadable(ValueError):
    """A request says nothing sensible; nothing was written."""


def check_begun(what: str, day: date, at: datetime) -> None:
    """Refuse a day that is still to come: whoever pays meanwhile would pay by it."""
    today = at.astimezone(SHANGHAI).date()
    if day > today:
        raise RequestUnreadable(
            f"{what} is {day}, and today is {today}. Say it on that day, or name one that has "
            "come. Nothing was written."
        )


def wrong_with_receivable(line: NewReceivable) -> str | None:
    """Return why a receivable cannot be opened, or None."""
    if not _is_name(line.trade):
        return "name-unreadable"
    if wrong := _wrong_with_pair(line.seller, line.buyer):
        return wrong
    firm, _, number = line.trade.partition("/")
    # The name of a person's trade shows its number masked; the key tells who it is.
    if not number or (firm != line.seller and not line.seller.startswith(PERSON)):
        return "seller-differs"
    if wrong := _wrong_with_amount(line.amount) or _wrong_with_days(line.shipped_on, line.due_on):
        return wrong
    return "due-before-shipped" if line.due_on < line.shipped_on else None


def wrong_with_payment(line: NewPayment) -> str | None:
    """Return why a payment cannot be taken in, or None."""
    if not _is_name(line.id) or (line.names is not None and not _is_name(line.names)):
        return "name-unreadable"
    return (
        _wrong_with_pair(line.seller, line.buyer)
        or _wrong_with_amount(line.amount)
        or _wrong_with_days(line.paid_on)
    )


def check_text(field: str, value: object) -> None:
    """Refuse a text that cannot be kept.

    Raises:
        RequestUnreadable: It is empty, too long, or has letters that cannot be kept.
    """
    if not _is_name(value):
        raise RequestUnreadable(
            f"{field} is {str(value)[:60]!r}; expected 1 to {NAME_MAX} letters without blanks "
            "around them. Nothing was written."
        )


def _is_name(value: Any) -> bool:  # noqa: ANN401 - it may come from anywhere
    return (
        isinstance(value, str)
        and 0 < len(value) <= NAME_MAX
        and value == value.strip()
        and not UNWRITABLE.search(value)
    )


def _wrong_with_pair(seller: str, buyer: str) -> str | None:
    both = seller + buyer
    fits = PARTY.fullmatch(seller) and ":" not in seller and PARTY.fullmatch(buyer)
    return None if fits and both.isprintable() else "party-unreadable"


def _wrong_with_amount(amount: Money) -> str | None:
    if amount.minor <= 0:
        return "amount-not-positive"
    return "amount-too-large" if amount.minor > MINOR_MAX else None


def _wrong_with_days(*days: date) -> str | None:
    return None if all(EARLIEST <= day < LATEST for day in days) else "day-impossible"
