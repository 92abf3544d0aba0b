"""The verbs: post entries, and undo one; each exactly once, whoever repeats it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import psycopg
from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.ledger import queries
from tradeloop.ledger.facts import Entry, Posted
from tradeloop.ledger.wire import canonical
from tradeloop.store.database import cursor


class PostingRefused(RuntimeError):
    """The database refused an entry; nothing of the call was written."""


class KeyReused(PostingRefused):
    """The key was used before for another entry."""


class AlreadyUndone(PostingRefused):
    """The entry was undone before, by another entry."""


class EntryUnknown(PostingRefused):
    """No entry has the key that is to be undone."""


class UndoImpossible(PostingRefused):
    """An undo must take back every amount of an entry that is none itself, on its day or later."""


REFUSALS: Mapping[str, type[PostingRefused]] = {
    "LG001": KeyReused,
    "LG002": AlreadyUndone,
    "LG003": EntryUnknown,
    "LG005": UndoImpossible,
}
"""What the database's codes mean (`functions/*.sql`)."""


@transaction.atomic(savepoint=False)
def post(*, entries: Sequence[Entry], at: datetime) -> tuple[Posted, ...]:
    """Write entries to the books, all or none, each at most once.

    Writers of one account and day wait for each other until the first commits. Who posts several
    entries in one transaction does it in one call, which locks in one order; two calls may meet
    another's in a deadlock, which the database ends and the caller repeats. An error ends the
    transaction that is open, too.

    Args:
        entries: A key that was posted before with the same content gives the first answer again.
        at: When they are posted, by the caller's clock, with its zone.

    Returns:
        One answer for each entry, in their order.

    Raises:
        KeyReused: A key was used before for other content.
        AlreadyUndone: An entry to be undone was undone before.
        EntryUnknown: An entry to be undone does not exist.
        UndoImpossible: An undo does not mirror its entry, is dated before it, or undoes an undo.
    """
    return _post(entries, at=at, kind="ledger.posted")


@transaction.atomic
def undo(*, key: str, undoes: str, on: date, why: str, at: datetime) -> Posted:
    """Take an entry back by its mirror image, at most once.

    Args:
        key: Of the new entry; chosen by the caller and kept for every retry.
        undoes: The key of the entry to take back.
        on: The day the undo counts for: that of the entry or a later one.
        why: For people, kept for ever.
        at: As in `post`.

    Raises:
        KeyReused: `key` was used before for other content.
        AlreadyUndone: It was undone before, under another key.
        EntryUnknown: There is no entry `undoes`.
        UndoImpossible: It is itself an undo, or counts for a later day than `on`.
    """
    found = queries.entry(undoes)
    if found is None:
        raise EntryUnknown(
            f"There is no entry {undoes!r} to undo. "
            "Look its key up in the statement of one of its accounts."
        )
    (posted,) = _post([found.undone(key=key, on=on, why=why)], at=at, kind="ledger.undone")
    return posted


def _post(entries: Sequence[Entry], *, at: datetime, kind: str) -> tuple[Posted, ...]:
    try:
        with cursor() as cur:
            cur.execute(
                "select key, digest, posted_at, is_new from ledger_post(%s, %s::text[])",
                (at, [canonical(entry) for entry in entries]),
            )
            rows = cur.fetchall()
    except psycopg.Error as error:
        refusal = REFUSALS.get(error.sqlstate or "")
        if refusal is None:
            raise
        raise refusal(error.diag.message_primary) from None
    answers = tuple(
        Posted(key=key, digest=digest, posted_at=posted_at, is_new=is_new)
        for key, digest, posted_at, is_new in rows
    )
    if new := [answer for answer in answers if answer.is_new]:
        lines = [{"key": answer.key, "digest": answer.digest.hex()} for answer in new]
        record(kind=kind, at=at, fact={"entries": lines})
    return answers
