"""The verbs: resolve buyers, decide on them, screen them, relate parties, keep firms."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime

import rfc8785
from django.db import transaction

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.parties import firms, groups, hits, memory, relations, resolving
from tradeloop.parties.facts import Resolved, Told
from tradeloop.parties.terms import terms_on
from tradeloop.store.database import cursor


class BuyerUnknown(LookupError):
    """No buyer has that key."""


class ReasonMissing(ValueError):
    """A decision must say who decided and why."""


@transaction.atomic(savepoint=False)
def resolve(*, told: Sequence[Told], now: datetime, secret: bytes) -> tuple[Resolved, ...]:
    """Say which buyer each paper tells of; the same told gives the same buyer for ever.

    Who is told of in a new way waits until no other call makes buyers. Of a new buyer only the
    first of the call is new. An error ends the transaction that is open, too.

    Args:
        told: Thousands at once; the order of those that are new decides which one is the elder.
        now: Its day is the first on which a way of telling was seen.
        secret: Of the installation; identity numbers are kept as tokens under it only.

    Returns:
        One answer each, in their order. What can name nobody is refused there.

    Raises:
        SecretChanged: What is known was kept under another secret.
    """
    memory.check_secret(secret)
    said = {one: resolving.read(one, secret) for one in dict.fromkeys(told)}
    readings = {one.token: one for one in said.values() if not one.refused}
    buyers = memory.known(list(readings))
    new: set[bytes] = set()
    if len(buyers) < len(readings):
        memory.lock()
        buyers |= memory.known([token for token in readings if token not in buyers])
        if strange := [one for token, one in readings.items() if token not in buyers]:
            found = resolving.admit(strange, terms=terms_on(now.astimezone(SHANGHAI).date()))
            buyers |= _keep(found, now)
            new = {one.reading.token for one in found if one.is_new}
    known = memory.answers(set(buyers.values()))
    answers = []
    for one in told:
        reading = said[one]
        if reading.refused:
            answers.append(Resolved(buyer="", is_new=False, refused=reading.refused))
            continue
        key, possibly = known[buyers[reading.token]]
        is_new = reading.token in new
        new.discard(reading.token)
        answers.append(Resolved(buyer=key, is_new=is_new, possibly=possibly))
    return tuple(answers)


@transaction.atomic
def decide(*, buyer: str, other: str, same: bool, by: str, because: str, at: datetime) -> bool:
    """Remember that two buyers are one, or two; return whether that is news.

    A later decision on the same two corrects an earlier one. One: the elder's key stands for both,
    and the other still leads to it.

    Raises:
        BuyerUnknown: There is no such buyer, or both are one and the same key.
        ReasonMissing: `by` or `because` is empty.
        DecisionContradicts: Other decisions say otherwise of the two.
    """
    _refuse_unsigned(by, because)
    memory.lock()
    first, second = sorted((_id_of(buyer), _id_of(other)))
    if first == second:
        raise BuyerUnknown(f"{buyer} is compared with itself. Name another buyer.")
    with cursor() as cur:
        cur.execute(
            "select same, by, because from parties_buyerdecision "
            "where first_id = %s and second_id = %s order by id desc limit 1",
            (first, second),
        )
        if cur.fetchone() == (same, by, because):
            return False
    fact = {"buyers": sorted((buyer, other)), "same": same, "by": by, "because": because}
    made = record(kind="parties.decided", at=at, fact=fact)
    with cursor() as cur:
        cur.execute(
            "insert into parties_buyerdecision (first_id, second_id, same, by, because, "
            "decided_at, made_by) values (%s, %s, %s, %s, %s, %s, %s)",
            (first, second, same, by, because, at, made.entry_id),
        )
    groups.regroup(first, second)
    return True


@transaction.atomic(savepoint=False)
def screen(*, buyers: Collection[str] | None = None, now: datetime) -> int:
    """Look for buyers on the lists that are for screening; return how many hits are new.

    Only what papers told since the last look is looked for: an import of such a list looks for all
    buyers by itself.

    Args:
        buyers: Their keys; None for all.
        now: Whose terms of likeness count.
    """
    return hits.screen_new(buyers, now)


@transaction.atomic
def clear_hit(*, hit: int, by: str, because: str, at: datetime) -> bool:
    """Remember that a buyer is not whom the list means; return whether that is news.

    It holds for this buyer and all that the list says of this subject, in later versions too,
    until the buyer is told of by a name that is more like it.

    Raises:
        HitUnknown: There is no such hit.
        ReasonMissing: `by` or `because` is empty.
    """
    _refuse_unsigned(by, because)
    return hits.decide(hit, is_cleared=True, by=by, because=because, at=at)


@transaction.atomic
def uphold_hit(*, hit: int, by: str, because: str, at: datetime) -> bool:
    """Remember that a buyer is whom the list means, also where it was cleared before.

    Raises:
        HitUnknown: There is no such hit.
        ReasonMissing: `by` or `because` is empty.
    """
    _refuse_unsigned(by, because)
    return hits.decide(hit, is_cleared=False, by=by, because=because, at=at)


@transaction.atomic
def relate(
    *, a: str, b: str, from_date: date, because: str, source: str, at: datetime,
    to_date: date | None = None,
) -> bool:  # fmt: skip
    """Remember that two parties belong together, both days included; return whether it is news.

    The same again with another `to_date` ends it, or lets it go on.

    Args:
        a: The key of a seller or a buyer; the order of the two makes no difference.
        b: The other.
        from_date: The first day of it.
        because: What they have in common.
        source: Who says so.
        at: When it is told.
        to_date: The last day of it; None until further notice.

    Raises:
        RelationRefused: It says something impossible.
    """
    one = relations.Given(
        a=a, b=b, from_date=from_date, to_date=to_date, because=because, source=source
    )
    return relations.keep([one], at)[0]


@transaction.atomic
def register_firm(
    *, key: str, name: str, from_date: date, at: datetime, identifier: str | None = None,
    roles: Collection[str] = (), ended: Collection[str] = (),
) -> bool:  # fmt: skip
    """Keep a firm, its name and its roles from a day on; return whether anything is news.

    Args:
        key: As in names of trades, before the stroke.
        name: As its licence writes it.
        from_date: The day from which name and roles count.
        at: When it is told.
        identifier: Its unified social credit code or customs code; None where it has none.
        roles: merchant, agent, consolidator, insurer, bank … that it has from then on.
        ended: Roles that it has no longer from then on.

    Raises:
        FirmRefused: The number has a wrong check digit, or belongs to another firm, or the key or
            a name is empty; nothing was written.
    """
    given = firms.Given(
        key=key, name=name, from_date=from_date, identifier=identifier, roles=roles, ended=ended
    )
    return firms.keep(given, at)


def _keep(found: Sequence[resolving.Admitted], now: datetime) -> dict[bytes, int]:
    lines = [[one.reading.token.hex(), one.buyer.key] for one in found]
    fact = {
        "told": len(found), "new": sum(one.is_new for one in found),
        "digest": hashlib.sha256(rfc8785.dumps(lines)).hexdigest(),
    }  # fmt: skip
    made = record(kind="parties.resolved", at=now, fact=fact)
    return memory.keep(found, on=now.astimezone(SHANGHAI).date(), made_by=made.entry_id)


def _id_of(buyer: str) -> int:
    with cursor() as cur:
        cur.execute("select id from parties_buyer where key = %s", (buyer,))
        row = cur.fetchone()
    if row is None:
        raise BuyerUnknown(f"There is no buyer {buyer!r}. `parties buyers` lists their keys.")
    return int(row[0])


def _refuse_unsigned(by: str, because: str) -> None:
    if not by.strip() or not because.strip():
        raise ReasonMissing("A decision names who decided (--by) and why (--because).")
