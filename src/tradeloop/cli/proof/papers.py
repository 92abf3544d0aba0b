"""Papers of the log for one fact or one checkpoint: made at home, checked anywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from tradeloop.cli.screen import broken, fail
from tradeloop.journal import checkpoint as notes
from tradeloop.journal import verify as verifier
from tradeloop.journal.checkpoint import KeysUnreadable, NotProven, PublicKeys
from tradeloop.journal.keys import PUBLIC_FILE, OtherLog, SecretKeyMissing, public_keys, signer
from tradeloop.store.home import Home


@contextmanager
def at_home(folder: Path | None) -> Iterator[Home]:
    """Open the installation; what the world did wrong becomes one sentence."""
    import psycopg  # noqa: PLC0415 - needed from here on, as is Django
    from django.db import OperationalError  # noqa: PLC0415 - the same

    from tradeloop.site.opened import opened  # noqa: PLC0415 - the same

    try:
        with opened(folder) as found:
            from tradeloop.journal.proof import LogsDiffer, NotInTheLog  # noqa: PLC0415 - the same

            try:
                yield found
            except (LogsDiffer, NotInTheLog, OtherLog) as error:
                raise fail(str(error)) from None
    except (NotProven, KeysUnreadable, SecretKeyMissing) as error:
        raise fail(str(error)) from None
    except (OperationalError, psycopg.OperationalError) as error:
        raise fail(f"The database cannot be reached: {str(error).strip()}") from None
    except OSError as error:
        raise broken(error) from None


def get(entry: int, *, out: Path | None, home: Path | None, as_json: bool, at: datetime) -> None:
    """Write the proof of one fact, after giving it its place if it has none yet."""
    with at_home(home) as found:
        from tradeloop.journal import queries  # noqa: PLC0415 - Django is needed
        from tradeloop.journal.proof import proof  # noqa: PLC0415 - the same
        from tradeloop.journal.sequence import sequence_once  # noqa: PLC0415 - the same

        by = signer(found.keys, log=queries.log())
        sequence_once(now=at, signer=by)
        paper = proof(entry, keys=by.public)
    _hand_over(_text(paper), out, as_json=as_json, says=f"The proof of entry {entry}")


def verify(
    file: Path, *, key: Path | None, promise: Path | None, home: Path | None, as_json: bool
) -> None:
    """Check one paper, with nothing but the key file."""
    try:
        known = known_keys(key, home)
        text = file.read_text(encoding="utf-8", errors="replace")
        if promise is None:
            said = verifier.verify(text, known)
        else:
            given = promise.read_text(encoding="utf-8", errors="replace")
            said = verifier.keeps(given, text, known)
    except NotProven as error:
        if as_json:
            typer.echo(json.dumps({"proven": False, "because": str(error)}, ensure_ascii=False))
        raise fail(f"{file}: not proven. {error}") from None
    except OSError as error:
        raise broken(error) from None
    if as_json:
        typer.echo(json.dumps({"proven": True, **asdict(said)}, ensure_ascii=False))
    else:
        typer.echo(f"Proven. {said.says}")


def consistency(
    old: Path, new: Path | None, *, out: Path | None, home: Path | None, as_json: bool
) -> None:
    """Write the proof that the log has only grown."""
    with at_home(home) as found:
        from tradeloop.journal import queries  # noqa: PLC0415 - Django is needed
        from tradeloop.journal.proof import consistency as prove  # noqa: PLC0415 - the same

        known = public_keys(found.keys)
        later = queries.checkpoint()
        if new is not None:
            head = notes.checked(_note(new), known)
            later = queries.checkpoint(head.size)
            if later is None or later.root != head.root:
                raise fail(f"{new}: the log has no checkpoint of size {head.size} like this.")
        paper = prove(old=_note(old), keys=known, new=later)
    _hand_over(_text(paper), out, as_json=as_json, says="The consistency proof")


def checkpoint(*, out: Path | None, home: Path | None, as_json: bool, at: datetime) -> None:
    """Sign what is new, and print the latest checkpoint."""
    with at_home(home) as found:
        from tradeloop.journal import queries  # noqa: PLC0415 - Django is needed
        from tradeloop.journal.sequence import sequence_once  # noqa: PLC0415 - the same

        sequence_once(now=at, signer=signer(found.keys, log=queries.log()))
        last = queries.checkpoint()
    if last is None:
        raise fail("The log is empty: nothing was recorded yet.")
    if as_json and out is None:
        head = {"size": last.size, "root": last.root.hex(), "note": last.note}
        typer.echo(json.dumps(head, ensure_ascii=False))
    else:
        _hand_over(last.note, out, as_json=as_json, says=f"The checkpoint of {last.size} facts")


def keys(*, out: Path | None, home: Path | None) -> None:
    """Print the public keys; make the first one if there is none."""
    _hand_over(
        signer(Home.found(home).keys).public.written(),
        out,
        as_json=False,
        says="The list of public keys",
    )


def known_keys(key: Path | None, home: Path | None) -> PublicKeys:
    """Return the keys to check with: those named, or those of this installation."""
    path = key or Home.found(home).keys / PUBLIC_FILE
    try:
        return PublicKeys.read(path.read_text(encoding="utf-8", errors="replace"))
    except KeysUnreadable as error:
        raise fail(f"{path}: {error}") from None
    except FileNotFoundError:
        raise fail(
            f"{path}: no such file. Name the log's key file with --key; its keeper prints it with "
            "`tradeloop proof keys`."
        ) from None


def _note(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _text(paper: dict[str, Any]) -> str:
    from tradeloop.journal.promise import as_text  # noqa: PLC0415 - few need it

    return as_text(paper)


def _hand_over(text: str, out: Path | None, *, as_json: bool, says: str) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise broken(error) from None
    typer.echo(json.dumps({"file": str(out)}) if as_json else f"{says} is in {out}.")
