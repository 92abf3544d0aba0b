"""A secret in a file: made at first use, whole, for the eyes of its home's owner only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tradeloop.store.synced import sync_folder

OWNER_ONLY, OWNER_FOLDER = 0o600, 0o700


def kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the secret that a file keeps; the first time, make it.

    Processes that come first at once end with the same secret, and it lasts before it is used.
    Where root works in another user's home, folder and file are that user's.

    Raises:
        OSError: It cannot be read or written.
    """
    if not path.exists():
        own_folder(path.parent)
        fresh = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, OWNER_ONLY), "wb") as made:
                made.write(make())
                made.flush()
                os.fsync(made.fileno())
            give_to_owner(fresh)
            os.link(fresh, path)
        except FileExistsError:
            pass  # whoever was first decides: a secret is never made twice
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(path.parent)
    return path.read_bytes()


def own_folder(folder: Path) -> None:
    """Make the folder of secrets, if there is none, and close it to all but its owner."""
    is_new = not folder.exists()
    folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    folder.chmod(OWNER_FOLDER)
    if is_new:
        give_to_owner(folder)


def give_to_owner(path: Path) -> None:
    """Let a file or folder that root made belong to whose folder it lies in."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
