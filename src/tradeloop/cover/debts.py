"""What buyers owe for the trades that are offered is opened in the books, insured or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tradeloop.cover.holding import Case
from tradeloop.cover.offering import Known, declared_on
from tradeloop.cover.registers import unpaid
from tradeloop.kit.findings import Finding, Weight
from tradeloop.kit.money import Money
from tradeloop.receivables import actions as receivables
from tradeloop.receivables.facts import NewReceivable
from tradeloop.trades.offers import OfferedTrade


def open_debts(cases: Sequence[Case], known: Known, now: datetime) -> None:
    """Open what buyers owe, insured or not: a payment clears the oldest debt, whichever it is."""
    owed = [(one, debt) for one in cases if (debt := _debt(one.trade, known)) is not None]
    answers = receivables.open_many(new=[debt for _, debt in owed], at=now)
    for (one, _), answer in zip(owed, answers, strict=True):
        if answer.refusal is not None:
            one.findings.append(Finding(
                code=f"debt-{answer.refusal}", weight=Weight.REFUSE,
                because=f"The books refuse the debt of this trade: {answer.refusal}.",
                remedy="See tradeloop receivables show for this trade; credit or mend it first.",
                source="a debt stands in the books once: src/tradeloop/receivables/README.md",
            ))  # fmt: skip


def unpaid_when_declared(
    trades: Sequence[OfferedTrade], known: Known, *, on: date, now: datetime
) -> Mapping[str, date]:
    """Return which trades are declared with a debt that is past its day, as the books have it.

    What the buyer paid before stands in the books without a debt yet, so all are opened first.
    """
    declared = {one.name: declared_on(one, known, on=on) for one in trades}
    late = [one for one in trades if one.due_on and one.due_on < declared[one.name]]
    if not late:
        return {}
    debts = [debt for one in trades if (debt := _debt(one, known)) is not None]
    receivables.open_many(new=debts, at=now)
    return unpaid({one.name: declared[one.name] for one in late})


def _debt(trade: OfferedTrade, known: Known) -> NewReceivable | None:
    buyer = known.debtors.get(trade.name) or known.buyers.get(trade.name)
    if buyer is None or trade.currency is None or trade.verified_minor <= 0:
        return None
    if trade.shipped_on is None or trade.due_on is None or trade.due_on < trade.shipped_on:
        return None
    return NewReceivable(
        trade=trade.name, seller=trade.seller, buyer=buyer,
        amount=Money(trade.verified_minor, trade.currency), shipped_on=trade.shipped_on,
        due_on=trade.due_on,
    )  # fmt: skip
