"""The verbs: record a fact in the caller's transaction, erase what one said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785
from django.db import transaction

from tradeloop.journal.facts import Recorded
from tradeloop.store.database import cursor

ERASED = "journal.erased"


class EntryUnknown(Exception):
    """No fact was recorded under this number."""


class ErasureStays(Exception):
    """The fact that another was erased cannot be erased itself."""


def record(*, kind: str, at: datetime, fact: Mapping[str, Any]) -> Recorded:
    """Write a fact to the journal, in the transaction that is open.

    Args:
        kind: `folder.event`, as in `ledger.posted`.
        at: When it happened, by the caller's clock, with its zone.
        fact: Strings, whole numbers below 2**53, booleans, None, and lists and objects of these;
            amounts of any size are strings.

    Raises:
        rfc8785.CanonicalizationError: The fact holds what RFC 8785 cannot write.
    """
    body = rfc8785.dumps(dict(fact)).decode()
    with cursor() as cur:
        cur.execute("select entry_id, commitment from journal_append(%s, %s, %s)", (kind, at, body))
        row = cur.fetchone()
    assert row is not None  # noqa: S101 - a function without a set gives one row
    return Recorded(entry_id=row[0], kind=kind, at=at, commitment=row[1])


@transaction.atomic
def erase(*, entry_id: int, because: str, at: datetime) -> Recorded | None:
    """Erase what a fact said, for good: its proof still holds, without the body.

    `because`, the law or the wish that asks for it, is recorded itself, so it names nobody.

    Returns:
        The fact of the erasure, or None if the body was erased before.

    Raises:
        EntryUnknown: There is no such fact; nothing was written.
        ErasureStays: It is the fact of an erasure; nothing was written.
    """
    with cursor() as cur:
        cur.execute(
            "select kind, body is null from journal_entry where id = %s for update", (entry_id,)
        )
        row = cur.fetchone()
        if row is None:
            raise EntryUnknown(f"The journal has no entry {entry_id}. Look up its number.")
        kind, is_erased = row
        if is_erased:
            return None
        if kind == ERASED:
            raise ErasureStays(f"Entry {entry_id} tells of an erasure, and has to stay.")
        cur.execute("update journal_entry set salt = null, body = null where id = %s", (entry_id,))
    return record(kind=ERASED, at=at, fact={"because": because, "entry": entry_id})
