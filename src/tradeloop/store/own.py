"""One's own PostgreSQL: what it must be before anything is written to it."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tradeloop.store.home import HomeUnusable

VERSION_MIN = 15
CONNECT_S_MAX = 10
ASKED = """
select current_setting('server_version_num')::int / 10000, current_setting('server_version'),
       current_setting('server_encoding'), pg_is_in_recovery(), current_schema(),
       coalesce(has_schema_privilege(current_schema(), 'create'), false), current_user
"""


class ServerUnreachable(HomeUnusable):
    """Nothing answers at the address of one's own server."""


class AddressUnreadable(HomeUnusable):
    """DATABASE_URL is no address; what it says is not shown, for a password may be in it."""


class ServerUnsuitable(HomeUnusable):
    """The server answers, but is not one that can hold what this program keeps."""


def check(address: str) -> None:
    """Look whether the server at `address` is fit for use; nothing is written.

    Raises:
        AddressUnreadable: It is no address of a PostgreSQL.
        ServerUnreachable: The message has what the connection came to, and no password.
        ServerUnsuitable: It is too old, of another encoding, a standby, or closed to us.
    """
    _refuse_unreadable(address)
    where = shown(address)
    try:
        with psycopg.connect(address, connect_timeout=CONNECT_S_MAX, client_encoding="utf8") as con:
            found = con.execute(ASKED).fetchone()
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())
        raise ServerUnreachable(
            f"{where}: {said}. Look at DATABASE_URL and whether the server runs."
        ) from error
    assert found is not None  # noqa: S101 - a select without a table gives one row
    major, version, encoding, standby, schema, may_create, user = found
    if major < VERSION_MIN:
        wrong = f"is PostgreSQL {version}; {VERSION_MIN} or newer is needed. Upgrade it"
    elif encoding != "UTF8":
        wrong = (
            f"keeps its text as {encoding}; UTF8 is needed. "
            "Make a database: create database tradeloop template template0 encoding 'UTF8'"
        )
    elif standby:
        wrong = "is a standby, which takes no writes. Name its primary in DATABASE_URL"
    elif not may_create:
        wrong = (
            f"does not let {user} make tables in schema {schema or '(none)'}. "
            f"Let its owner say: grant create on schema {schema or 'public'} to {user}"
        )
    else:
        return
    raise ServerUnsuitable(f"{where}: the database {wrong}.")


def _refuse_unreadable(address: str) -> None:
    """Refuse what libpq cannot read, or would read a part of the password as a host or a name."""
    _, is_url, rest = address.partition("://")
    server, _, name = rest.partition("?")[0].partition("/")
    try:
        conninfo_to_dict(address)
        if not is_url or (server.count("@") <= 1 and "@" not in name):
            return
    except psycopg.ProgrammingError:
        pass
    raise AddressUnreadable(
        "DATABASE_URL is no address of a PostgreSQL. Write postgresql://user:password@host/name; "
        "in a password write %40 for @, %2F for /, %3A for : and %25 for %."
    )


def shown(address: str) -> str:
    """Return an address as it may be shown: without its password.

    >>> shown("postgresql://ann:secret@db.example/trade")
    'db.example/trade'
    """
    try:
        words = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "DATABASE_URL"
    return f"{words.get('host') or 'localhost'}/{words.get('dbname') or ''}"
