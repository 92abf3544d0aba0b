"""A fact is in the journal with its transaction, and stays as it was."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import transaction

from tradeloop.journal import actions
from tradeloop.store.database import cursor

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def rows(sql: str) -> list[tuple[object, ...]]:
    with cursor() as cur:
        cur.execute(sql.encode())
        return cur.fetchall()


def test_a_fact_is_bound_by_salt_and_canonical_bytes() -> None:
    recorded = actions.record(kind="test.seen", at=NOON, fact={"b": "é\n\x1f", "a": 1})

    ((salt, body),) = rows("select salt, body from journal_entry")
    assert body == '{"a":1,"b":"é\\n\\u001f"}'
    assert isinstance(salt, bytes)
    assert recorded.commitment == hashlib.sha256(salt + str(body).encode()).digest()


def test_what_is_rolled_back_never_was() -> None:
    with transaction.atomic():
        actions.record(kind="test.seen", at=NOON, fact={})
        transaction.set_rollback(True)

    assert rows("select * from journal_entry") == []


@pytest.mark.parametrize(
    "change",
    [
        "update journal_entry set kind = 'other'",
        "update journal_entry set body = '{}', salt = '\\x00'",
        "update journal_entry set at = now(), salt = null, body = null",
        "delete from journal_entry",
    ],
)
def test_a_fact_cannot_be_changed_or_removed(change: str) -> None:
    actions.record(kind="test.seen", at=NOON, fact={"a": 1})

    with pytest.raises(psycopg.errors.RestrictViolation, match="only grows"):
        rows(change)

    assert rows("select kind, body from journal_entry") == [("test.seen", '{"a":1}')]


def test_salt_and_body_can_be_erased() -> None:
    recorded = actions.record(kind="test.seen", at=NOON, fact={"a": 1})

    with cursor() as cur:
        cur.execute("update journal_entry set salt = null, body = null")

    assert rows("select salt, body, commitment from journal_entry") == [
        (None, None, recorded.commitment)
    ]
