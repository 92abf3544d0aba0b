"""A backup is one moment, whole or not there; what comes back from it is what was, or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.journal.audit import Damage
from tradeloop.journal.audited import audit_log
from tradeloop.journal.keys import PUBLIC_FILE, Signer, signer
from tradeloop.journal.sequence import sequence_once
from tradeloop.site.opened import opened
from tradeloop.site.plugs import PLUGS
from tradeloop.store import programs
from tradeloop.store import restore as restores
from tradeloop.store.archive import BackupDamaged, BackupFailed, Manifest
from tradeloop.store.backup import DATABASE, Plugs, back_up, row_counts
from tradeloop.store.database import cursor, leave, use
from tradeloop.store.dump import RestoreFailed
from tradeloop.store.folder import LakeFolder
from tradeloop.store.folder import Manifest as Batch
from tradeloop.store.home import Home, HomeUnusable, RestoreUnfinished
from tradeloop.store.lasting import lasting_server
from tradeloop.store.restore import BackupNewer, RestoreDiffers, TargetTaken

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
Make = Callable[[str], str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a lake of one batch, its verdicts, and a key."""
    home = Home(tmp_path / "home")
    lake = LakeFolder(home.lake)
    with lake.locked(), lake.incoming() as (number, made):
        (made / "one.parquet").write_text("papers")
        part = lake.take_in(made / "one.parquet", table="orders", number=number, day="d", rows=1)
        lake.commit(Batch(number=number, made_at="now", parts=(part,)))
    with closing(sqlite3.connect(home.lake / "verdicts.sqlite")) as con:
        con.executescript("pragma journal_mode = wal; create table v (n); insert into v values (7)")
    (home.lake / "index.sqlite").write_text("made anew")
    home.keys.mkdir(mode=0o700)
    (home.keys / "log.key").write_text("secret")
    (home.keys / "banks").mkdir()
    (home.keys / "banks" / "north.key").write_text("secret too")
    return home


@pytest.fixture
def written(database: str, home: Home, tmp_path: Path) -> Path:
    """A backup of that home, whose journal has three facts."""
    for number in range(3):
        record(kind="test.seen", at=NOON, fact={"n": number})
    return backed_up(home, database, tmp_path / "one.backup")


def backed_up(
    home: Home, address: str, into: Path, plugs: Plugs = PLUGS, *, with_keys: bool = True
) -> Path:
    back_up(home, address, into, made_at=NOON, plugs=plugs, with_keys=with_keys)
    return into


def restored(file: Path, new: Home, address: str, plugs: Plugs = PLUGS) -> Manifest:
    """Restore into a new home and an empty database, on which Django then works."""
    use(address, clock_skew_s_max=None)
    with restores.restoring(file, new) as (archive, manifest):
        restores.restore_files(archive, manifest, new)
        restores.restore_database(archive, manifest, address, plugs, new, now=NOON)
    return manifest


@pytest.fixture
def empty(database: str) -> str:
    """The address of an empty database beside the other one."""
    with psycopg.connect(database, autocommit=True) as con:
        name = f"{con.info.dbname}_restored"
        con.execute(f"create database {name} template template0 locale 'C'".encode())
    return psycopg.conninfo.make_conninfo(database, dbname=name)


def log_with_one_waiting(home: Home) -> Signer:
    """Record two facts, of which the second has no place in the log yet; give who signs it."""
    by = signer(home.keys)
    record(kind="test.seen", at=NOON, fact={"n": 1})
    sequence_once(now=NOON, signer=by)
    record(kind="test.seen", at=NOON, fact={"n": 2})
    return by


def changed(file: Path, to: Path, members: Mapping[str, bytes | None]) -> Path:
    """Copy a backup with other members; None leaves one out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in {**dict.fromkeys(old.namelist()), **members}:
            content = members[name] if name in members else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return to


def with_manifest(file: Path, to: Path, **changes: object) -> Path:
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read("manifest.json"))
    return changed(file, to, {"manifest.json": json.dumps({**said, **changes}).encode()})


def facts() -> list[tuple[object, ...]]:
    with cursor() as cur:
        cur.execute("select id, kind, at, commitment, salt, body from journal_entry order by id")
        return cur.fetchall()


def test_what_comes_back_is_what_was(written: Path, empty: str, tmp_path: Path) -> None:
    rows, before, new = row_counts(), facts(), Home(tmp_path / "new")

    manifest = restored(written, new, empty)

    assert row_counts() == manifest.rows == rows
    assert facts() == before
    assert len(before) == 3
    [part] = LakeFolder(new.lake).parts()
    assert (new.lake / part.path).read_text() == "papers"
    with closing(sqlite3.connect(new.lake / "verdicts.sqlite")) as con:
        assert con.execute("select n from v").fetchall() == [(7,)]
    assert not (new.lake / "index.sqlite").exists()
    assert (new.keys / "log.key").read_text() == "secret"
    assert (new.keys / "banks" / "north.key").read_text() == "secret too"
    assert stat.S_IMODE((new.keys / "log.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(new.keys.stat().st_mode) == 0o700
    assert sorted(path.name for path in new.folder.iterdir()) == ["keys", "lake"]
    # New facts go on after the old ones.
    assert record(kind="test.seen", at=NOON, fact={}).entry_id == 4


def test_a_backup_is_secret_and_may_leave_the_keys_out(
    database: str, home: Home, tmp_path: Path
) -> None:
    file = backed_up(home, database, tmp_path / "one.backup", with_keys=False)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.startswith("keys")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "one.backup"]


def test_without_secret_keys_the_log_is_proven_and_goes_on_once_they_are_back(
    database: str, home: Home, empty: str, tmp_path: Path
) -> None:
    by, new = log_with_one_waiting(home), Home(tmp_path / "new")
    file = backed_up(home, database, tmp_path / "one.backup", with_keys=False)

    said = restored(file, new, empty)

    assert not said.has_keys
    assert [path.name for path in new.keys.iterdir()] == [PUBLIC_FILE]
    assert signer(new.keys).log == by.log
    assert [one for one in audit_log(by.public) if isinstance(one, Damage)] == []
    after = sequence_once(now=NOON, signer=by)
    assert after is not None
    assert after.size == 2
    assert [one for one in audit_log(by.public) if isinstance(one, Damage)] == []


def test_facts_that_wait_for_their_place_in_the_log_do_not_make_a_restore_another(
    database: str, home: Home, empty: str, tmp_path: Path
) -> None:
    by, new = log_with_one_waiting(home), Home(tmp_path / "new")
    file = backed_up(home, database, tmp_path / "one.backup")

    assert restored(file, new, empty).has_keys

    (done,) = audit_log(by.public)
    assert not isinstance(done, Damage)
    assert done.size == 2  # the one that waited has its place now


def test_without_secret_keys_a_log_that_does_not_prove_true_is_refused(
    database: str, home: Home, empty: str, tmp_path: Path
) -> None:
    record(kind="test.seen", at=NOON, fact={"n": 1})
    sequence_once(now=NOON, signer=signer(home.keys))
    cursor().execute("alter table journal_entry disable trigger all")
    cursor().execute("update journal_entry set kind = 'test.never'")
    file = backed_up(home, database, tmp_path / "one.backup", with_keys=False)

    with pytest.raises(RestoreDiffers, match="proofs: journal: leaf 0"):
        restored(file, Home(tmp_path / "new"), empty)


def test_others_may_write_and_it_is_one_moment(
    database: str, home: Home, empty: str, tmp_path: Path
) -> None:
    end, going = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        while not end.is_set():
            with transaction.atomic():  # two or none
                record(kind="test.one", at=NOON, fact={})
                record(kind="test.two", at=NOON, fact={})
            going.release()
        leave()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for one in writers:
        one.start()
    assert all(going.acquire(timeout=30) for _ in range(20))
    file = backed_up(home, database, tmp_path / "one.backup")
    end.set()
    for one in writers:
        one.join()

    manifest = restored(file, Home(tmp_path / "new"), empty)

    with cursor() as cur:
        cur.execute("select kind, count(*) from journal_entry group by kind order by kind")
        counts = cur.fetchall()
    assert counts[0][1] == counts[1][1] == manifest.rows["public.journal_entry"] / 2


def test_the_oldest_server_gives_and_takes_backups(
    own_database: Make, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, other = own_database(""), own_database("")
    monkeypatch.setenv("DATABASE_URL", address)
    with opened(home.folder, clock_skew_s_max=None):
        record(kind="test.seen", at=NOON, fact={"a": 1})
        before = facts()
        file = backed_up(home, address, tmp_path / "one.backup")

    restored(file, Home(tmp_path / "new"), other)

    assert facts() == before
    leave()


def test_a_server_beyond_our_programs_is_served_by_its_own(
    own_database: Make, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, other = own_database(""), own_database("")
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(programs, "MAJOR", 14)
    with opened(home.folder, clock_skew_s_max=None):
        before = row_counts()
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(BackupFailed, match="client programs of version 15 or newer"):
            backed_up(home, address, tmp_path / "one.backup")
        monkeypatch.setenv("PATH", "/usr/lib/postgresql/15/bin")
        file = backed_up(home, address, tmp_path / "one.backup")

    restored(file, Home(tmp_path / "new"), other)

    assert row_counts() == before
    leave()


def test_a_name_that_is_taken_is_refused(database: str, home: Home, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")

    with pytest.raises(BackupFailed, match="no backup is overwritten"):
        backed_up(home, database, tmp_path / "mine")

    assert (tmp_path / "mine").read_text() == "mine"


def test_a_backup_that_fails_leaves_nothing(database: str, home: Home, tmp_path: Path) -> None:
    [part] = LakeFolder(home.lake).parts()
    (home.lake / part.path).unlink()

    with pytest.raises(BackupFailed, match="No backup was kept"):
        backed_up(home, database, tmp_path / "one.backup")

    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_dump_that_fails_leaves_nothing(database: str, home: Home, tmp_path: Path) -> None:
    elsewhere = psycopg.conninfo.make_conninfo(database, dbname="none")

    with pytest.raises(BackupFailed, match="pg_dump failed"):
        backed_up(home, elsewhere, tmp_path / "one.backup")

    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def bytes_changed(file: Path, to: Path) -> Path:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    to.write_bytes(content)
    return to


def cut_short(file: Path, to: Path) -> Path:
    to.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return to


DAMAGES: Mapping[str, tuple[Callable[[Path, Path], Path], str]] = {
    "one bit": (bytes_changed, "database.dump is not what was written"),
    "cut short": (cut_short, "damaged, or no backup"),
    "no zip": (lambda _, to: (to.write_text("hello"), to)[1], "damaged, or no backup"),
    "not there": (lambda _, to: to, "there is no such file"),
    "no manifest": (lambda file, to: changed(file, to, {"manifest.json": None}), "no backup, for"),
    "no dump": (lambda file, to: changed(file, to, {DATABASE: None}), "missing or added: database"),
    "a key more": (
        lambda file, to: changed(file, to, {"keys/other": b"x"}), "missing or added: keys/other",
    ),
    "another dump": (lambda file, to: changed(file, to, {DATABASE: b"x"}), "not what was written"),
    "a format to come": (lambda file, to: with_manifest(file, to, format=2), "of format 2"),
    "an odd manifest": (lambda file, to: with_manifest(file, to, more=1), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_by_name(
    written: Path, empty: str, tmp_path: Path, damage: str
) -> None:
    harm, told = DAMAGES[damage]
    new = Home(tmp_path / "new")

    with pytest.raises(BackupDamaged, match=told):
        restored(harm(written, tmp_path / "harmed"), new, empty)

    assert not new.folder.exists()
    assert row_counts() == {}


def test_every_byte_of_a_backup_counts(written: Path, tmp_path: Path) -> None:
    whole = written.read_bytes()
    directory = whole.rindex(b"PK\x05\x06") - 60
    # All over the file, and densely where ZIP says what lies where.
    for place in [*range(0, len(whole), len(whole) // 40), *range(directory, len(whole))]:
        harmed = bytearray(whole)
        harmed[place] ^= 0x10
        (tmp_path / "harmed").write_bytes(harmed)
        try:
            with (
                restores.restoring(tmp_path / "harmed", Home(tmp_path / "new")) as (archive, said),
                zipfile.ZipFile(written) as good,
            ):
                # Only bytes that say nothing may differ: those of ZIP's own, as a date.
                assert all(archive.read(name) == good.read(name) for name in said.members)
        except HomeUnusable:
            assert not (tmp_path / "new").exists()
        shutil.rmtree(tmp_path / "new", ignore_errors=True)


def test_a_backup_of_a_newer_version_is_refused(written: Path, empty: str, tmp_path: Path) -> None:
    newer = with_manifest(written, tmp_path / "newer", program="99.0.0")

    with pytest.raises(BackupNewer, match=r"written by tradeloop 99\.0\.0"):
        restored(newer, Home(tmp_path / "new"), empty)

    assert row_counts() == {}


def test_a_home_that_holds_something_is_refused(written: Path, empty: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "letter").write_text("mine")

    with pytest.raises(TargetTaken, match="is not empty"):
        restored(written, Home(tmp_path / "new"), empty)

    assert [path.name for path in (tmp_path / "new").iterdir()] == ["letter"]
    assert row_counts() == {}


def test_a_database_that_holds_something_is_refused(
    written: Path, database: str, tmp_path: Path
) -> None:
    before = facts()

    with pytest.raises(TargetTaken, match="has tables already"):
        restored(written, Home(tmp_path / "new"), database)

    assert facts() == before
    assert not (tmp_path / "new").exists()


def test_a_dump_that_cannot_be_loaded_leaves_nothing(
    written: Path, empty: str, tmp_path: Path
) -> None:
    # A function of the same name is in the way, late in the dump.
    with psycopg.connect(empty, autocommit=True) as con:
        con.execute("create function canonical(p_text text) returns text language sql return 'x'")

    with pytest.raises(RestoreFailed, match="canonical"):
        restored(written, Home(tmp_path / "new"), empty)

    assert row_counts() == {}
    assert not (tmp_path / "new").exists()


def test_a_dump_that_ends_too_soon_leaves_nothing(
    written: Path, empty: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(written) as archive:
        dump = archive.read(DATABASE)
        said = json.loads(archive.read("manifest.json"))
    for share in (0.5, 0.9, 0.99):
        cut = dump[: int(len(dump) * share)]
        said["members"][DATABASE] = {
            "digest": hashlib.sha256(cut).hexdigest(), "size_bytes": len(cut),
        }  # fmt: skip
        members = {DATABASE: cut, "manifest.json": json.dumps(said).encode()}

        with pytest.raises(RestoreFailed, match="Nothing of it was kept"):
            restored(changed(written, tmp_path / "cut", members), Home(tmp_path / "new"), empty)

        assert row_counts() == {}
        assert not (tmp_path / "new").exists()


def differing() -> Mapping[str, str]:
    with cursor() as cur:
        cur.execute("select current_database()")
        return {"name": (cur.fetchone() or ("",))[0]}


@pytest.mark.parametrize(
    ("plugs", "told"),
    [
        (replace(PLUGS, totals=(differing,)), "totals: name is .*_restored, was"),
        (replace(PLUGS, verifiers=(lambda _: ["leaf 3 is not in the tree"],)), "leaf 3"),
    ],
    ids=["totals", "proofs"],
)
def test_what_does_not_prove_true_is_refused_and_stays_marked(  # noqa: PLR0917 - fixtures
    database: str, home: Home, empty: str, tmp_path: Path, plugs: Plugs, told: str
) -> None:
    file = backed_up(home, database, tmp_path / "one.backup", plugs)

    with pytest.raises(RestoreDiffers, match=told):
        restored(file, Home(tmp_path / "new"), empty, plugs)

    assert not (tmp_path / "new").exists()
    from tradeloop.store import schema  # noqa: PLC0415 - Django is set up now

    with pytest.raises(RestoreUnfinished, match="Drop the database"):
        schema.make_ready()


def test_steps_after_a_restore_run_before_it_is_proven(
    written: Path, empty: str, tmp_path: Path
) -> None:
    ran: list[str] = []

    def step(home: Home, now: datetime) -> None:
        assert (home.keys / "log.key").exists()
        ran.append(f"step at {now:%H:%M}")

    def verify(_: Home) -> list[str]:
        ran.append("proof")
        return []

    plugs = replace(PLUGS, after_restore=(step,), verifiers=(verify,))
    restored(written, Home(tmp_path / "new"), empty, plugs)

    assert ran == ["step at 12:00", "proof"]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tradeloop.site.backup import restore
from tradeloop.store import dump
dump.load = lambda address, chunks: os.kill(os.getpid(), signal.SIGKILL)
from tradeloop.store import restore as steps
steps.load = dump.load
restore(file=Path(sys.argv[1]), home=Path(sys.argv[2]), now=datetime.now(UTC))
"""


def test_a_home_whose_restore_was_killed_is_refused_by_the_next_command(
    written: Path, tmp_path: Path
) -> None:
    words = [sys.executable, "-c", KILLED, str(written), str(tmp_path / "new")]
    assert subprocess.run(words, check=False).returncode == -9

    with pytest.raises(RestoreUnfinished, match="did not end"), opened(tmp_path / "new"):
        pass
    with pytest.raises(TargetTaken), restores.restoring(written, Home(tmp_path / "new")):
        pass
    with lasting_server(tmp_path / "new" / "postgres"):
        pass  # stops the server that the killed one left


def test_a_full_disk_is_told_and_keeps_no_half_backup(
    database: str, home: Home, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a disk")
    try:
        with pytest.raises(BackupFailed, match="No space left on device"):
            backed_up(home, database, disk / "one.backup")
        assert not list(disk.iterdir())
    finally:
        subprocess.run(["/bin/umount", str(disk)], check=True)
