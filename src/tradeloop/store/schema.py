"""Tables and functions are made what this version of the program expects, once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from tradeloop.store.database import cursor
from tradeloop.store.home import HomeUnusable, RestoreUnfinished

LOCK = 7_216_001  # any number, the same in every process: one at a time makes the schema
RESTORING = "tradeloop_restoring"  # a table that is there while a restore is at work


class SchemaNewer(HomeUnusable):
    """A newer version of the program made the tables; this one would not understand them."""


def is_ready() -> bool:
    """Say whether the tables and functions are those of this version."""
    recorded = _recorded()
    return recorded is not None and recorded[0] == digest()


def make_ready() -> None:
    """Apply our migrations and replace the functions, all or nothing; at once if nothing changed.

    Two processes that start together: the second waits, and finds it done.

    Raises:
        SchemaNewer: A newer version of the program has worked on this database.
        RestoreUnfinished: A restore into this database began, and did not end.
    """
    refuse_half_restored()
    bring_up()


def bring_up() -> None:
    """Do what `make_ready` does, also in a database that is being restored."""
    if is_ready():
        return
    with _alone():
        if is_ready():
            return
        refuse_newer()
        # Those of others must commit one by one (a new value of an enum is used by the next); each
        # is whole, and the next start goes on with the rest.
        for app in _apps_of_others():
            call_command("migrate", app, verbosity=0, interactive=False)
        with transaction.atomic():
            call_command("migrate", verbosity=0, interactive=False)
            _replace_functions()


def refuse_newer() -> None:
    """Look whether this version of the program knows all that was done to the database.

    Raises:
        SchemaNewer: It does not.
    """
    ours = version("tradeloop")
    recorded = _recorded()
    theirs = recorded[1] if recorded else ours
    strange = _unknown_migrations()
    if strange or ordered(theirs) > ordered(ours):
        what = f" and has {', '.join(strange)}, which is unknown here" if strange else ""
        raise SchemaNewer(
            f"The database was last used by tradeloop {theirs}{what}; this is tradeloop {ours}. "
            "Nothing was changed. Use the version that made it, or a newer one."
        )


def refuse_half_restored() -> None:
    """Let nobody work with a database into which a restore did not end.

    Raises:
        RestoreUnfinished: The mark is there.
    """
    if _exists(RESTORING):
        raise RestoreUnfinished(
            "A restore into this database did not end. Drop the database, make an empty one, "
            "and restore again."
        )


@lru_cache
def digest() -> str:
    """Return one digest over all migrations and functions of this version."""
    total = hashlib.sha256()
    for path in (*_files("migrations", "*.py"), *_files("functions", "*.sql")):
        total.update(f"{path.parent.parent.name}/{path.name}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def ordered(text: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparing.

    >>> ordered("0.10.0") > ordered("0.9.1")
    True
    """
    return tuple(int(number) for number in re.findall(r"\d+", text))


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes from making the schema at the same time."""
    with cursor() as cur:
        cur.execute("select pg_advisory_lock(%s)", (LOCK,))
        try:
            yield
        finally:
            cur.execute("select pg_advisory_unlock(%s)", (LOCK,))


def _apps_of_others() -> Sequence[str]:
    loader = MigrationLoader(None)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("tradeloop.")}
    return sorted(loader.migrated_apps - ours)


def _recorded() -> tuple[str, str] | None:
    """Return the digest and the version that the schema was last made by."""
    if not _exists("tradeloop_version"):
        return None
    with cursor() as cur:
        cur.execute("select digest, version from tradeloop_version")
        row = cur.fetchone()
    return (row[0], row[1]) if row else None


def _unknown_migrations() -> Sequence[str]:
    loader = MigrationLoader(connections["default"])
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return [f"{app}.{name}" for app, name in sorted(unknown)]


def _replace_functions() -> None:
    with cursor() as cur:
        for path in _files("functions", "*.sql"):
            cur.execute(path.read_text(encoding="utf-8").encode())
        cur.execute(
            "create table if not exists tradeloop_version "
            "(digest text not null, version text not null)"
        )
        cur.execute("delete from tradeloop_version")
        cur.execute(
            "insert into tradeloop_version values (%s, %s)", (digest(), version("tradeloop"))
        )


def _exists(table: str) -> bool:
    with cursor() as cur:
        cur.execute("select to_regclass(%s) is not null", (table,))
        return cur.fetchone() == (True,)


def _files(folder: str, pattern: str) -> list[Path]:
    return [
        path
        for app in apps.get_app_configs()
        for path in sorted((Path(app.path) / folder).glob(pattern))
    ]
