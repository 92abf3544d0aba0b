"""Which files are there: folders and archives become a list of sources, in a fixed order.

Nothing is ever unpacked to disk. What an archive says of its members is not believed: sizes are
bounded when they are read, and a name that leads out of the archive is refused.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

MIB = 1 << 20
FILE_BYTES_MAX = 256 * MIB  # customs takes 100 records a message, some hundred kilobytes
ARCHIVE_BYTES_MAX = 8192 * MIB  # of all members together, unpacked
MEMBERS_MAX = 1_000_000
# Repetitive XML packs about thirty times; a member beyond this is a bomb.
RATIO_MAX = 200
RATIO_CHECKED_FROM_BYTES = 16 * MIB
# What a damaged archive may raise, wherever it is read.
DAMAGE = (
    OSError, zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One file or one member of an archive; `because` says why it cannot even be opened."""

    path: str  # as shown: members as `archive.zip/member.xml`
    place: str  # the file on disk
    member: str | None = None
    bytes: int = 0
    because: str | None = None
    digest: str | None = None  # SHA-256 in hexadecimal, where it is known already
    lines: Source | None = None  # the file that holds the lines of the papers in this one


class Unreadable(Exception):
    """A file could not be opened or is larger than we take; the message says what to do."""


def gather(paths: Iterable[Path]) -> list[Source]:
    """Return every file below `paths`, archives opened, sorted by path; each file once.

    Raises:
        FileNotFoundError: One of `paths` is not there.
    """
    found: dict[str, Source] = {}
    for path in paths:
        try:
            there = path.exists()
        except PermissionError:
            there = False
        if not there:
            raise FileNotFoundError(
                f"{path}: no such file or folder, or no way to it. Check the path."
            )
        for source in _below(path):
            found.setdefault(source.path, source)
    return [found[path] for path in sorted(found)]


def read_bytes(source: Source) -> bytes:
    """Return the bytes of one source.

    Raises:
        Unreadable: It cannot be opened, is damaged, locked or too large.
    """
    if source.because:
        raise Unreadable(source.because)
    try:
        if source.member is None:
            return Path(source.place).read_bytes()
        with _archive(source.place).open(source.member) as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except PermissionError:
        raise Unreadable("no permission to read it; give yourself read access") from None
    except RuntimeError:  # zipfile's word for a password
        raise Unreadable("locked with a password; unpack it and give the files") from None
    except DAMAGE as error:
        raise Unreadable(f"damaged or not to be opened: {error}; get it again") from None
    if len(data) > FILE_BYTES_MAX:
        raise Unreadable(_too_large(len(data)))
    return data


def _below(path: Path) -> Iterator[Source]:
    if not path.is_dir():
        yield from _opened(path)
        return
    closed: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=closed.append):
        for name in [name for name in folders if Path(folder, name).is_symlink()]:
            shown = printable(Path(folder, name))
            yield Source(shown, shown, because="a link to a folder; give that folder itself")
        for name in files:
            yield from _opened(Path(folder, name))
    for error in closed:
        shown = printable(Path(error.filename))
        yield Source(shown, shown, because="a folder that may not be opened; give read access")


def printable(path: Path) -> str:
    """Return a path as it can be shown: names in GBK decoded, control characters replaced."""
    raw = os.fsencode(path.as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def _opened(path: Path) -> Iterator[Source]:
    shown, place = printable(path), path.as_posix()
    try:
        status = path.stat()
    except OSError as error:
        yield Source(shown, place, because=f"cannot be opened: {error.strerror}")
        return
    if not stat.S_ISREG(status.st_mode):
        yield Source(shown, place, because="not a regular file")
    elif path.suffix.lower() == ".zip":
        yield from _members(path)
    elif status.st_size > FILE_BYTES_MAX and path.suffix.lower() != ".parquet":
        yield Source(shown, place, because=_too_large(status.st_size))
    else:
        yield Source(shown, place, bytes=status.st_size)


def _members(path: Path) -> Iterator[Source]:
    shown, place = printable(path), path.as_posix()
    try:
        infos = _archive(place).infolist()
    except PermissionError:
        yield Source(shown, place, because="no permission to read it; give yourself read access")
        return
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        yield Source(shown, place, because=f"not a zip archive that opens: {error}; get it again")
        return
    total = 0
    for info in infos[:MEMBERS_MAX]:
        if info.is_dir():
            continue
        total += info.file_size
        because = _refused(info, total)
        name = printable(Path(_member_name(info)))
        yield Source(f"{shown}/{name}", place, info.filename, info.file_size, because)
    if len(infos) > MEMBERS_MAX:
        because = f"more than {MEMBERS_MAX:,} members; split the archive"
        yield Source(f"{shown}/…", place, because=because)


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the mark for UTF-8, Chinese Windows wrote it in GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _refused(info: zipfile.ZipInfo, total: int) -> str | None:
    """Return why a member is not to be opened, judged by its name and the sizes it claims."""
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or (name.parts and ":" in name.parts[0]):
        return "its name leads out of the archive; pack it again with plain names"
    if info.file_size > FILE_BYTES_MAX:
        return _too_large(info.file_size)
    packed = max(info.compress_size, 1)
    if info.file_size > RATIO_CHECKED_FROM_BYTES and info.file_size > RATIO_MAX * packed:
        return f"unpacks to {info.file_size // packed} times its size, as only a zip bomb does"
    if total > ARCHIVE_BYTES_MAX:
        return f"the archive unpacks to more than {ARCHIVE_BYTES_MAX // MIB} MiB; split it"
    if name.suffix.lower() == ".zip":
        return "an archive inside an archive; unpack the outer one and give the folder"
    return None


def _too_large(size: int) -> str:
    return f"{size / MIB:,.0f} MiB is more than the {FILE_BYTES_MAX // MIB} MiB we take; split it"


@lru_cache(maxsize=8)
def _archive(place: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(place)
