"""An entry as JSON: for the database, for the journal, and for files of operators."""

from __future__ import annotations

from datetime import date
from typing import Any

import rfc8785

from tradeloop.kit.money import Money
from tradeloop.ledger.facts import Entry, EntryIncomplete, Posting

FIELDS = {"key", "on", "why", "postings", "reverses"}
POSTING_FIELDS = {"debit", "credit", "currency", "minor"}


def canonical(entry: Entry) -> str:
    """Return the RFC 8785 text of an entry; its SHA-256 is the entry's digest.

    Amounts are whole minor units as text, so that no reader can lose digits.
    """
    return rfc8785.dumps(
        {
            "key": entry.key,
            "on": entry.on.isoformat(),
            "why": entry.why,
            "reverses": entry.reverses,
            "postings": [
                {
                    "debit": posting.debit,
                    "credit": posting.credit,
                    "currency": posting.amount.currency,
                    "minor": str(posting.amount.minor),
                }
                for posting in entry.postings
            ],
        }
    ).decode()


def entry_of(given: Any) -> Entry:  # noqa: ANN401 - whatever a file of JSON may hold
    """Return the entry that a JSON object says; `reverses` may be absent.

    Raises:
        EntryIncomplete: A field is missing, unknown or of another kind.
        AccountMalformed: A side of a posting is no name of an account.
        PostingImpossible: An amount is not above zero, or stays on one account.
        CurrencyUnknown: ISO 4217 has no such currency.
    """
    _has_exactly(given, FIELDS - {"reverses"}, FIELDS)
    try:
        on = date.fromisoformat(given["on"])
    except (TypeError, ValueError):
        raise EntryIncomplete(f"on is {given['on']!r}. Write a date as 2026-01-31.") from None
    texts = {name: given.get(name) for name in ("key", "why", "reverses")}
    if odd := [n for n, text in texts.items() if not isinstance(text, str) and n != "reverses"]:
        raise EntryIncomplete(f"{odd[0]} is {texts[odd[0]]!r}. Write a text.")
    if not isinstance(texts["reverses"], str | None):
        raise EntryIncomplete(f"reverses is {texts['reverses']!r}. Write a key or null.")
    if not isinstance(given["postings"], list):
        raise EntryIncomplete("postings is no list. Write [{debit, credit, currency, minor}].")
    postings = tuple(_posting_of(each) for each in given["postings"])
    return Entry(on=on, postings=postings, **texts)


def _posting_of(given: Any) -> Posting:  # noqa: ANN401 - the same
    _has_exactly(given, POSTING_FIELDS, POSTING_FIELDS)
    minor = given["minor"]
    if isinstance(minor, bool) or not isinstance(minor, int | str):
        raise EntryIncomplete(f"minor is {minor!r}. Write whole minor units, as 1050 or '1050'.")
    if isinstance(minor, str) and not (minor.isascii() and minor.isdecimal()):
        raise EntryIncomplete(f"minor is {minor!r}. Write whole minor units in plain digits.")
    for name in ("debit", "credit", "currency"):
        if not isinstance(given[name], str):
            raise EntryIncomplete(f"{name} is {given[name]!r}. Write a text.")
    amount = Money(int(minor), given["currency"])
    return Posting(debit=given["debit"], credit=given["credit"], amount=amount)


def _has_exactly(given: Any, required: set[str], allowed: set[str]) -> None:  # noqa: ANN401 - the same
    if not isinstance(given, dict):
        raise EntryIncomplete(f"{str(given)[:50]!r} is no object. Write {{…}} with its fields.")
    if odd := (required - given.keys()) | (given.keys() - allowed):
        raise EntryIncomplete(
            f"Check {', '.join(sorted(odd))}: an object has {', '.join(sorted(required))}, "
            "each once, and nothing unknown."
        )
