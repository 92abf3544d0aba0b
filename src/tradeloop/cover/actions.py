"""The verbs beside zero-visit cover: set a buyer's limit, give room that payments made, bill."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from tradeloop.cover.certifying import certify_buyers, lock_buyers
from tradeloop.cover.terms import CoverTerms
from tradeloop.journal.actions import record
from tradeloop.kit.money import Money
from tradeloop.ledger.facts import MINOR_MAX
from tradeloop.parties.queries import all_keys, canonical
from tradeloop.store.database import cursor

EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)


class LimitUnfit(ValueError):
    """A limit cannot be as it was told; nothing was written."""


class BuyerUnknown(LookupError):
    """There is no buyer of that key; nothing was written."""


@transaction.atomic
def set_limit(
    *,
    id: str,
    scheme: str,
    buyer: str,
    amount: Money,
    told_on: date,
    because: str,
    at: datetime,
    from_date: date | None = None,
    policyholder: str | None = None,
    at_once: bool = False,
) -> bool:
    """Set a buyer's limit, up, down, or to nothing; return whether it is new.

    A cut counts after the days of notice of the scheme, unless it is at once; goods shipped before
    keep their cover. A raise counts from its day.

    Args:
        id: The insurer's number of the decision, kept for every retry.
        scheme: Under which it is given.
        buyer: Whose limit it is.
        amount: In the currency of the scheme's limits; zero withdraws the limit.
        told_on: When the policyholders are told.
        because: For people, kept for ever.
        at: Now, by the caller's clock.
        from_date: When it counts, if later.
        policyholder: For whom alone; None is for all.
        at_once: A cut without notice, for a special cause.

    Raises:
        LimitUnfit: It is below zero or above all that is kept, its buyer is unknown, a day cannot
            be, or the number stands for another decision.
    """
    if amount.minor < 0:
        raise LimitUnfit(f"A limit of {amount} is below zero. Give zero to withdraw it.")
    if amount.minor > MINOR_MAX:
        raise LimitUnfit(f"A limit of {amount} is more than can be kept. Look at it again.")
    if wrong := [day for day in (told_on, from_date or told_on) if not EARLIEST <= day < LATEST]:
        raise LimitUnfit(f"{wrong[0]} cannot be a day of decision {id}. Give a day from 1970 on.")
    row = (
        id, scheme, buyer, policyholder, amount.currency, amount.minor, told_on, from_date, at_once,
        because,
    )  # fmt: skip
    with cursor() as cur:
        cur.execute("select from parties_buyer where key = %s", (buyer,))
        if cur.rowcount == 0:
            raise LimitUnfit(
                f"There is no buyer {buyer}: its limit would bind nobody. Give a key that "
                "tradeloop parties buyers shows."
            )
        cur.execute("select pg_advisory_xact_lock(hashtext(%s), 0)", (f"cover limit {id}",))
        cur.execute(
            "select id, scheme, buyer, policyholder, currency, amount_minor, told_on, from_date, "
            "at_once, because from cover_limit where id = %s",
            (id,),
        )
        known = cur.fetchone()
        if known == row:
            return False
        if known is not None:
            raise LimitUnfit(
                f"Decision {id} was told before with other content. Give another its own number."
            )
        made = record(kind="cover.limit-set", at=at, fact={
            "amount_minor": str(amount.minor), "at_once": at_once, "because": because,
            "buyer": buyer, "currency": amount.currency,
            "from_date": None if from_date is None else str(from_date), "id": id,
            "policyholder": policyholder, "scheme": scheme, "told_on": str(told_on),
        }).entry_id  # fmt: skip
        cur.execute(
            "insert into cover_limit (id, scheme, buyer, policyholder, currency, amount_minor, "
            "told_on, from_date, at_once, because, made_by) "
            "values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (*row, made),
        )
    return True


@transaction.atomic
def give_room(
    *, scheme: str, buyers: Collection[str], terms: Sequence[CoverTerms], at: datetime
) -> Mapping[str, Money]:
    """Cover what limits had no room for, as far as payments made room; safe to repeat.

    Returns:
        By trade, what came under cover now.

    Raises:
        BuyerUnknown: A key is no buyer's.
    """
    _check_known(buyers)
    buyers = sorted(set(canonical(buyers).values()))
    lock_buyers(scheme, buyers)
    before = _covered(scheme, buyers)
    made = record(kind="cover.room-given", at=at, fact={
        "buyers": sorted(buyers), "scheme": scheme,
    }).entry_id  # fmt: skip
    certify_buyers(buyers, {}, scheme=scheme, terms=terms, made_by=made, at=at)
    return {
        trade: covered - before[trade]
        for trade, covered in _covered(scheme, buyers).items()
        if covered != before[trade]
    }


def _check_known(buyers: Collection[str]) -> None:
    with cursor() as cur:
        cur.execute(
            "select b from unnest(%s::text[]) as b "
            "where not exists (select from parties_buyer as p where p.key = b) order by b",
            (list(buyers),),
        )
        if row := cur.fetchone():
            raise BuyerUnknown(
                f"There is no buyer {row[0]}. Give a key that tradeloop parties buyers shows."
            )


def _covered(scheme: str, buyers: Collection[str]) -> dict[str, Money]:
    with cursor() as cur:
        cur.execute(
            "select r.trade, c.covered_minor, c.currency from cover_certificate as c "
            "join receivables_receivable as r on r.id = c.receivable_id "
            "where c.scheme = %s and c.buyer = any(%s)",
            (scheme, all_keys(buyers)),
        )
        return {trade: Money(minor, currency) for trade, minor, currency in cur.fetchall()}
