"""The folder of a PostgreSQL on disk: made once, whole or not at all, and never cleared."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import tempfile
from functools import lru_cache
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from tradeloop.store import programs
from tradeloop.store.home import HomeUnusable

SOCKET_PATH_BYTES_MAX = 100  # systems allow 104 to 108 for the whole path of a socket
ROOM_BYTES_MIN = 64 << 20  # a segment of the log, a checkpoint, and air
SOCKETS, BEGINNING = "tradeloop-socket-", ".beginning-"
PID, SOCKET_FOLDER, STATE = 0, 4, 7  # lines of postmaster.pid


class FolderUnusable(HomeUnusable):
    """A folder is not, or cannot become, the home of a PostgreSQL; the message says why."""


def make(folder: Path, user: pwd.struct_passwd | None, *, keep: int) -> None:
    """Make the folder if it is not there, and look whether it is ours if it is.

    Call it while no process of the server lives. A run that was killed leaves a folder under
    another name, which the next run removes: data are only ever under the right name.

    Args:
        folder: Of the data.
        user: Whom it belongs to.
        keep: The lock that says that a process is at work here; `initdb` inherits it.

    Raises:
        FolderUnusable: It holds something else, or what another PostgreSQL made.
    """
    version = folder / "PG_VERSION"
    if version.exists():
        _refuse_other(folder, version.read_text(encoding="utf-8").strip())
        programs.let_reach(folder, user)
        _forget_stale_number(folder)
        return
    if folder.exists() and any(folder.iterdir()):
        raise FolderUnusable(
            f"{folder} holds files, but no PostgreSQL (there is no PG_VERSION). "
            "Nothing was changed. Put back what is missing, or name another folder."
        )
    for left in folder.parent.glob(f"{folder.name}{BEGINNING}*"):
        shutil.rmtree(left, ignore_errors=True)
    beginning = Path(tempfile.mkdtemp(prefix=f"{folder.name}{BEGINNING}", dir=folder.parent))
    try:
        programs.give(beginning, user)
        programs.make_cluster(beginning, user, keep=(keep,))
        beginning.rename(folder)
    except BaseException:
        shutil.rmtree(beginning, ignore_errors=True)
        raise
    _sync(folder.parent)


def refuse_other_users(folder: Path) -> None:
    """Let nobody but its owner, and root, work on a folder.

    Raises:
        FolderUnusable: It is another user's.
    """
    if os.geteuid() and folder.exists() and (owner := folder.stat().st_uid) != os.geteuid():
        raise FolderUnusable(
            f"{folder} belongs to user {owner}. Run as that user, or name another folder."
        )


def address(folder: Path) -> str | None:
    """Return where the server of `folder` listens by its own word, or None if it is not ready."""
    said = _said(folder)
    if len(said) <= STATE or said[STATE] != "ready":
        return None
    return make_conninfo(
        host=said[SOCKET_FOLDER], port=programs.PORT, user="postgres", dbname="postgres"
    )


def answers(address: str) -> bool:
    """Say whether a server takes connections at `address`."""
    return pq.PGconn.ping(address.encode()) == pq.Ping.OK


def sockets(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """Return the folder for the socket: the data's own, or a private one if its path is too long.

    A path with a comma would be a list of two places to those who connect.
    """
    remove_sockets(sockets_now(folder))  # what a killed server left
    if "," not in str(folder) and _short_enough(folder):
        return folder
    for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - a private folder is made in it
        if _short_enough(Path(place) / f"{SOCKETS}12345678"):
            made = Path(tempfile.mkdtemp(prefix=SOCKETS, dir=place))
            programs.give(made, user)
            return made
    raise FolderUnusable(
        f"{folder}: its path is too long for a socket, and so is that of {tempfile.gettempdir()}. "
        "Name a shorter folder, or set TMPDIR to a shorter one."
    )


def sockets_now(folder: Path) -> Path | None:
    """Return the folder of the socket by the word of the server that runs, or ran last."""
    said = _said(folder)
    return Path(said[SOCKET_FOLDER]) if len(said) > SOCKET_FOLDER else None


def remove_sockets(folder: Path | None) -> None:
    """Remove a folder that was made for a socket."""
    if folder and folder.name.startswith(SOCKETS):
        shutil.rmtree(folder, ignore_errors=True)


def refuse_without_room(folder: Path) -> None:
    """Raise unless there is room enough to start in `folder`.

    Raises:
        FolderUnusable: The disk is full.
    """
    there = os.statvfs(folder)
    if (free := there.f_bavail * there.f_frsize) < ROOM_BYTES_MIN:
        raise FolderUnusable(
            f"{folder}: {free >> 20} MiB are free on its disk; PostgreSQL needs "
            f"{ROOM_BYTES_MIN >> 20} MiB to start. Make room, or name a folder on another disk."
        )


def ask_to_end(folder: Path) -> bool:
    """Tell the server to end its sessions, write what it holds, and end; say whether it was told.

    Call it while a process of the server lives. Its number may have gone to another program since,
    which is known by its working folder where the system tells that.
    """
    number = _number(folder)
    if number is None or (Path("/proc/self").exists() and not _works_here(number, folder)):
        return False
    os.kill(number, signal.SIGINT)
    return True


@lru_cache
def has_lz4() -> bool:
    """Say whether the programs were built with LZ4."""
    return "--with-lz4" in programs.run("pg_config", "--configure")


def last_state(folder: Path) -> str:
    """Return what the control file says of the server: `shut down` after an orderly end."""
    said = programs.run("pg_controldata", "-D", str(folder), user=programs.owner(folder))
    lines = dict(line.partition(":")[::2] for line in said.splitlines())
    return lines.get("Database cluster state", "unknown").strip()


def _refuse_other(folder: Path, version: str) -> None:
    if version != str(programs.MAJOR):
        raise FolderUnusable(
            f"{folder} was made by PostgreSQL {version}; the programs here are "
            f"{programs.MAJOR}. Back it up with the version of tradeloop that made it, "
            "and restore with this one."
        )


def _forget_stale_number(folder: Path) -> None:
    """Remove the number of a dead server where another program has it now.

    PostgreSQL asks only whether a process of that number lives. We know that none of its own does;
    a server that somebody else started here is known by its working folder.
    """
    number = _number(folder)
    if number is None or not Path("/proc", str(number)).exists():  # PostgreSQL sees that for itself
        return
    if _works_here(number, folder):
        raise FolderUnusable(
            f"{folder}: a PostgreSQL that tradeloop did not start (process {number}) works on it. "
            f"Stop it first: pg_ctl stop -D {folder}"
        )
    remove_sockets(sockets_now(folder))
    for name in ("postmaster.pid", f".s.PGSQL.{programs.PORT}.lock"):
        (folder / name).unlink(missing_ok=True)


def _number(folder: Path) -> int | None:
    said = _said(folder)
    return int(said[PID]) if said and said[PID].isdigit() else None


def _works_here(number: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{number}/cwd").readlink() == folder.resolve()
    except OSError:  # dead, though nobody has asked how it ended; or another user's
        return False


def _said(folder: Path) -> list[str]:
    try:
        text = (folder / "postmaster.pid").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines()]


def _short_enough(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{programs.PORT}")) <= SOCKET_PATH_BYTES_MAX


def _sync(folder: Path) -> None:
    """Make a rename in a folder last beyond a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
