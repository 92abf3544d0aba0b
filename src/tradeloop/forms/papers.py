"""The papers of a scheme: its wording, found in its folder, with the facts of one case."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from tradeloop.forms.facts import (
    AgreementPaper,
    CalculationPaper,
    CertificatePaper,
    ClaimFile,
    Language,
)
from tradeloop.forms.qr import svg
from tradeloop.forms.render import COMPONENTS, render, visible
from tradeloop.forms.shown import masked, shown
from tradeloop.kit.terms import canonical, plain

FOLDER, WORDS = "forms", "words.toml"


class FormMissing(LookupError):
    """The scheme has no wording for this paper."""


class WordsUnfit(ValueError):
    """A table of words cannot be read."""


def certificate(paper: CertificatePaper, *, language: Language, folder: Path) -> bytes:
    """Return the certificate of one shipment.

    Args:
        paper: Its facts.
        language: Chinese, English, or both side by side.
        folder: The scheme's, as `schemes.load.find(code).folder` tells it.

    Raises:
        FormMissing: The scheme has no such form.
        FontMissing: No font here has a letter that the paper needs.
        TemplateUnfit, WordsUnfit: The scheme's form or words cannot be used.
        QrTooLong: `basis.proof` does not go into a code.
    """
    return _paper("certificate", paper, language=language, folder=folder)


def calculation(paper: CalculationPaper, *, language: Language, folder: Path) -> bytes:
    """Return how a figure came about, line by line; arguments and refusals as `certificate`."""
    return _paper("calculation", paper, language=language, folder=folder)


def agreement(paper: AgreementPaper, *, language: Language, folder: Path) -> bytes:
    """Return the agreement to be signed before payment; arguments and refusals as `certificate`."""
    return _paper("agreement", paper, language=language, folder=folder)


def claim_file(paper: ClaimFile, *, language: Language, folder: Path) -> bytes:
    """Return all that is known of a claim; arguments and refusals as `certificate`."""
    return _paper("claim_file", paper, language=language, folder=folder)


def digest(paper: CertificatePaper | CalculationPaper | AgreementPaper | ClaimFile) -> str:
    """Return the SHA-256 of the facts on a paper, which it prints at its foot.

    Of an account it takes what the paper shows: whoever knows the rest could else try out numbers.
    """
    if isinstance(paper, AgreementPaper):
        payee = replace(paper.payee, account=masked(paper.payee.account))
        paper = replace(paper, payee=payee)
    facts = visible(plain({"paper": type(paper).__name__, "facts": paper}))
    return sha256(canonical(facts)).hexdigest()


def words_of(folder: Path) -> dict[str, Any]:
    """Return the words of all papers, with those of the scheme in front.

    Raises:
        WordsUnfit: A table cannot be read.
    """
    common, own = _table(COMPONENTS / WORDS), _table(folder / FOLDER / WORDS)
    return {
        name: {**common.get(name, {}), **own.get(name, {})}
        for name in dict.fromkeys([*common, *own])
    }


def _paper(
    form: str,
    paper: CertificatePaper | CalculationPaper | AgreementPaper | ClaimFile,
    *,
    language: Language,
    folder: Path,
) -> bytes:
    template = folder / FOLDER / f"{form}.typ"
    if not template.is_file():
        there = ", ".join(sorted(one.stem for one in template.parent.glob("*.typ"))) or "none"
        raise FormMissing(
            f"Scheme {folder.name} has no form {form!r}; it has {there}. Write {template}."
        )
    words = words_of(folder)
    basis = paper.basis
    facts: Mapping[str, Any] = shown(paper, words)
    data = {
        "language": language.value,
        "words": words["words"],
        "codes": words.get("codes", {}),
        "states": words.get("states", {}),
        "paper": facts,
        "digest": digest(paper),
        "qr": svg(basis.proof) if basis.proof else None,
    }
    return render(template, data, made_at=basis.made_at)


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordsUnfit(f"{file} cannot be read: {error}. Mend it there.") from None
