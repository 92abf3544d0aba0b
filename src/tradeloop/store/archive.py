"""One file of many members, with a manifest: written whole or not at all, read only if whole.

It is a ZIP, so that anybody can look into it. `manifest.json` comes last and has the digest of each
other member. One that is missing, added or changed makes the whole file worthless, and is named.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO

from tradeloop.store.home import HomeUnusable
from tradeloop.store.synced import sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20
SECRET = 0o600
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError,
    RuntimeError, ValueError, OverflowError,
)  # fmt: skip
"""What `zipfile` raises for a changed byte, wherever it lies: an offset before the beginning, a way
of packing or an encryption that nobody used, a name in no alphabet."""


class BackupFailed(HomeUnusable):
    """No backup was written; nothing half-written is left."""


class BackupDamaged(HomeUnusable):
    """A backup is not what it was when it was written, or was not written here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in the archive."""

    digest: str  # SHA-256
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    program: str  # the version that wrote it
    made_at: str  # ISO 8601
    has_keys: bool
    rows: Mapping[str, int]  # of each table of the database
    totals: Mapping[str, str]  # what must be the same after a restore
    members: Mapping[str, Member] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Adds members to an archive, and remembers the digest of each."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Begin with no members."""
        self._archive = archive
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a member as its bytes come."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.external_attr = SECRET << 16
        with self._archive.open(info, "w", force_zip64=True) as to:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                to.write(chunk)
        self.members[name] = Member(digest=digest.hexdigest(), size_bytes=size)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file from the disk."""
        with path.open("rb") as file:
            self.add(name, chunks_of(file))

    def close(self, manifest: Manifest) -> Manifest:
        """Add the manifest, with the digests of all members; return it."""
        whole = replace(manifest, members=self.members)
        self._archive.writestr(MANIFEST, json.dumps(asdict(whole), ensure_ascii=False, indent=1))
        return whole


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Give what writes a new archive; it has its name when the block ends well, and is kept secret.

    Raises:
        BackupFailed: The name is taken, another backup is writing it, or the disk is full.
    """
    beginning = path.with_name(f".{path.name}.part")
    file = _begun(path, beginning)
    try:
        with file:
            file.truncate()  # what a killed backup left
            with zipfile.ZipFile(file, "w") as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
            beginning.rename(path)
        sync_folder(path.parent)
    except BaseException as error:
        beginning.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _failed(path, error) from error
        raise


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Give an archive and its manifest, after every byte of it was looked at.

    Raises:
        BackupDamaged: It is no backup, of a newer format, or damaged; the member is named.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BackupDamaged(f"{path}: there is no such file. Name the file of a backup.") from None
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    with archive:
        try:
            manifest = _manifest(path, archive)
            _refuse_damaged(path, archive, manifest)
        except UNREADABLE as error:
            raise _unreadable(path, error) from error
        yield archive, manifest


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Return the bytes of a file in pieces."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _begun(path: Path, beginning: Path) -> IO[bytes]:
    """Open the file that a backup is written to, for us alone."""
    if path.exists():
        raise BackupFailed(f"{path} is there already. Name a new file: no backup is overwritten.")
    try:
        handle = os.open(beginning, os.O_RDWR | os.O_CREAT, SECRET)
    except OSError as error:
        raise _failed(path, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # If it has another name by now, then it is what another backup has just finished.
        ours = os.path.samestat(os.fstat(handle), beginning.stat())
    except (BlockingIOError, FileNotFoundError):
        ours = False
    if not ours:
        os.close(handle)
        raise BackupFailed(f"{path}: another backup is writing it. Name another file.")
    return os.fdopen(handle, "r+b")


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in archive.namelist():
        raise BackupDamaged(f"{path}: no backup, for it has no {MANIFEST}. Name another file.")
    try:
        said = json.loads(archive.read(MANIFEST))
        if (found := said["format"]) != FORMAT:
            raise BackupDamaged(
                f"{path}: a backup of format {found}; this program reads format {FORMAT}. "
                f"Restore it with tradeloop {said.get('program', 'of its time')} or newer."
            )
        members = {name: Member(**one) for name, one in said.pop("members").items()}
        return Manifest(**said, members=members)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged(
            f"{path}: its {MANIFEST} cannot be read ({error}). Take another copy of it."
        ) from error


def _refuse_damaged(path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    there = [name for name in archive.namelist() if name != MANIFEST]
    if odd := sorted(set(there) ^ set(manifest.members)):
        raise BackupDamaged(
            f"{path}: missing or added: {', '.join(odd[:3])}. Take another copy of it."
        )
    for name, member in manifest.members.items():
        if not _is_safe(name):
            raise BackupDamaged(f"{path}: member {name!r} would leave its folder. Do not use it.")
        digest = hashlib.sha256()
        try:
            with archive.open(name) as file:
                for chunk in chunks_of(file):
                    digest.update(chunk)
        except UNREADABLE as error:
            raise _changed(path, name) from error
        if digest.hexdigest() != member.digest:
            raise _changed(path, name)


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        not name.startswith("/") and ".." not in parts and PurePosixPath(*parts).as_posix() == name
    )


def _unreadable(path: Path, error: Exception) -> BackupDamaged:
    return BackupDamaged(f"{path}: damaged, or no backup ({error}). Take another copy of it.")


def _changed(path: Path, name: str) -> BackupDamaged:
    return BackupDamaged(
        f"{path}: member {name} is not what was written. Take another copy of the backup."
    )


def _failed(path: Path, error: OSError) -> BackupFailed:
    return BackupFailed(
        f"{error.filename or path}: {error.strerror or error}. No backup was kept. "
        "Make room, or name a file in a folder that you may write to."
    )
