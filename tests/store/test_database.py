"""The connection's own words: a cursor that lasts, and plans for a few rows."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from tradeloop.store.database import cursor, kept_cursor, leave, plan_for_few

pytestmark = pytest.mark.usefixtures("database")


def shown(name: str) -> str:
    with cursor() as cur:
        cur.execute("select current_setting(%s)", (name,))
        ((value,),) = cur.fetchall()
    return str(value)


def test_a_thread_keeps_one_cursor_as_long_as_its_connection() -> None:
    first = kept_cursor()
    assert kept_cursor() is first

    others: list[object] = []

    def elsewhere() -> None:
        others.append(kept_cursor())
        leave()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert others != [first]

    leave()
    again = kept_cursor()
    assert again is not first
    assert again.execute("select 1").fetchall() == [(1,)]


def test_plans_for_a_few_end_with_their_transaction() -> None:
    with transaction.atomic():
        plan_for_few()
        assert shown("plan_cache_mode") == "force_generic_plan"
        assert shown("enable_seqscan") == "off"

    assert shown("plan_cache_mode") == "auto"
    assert shown("enable_seqscan") == "on"
