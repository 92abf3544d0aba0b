"""What to say when there is no room on the disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class DiskFull(Exception):
    """There is no room for what is to be written; the message says where and what to do."""


def as_disk_full(error: Exception, path: Path) -> Exception:
    """Return the error that says what to do where `error` means that there is no room.

    The engine wraps the system's errors into texts, so the text is looked at too.
    """
    number = error.errno if isinstance(error, OSError) else None
    said = next((one for one in NO_ROOM if one == number or os.strerror(one) in str(error)), None)
    if said is None:
        return error
    return DiskFull(
        f"{path}: {os.strerror(said)} while writing. Nothing half-written was kept. "
        "Make room or name another folder, then run the command again."
    )
