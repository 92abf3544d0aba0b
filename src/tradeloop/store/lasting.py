"""An embedded PostgreSQL whose data last: it runs while a process uses it.

Three locks beside its folder say who does what. The kernel frees a lock when its last holder ends,
however that ends, so nothing has to be cleaned up after one who was killed:

    gate      held by one who starts or stops the server, for as long as that takes
    users     shared by all who use it; who leaves and finds nobody else stops the server
    running   inherited by PostgreSQL itself: held means that a process of it lives

So `postmaster.pid` decides nothing: it outlives a crash, and another program may get its number.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tradeloop.store import cluster, programs
from tradeloop.store.cluster import FolderUnusable
from tradeloop.store.home import HomeUnusable
from tradeloop.store.lasting_settings import SETTINGS, WITH_LZ4
from tradeloop.store.locks import FileLock
from tradeloop.store.waiting import Tell, Waiting, nothing

LOOK_AGAIN_S = 0.02
STOP_S_MAX = 300  # after that it goes on stopping alone, and who comes next waits for it


class ServerWontStart(HomeUnusable):
    """PostgreSQL began and ended; the message has its last words."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one lasting server, and what lies beside it."""

    folder: Path

    @property
    def locks(self) -> Path:
        """The folder of the three locks."""
        return self.folder.with_name(f"{self.folder.name}-locks")

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def lock(self, name: str) -> FileLock:
        """Return a handle of one of the locks; nothing is taken yet."""
        return FileLock(self.locks / name)


@contextmanager
def lasting_server(folder: Path, *, tell: Tell = nothing) -> Iterator[str]:
    """Start the PostgreSQL whose data are in `folder`, or join it; give its address.

    It listens on a socket only. The last process to leave stops it.

    Args:
        folder: Made if it is not there.
        tell: Called with a line of progress where it takes long, as after a crash.

    Raises:
        FolderUnusable: The folder cannot be written to, or holds something else.
        ServerWontStart: The message has the last words of PostgreSQL.
    """
    place = Place(folder.absolute())
    _make_locks(place)
    cluster.refuse_other_users(place.folder)
    with place.lock("gate") as gate, place.lock("users") as users:
        gate.take(Waiting(tell, f"{folder}: another command starts or stops PostgreSQL"))
        users.try_share()  # only who holds the gate may hold it alone
        try:
            address = _reach(place, tell)
            gate.release()
            yield address
        finally:
            gate.take(Waiting(tell, f"{folder}: another command starts or stops PostgreSQL"))
            if users.try_take():
                _stop(place, Waiting(tell, f"{folder}: PostgreSQL writes what it holds, and ends"))
            # Closing would not do where a child of ours has inherited the handles.
            users.release()
            gate.release()


def is_running(folder: Path) -> bool:
    """Say whether a process of the PostgreSQL of `folder` lives."""
    place = Place(folder.absolute())
    if not place.locks.exists():
        return False
    with place.lock("running") as running:
        return not running.try_share()


def _make_locks(place: Place) -> None:
    try:
        place.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.locks.mkdir(mode=0o700, exist_ok=True)
        for name in ("gate", "users", "running"):
            place.lock(name).close()
        place.log.touch(mode=0o600)
        if os.geteuid() == 0:  # in a home that is another's, these are that user's too
            home = place.folder.parent.stat()
            for path in (place.locks, place.log, *place.locks.iterdir()):
                os.chown(path, home.st_uid, home.st_gid)
    except OSError as error:
        raise FolderUnusable(
            f"{place.folder.parent}: {error.strerror}. Name a folder that {_me()} may write to, "
            "with --home or TRADELOOP_HOME."
        ) from error


def _reach(place: Place, tell: Tell) -> str:
    """Start the server unless a process of it lives; wait until it answers."""
    began_at: int | None = None
    waiting = Waiting(tell, f"{place.folder}: PostgreSQL makes its data ready")
    while True:
        with place.lock("running") as running:
            if running.try_take():
                if began_at is not None:
                    raise _wont_start(place, began_at)
                began_at = place.log.stat().st_size
                _begin(place, running)
        if (address := cluster.address(place.folder)) and cluster.answers(address):
            return address
        waiting(LOOK_AGAIN_S)


def _begin(place: Place, running: FileLock) -> None:
    """Start the server in the background; it inherits the lock that says that it runs."""
    user = programs.owner(place.folder)
    cluster.refuse_without_room(place.folder.parent)
    cluster.make(place.folder, user, keep=running.handle)
    sockets = cluster.sockets(place.folder, user)
    settings = {**SETTINGS, **(WITH_LZ4 if cluster.has_lz4() else {})}
    # The shell ends at once and leaves the server to the system: it is nobody's child to wait for.
    words = [
        "/bin/sh",
        "-c",
        '"$0" "$@" &',
        *programs.server_words(place.folder, sockets, settings),
    ]
    try:
        with place.log.open("ab") as log:
            subprocess.run(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True, cwd="/",
                env=programs.environment(), start_new_session=True,
                pass_fds=(running.handle,), **programs.as_user(user),
            )  # fmt: skip
    except OSError as error:
        raise FolderUnusable(f"{place.log}: {error.strerror}. Let {_me()} write to it.") from error


def _wont_start(place: Place, began_at: int) -> ServerWontStart:
    with place.log.open("rb") as log:
        log.seek(began_at)
        said = log.read().decode(errors="replace")
    fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
    return ServerWontStart(
        f"{place.folder}: PostgreSQL does not start: "
        f"{programs.last_words(chr(10).join(fatal) or said)}. "
        f"Its log is {place.log}; `tradeloop doctor` looks at what it needs."
    )


def _stop(place: Place, waiting: Waiting) -> None:
    """Stop the server in order, and wait until the last process of it is gone."""
    with place.lock("running") as running:
        if running.try_take():
            return  # it ended by itself, or never began
        sockets = cluster.sockets_now(place.folder)
        until, asked = time.monotonic() + STOP_S_MAX, False
        while not running.try_take() and time.monotonic() < until:
            asked = asked or cluster.ask_to_end(place.folder)
            waiting(LOOK_AGAIN_S)
        running.release()
    cluster.remove_sockets(sockets)


def _me() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
