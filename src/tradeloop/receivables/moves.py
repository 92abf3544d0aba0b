"""What payments do to receivables, in one call of the database; books and journal hear of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.ledger import actions as ledger
from tradeloop.ledger.facts import POSTINGS_MAX, Entry, Posting
from tradeloop.receivables.facts import Applied
from tradeloop.store.database import cursor

Pair = tuple[str, str]
"""Seller and buyer."""

Sums = Mapping[tuple[str, str], int]
"""Minor units for each seller and currency."""

NOTHING: Mapping[str, Sums] = MappingProxyType({})
SIDES: Mapping[str, tuple[str, str]] = {
    "sold": ("owed", "sold"),
    "received": ("received", "unapplied"),
    "credited": ("credited", "owed"),
    "applied": ("unapplied", "owed"),
}
"""Which of a seller's accounts is debited and which credited."""


@dataclass(frozen=True, slots=True)
class Move:
    """So much went from a payment to a receivable; below zero for what went back."""

    payment: str
    trade: str
    seller: str
    buyer: str
    currency: str
    minor: int
    counts_on: date
    rule: str


def spread(pairs: Collection[Pair], rule: Applied = Applied.OLDEST_FIRST) -> list[Move]:
    """Apply all that is left of payments between these sellers and buyers."""
    return _moved(
        "select * from receivables_spread(%s::text[], %s::text[], %s)", *_columns(pairs), rule.value
    )


def take_back(pairs: Collection[Pair]) -> list[Move]:
    """Make recoveries between these sellers and buyers left over again, to be shared anew."""
    return _moved("select * from receivables_take_back(%s::text[], %s::text[])", *_columns(pairs))


def withdraw(payment: str, at: datetime) -> list[Move]:
    """Mark a payment as taken back by its bank; what it cleared is owed again."""
    return _moved("select * from receivables_withdraw(%s, %s)", at, payment)


def losses(pairs: Collection[Pair]) -> Mapping[Pair, date]:
    """Return from which day on payments are recoveries, where there was a loss."""
    with cursor() as cur:
        cur.execute(
            "select l.seller, l.buyer, l.loss_on from receivables_loss as l "
            "where (l.seller, l.buyer) in (select * from unnest(%s::text[], %s::text[]))",
            _columns(pairs),
        )
        return {(seller, buyer): on for seller, buyer, on in cur.fetchall()}


def lock(*names: str) -> None:
    """Write alone for these sellers until the transaction ends."""
    with cursor() as cur:
        cur.execute("select receivables_lock(%s::text[])", (list(names),))


def tell(moves: Sequence[Move], at: datetime) -> None:
    """Record which payment cleared what, if any did."""
    if moves:
        columns = ["payment", "trade", "minor", "counts_on", "rule"]
        lines = [
            [one.payment, one.trade, str(one.minor), one.counts_on.isoformat(), one.rule]
            for one in moves
        ]
        record(kind="receivables.applied", at=at, fact={"columns": columns, "lines": lines})


def book(
    *,
    key: int,
    at: datetime,
    why: str,
    sums: Mapping[str, Sums] = NOTHING,
    moves: Iterable[Move] = (),
) -> None:
    """Post to the ledger what a call came to, summed for each seller and currency.

    So `seller:owed` is what all buyers owe, and `seller:unapplied` (a credit) what is left of their
    payments; what each buyer owes stands here, as in any book of debtors.

    Args:
        key: The entry of the journal that tells of the call.
        at: When; it counts for that day in Shanghai.
        why: For people.
        sums: What was `sold` on credit; `received`, below zero for what a bank took back;
            `credited`, which is owed no longer though nothing was paid.
        moves: What payments cleared.
    """
    applied: dict[tuple[str, str], int] = defaultdict(int)
    for one in moves:
        applied[one.seller, one.currency] += one.minor
    postings = [
        posting
        for what, found in [*sums.items(), ("applied", applied)]
        for posting in _postings(found, *SIDES[what])
    ]
    on = at.astimezone(SHANGHAI).date()
    entries = [
        Entry(
            key=f"receivables:{key}:{start // POSTINGS_MAX + 1}", on=on, why=why,
            postings=tuple(postings[start : start + POSTINGS_MAX]),
        )
        for start in range(0, len(postings), POSTINGS_MAX)
    ]  # fmt: skip
    if entries:
        ledger.post(entries=entries, at=at)


def _postings(sums: Sums, debit: str, credit: str) -> Iterator[Posting]:
    for (seller, currency), minor in sums.items():
        if minor:
            to, from_ = (debit, credit) if minor > 0 else (credit, debit)
            amount = Money(abs(minor), currency)
            yield Posting(debit=f"{seller}:{to}", credit=f"{seller}:{from_}", amount=amount)


def _moved(sql: str, *given: object) -> list[Move]:
    with cursor() as cur:
        cur.execute(sql.encode(), given)
        return [Move(*row) for row in cur.fetchall()]


def _columns(pairs: Collection[Pair]) -> tuple[list[str], list[str]]:
    return [seller for seller, _ in pairs], [buyer for _, buyer in pairs]
