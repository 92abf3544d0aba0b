"""Receipts are shared and kept; taking one back shares those after it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tradeloop.claims.rows import do
from tradeloop.kit.money import Money
from tradeloop.kit.terms import canonical
from tradeloop.ledger import actions as ledger
from tradeloop.ledger.facts import Entry, Posting
from tradeloop.recovery.facts import Receipt, Shared
from tradeloop.recovery.queries import Pursuit, as_facts, costs, receipts
from tradeloop.recovery.rules import share
from tradeloop.recovery.terms import Costs

INSURER, INSURED = "insurer", "insured"


def with_costs(found: Pursuit, new: Sequence[Receipt]) -> tuple[Shared, ...]:
    """Share what came back before and what comes now; return only the new shares.

    Where proceeds repay costs, each receipt repays what is open of them, the next one the rest.

    Raises:
        RecoveryUnsound: More came back than is owed.
    """
    kept = as_facts(receipts(found.claim), found.nothing.currency)
    bearing = _bearing(found, new, open_=_open_costs(found, kept))
    return share(found.pursued, [*kept, *bearing], terms=found.terms)[len(kept) :]


def share_again(found: Pursuit, *, on: date, at: datetime) -> None:
    """Share all live receipts anew, after one was taken back; only what changed is written.

    Costs that it had repaid are open again, and repaid by those that are left.
    """
    rows = [row for row in receipts(found.claim) if row["withdrawn_on"] is None]
    facts = as_facts(rows, found.nothing.currency)
    facts = _bearing(found, facts, open_=_open_costs(found, facts))
    for row, one in zip(rows, share(found.pursued, facts, terms=found.terms), strict=True):
        parts = (one.costs_repaid.minor, one.to_insurer.minor, one.to_insured.minor)
        if (row["costs_repaid_minor"], row["to_insurer_minor"], row["to_insured_minor"]) == parts:
            continue
        undo(found, row, on=on, at=at)
        do(
            "update recovery_receipt set costs_repaid_minor = %s, to_insurer_minor = %s, "
            "to_insured_minor = %s, said = %s, version = version + 1 where id = %s",
            *parts, canonical(one).decode(), row["id"],
        )  # fmt: skip
        post(found, [(one, row["received_by"], row["version"] + 1)], on=on, at=at)


def _open_costs(found: Pursuit, kept: Sequence[Receipt]) -> Money:
    """Return what proceeds are to repay and did not yet."""
    if found.terms.costs is not Costs.FROM_PROCEEDS:
        return found.nothing
    spent_ = sum(row["amount_minor"] for row in costs(found.claim))
    repaid = sum((one.costs or found.nothing for one in kept), found.nothing)
    return Money(spent_, found.nothing.currency) - repaid


def _bearing(found: Pursuit, some: Sequence[Receipt], *, open_: Money) -> tuple[Receipt, ...]:
    """Let receipts repay what is open of costs, the first ones first."""
    bearing = []
    for one in some:
        before = one.costs or found.nothing
        part = min(open_, one.amount - before)
        open_ -= part
        bearing.append(replace(one, costs=before + part if (before + part).minor else None))
    return tuple(bearing)


def post(
    found: Pursuit, shared: Sequence[tuple[Shared, str, int]], *, on: date, at: datetime
) -> None:
    """Put shares into the insurer's books: (share, who received it, version)."""
    entries = [
        Entry(
            key=_key(found.claim, one.receipt, version), on=on,
            why=f"Recovery on claim {found.claim}", postings=postings,
        )
        for one, received_by, version in shared
        if (postings := _postings(found, one, received_by))
    ]  # fmt: skip
    if entries:
        ledger.post(entries=entries, at=at)


def undo(found: Pursuit, row: dict[str, Any], *, on: date, at: datetime) -> None:
    """Take a share out of the books again, if it had anything for them."""
    if row["received_by"] == INSURED and not row["to_insurer_minor"]:
        return
    key = _key(found.claim, row["id"], row["version"])
    ledger.undo(key=f"{key}/undone", undoes=key, on=on, why="A receipt was taken back", at=at)


def spent(
    found: Pursuit, cost: str, amount: Money, spent_by: str, borne: tuple[Money, Money], *,
    on: date, at: datetime,
) -> None:  # fmt: skip
    """Put a cost into the insurer's books: what it spent, what it bears, what the insured owes."""
    insurer = f"insurer:{found.scheme}"
    by_insurer, by_insured = borne
    lines = [(f"{insurer}:recovery-costs", f"{insurer}:held-for-insured:{found.claim}", by_insurer)]
    if spent_by == INSURER:
        lines = [
            (f"{insurer}:recovery-costs", f"{insurer}:cash", amount),
            (f"{insurer}:recoveries-due", f"{insurer}:recovery-costs", by_insured),
        ]
    _enter(f"recovery/{found.claim}/cost/{cost}", "Cost of recovery", lines, on=on, at=at)


def handed(
    found: Pursuit, handover: str, from_side: str, amount: Money, *, on: date, at: datetime
) -> None:
    """Put money that was handed on into the insurer's books."""
    insurer = f"insurer:{found.scheme}"
    line = (f"{insurer}:cash", f"{insurer}:recoveries-due", amount)
    if from_side == INSURER:
        line = (f"{insurer}:held-for-insured:{found.claim}", f"{insurer}:cash", amount)
    _enter(
        f"recovery/{found.claim}/handover/{handover}", "Recovery handed on", [line], on=on, at=at
    )


def _enter(
    key: str, why: str, lines: Sequence[tuple[str, str, Money]], *, on: date, at: datetime
) -> None:
    postings = tuple(
        Posting(debit=debit, credit=credit, amount=amount)
        for debit, credit, amount in lines
        if amount.minor
    )
    if postings:
        ledger.post(entries=[Entry(key=key, on=on, why=why, postings=postings)], at=at)


def _key(claim: str, receipt: str, version: int) -> str:
    return f"recovery/{claim}/{receipt}/{version}"


def _postings(found: Pursuit, one: Shared, received_by: str) -> tuple[Posting, ...]:
    insurer = f"insurer:{found.scheme}"
    into = f"{insurer}:cash" if received_by == INSURER else f"{insurer}:recoveries-due"
    parts = [(f"{insurer}:recoveries", one.to_insurer)]
    if received_by == INSURER:
        parts += [
            (f"{insurer}:held-for-insured:{found.claim}", one.to_insured),
            (f"{insurer}:recovery-costs", one.costs_repaid),
        ]
    return tuple(
        Posting(debit=into, credit=credit, amount=amount)
        for credit, amount in parts
        if amount.minor
    )
