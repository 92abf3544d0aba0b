"""The key that seals the second factors of those who sign: beside the database, never in it."""

from __future__ import annotations

import secrets

from tradeloop.store.home import Home
from tradeloop.store.secret_file import kept

KEY_FILE = "people.key"
KEY_BYTES = 32


def people_key(home: Home) -> bytes:
    """Return the key that seals people's secrets; made at first use, for the owner's eyes only."""
    return kept(home.keys / KEY_FILE, lambda: secrets.token_bytes(KEY_BYTES))
