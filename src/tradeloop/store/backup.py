"""Everything that lasts goes into one file: the database, the lake, the keys, and their sums.

Others may write meanwhile: the database is dumped as it was at one moment, and the lake is copied
after that moment, so that every paper that the database relies on is there.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.db import transaction
from psycopg import sql

from tradeloop.store.archive import Manifest, Writer, writing
from tradeloop.store.database import cursor
from tradeloop.store.dump import dump
from tradeloop.store.folder import MANIFESTS, LakeFolder
from tradeloop.store.home import PUBLIC, Home

DATABASE, LAKE, KEYS = "database.dump", "lake", "keys"

Total = Callable[[], Mapping[str, str]]
"""Gives figures of the database by name, as text; a restore must give the same again."""

Step = Callable[[Home, datetime], None]
"""Mends in a restored database what holds only in the server that it came from.

The home has its lake and, if the backup had them, its keys; the time is the caller's.
"""

Verifier = Callable[[Home], Iterable[str]]
"""Gives a sentence for everything that is wrong in a restored home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugs:
    """What upper layers add to a backup and to a restore; `site` brings them together."""

    totals: tuple[Total, ...] = ()
    after_restore: tuple[Step, ...] = ()
    verifiers: tuple[Verifier, ...] = ()
    lake_files: tuple[str, ...] = ()  # SQLite files of the lake that cannot be made again


def back_up(  # noqa: PLR0913 - each is told by name
    home: Home, address: str, into: Path, *, made_at: datetime, plugs: Plugs, with_keys: bool
) -> Manifest:
    """Write a backup of `home`, whose database is at `address`, to the new file `into`.

    Args:
        home: Open, with its tables ready.
        address: Of its database; our own connection leads there too.
        into: The file; readable by its owner only.
        made_at: By the caller's clock.
        plugs: What the upper layers add.
        with_keys: Whether the secret keys go along.

    Raises:
        BackupFailed: Nothing was written.
    """
    with writing(into) as writer:
        with transaction.atomic(), cursor() as cur:
            cur.execute("set transaction isolation level repeatable read, read only")
            cur.execute("select pg_export_snapshot()")
            (snapshot,) = cur.fetchone() or ("",)
            rows, totals = row_counts(), totals_now(plugs)
            writer.add(DATABASE, dump(address, snapshot))
        if (home.lake / MANIFESTS).is_dir():
            _add_lake(writer, home.lake, plugs.lake_files, into.parent)
        has_keys = with_keys and home.keys.exists()
        # What is public goes along in any case: without it the restored log proves nothing.
        for path in sorted(home.keys.rglob("*")):
            if path.is_file() and (has_keys or path.suffix in PUBLIC):
                writer.add_file(f"{KEYS}/{path.relative_to(home.keys).as_posix()}", path)
        return writer.close(
            Manifest(
                program=version("tradeloop"),
                made_at=made_at.isoformat(),
                has_keys=has_keys,
                rows=rows,
                totals=totals,
            )
        )


def row_counts() -> dict[str, int]:
    """Return how many rows each of our tables has."""
    counts = {}
    with cursor() as cur:
        cur.execute(
            "select schemaname, tablename from pg_tables "
            "where schemaname !~ '^pg_' and schemaname <> 'information_schema' order by 1, 2"
        )
        for schema, table in cur.fetchall():
            cur.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table)))
            counts[f"{schema}.{table}"] = (cur.fetchone() or (0,))[0]
    return counts


def totals_now(plugs: Plugs) -> dict[str, str]:
    """Return the figures of all plugs."""
    return {name: value for total in plugs.totals for name, value in total().items()}


def _add_lake(writer: Writer, lake: Path, files: Iterable[str], room: Path) -> None:
    folder = LakeFolder(lake)
    with folder.reading(), tempfile.TemporaryDirectory(dir=room, prefix=".tradeloop-") as held:
        with folder.locked():  # no batch is half done: its verdicts are there with its papers
            manifests, parts = folder.manifests(), folder.parts()
            for name in files:
                if (lake / name).exists():
                    _copy_database(lake / name, Path(held) / name)
        for path in sorted(Path(held).iterdir()):
            writer.add_file(f"{LAKE}/{path.name}", path)
        for part in parts:
            writer.add_file(f"{LAKE}/{part.path}", lake / part.path)
        for one in manifests:
            name = f"{MANIFESTS}/{one.number:08}.json"
            writer.add_file(f"{LAKE}/{name}", lake / name)


def _copy_database(path: Path, to: Path) -> None:
    """Copy an SQLite file as it is at one moment, though others write to it."""
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
