"""The reads: a pursuit, what came back of it and how it was shared, and who owes whom of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tradeloop.claims.rows import named, one
from tradeloop.kit.money import Money
from tradeloop.recovery.facts import Pursued, Receipt
from tradeloop.recovery.lifecycle import State
from tradeloop.recovery.terms import Costs, RecoveryTerms
from tradeloop.schemes.load import load

PURSUIT = (
    "select p.*, c.scheme, c.policyholder, c.buyer from recovery_pursuit as p "
    "join claims_claim as c on c.id = p.claim_id where p.claim_id = %s"
)


class PursuitUnknown(LookupError):
    """Nothing is pursued for that claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursuit:
    """What is pursued, and the terms that share it."""

    claim: str
    scheme: str
    policyholder: str
    buyer: str
    state: State
    pursued: Pursued
    opened_on: date
    because: str | None
    terms: RecoveryTerms

    @property
    def nothing(self) -> Money:
        """No money of its currency."""
        return Money(0, self.pursued.debt.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What came back, whose it is, and what one side still has of the other's."""

    received: Money
    costs: Money
    costs_repaid: Money
    insurer: Money  # its part of what was received
    insured: Money
    insurer_bears: Money  # of the costs
    insured_bears: Money
    insured_owes: Money  # to the insurer; below zero, the insurer owes the insured
    left: Money  # of the debt


def pursuit(claim: str, *, for_update: bool = False) -> Pursuit:
    """Return what is pursued for a claim.

    Raises:
        PursuitUnknown: Nothing is.
    """
    row = one(PURSUIT + (" for update of p" if for_update else ""), claim)
    if row is None:
        raise PursuitUnknown(
            f"Nothing is pursued for claim {claim!r}. Once it is paid, say `recovery open`."
        )
    return Pursuit(
        claim=claim, scheme=row["scheme"], policyholder=row["policyholder"], buyer=row["buyer"],
        state=State(row["state"]), pursued=_pursued(row), opened_on=row["opened_on"],
        because=row["because"], terms=recovery_terms(row["scheme"], row["terms_on"]),
    )  # fmt: skip


def receipts(claim: str) -> list[dict[str, Any]]:
    """Return what came back, in its order, with those that were taken back again."""
    return named("select * from recovery_receipt where pursuit_id = %s order by place", claim)


def costs(claim: str) -> list[dict[str, Any]]:
    """Return what pursuing cost, in order."""
    return named("select * from recovery_cost where pursuit_id = %s order by spent_on, id", claim)


def position(claim: str) -> Position:
    """Return what came back of a claim, and who owes whom of it.

    Each side should have its part of the receipts, and what it spent less what it bears; it has
    what it received, less what it spent, and what was handed over.
    """
    found = pursuit(claim)
    live = [row for row in receipts(claim) if row["withdrawn_on"] is None]
    spent = costs(claim)
    handed = named("select * from recovery_handover where pursuit_id = %s", claim)

    def total(rows: Sequence[dict[str, Any]], column: str, **where: str) -> Money:
        chosen = [one for one in rows if all(one[name] == value for name, value in where.items())]
        return Money(sum(one[column] for one in chosen), found.nothing.currency)

    received = total(live, "amount_minor")
    # Costs that proceeds repay go to whoever spent them, the earliest first.
    repaid = total(live, "costs_repaid_minor")
    repaid_to_insured = _repaid_to(spent, repaid, "insured")
    insured_has = (
        total(live, "amount_minor", received_by="insured")
        - total(handed, "amount_minor", from_side="insured")
        + total(handed, "amount_minor", from_side="insurer")
        - total(spent, "amount_minor", spent_by="insured")
    )
    insured_bears = total(spent, "insured_bears_minor")
    if found.terms.costs is Costs.FROM_PROCEEDS:
        # What the proceeds did not repay yet stays with whoever spent it.
        insured_bears = total(spent, "amount_minor", spent_by="insured") - repaid_to_insured
    should = total(live, "to_insured_minor") - insured_bears
    return Position(
        received=received, costs=total(spent, "amount_minor"), costs_repaid=repaid,
        insurer=total(live, "to_insurer_minor"), insured=total(live, "to_insured_minor"),
        insurer_bears=total(spent, "insurer_bears_minor"), insured_bears=insured_bears,
        insured_owes=insured_has - should, left=found.pursued.debt - received,
    )  # fmt: skip


@cache
def _recovery_terms(scheme: str, on: date, folder: Path | None) -> RecoveryTerms:
    return load(scheme, "recovery", into=RecoveryTerms, on=on, folder=folder)


def recovery_terms(scheme: str, on: date) -> RecoveryTerms:
    """Return the recovery terms of a scheme on a day."""
    folder = settings.TRADELOOP_SCHEMES
    return _recovery_terms(scheme, on, Path(folder) if folder else None)


def as_facts(rows: Sequence[dict[str, Any]], currency: str) -> tuple[Receipt, ...]:
    """Return kept receipts as the rules take them; those taken back are left out."""
    return tuple(
        Receipt(
            id=row["id"], amount=Money(row["amount_minor"], currency),
            received_on=row["received_on"],
            costs=Money(row["costs_repaid_minor"], currency) if row["costs_repaid_minor"] else None,
        )
        for row in rows
        if row["withdrawn_on"] is None
    )  # fmt: skip


def _pursued(row: dict[str, Any]) -> Pursued:
    currency = row["currency"]
    return Pursued(
        debt=Money(row["debt_minor"], currency), covered=Money(row["covered_minor"], currency),
        paid=Money(row["paid_minor"], currency), insured_share_bp=row["insured_share_bp"],
    )  # fmt: skip


def _repaid_to(spent: Sequence[dict[str, Any]], repaid: Money, side: str) -> Money:
    """Return how much of repaid costs is of one side: the earliest costs are repaid first."""
    left, found = repaid.minor, 0
    for row in spent:
        part = min(left, row["amount_minor"])
        left -= part
        found += part if row["spent_by"] == side else 0
    return Money(found, repaid.currency)
