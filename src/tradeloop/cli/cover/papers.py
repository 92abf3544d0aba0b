"""What `tradeloop cover certificate` does: a certificate becomes a paper that can be handed on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tradeloop.cli.cover.calls import covering
from tradeloop.cli.named import parties_of
from tradeloop.cli.screen import broken, fail
from tradeloop.forms import papers
from tradeloop.forms.facts import Basis, CertificatePaper, Language
from tradeloop.forms.fonts import FontMissing
from tradeloop.forms.papers import FormMissing, WordsUnfit
from tradeloop.forms.qr import QrTooLong
from tradeloop.forms.render import TemplateUnfit
from tradeloop.schemes.load import find

if TYPE_CHECKING:
    from tradeloop.cover.queries import Issued


def certificate(
    number: str, *, language: str, out: Path, synthetic: bool, scheme: str, home: Path | None,
    as_json: bool, now: datetime,
) -> None:  # fmt: skip
    """Write one certificate as PDF; an existing file is never written over."""
    with covering(home):
        from tradeloop.cover.queries import certificates  # noqa: PLC0415 - Django is set up now

        folder = find(scheme).folder
        issued = next(
            (one for one in certificates(scheme, of=number) if one.number == number), None
        )
        if issued is None:
            raise fail(f"{scheme} has no certificate {number}. See tradeloop cover list.")
        paper = _paper(issued, now)
    paper = replace(paper, basis=replace(paper.basis, synthetic=synthetic))
    write_pdf(paper, language=Language(language), folder=folder, out=out, as_json=as_json)


def write_pdf(
    paper: CertificatePaper, *, language: Language, folder: Path, out: Path, as_json: bool
) -> None:
    """Set the paper and write it; nothing is written of one that cannot be set."""
    try:
        made = papers.certificate(paper, language=language, folder=folder)
    except (FontMissing, FormMissing, TemplateUnfit, WordsUnfit, QrTooLong) as error:
        raise fail(str(error)) from None
    try:
        with out.open("xb") as stream:
            stream.write(made)
    except FileExistsError:
        raise fail(f"{out} is there already. Name a new file.") from None
    except OSError as error:
        raise broken(error) from None
    digest = papers.digest(paper)
    if as_json:
        typer.echo(json.dumps({"file": str(out), "sha256": digest, "proof": paper.basis.proof}))
        return
    typer.echo(f"Certificate {paper.number} is in {out}.")


def _paper(issued: Issued, now: datetime) -> CertificatePaper:
    seller, buyer = parties_of(issued.policyholder, issued.buyer, on=issued.shipped_on)
    return CertificatePaper(
        number=issued.number, policy=issued.policy, trade=issued.trade,
        policyholder=seller, buyer=buyer,
        amount=issued.amount, covered=issued.covered, insured_share_bp=issued.insured_share_bp,
        limit=issued.limit, shipped_on=issued.shipped_on, due_on=issued.due_on,
        certified_at=issued.certified_at,
        basis=Basis(made_at=now, terms=issued.terms, proof=_proof(issued.number)),
    )  # fmt: skip


def _proof(number: str) -> str:
    """Return the entry of the journal that says it, and what the log binds of it."""
    from tradeloop.cover.queries import recorded_as  # noqa: PLC0415 - Django is set up now
    from tradeloop.journal.queries import log, recorded  # noqa: PLC0415 - the same

    (entry,) = recorded([recorded_as(number)])
    return f"tradeloop-proof:{log() or ''}/{entry.entry_id}/{entry.commitment.hex()}"
