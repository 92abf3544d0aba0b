"""The same booking told twice is one: in two files, or by a notification and then a statement."""

from __future__ import annotations

from collections.abc import Iterable

from tradeloop.settlement.facts import NOT_PROVIDED, Entry, Noticed, Payment, Statement
from tradeloop.settlement.told import noticed


def without_repeats(
    statements: Iterable[Statement],
) -> tuple[tuple[Payment, ...], tuple[Noticed, ...]]:
    """Return each payment once, and what is told of those left out.

    A booking is known by account, direction, amount, day and reference: the bank's own, else the
    end-to-end ids of its parts. One without any reference is never called a repeat, unless its
    whole statement is one: same kind, account, id and time.
    """
    kept: list[Payment] = []
    told: list[Noticed] = []
    entries: dict[tuple[object, ...], Entry] = {}
    known: dict[tuple[object, ...], Statement] = {}
    for statement in statements:
        name = (statement.kind, statement.account, statement.id, statement.created_at)
        first = known.setdefault(name, statement)
        if first is not statement and statement.id and first.payments_alike(statement):
            seen = f"statement {statement.id}, as at {first.place}"
            told.append(
                noticed("statement-repeated", statement.place, seen=seen, expected="each once")
            )
            continue
        for parts in bookings(statement):
            entry = parts[0].entry
            key = booking_key(parts)
            earlier = entries.setdefault(key, entry) if key else entry
            if earlier is entry:
                kept += parts
                continue
            seen = f"{entry.amount}, {key[-1] if key else ''}, as at {earlier.place}"
            told.append(noticed("entry-repeated", entry.place, seen=seen, expected="each once"))
    return tuple(kept), tuple(told)


def bookings(statement: Statement) -> list[list[Payment]]:
    """Return the payments of each entry."""
    found: dict[int, list[Payment]] = {}
    for payment in statement.payments:
        found.setdefault(payment.entry.place.entry, []).append(payment)
    return list(found.values())


def booking_key(parts: list[Payment]) -> tuple[object, ...] | None:
    """Return by what a booking is known wherever it is told again, or None if by nothing."""
    one = parts[0]
    ids = [part.references.end_to_end for part in parts]
    named = one.entry.reference or " ".join(id for id in ids if id and id != NOT_PROVIDED)  # noqa: A001
    if not named:
        return None
    signed = sum(part.signed_minor for part in parts)
    amount = one.entry.amount
    return (
        one.account, one.status, one.is_reversal, amount.currency, signed, one.booked_on, named,
    )  # fmt: skip
