"""The terms that a claim falls under: those of its earliest covered shipment, read once."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from tradeloop.claims.calculation import Terms
from tradeloop.claims.terms import ClaimTerms
from tradeloop.cover.terms import CoverTerms
from tradeloop.schemes.load import load


def terms_of(scheme: str, on: date) -> Terms:
    """Return the cover and the claims terms of a scheme on a day.

    Raises:
        SchemeUnknown: There is no such scheme.
        NoTermsYet: The day lies before its first terms.
    """
    folder = settings.TRADELOOP_SCHEMES
    return _terms(scheme, on, Path(folder) if folder else None)


@cache
def _terms(scheme: str, on: date, folder: Path | None) -> Terms:
    return Terms(
        cover=load(scheme, "cover", into=CoverTerms, on=on, folder=folder),
        claims=load(scheme, "claims", into=ClaimTerms, on=on, folder=folder),
    )
