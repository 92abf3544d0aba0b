"""What can be looked at without a database: Python, the folders, the disk."""

from __future__ import annotations

import json
import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from tradeloop.store import cluster, lasting
from tradeloop.store.folder import LakeFolder
from tradeloop.store.health import Scene, Seen, State, line
from tradeloop.store.home import PUBLIC

FREE_BYTES_WARN, FREE_BYTES_MIN = 5 << 30, 256 << 20
PYTHON_MIN = (3, 11)
MIB = 1 << 20


def python(_: Scene) -> Iterable[Seen]:
    """Look whether this Python is new enough."""
    yield line(
        "Python", seen=platform.python_version(), expected="3.11 or newer",
        good=sys.version_info >= PYTHON_MIN, otherwise="Install Python 3.11 or newer",
    )  # fmt: skip


def home_folder(scene: Scene) -> Iterable[Seen]:
    """Look whether the home can be written to and holds no half restore."""
    folder = scene.home.folder
    there = _nearest(folder)
    writable = os.access(there, os.W_OK | os.X_OK)
    exists = "is there" if folder.exists() else "not there yet"
    yield line(
        "home", seen=f"{folder}, {exists}", expected="a folder that can be written to",
        good=writable, otherwise=f"Give yourself the right to write to {there}, or use --home",
    )  # fmt: skip
    if scene.home.half_restored.exists():
        yield Seen(
            what="restore", state=State.WRONG, seen="began and did not end", expected="ended",
            remedy=f"Remove {folder} and restore again",
        )  # fmt: skip


def disk(scene: Scene) -> Iterable[Seen]:
    """Look whether there is room where the home is."""
    free = shutil.disk_usage(_nearest(scene.home.folder)).free
    yield line(
        "free disk", seen=f"{free // MIB:,} MiB", expected=f"{FREE_BYTES_WARN // MIB:,} MiB",
        good=free >= FREE_BYTES_WARN, otherwise="Make room, or move the home to a larger disk",
        bad=State.WARNING if free >= FREE_BYTES_MIN else State.WRONG,
    )  # fmt: skip


def keys(scene: Scene) -> Iterable[Seen]:
    """Look whether anybody but the owner could read or change the keys."""
    folder = scene.home.keys
    if not folder.exists():
        return
    loose = [
        path.name
        for path in (folder, *sorted(folder.rglob("*")))
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.suffix not in PUBLIC
    ]
    yield line(
        "keys", seen=f"open to others: {', '.join(loose)}" if loose else "closed to others",
        expected="readable by their owner only", good=not loose,
        otherwise=f"chmod -R go-rwx {folder}; if others use this machine, make new keys",
    )  # fmt: skip


def lake(scene: Scene) -> Iterable[Seen]:
    """Look whether every part that the lake's manifests name is there."""
    if not scene.home.lake.exists():
        return
    folder = LakeFolder(scene.home.lake)
    try:
        with folder.reading():
            parts = folder.parts()
            missing = [part.path for part in parts if not (folder.path / part.path).is_file()]
    except (OSError, json.JSONDecodeError, TypeError, KeyError) as error:
        parts, missing = (), [str(error)]
    yield line(
        "lake", seen=f"missing: {', '.join(missing[:3])}" if missing else f"{len(parts):,} parts",
        expected="every part of every manifest", good=not missing,
        otherwise="Restore the lake from a backup into a new home",
    )  # fmt: skip


def last_stop(scene: Scene) -> Iterable[Seen]:
    """Look how the embedded PostgreSQL ended, before it is started again."""
    folder = scene.home.postgres
    if scene.home.database_url or not (folder / "PG_VERSION").exists():
        return
    if lasting.is_running(folder):
        state, fine = "another command uses it now", True
    else:
        state = cluster.last_state(folder)
        fine = state == "shut down"
    yield line(
        "last stop of PostgreSQL", seen=state, expected="shut down", good=fine, bad=State.WARNING,
        otherwise="It was killed, or power was lost: what was committed is read back from its "
        "log at the next start. If it happens again, look for the reason",
    )  # fmt: skip


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
