"""Where an installation keeps what lasts: its database, its lake, its keys."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HALF_RESTORED = "RESTORE-UNFINISHED"
PUBLIC = {".json", ".pub"}
"""The files among the keys that tell others how to check our signatures."""


class HomeUnusable(Exception):
    """A home cannot be worked with as it is; the message is one sentence for its owner."""


class RestoreUnfinished(HomeUnusable):
    """A restore began here and did not end; nothing in it may be relied on."""


class HomeClosed(HomeUnusable):
    """The folder of a home belongs to somebody else, who lets nobody in."""


@dataclass(frozen=True, slots=True)
class Home:
    """One folder with everything in it; `DATABASE_URL` puts the database elsewhere."""

    folder: Path

    @classmethod
    def found(cls, folder: Path | None = None) -> Home:
        """Return the home named by the caller, else by TRADELOOP_HOME, else the user's own."""
        named = folder or os.environ.get("TRADELOOP_HOME")
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        return cls(Path(named or Path(data) / "tradeloop").absolute())

    @property
    def postgres(self) -> Path:
        """The data of the embedded PostgreSQL."""
        return self.folder / "postgres"

    @property
    def lake(self) -> Path:
        """The lake of papers."""
        return self.folder / "lake"

    @property
    def keys(self) -> Path:
        """Secret keys and the public ones; readable by the owner only."""
        return self.folder / "keys"

    @property
    def half_restored(self) -> Path:
        """The mark of a restore that has begun; its end removes the mark."""
        return self.folder / HALF_RESTORED

    @property
    def database_url(self) -> str | None:
        """The address of one's own server, or None for the embedded one."""
        return os.environ.get("DATABASE_URL") or None

    def refuse_half_restored(self) -> None:
        """Let nobody work with what a restore left half done.

        Raises:
            RestoreUnfinished: The mark is there.
            HomeClosed: We may not look.
        """
        try:
            marked = self.half_restored.exists()
        except PermissionError:
            raise HomeClosed(
                f"{self.folder}: this user may not look into it. Run as its owner, or name "
                "another home with --home or TRADELOOP_HOME."
            ) from None
        if marked:
            raise RestoreUnfinished(
                f"{self.folder}: a restore into this home did not end. "
                "Remove the folder and restore again."
            )
