"""The verbs: record a fact in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

from tradeloop.journal.facts import Recorded
from tradeloop.store.database import cursor


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
