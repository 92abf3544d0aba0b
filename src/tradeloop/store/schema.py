"""Tables and functions are made what this version of the program expects, once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

from tradeloop.store.database import link

LOCK = 7_216_001  # any number, the same in every process: one at a time makes the schema


def is_ready() -> bool:
    """Say whether the tables and functions are those of this version."""
    with link().cursor() as cur:
        cur.execute("select to_regclass('tradeloop_schema')")
        if (cur.fetchone() or (None,))[0] is None:
            return False
        cur.execute("select digest from tradeloop_schema")
        return cur.fetchone() == (digest(),)


def make_ready() -> None:
    """Apply the migrations, then replace the functions; at once if nothing changed.

    Two processes that start together: the second waits, and finds it done.
    """
    if is_ready():
        return
    with link().cursor() as cur:
        cur.execute("select pg_advisory_lock(%s)", (LOCK,))
        try:
            if not is_ready():
                call_command("migrate", verbosity=0, interactive=False)
                _replace_functions()
        finally:
            cur.execute("select pg_advisory_unlock(%s)", (LOCK,))


def digest() -> str:
    """Return one digest over all migrations and functions of this version."""
    total = hashlib.sha256()
    for path in (*_files("migrations", "*.py"), *_files("functions", "*.sql")):
        total.update(f"{path.parent.parent.name}/{path.name}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _replace_functions() -> None:
    with link().transaction(), link().cursor() as cur:
        for path in _files("functions", "*.sql"):
            cur.execute(path.read_text(encoding="utf-8").encode())
        cur.execute("create table if not exists tradeloop_schema (digest text not null)")
        cur.execute("delete from tradeloop_schema")
        cur.execute("insert into tradeloop_schema values (%s)", (digest(),))


def _files(folder: str, pattern: str) -> list[Path]:
    return [
        path
        for app in apps.get_app_configs()
        for path in sorted((Path(app.path) / folder).glob(pattern))
    ]
