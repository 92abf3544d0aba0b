"""Judged trades as an insurer is offered them: buyer, credit, shipment, declaration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from tradeloop.bulk.questions import answer, questions
from tradeloop.trades.judge import PACKAGE

SET_SIZE = 50_000
# In the order of the platform's records: who recorded first is covered first.
OFFERED = "select * from offers order by recorded_at nulls last, trade"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTrade:
    """One judged trade and what its papers say of credit and shipment; None where none says so.

    `declared` is the FOB value of the largest declaration it is on, in major units as declared;
    `collected` what was paid before shipment, likewise, in the currency of the trade.
    """

    name: str
    mode: str
    grade: str
    currency: str | None
    verified_minor: int
    seller: str
    buyer_name: str | None
    buyer_country: str | None
    buyer_number: str | None
    buyer_number_kind: str | None  # as the paper calls it
    recorded_at: datetime | None
    due_on: date | None
    payment_method: str | None
    shipped_on: date | None
    declaration: str | None
    declared_currency: str | None
    declared: Decimal | None
    collected: Decimal | None


def offered_trades(con: duckdb.DuckDBPyConnection) -> Iterator[Sequence[OfferedTrade]]:
    """Return all trades judged in `con`, in the order of recording, up to `SET_SIZE` at a time."""
    for question in questions(PACKAGE, "8_offer"):
        answer(con, question)
    found = con.execute(OFFERED)
    while rows := found.fetchmany(SET_SIZE):
        yield [OfferedTrade(**dict(zip(OfferedTrade.__slots__, row, strict=True))) for row in rows]
