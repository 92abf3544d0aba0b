"""A backup becomes a home again: looked at first, loaded whole, and proven to be what it was.

Until it is proven, a mark in the home and one in the database keep every other command out.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from tradeloop.store import schema
from tradeloop.store.archive import Manifest, reading
from tradeloop.store.backup import DATABASE, KEYS, LAKE, Plugs, row_counts, totals_now
from tradeloop.store.database import cursor
from tradeloop.store.dump import load
from tradeloop.store.home import HALF_RESTORED, Home, HomeUnusable
from tradeloop.store.synced import sync_folder

MARK = f"public.{schema.RESTORING}"
SHOWN_MAX = 5


class TargetTaken(HomeUnusable):
    """A restore goes only where nothing is; what is there was left as it is."""


class BackupNewer(HomeUnusable):
    """A newer version of the program wrote the backup."""


class RestoreDiffers(HomeUnusable):
    """What was loaded is not what was backed up."""


@contextmanager
def restoring(file: Path, home: Home) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Look at a backup and take the place of the new home; give what to load.

    If the block fails, all that it put into the home is removed, and a folder that was not there is
    not there again. If the process is killed, the mark stays, and every command refuses the home.

    Raises:
        BackupDamaged: The file is not a whole backup; nothing was written.
        BackupNewer: This program is too old for it; nothing was written.
        TargetTaken: The home holds something; nothing was written.
    """
    with reading(file) as (archive, manifest):
        ours = version("tradeloop")
        if schema.ordered(manifest.program) > schema.ordered(ours):
            raise BackupNewer(
                f"{file} was written by tradeloop {manifest.program}; this is {ours}. "
                "Restore it with that version or a newer one."
            )
        if DATABASE not in manifest.members:
            raise RestoreDiffers(f"{file} holds no database. Name another backup.")
        was_there = _take(home)
        try:
            yield archive, manifest
            _sync_all(home.folder)
            home.half_restored.unlink()
            sync_folder(home.folder)
        except BaseException:
            _clear(home.folder, keep=was_there)
            raise


def restore_database(  # noqa: PLR0913 - what to load, whereto, and what proves it
    archive: zipfile.ZipFile,
    manifest: Manifest,
    address: str,
    plugs: Plugs,
    home: Home,
    *,
    now: datetime,
) -> None:
    """Load the database of a backup into the empty one at `address`, and prove that it is the same.

    Our own connection leads to `address` too. The figures are compared before and after the tables
    are brought to this version of the program, before anything new is written. The files of the
    home are there already.

    Raises:
        TargetTaken: There are tables in it already; nothing was written.
        RestoreFailed: PostgreSQL refused the dump; nothing was written.
        RestoreDiffers: The message says where; the database stays marked, and is refused.
    """
    _mark()
    try:
        with archive.open(DATABASE) as member, tempfile.TemporaryFile(dir=home.folder) as dump:
            shutil.copyfileobj(member, dump)
            dump.seek(0)
            load(address, dump)
    except BaseException:
        _unmark()
        raise
    rows = {name: count for name, count in row_counts().items() if name != MARK}
    _refuse("rows", _differences(manifest.rows, rows))
    schema.bring_up()
    totals = totals_now(plugs)
    _refuse("totals", _differences(_known(manifest, totals), totals))
    # After the comparison: facts that had no place in the log yet get theirs, and it grows.
    for step in plugs.after_restore:
        step(home, now)
    _refuse("proofs", [said for verifier in plugs.verifiers for said in verifier(home)])
    _unmark()


def restore_files(archive: zipfile.ZipFile, manifest: Manifest, home: Home) -> None:
    """Unpack the lake and the keys; keys are for their owner only."""
    places = {LAKE: home.lake, KEYS: home.keys}
    if manifest.has_keys:
        home.keys.mkdir(mode=0o700)
    for name in archive.namelist():
        top, _, rest = name.partition("/")
        if top not in places or not rest:
            continue
        path = places[top] / rest
        private = top == KEYS
        path.parent.mkdir(mode=0o700 if private else 0o755, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as to, archive.open(name) as member:
            shutil.copyfileobj(member, to)
            to.flush()
            os.fsync(to.fileno())


def _take(home: Home) -> bool:
    """Mark the home as ours; say whether its folder was there."""
    was_there = home.folder.exists()
    try:
        if was_there and any(home.folder.iterdir()):
            raise _taken(home.folder)
        home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.half_restored.touch(exist_ok=False)
        sync_folder(home.folder)
    except FileExistsError:
        raise _taken(home.folder) from None
    except OSError as error:
        raise TargetTaken(
            f"{home.folder}: {error.strerror}. Name a folder that you may write to."
        ) from error
    return was_there


def _taken(folder: Path) -> TargetTaken:
    return TargetTaken(
        f"{folder} is not empty, and was left as it is. Restore into a new folder: --home NEW"
    )


def _mark() -> None:
    try:
        if not row_counts():
            with cursor() as cur:
                cur.execute(f"create table {MARK} (began timestamptz)".encode())
            return
    except psycopg.errors.DuplicateTable:  # another restore found it empty too, and was first
        pass
    raise TargetTaken(
        "The database of DATABASE_URL has tables already, and was left as it is. "
        "Make an empty one and name it."
    )


def _unmark() -> None:
    with cursor() as cur:
        cur.execute(f"drop table {MARK}".encode())


def _known(manifest: Manifest, totals: Mapping[str, str]) -> Mapping[str, str]:
    """Return the figures that must come again: all of them, if this version wrote them."""
    if manifest.program == version("tradeloop"):
        return manifest.totals
    return {name: value for name, value in manifest.totals.items() if name in totals}


def _differences(wanted: Mapping[str, object], found: Mapping[str, object]) -> Sequence[str]:
    return [
        f"{name} is {found.get(name, 'missing')}, was {value}"
        for name, value in wanted.items()
        if found.get(name) != value
    ]


def _refuse(what: str, wrong: Sequence[str]) -> None:
    if wrong:
        raise RestoreDiffers(
            f"What was restored is not what was backed up; {what}: {'; '.join(wrong[:SHOWN_MAX])}. "
            "Do not use it. Try another backup, and tell those who maintain tradeloop."
        )


def _clear(folder: Path, *, keep: bool) -> None:
    """Remove what a failed restore made; the mark goes last."""
    for path in sorted(folder.iterdir(), key=lambda one: one.name == HALF_RESTORED):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not keep:
        folder.rmdir()


def _sync_all(folder: Path) -> None:
    for name in (LAKE, KEYS):
        for path in (folder / name, *(folder / name).rglob("*")):
            if path.is_dir():
                sync_folder(path)
