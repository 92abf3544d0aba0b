"""Keyed tokens of numbers and parties: they tell what is equal, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path

from tradeloop.store.secret_file import kept

KEY_BYTES = 32


def key_of(folder: Path) -> bytes:
    """Return the secret of this installation, made at its first use.

    Without it a token is no secret: order numbers and names can be guessed and tried.
    """
    return kept(folder / "fingerprint.key", lambda: secrets.token_bytes(KEY_BYTES))


def token(key: bytes, field: str, *values: str) -> bytes:
    """Return the token of some values; equal for values that people would call the same.

    Width of letters, case, blanks, punctuation and leading zeros make no difference.
    """
    text = "\x1f".join(normalised(value) for value in values)
    return hmac.new(key, f"{field}\x1e{text}".encode(), hashlib.sha256).digest()


def normalised(value: str) -> str:
    """Return the letters and figures of a name or number, as all would write them."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(letter for letter in folded if letter.isalnum()).lstrip("0")
