"""Bank files come in: each payment is kept once, however many files tell of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.settlement.camt import read
from tradeloop.settlement.facts import Direction, Noticed, Payment, Read, Statement, TakenIn
from tradeloop.settlement.kept import to_json
from tradeloop.settlement.repeats import booking_key, bookings
from tradeloop.settlement.rows import lock, rows
from tradeloop.settlement.told import noticed
from tradeloop.settlement.told_orders import hear
from tradeloop.store.database import cursor

NAMED_MAX = 160
"""Places that a name of a booking may have; longer ones are kept as their SHA-256."""


class BankFileUnreadable(ValueError):
    """A bank file has no statement that could be read; nothing was written."""


@transaction.atomic
def take_in_bank_file(*, data: bytes, name: str, at: datetime) -> TakenIn:
    """Keep what a camt.053 or camt.054 tells; the same file again changes nothing.

    A booking that another file told before counts once. What is not booked yet is not kept: the
    bank tells of it again. Debits and returns that bear the id of a payment order say what became
    of that order.

    Args:
        data: The file as the bank sent it.
        name: For people.
        at: The caller's clock.

    Raises:
        BankFileUnreadable: Nothing of it could be read; the message says why.
    """
    digest = hashlib.sha256(data).hexdigest()
    lock()
    if before := rows(
        "select name, payments, repeated, not_booked, told from settlement_bankfile "
        "where digest = %s", digest,
    ):  # fmt: skip
        first, payments, repeated, not_booked, told = before[0]
        return TakenIn(
            digest=digest, name=first, is_new=False, payments=payments, repeated=repeated,
            not_booked=not_booked, noticed=tuple(json.loads(told)),
        )  # fmt: skip
    found = read(data, name)
    if not found.statements:
        raise BankFileUnreadable(
            f"{name}: nothing could be read. "
            + " ".join(f"{_sentence(one)}" for one in found.noticed)
            + " Nothing was written."
        )
    given: dict[str, list[Payment]] = {}
    twice: list[Noticed] = []
    for statement in found.statements:
        for key, parts in _named(statement, digest):
            first = given.setdefault(key, parts)
            if first is not parts:
                entry, earlier = parts[0].entry, first[0].entry
                seen = f"{entry.amount}, as at {earlier.place}"
                twice.append(noticed("entry-repeated", entry.place, seen=seen, expected="once"))
    told_before = {
        key for (key,) in rows(
            "select distinct booking from settlement_bankpayment where booking = any(%s::text[])",
            list(given),
        )
    }  # fmt: skip
    booked = {key: parts for key, parts in given.items() if parts[0].is_booked}
    fresh = {key: parts for key, parts in booked.items() if key not in told_before}
    answer = TakenIn(
        digest=digest, name=name, is_new=True, payments=sum(map(len, fresh.values())),
        repeated=len(twice) + len(booked) - len(fresh),
        not_booked=len(given) - len(booked),
        noticed=tuple(map(_sentence, (*found.noticed, *twice))),
    )  # fmt: skip
    _keep(found, fresh, answer, at)
    hear([_id(key, parts, number) for key, parts in fresh.items() for number in range(len(parts))],
         at=at)  # fmt: skip
    return answer


def _named(statement: Statement, digest: str) -> Iterator[tuple[str, list[Payment]]]:
    """Yield each booking with the name that it has wherever it is told."""
    whole = hashlib.sha256(
        repr((
            statement.kind, statement.account, statement.id or digest, statement.created_at,
            [one.essence for one in statement.payments],
        )).encode()
    ).hexdigest()[:32]  # fmt: skip
    for parts in bookings(statement):
        key, one = booking_key(parts), parts[0]
        if key is None:
            # Without a reference it is told again only if its whole statement is.
            yield f"bank:{one.account}:{whole}:{one.entry.place.entry}", parts
            continue
        account, status, is_reversal, currency, signed, booked_on, named = key
        kind = "" if one.is_booked else f":{status}"
        name = f"{named}:{booked_on}:{signed}{currency}{':reversal' if is_reversal else ''}{kind}"
        if len(name) > NAMED_MAX:
            name = hashlib.sha256(name.encode()).hexdigest()
        yield f"bank:{account}:{name}", parts


def _keep(found: Read, fresh: dict[str, list[Payment]], answer: TakenIn, at: datetime) -> None:
    fact = record(
        kind="settlement.file-taken", at=at,
        fact={
            "digest": answer.digest, "name": answer.name,
            "payments": [
                _id(key, parts, n) for key, parts in fresh.items() for n in range(len(parts))
            ],
        },
    )  # fmt: skip
    with cursor() as cur:
        cur.execute(
            "insert into settlement_bankfile (digest, name, taken_at, payments, repeated, "
            "not_booked, told, made_by) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                answer.digest, answer.name, at, answer.payments, answer.repeated,
                answer.not_booked, json.dumps(answer.noticed, ensure_ascii=False), fact.entry_id,
            ),
        )  # fmt: skip
        cur.executemany(
            "insert into settlement_bankstatement (file_id, place, kind, account, number, "
            "created_at) values (%s, %s, %s, %s, %s, %s)",
            [
                (answer.digest, one.place.statement, one.kind.value, one.account, one.id,
                 one.created_at)
                for one in found.statements
            ],
        )  # fmt: skip
        cur.executemany(
            "insert into settlement_bankpayment (id, booking, file_id, account, paid_on, currency, "
            "amount_minor, booked_minor, is_credit, is_reversal, end_to_end, state, told) "
            "values (%s, %s, %s, %s, %s, %s, %s, 0, %s, %s, %s, %s, %s)",
            [
                (
                    _id(key, parts, number), key, answer.digest, one.account,
                    one.booked_on or one.value_on, one.amount.currency, one.amount.minor,
                    one.direction is Direction.CREDIT, one.is_reversal,
                    one.references.end_to_end, _state(one), to_json(one),
                )
                for key, parts in fresh.items() for number, one in enumerate(parts)
            ],
        )  # fmt: skip


def _state(one: Payment) -> str:
    """Say whether somebody has to find out what it is for."""
    is_ours = one.direction is Direction.CREDIT or one.is_reversal
    return "open" if is_ours and one.amount.minor else "out"


def _id(key: str, parts: Sequence[Payment], number: int) -> str:
    return key if len(parts) == 1 else f"{key}:{number + 1}"


def _sentence(one: Noticed) -> str:
    return f"{one.code}: {one.place}: seen {one.seen}; expected {one.expected}. {one.remedy}"
