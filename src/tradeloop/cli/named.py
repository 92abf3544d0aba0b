"""Sellers and buyers as papers for people name them."""

from __future__ import annotations

from datetime import date

from tradeloop.forms.facts import Named


def parties_of(seller: str, buyer: str, *, on: date) -> tuple[Named, Named]:
    """Return a seller and a buyer by name and key; whom nobody named bears its key alone."""
    from tradeloop.parties import known  # noqa: PLC0415 - Django is set up now

    firm = next(iter(known.firms(on=on, keys=[seller])), None)
    found = next(iter(known.buyers([buyer])), None)
    told = found.aliases[0] if found else None
    return (
        Named(name=firm.name if firm else seller, key=seller),
        Named(name=told.name if told else buyer, key=buyer, country=told.country if told else None),
    )
