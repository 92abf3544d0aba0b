"""Lines to hold, from a file of JSON lines: each is read, or told with its number and field."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tradeloop.cli.screen import fail
from tradeloop.registry.facts import Ask

LINE_FIELDS = {
    "id", "paper", "purpose", "holder", "unit", "amount_minor", "expires_at", "at_least_minor",
    "rate",
}  # fmt: skip
OPTIONAL = {"at_least_minor", "rate"}
TEXTS = ("id", "paper", "purpose", "holder", "unit")


def lines_of(file: Path) -> list[Ask]:
    """Read the lines of a file, or of the input for `-`; a bad one ends the command."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{file}: {error}") from None
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_line_of(json.loads(line)))
        except (ValueError, TypeError, RecursionError) as error:
            raise fail(f"{file}, line {number}: {error}. Nothing was asked.") from None
    return found


def _line_of(given: object) -> Ask:
    if not isinstance(given, dict):
        raise TypeError(f"{given!r} is no object; a line has {', '.join(sorted(LINE_FIELDS))}")
    missing = LINE_FIELDS - OPTIONAL - given.keys()
    unknown = given.keys() - LINE_FIELDS
    if missing or unknown:
        raise ValueError(
            f"check {', '.join(sorted(missing | unknown))}; a line has "
            f"{', '.join(sorted(LINE_FIELDS))}"
        )
    for name in TEXTS:
        if not isinstance(given[name], str):
            raise TypeError(f"{name} is {given[name]!r}; expected a text")
    expires_at = given["expires_at"]
    if expires_at is not None:
        if not isinstance(expires_at, str):
            raise TypeError(f"expires_at is {expires_at!r}; expected a text, or null to commit")
        expires_at = datetime.fromisoformat(expires_at)
    return Ask(**{**given, "id": UUID(given["id"]), "expires_at": expires_at})
