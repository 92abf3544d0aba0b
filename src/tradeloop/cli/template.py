"""`tradeloop template`: an empty paper to fill in, as a workbook, CSV or JSON lines."""

from __future__ import annotations

from pathlib import Path

import typer

from tradeloop.bulk.disk import as_disk_full
from tradeloop.cli.screen import broken, fail
from tradeloop.documents.papers import paper_kinds
from tradeloop.documents.templates import KindUnknown, template


def run(kind: str | None, *, out: Path, form: str) -> None:
    """Write the template of a kind, or list the kinds."""
    if kind is None:
        for paper in paper_kinds().values():
            typer.echo(f"{paper.kind:<15} {paper.name_en} ({paper.name_zh})")
        return
    try:
        files = template(kind, form)
    except KindUnknown as error:
        raise fail(str(error)) from None
    for name, data in files.items():
        path = out / name
        if path.exists():
            raise fail(f"{path} is there already. Move it away, or name another folder with --out.")
        try:
            out.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise broken(as_disk_full(error, path)) from None
        typer.echo(f"{path}")
