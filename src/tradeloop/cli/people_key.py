"""The key that seals the second factors of those who sign: beside the database, never in it."""

from __future__ import annotations

import os
import secrets
from uuid import uuid4

from tradeloop.store.home import Home

KEY_FILE = "people.key"
KEY_BYTES = 32
OWNER_ONLY = 0o600


def people_key(home: Home) -> bytes:
    """Return the key that seals people's secrets; made at first use, for the owner's eyes only."""
    path = home.keys / KEY_FILE
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{KEY_FILE}.{uuid4().hex}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, OWNER_ONLY), "wb") as made:
            made.write(secrets.token_bytes(KEY_BYTES))
            made.flush()
            os.fsync(made.fileno())
        try:
            os.link(fresh, path)  # whoever is first: the key is never made twice
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
