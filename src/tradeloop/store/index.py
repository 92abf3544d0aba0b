"""The index of a lake: which rows hold a key, and the rows themselves, a few microseconds away.

It is made from the lake's parts and may be thrown away: what a manifest names and the index lacks
is indexed when the lake is opened next. Rows lie in blocks of one table, packed together; a key is
a number made of what is looked for (`key_of`), and leads to every row that holds it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

BLOCK_ROWS = 16
ROWS_TEXT_BYTES = 4  # a block begins with the length of its text
PACKING = "lz4_raw"  # a quarter larger than the best, and ten times as fast to open
TABLES = """
create table blocks (id integer primary key, tab text not null, rows blob not null);
create table keys (hash integer, place integer, primary key (hash, place)) without rowid;
create table files (digest text primary key, file integer, path text, batch integer) without rowid;
create index files_by_file on files (file);
create table origins (file integer primary key);
create table kept (name text, path text, row text);
create index kept_by_name on kept (name);
create index kept_by_path on kept (path);
create table batches (number integer primary key);
create table form (form text);
"""
BEYOND = "\U0010ffff"  # sorts after every text that goes on
# What SQLite cannot do because of the disk; the low byte of its code says which.
PRIMARY_CODE = 0xFF
REFUSED = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
WARM_BYTES = 16 << 20
_CODEC = pa.Codec(PACKING)
Row = tuple[str, list[str | None]]  # its table, and the values of its columns as text


@lru_cache(maxsize=10_000)
def key_of(space: str, *values: str) -> int:
    """Return the number under which rows with these values are found.

    >>> key_of("order", "A1") == key_of("order", "A1") != key_of("parcel", "A1")
    True
    """
    text = "\x1f".join((space, *values))
    return (
        int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little")
        >> 1
    )


class Index:
    """One SQLite file beside the parts of a lake."""

    def __init__(self, path: Path, *, form: str = "", lasting: bool = True) -> None:
        """Open the index, or make an empty one.

        Args:
            path: The file.
            form: What its rows and keys mean; an index of another form is thrown away.
            lasting: False for one that is made at a stretch, and thrown away if it is cut short.
        """
        with system_errors(path):
            self._open(path, f"{BLOCK_ROWS} {PACKING} {form}", lasting)

    def _open(self, path: Path, form: str, lasting: bool) -> None:  # noqa: FBT001 - from above only
        self.path = path
        if path.exists() and _form(path) != form:
            remove(path)
        self._con = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._con.execute(f"pragma journal_mode = {'wal' if lasting else 'off'}")
        # The end that a loss of power may cost is indexed again.
        self._con.execute(f"pragma synchronous = {'normal' if lasting else 'off'}")
        self._con.execute("pragma mmap_size = 1099511627776")
        if not self._con.execute("select 1 from sqlite_master").fetchone():
            self._con.executescript(f"begin; {TABLES} commit;")
            self._con.execute("insert into form values (?)", (form,))

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    def warm(self) -> None:
        """Read the file once, so that look-ups find it in memory and do not wait for the disk."""
        with self.path.open("rb", buffering=0) as file:
            while file.read(WARM_BYTES):
                continue

    @property
    def batches(self) -> int:
        """How many batches are in it."""
        [(count,)] = self._con.execute("select coalesce(max(number), 0) from batches").fetchall()
        return int(count)

    @contextmanager
    def adding(self, number: int) -> Iterator[sqlite3.Connection]:
        """Take in one batch, whole or not at all."""
        with system_errors(self.path), whole(self._con):
            yield self._con
            self._con.execute("insert into batches values (?)", (number,))

    def add_rows(self, table: str, payloads: Iterator[Sequence[str]]) -> int:
        """Add the rows of one table, as JSON lists; return the place of the first.

        Args:
            table: Their table.
            payloads: Pieces whose lengths are multiples of `BLOCK_ROWS`, except for the last.
        """
        [(last,)] = self._con.execute("select coalesce(max(id), 0) from blocks").fetchall()
        first = block = int(last) + 1
        for piece in payloads:
            packed = []
            for start in range(0, len(piece), BLOCK_ROWS):
                text = "\n".join(piece[start : start + BLOCK_ROWS])
                packed.append((block, table, _packed(text.encode())))
                block += 1
            self._con.executemany("insert into blocks values (?, ?, ?)", packed)
        return first * BLOCK_ROWS

    def add_keys(self, keys: Iterable[tuple[int, int]]) -> None:
        """Add (key, place) pairs; fastest when they are sorted."""
        self._con.executemany("insert or ignore into keys values (?, ?)", keys)

    def add_files(self, files: Iterable[tuple[str, int, str, int]]) -> None:
        """Add (digest, file, path, batch) of files."""
        self._con.executemany("insert or ignore into files values (?, ?, ?, ?)", files)

    def add_kept(self, files: Iterable[tuple[str, str, str]]) -> None:
        """Add (name, path, row) of files that are kept and not read; the row is a JSON list."""
        self._con.executemany("insert into kept values (?, ?, ?)", files)

    def kept(self, beginning: str, called: Iterable[str]) -> list[list[str | None]]:
        """Return the rows of kept files whose name begins so, or whose name or path is such."""
        found = self._con.execute(
            "select row from kept where name >= ? and name < ?", (beginning, beginning + BEYOND)
        ).fetchall()
        for one in called:
            found += self._con.execute("select row from kept where name = ?1 or path = ?1", (one,))
        return [json.loads(row) for row in dict.fromkeys(row for (row,) in found)]

    def add_origins(self, files: Iterable[tuple[int]]) -> None:
        """Add the files that rows came from, also where the files themselves never came."""
        self._con.executemany("insert or ignore into origins values (?)", files)

    def places(self, key: int) -> list[int]:
        """Return the places of all rows that hold a key."""
        found = self._con.execute("select place from keys where hash = ?", (key,))
        return [place for (place,) in found]

    def row(self, place: int) -> Row:
        """Return one row."""
        block, slot = divmod(place, BLOCK_ROWS)
        [(table, packed)] = self._con.execute(
            "select tab, rows from blocks where id = ?", (block,)
        ).fetchall()
        return table, json.loads(_unpacked(packed).split(b"\n")[slot])

    def knows(self, digest: str) -> bool:
        """Whether a file of these bytes is in the lake."""
        found = self._con.execute("select 1 from files where digest = ?", (digest,))
        return found.fetchone() is not None

    def has_rows_of(self, file: int) -> bool:
        """Whether rows of this file are in the lake."""
        found = self._con.execute("select 1 from origins where file = ?", (file,))
        return found.fetchone() is not None

    def files(self, file: int) -> list[tuple[str, str, int]]:
        """Return (digest, path, batch) of a file, once for each way it came."""
        found = self._con.execute("select digest, path, batch from files where file = ?", (file,))
        return found.fetchall()


@contextmanager
def whole(con: sqlite3.Connection) -> Iterator[None]:
    """Write all that happens in a `with` block, or nothing."""
    con.execute("begin immediate")
    try:
        yield
        con.execute("commit")
    except BaseException:
        if con.in_transaction:
            con.execute("rollback")
        raise


def remove(path: Path) -> None:
    """Throw an index away, with what its engine keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _form(path: Path) -> str | None:
    con = sqlite3.connect(path)
    try:
        found = con.execute("select form from form").fetchone()
    except sqlite3.DatabaseError:  # none of ours, or damaged
        return None
    finally:
        con.close()
    return found[0] if found else None


def _packed(text: bytes) -> bytes:
    length = len(text).to_bytes(ROWS_TEXT_BYTES, "little")
    return length + bytes(_CODEC.compress(text, asbytes=True))


def _unpacked(packed: bytes) -> bytes:
    length = int.from_bytes(packed[:ROWS_TEXT_BYTES], "little")
    text = _CODEC.decompress(packed[ROWS_TEXT_BYTES:], decompressed_size=length, asbytes=True)
    return bytes(text)


@contextmanager
def system_errors(path: Path) -> Iterator[None]:
    """Raise what the disk or the file system refused as the system's error, not as SQLite's."""
    try:
        yield
    except sqlite3.Error as error:
        number = REFUSED.get(getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE)
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error
