"""Whose account it is on which money arrives."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.settlement.rows import lock, rows

NUMBER = re.compile(r"[A-Za-z0-9]{1,34}")
OWNER = re.compile(r"\S{1,150}")


def without_blanks(number: str) -> str:
    """Return the number of an account as banks write it: people group its digits."""
    return "".join(number.split())


class AccountUnreadable(ValueError):
    """Number or owner of an account cannot be; nothing was written."""


class AccountOfAnother(Exception):
    """The account belongs to somebody else already; nothing was written."""


@transaction.atomic
def add_account(*, account: str, owner: str, at: datetime) -> bool:
    """Say whose account it is: a seller's, or `insurer:…`; return whether that is new.

    Raises:
        AccountUnreadable: The number is none that banks write, or the owner has blanks.
        AccountOfAnother: It belongs to somebody else.
    """
    number = without_blanks(account)
    if not NUMBER.fullmatch(number) or not OWNER.fullmatch(owner) or not owner.isprintable():
        raise AccountUnreadable(
            f"Account {account!r} of {owner!r} cannot be. Give 1 to 34 letters and digits, and the "
            "owner's code without blanks. Nothing was written."
        )
    lock()
    if before := rows("select owner from settlement_account where number = %s", number):
        if before[0] != (owner,):
            raise AccountOfAnother(
                f"Account {number} belongs to {before[0][0]}. Money on it pays what that one is "
                "owed. Nothing was written."
            )
        return False
    fact = record(kind="settlement.account-added", at=at, fact={"account": number, "owner": owner})
    rows(
        "insert into settlement_account (number, owner, made_by) values (%s, %s, %s)",
        number, owner, fact.entry_id,
    )  # fmt: skip
    return True
