"""The whole log: written to a file, and audited where it lies or from such a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import typer
from rich.markup import escape

from tradeloop.cli.options import now
from tradeloop.cli.proof.papers import at_home, known_keys
from tradeloop.cli.screen import broken, console, fail
from tradeloop.journal import log_file
from tradeloop.journal.audit import Audited, Damage
from tradeloop.journal.audit import audit as audit_lines
from tradeloop.journal.checkpoint import KeysUnreadable, NotProven
from tradeloop.journal.keys import SecretKeyMissing, signer

SHOWN_MAX = 100


def export(file: Path, *, home: Path | None, as_json: bool) -> None:
    """Write the log to a file."""
    with at_home(home) as found:
        from tradeloop.journal import queries  # noqa: PLC0415 - Django is needed
        from tradeloop.journal.copied import lines  # noqa: PLC0415 - the same
        from tradeloop.journal.sequence import sequence_once  # noqa: PLC0415 - the same

        by = signer(found.keys, log=queries.log())
        # What has no place yet would be missing: for one an erasure that explains an empty body.
        with suppress(SecretKeyMissing):
            sequence_once(now=now(), signer=by)
        with lines() as copy:
            count = log_file.write(file, by.public, copy)
    typer.echo(
        json.dumps({"file": str(file), "lines": count})
        if as_json
        else f"{count:,} lines are in {file}."
    )


def audit(
    file: Path | None, *, key: Path | None, held: Sequence[Path], home: Path | None, as_json: bool
) -> None:
    """Audit the database, or a file without any database."""
    try:
        kept = [path.read_text(encoding="utf-8", errors="replace") for path in held]
        if file is not None:
            _audit_file(file, key=key, held=kept, home=home, as_json=as_json)
            return
        with at_home(home) as found:
            from tradeloop.journal import queries  # noqa: PLC0415 - Django is needed
            from tradeloop.journal.audited import audit_log  # noqa: PLC0415 - the same

            mine = None if key else signer(found.keys, log=queries.log()).public
            _tell(audit_log(mine or known_keys(key, found.folder), held=kept), as_json=as_json)
    except (NotProven, KeysUnreadable) as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise broken(error) from None


def _audit_file(
    file: Path, *, key: Path | None, held: Sequence[str], home: Path | None, as_json: bool
) -> None:
    _, lines = log_file.read(file)
    # The keys that the file itself names prove nothing: who writes it anew writes them too.
    _tell(audit_lines(lines, known_keys(key, home), held=held), as_json=as_json)


def _tell(found: Iterable[Damage | Audited], *, as_json: bool) -> None:
    damages: list[Damage] = []
    count = 0
    result: Audited | None = None
    for one in found:
        if isinstance(one, Audited):
            result = one
            continue
        count += 1
        if count <= SHOWN_MAX:
            damages.append(one)
            if not as_json:
                console().print(f"[red]damage[/red] {escape(str(one))}", soft_wrap=True)
    if result is None:
        raise fail("The audit did not come to its end.")
    if as_json:
        said = asdict(result) | {"root": result.root.hex()}
        told = [asdict(one) for one in damages]
        typer.echo(json.dumps({**said, "damage": count, "damages": told}, ensure_ascii=False))
    else:
        console().print(
            f"{escape(result.log)}: {result.size:,} facts, {result.erased:,} of them erased; "
            f"{result.checkpoints:,} checkpoints; "
            + (f"[red]damages: {count:,}[/red]." if count else "[green]nothing is damaged[/green].")
        )
    if count:
        raise typer.Exit(2)
