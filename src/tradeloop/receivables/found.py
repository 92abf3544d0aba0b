"""One receivable, looked up while its seller's lock is held."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tradeloop.kit.money import Money
from tradeloop.receivables import moves
from tradeloop.store.database import cursor


class ReceivableUnknown(Exception):
    """The trade has no receivable; nothing was written."""


@dataclass(frozen=True, slots=True)
class Found:
    """A receivable as it stands now."""

    id: int
    seller: str
    buyer: str
    open: Money
    shipped_on: date
    due_on: date
    extended_to: date | None
    assignee: str | None

    @property
    def currency(self) -> str:
        """That of the debt."""
        return self.open.currency


def found(trade: str) -> Found:
    """Return the receivable of a trade; nobody else writes for its seller until we are done.

    Raises:
        ReceivableUnknown: It has none.
    """
    moves.lock(*sellers_of([trade]))
    rows = written(
        "select id, seller, buyer, currency, amount_minor - credited_minor - paid_minor, "
        "shipped_on, due_on, extended_to, assignee from receivables_receivable where trade = %s",
        trade,
    )
    if not rows:
        raise ReceivableUnknown(
            f"Trade {trade!r} has no receivable. Write its name as firm/number, or open it first. "
            "Nothing was written."
        )
    id_, seller, buyer, currency, minor, *days = rows[0]
    return Found(id_, seller, buyer, Money(minor, currency), *days)


def sellers_of(trades: Collection[str]) -> set[str]:
    """Return whose trades these are: the name of a person's trade shows its number masked."""
    rows = written(
        "select distinct seller from receivables_receivable where trade = any(%s::text[])",
        list(trades),
    )
    return {seller for (seller,) in rows}


def trades_of(ids: Iterable[int]) -> list[str]:
    """Return the trades of receivables, by the numbers that those have in the books."""
    rows = written(
        "select trade from receivables_receivable where id = any(%s::bigint[]) order by id",
        list(ids),
    )
    return [trade for (trade,) in rows]


def written(sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Do one statement; return its rows."""
    with cursor() as cur:
        cur.execute(sql.encode(), given)
        return cur.fetchall()
