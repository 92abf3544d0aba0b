"""A lock on a file that the kernel frees when its last holder ends, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self


class FileLock:
    """One handle of the lock on one file; two handles know nothing of one another, as processes."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; nothing is taken yet."""
        # Reading is enough to lock, so that one whom root left the file to can.
        self.handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def __enter__(self) -> Self:
        """Keep the handle for the length of a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the handle."""
        self.close()

    def take(self, waiting: Callable[[float], None]) -> None:
        """Wait until nobody else holds it, and hold it alone.

        Args:
            waiting: Called again and again with the seconds to sleep while another holds it.
        """
        while not self.try_take():
            waiting(0.02)

    def try_take(self) -> bool:
        """Hold it alone, if nobody else holds it; say whether."""
        return self._try(fcntl.LOCK_EX)

    def try_share(self) -> bool:
        """Hold it with others, if nobody holds it alone; say whether."""
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        """Let go; never on a handle that another process inherited, whose hold would end too."""
        fcntl.flock(self.handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close this handle; the lock is free when no process has one that was inherited."""
        os.close(self.handle)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
