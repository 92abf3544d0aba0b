"""A database leaves as a dump, and comes back from one: by PostgreSQL's own programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tradeloop.store import programs
from tradeloop.store.archive import CHUNK_BYTES, BackupFailed, chunks_of
from tradeloop.store.database import link

COMPRESSION = "3"  # of nine: little larger than the best, and several times as fast
VERSION_UNIT = 10_000
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"  # its default


class RestoreFailed(programs.ProgramFailed):
    """A dump could not be loaded; the database is as it was."""


def dump(address: str, snapshot: str) -> Iterator[bytes]:
    """Give the dump of the database at `address` as it was in `snapshot`.

    Args:
        address: As libpq writes it; our own connection leads there too.
        snapshot: As `pg_export_snapshot` names it; its transaction is still open.

    Raises:
        BackupFailed: The message has the last words of `pg_dump`.
    """
    words = [
        _program("pg_dump"), "--format=custom", f"--compress={COMPRESSION}", "--no-owner",
        "--no-privileges", f"--snapshot={snapshot}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*words, *_address_words(address)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=said, env=_environment(address),
        )  # fmt: skip
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            yield from chunks_of(process.stdout)
        finally:
            process.stdout.close()
            failed = process.wait()
        if failed:
            raise BackupFailed(f"pg_dump failed: {_last_words(said)}. Nothing was kept.")


def load(address: str, file: IO[bytes]) -> None:
    """Load a dump into the empty database at `address`, all of it or nothing.

    Args:
        address: As libpq writes it; our own connection leads there too.
        file: The dump, from its beginning; a file of the system.

    Raises:
        RestoreFailed: The message has the last words of PostgreSQL's programs.
    """
    as_script = [_program("pg_restore"), "--file=-", "--no-owner", "--no-privileges"]
    run = [
        _program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-",
        *_address_words(address),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as ours, tempfile.TemporaryFile() as theirs:
        source = subprocess.Popen(as_script, stdin=file, stdout=subprocess.PIPE, stderr=ours)
        target = subprocess.Popen(
            run, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, env=_environment(address)
        )
        assert source.stdout is not None  # noqa: S101 - it is a pipe
        assert target.stdin is not None  # noqa: S101 - it is a pipe
        try:
            target.stdin.write(b"begin;\n")
            _pass_on(source.stdout, target.stdin)
            if source.wait() == 0:
                # Without this word the server forgets everything, whyever it does not come.
                target.stdin.write(b"commit;\n")
        except BrokenPipeError:
            pass  # psql ended, and its last words say why
        finally:
            _close(target.stdin)
            refused = target.wait()
            source.stdout.close()
            failed = source.wait()
        if refused or failed:
            said = _last_words(theirs if refused else ours)
            raise RestoreFailed(f"The dump cannot be loaded: {said}. Nothing of it was kept.")


def _pass_on(script: IO[bytes], to: IO[bytes]) -> None:
    """Hand the script over, without the one setting that servers before 17 do not know."""
    for line in script:
        if line != UNKNOWN_BEFORE_17:
            to.write(line)
        if line.startswith((b"CREATE", UNKNOWN_BEFORE_17)):
            break
    for chunk in chunks_of(script):
        to.write(chunk)


def _program(name: str) -> str:
    """Return our program, or the machine's own where ours cannot speak to the server."""
    pgconn = link().pgconn
    server = pgconn.server_version // VERSION_UNIT
    if server <= programs.MAJOR and not pgconn.ssl_in_use:
        return programs.program(name)
    installed = shutil.which(name)
    if installed and _major(installed) >= server:
        return installed
    why = "speaks TLS" if pgconn.ssl_in_use else f"is PostgreSQL {server}"
    raise BackupFailed(
        f"The server {why}, which the {name} that comes with tradeloop ({programs.MAJOR}, without "
        f"TLS) does not. Install PostgreSQL's client programs of version {server} or newer, so "
        f"that {name} is on the PATH."
    )


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0


def _address_words(address: str) -> list[str]:
    words = {name: value for name, value in conninfo_to_dict(address).items() if value is not None}
    words.pop("password", None)  # others could read it among the words of the command
    return ["--dbname", make_conninfo("", **words)]


def _environment(address: str) -> dict[str, str]:
    password = conninfo_to_dict(address).get("password")
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}


def _last_words(said: IO[bytes]) -> str:
    said.seek(max(0, said.tell() - CHUNK_BYTES))
    return programs.last_words(said.read().decode(errors="replace"))


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return
