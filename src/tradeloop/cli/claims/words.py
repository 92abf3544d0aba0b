"""What every command of claims begins with: its home, a file it names, a word of two halves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tradeloop.cli.screen import fail
from tradeloop.kit.money import CurrencyUnknown
from tradeloop.site.opened import opened
from tradeloop.store.home import Home


@contextmanager
def home_of(folder: Path | None) -> Iterator[Home]:
    """Open the home; what an action refuses becomes a sentence and exit code 2."""
    with opened(folder) as found:
        from tradeloop.claims.actions import REFUSED  # noqa: PLC0415 - Django is set up now
        from tradeloop.settlement.actions import REFUSED as BANK_REFUSED  # noqa: PLC0415 - the same

        try:
            yield found
        except (*REFUSED, *BANK_REFUSED, CurrencyUnknown) as error:
            raise fail(str(error)) from None


def read(file: Path) -> bytes:
    """Return what a file holds; say so if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise fail(f"{file}: {error.strerror}. Name a file that can be read.") from None


def pair(word: str, shape: str, names: Sequence[str] = ()) -> tuple[str, str]:
    """Return the halves of NAME=VALUE; `shape` tells how to write it, `names` what may be first."""
    name, equals, value = word.partition("=")
    if not (name and equals and value) or (names and name not in names):
        raise fail(f"{word!r} is not {shape}. Write it so.")
    return name, value
