"""One's own server is used if it is fit, and refused with the reason if it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tradeloop.journal.actions import record
from tradeloop.site.opened import opened
from tradeloop.store import own
from tradeloop.store.database import cursor
from tradeloop.store.own import AddressUnreadable, ServerUnreachable, ServerUnsuitable

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
Make = Callable[[str], str]


def tables(address: str) -> int:
    with psycopg.connect(address) as con:
        found = con.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    assert found is not None
    return int(found[0])


def test_everything_runs_on_the_oldest_version_that_will_do(
    own_database: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = own_database("")
    monkeypatch.setenv("DATABASE_URL", address)

    for _ in range(2):  # once to make the schema, once to find it
        with opened(tmp_path / "home", clock_skew_s_max=None):
            record(kind="test.seen", at=NOON, fact={"a": 1})
            with cursor() as cur:
                cur.execute("select current_setting('server_version_num')::int / 10000")
                assert cur.fetchone() == (15,)

    with psycopg.connect(address) as con:
        assert con.execute("select count(*) from journal_entry").fetchone() == (2,)
    assert not (tmp_path / "home" / "postgres").exists()


def test_another_encoding_is_refused(own_database: Make) -> None:
    address = own_database("encoding 'SQL_ASCII' locale 'C'")

    with pytest.raises(ServerUnsuitable, match="SQL_ASCII; UTF8 is needed"):
        own.check(address)

    assert tables(address) == 0


def test_a_user_who_may_not_make_tables_is_refused(own_database: Make) -> None:
    address = own_database("")
    with psycopg.connect(address, autocommit=True) as con:
        con.execute("drop role if exists reader")
        con.execute("create role reader login")

    with pytest.raises(ServerUnsuitable, match="grant create on schema public to reader"):
        own.check(make_conninfo(address, user="reader"))

    assert tables(address) == 0


def test_an_older_version_is_refused(own_database: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    address = own_database("")
    monkeypatch.setattr(own, "VERSION_MIN", 16)

    with pytest.raises(ServerUnsuitable, match=r"is PostgreSQL 15.*; 16 or newer is needed"):
        own.check(address)


def test_an_address_where_nobody_answers_is_told_without_its_password() -> None:
    with pytest.raises(ServerUnreachable, match="Look at DATABASE_URL") as told:
        own.check("postgresql://ann:secret@127.0.0.1:1/trade")

    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "address",
    [
        "trade",
        "host=127.0.0.1 password=open secret",
        "postgresql://ann:open@secret@127.0.0.1/trade",
        "postgresql://ann:open/secret@127.0.0.1/trade",
        "postgresql://ann:secret@127.0.0.1/trade?colour=red",
    ],
)
def test_what_is_no_address_is_told_without_what_it_says(address: str) -> None:
    with pytest.raises(AddressUnreadable, match="Write postgresql://") as told:
        own.check(address)

    assert "secret" not in str(told.value)
