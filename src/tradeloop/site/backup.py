"""A home is backed up, and a backup becomes a home, while the database runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tradeloop.site.opened import opened, served
from tradeloop.site.start import wake
from tradeloop.store.archive import Manifest
from tradeloop.store.home import Home


def back_up(*, into: Path, home: Path | None, made_at: datetime, with_keys: bool) -> Manifest:
    """Write a backup of the home in `home` to the new file `into`.

    Raises:
        HomeUnusable: Nothing was written; a sentence says why.
    """
    with opened(home) as found, served(found) as address:
        from tradeloop.site.plugs import PLUGS  # noqa: PLC0415 - Django is set up now
        from tradeloop.store import backup  # noqa: PLC0415 - the same

        return backup.back_up(
            found, address, into, made_at=made_at, plugs=PLUGS, with_keys=with_keys
        )


def restore(*, file: Path, home: Path | None, now: datetime) -> Manifest:
    """Make a new home of the backup in `file`; with DATABASE_URL its database goes there.

    Raises:
        HomeUnusable: Nothing was left behind; a sentence says why.
    """
    wake()
    from tradeloop.site.plugs import PLUGS  # noqa: PLC0415 - Django is set up now
    from tradeloop.store import database  # noqa: PLC0415 - the same
    from tradeloop.store import restore as steps  # noqa: PLC0415 - the same

    new = Home.found(home)
    with steps.restoring(file, new) as (archive, manifest):
        steps.restore_files(archive, manifest, new)
        with served(new) as address:
            database.use(address, clock_skew_s_max=None)
            try:
                steps.restore_database(archive, manifest, address, PLUGS, new, now=now)
            finally:
                database.close_pool()
    return manifest
