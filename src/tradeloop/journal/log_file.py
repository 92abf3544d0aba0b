"""A log in a file: one JSON object a line, for whoever wants to audit it by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tradeloop.journal.audit import LOG_FORMAT, SHOWN_MAX
from tradeloop.journal.checkpoint import KEYS_FORMAT, KeysUnreadable, PublicKeys
from tradeloop.journal.leaf import once


def write(path: Path, keys: PublicKeys, lines: Iterable[Mapping[str, Any]]) -> int:
    """Write the log to a file, under a first line that names it; return how many lines."""
    count = 1
    with path.open("w", encoding="utf-8") as file:
        file.write(_text(json.loads(keys.written()) | {"format": LOG_FORMAT}))
        for line in lines:
            file.write(_text(line))
            count += 1
    return count


def read(path: Path) -> tuple[PublicKeys, Iterator[dict[str, Any]]]:
    """Return the keys that a file names as the log's own, and its lines.

    Raises:
        KeysUnreadable: The first line is not that of a log.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        try:
            head = json.loads(file.readline())
            if head["format"] != LOG_FORMAT:
                raise KeysUnreadable(f"{path}: the format is {head['format']!r}, not {LOG_FORMAT}.")
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise KeysUnreadable(
                f"{path}: the first line is none of {LOG_FORMAT}: {error!r}."
            ) from None
    return PublicKeys.read(json.dumps(head | {"format": KEYS_FORMAT})), _lines(path)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        file.readline()
        for text in file:
            try:
                line = json.loads(text, object_pairs_hook=once)
            except (ValueError, RecursionError):
                line = None
            yield line if isinstance(line, dict) else {"unreadable": text[:SHOWN_MAX]}


def _text(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
