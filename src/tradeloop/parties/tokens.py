"""What was told becomes a token under a secret: equal if equal, and nothing else can be read."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping

from stdnum.cn import ric

from tradeloop.parties.facts import Told
from tradeloop.parties.likeness import DIFFERENT_LETTERS_MIN, NUMBER_LENGTH_MIN, plain_number
from tradeloop.parties.names import NAME_LENGTH_MAX

KEY_DIGITS = 24
PERSON = "person-"
"""Begins the key of a seller that is no firm."""
KINDS: Mapping[str, str] = {
    "护照": "passport", "护照号": "passport", "passport no.": "passport",
    "身份证": "identity card", "id card": "identity card", "identity": "identity card",
    "营业执照": "company register", "注册号": "company register", "公司注册号": "company register",
    "company registration": "company register", "registration": "company register",
    "税号": "tax", "tax id": "tax", "tax number": "tax", "vat": "tax",
}  # fmt: skip
"""What papers and lists call kinds of identity numbers."""
SHOWN_FROM = 7  # a shorter number is hidden whole


def told_token(secret: bytes, told: Told) -> bytes:
    """Return the token of all that was told; case, width and blanks make no difference."""
    name = " ".join(unicodedata.normalize("NFKC", told.name).casefold().split())
    number = plain_number(told.number or "")
    return _token(secret, "told", name, told.country or "", number and kind_of(told), number)


def number_token(secret: bytes, kind: str, number: str | None) -> bytes | None:
    """Return the token of an identity number, or None for what is no number of anybody.

    Signs between letters and digits do not count. What is too short or one letter repeated says
    nothing.
    """
    plain = plain_number(number or "")
    if len(plain) < NUMBER_LENGTH_MIN or len(set(plain)) < DIFFERENT_LETTERS_MIN:
        return None
    return _token(secret, "number", _kind(kind), plain)


def mark_of(secret: bytes) -> bytes:
    """Return what tells a later call that it brings the same secret."""
    return _token(secret, "mark")


def key_of(token: bytes) -> str:
    """Return the key of the buyer that was first told of so."""
    return f"buyer:{token.hex()[:KEY_DIGITS]}"


def person_key(secret: bytes, number: str) -> str:
    """Return the key of a seller that is a person: its number can be read nowhere in the books.

    The names of its trades show the number masked, which two people may share; their keys differ.
    """
    return f"{PERSON}{_token(secret, 'person', plain_number(number)).hex()[:KEY_DIGITS]}"


def kind_of(told: Told) -> str:
    """Return the kind of number as all write it."""
    return _kind(told.number_kind)


def masked(number: str | None) -> str | None:
    """Return a number as people may see it.

    >>> masked("E 1234-5678"), masked("12345"), masked(None)
    ('E******78', '*****', None)
    """
    plain = plain_number(number or "")
    if not plain:
        return None
    if len(plain) < SHOWN_FROM:
        return "*" * len(plain)
    return f"{plain[0]}{'*' * (len(plain) - 3)}{plain[-2:]}"


def shown(subject: str) -> str:
    """Return the key of a party as people may see it: that of an identity card is masked.

    >>> shown("91330782MA2000001K"), shown("11010519491231002X")
    ('91330782MA2000001K', '1***************2X')
    """
    return masked(subject) or "" if ric.is_valid(subject) else subject


def cleaned(text: str) -> str:
    """Return a text that a database can keep: printable, one blank between words, not too long."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:NAME_LENGTH_MAX]


def _kind(text: str) -> str:
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return KINDS.get(folded, folded)


def _token(secret: bytes, *parts: str) -> bytes:
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).digest()
