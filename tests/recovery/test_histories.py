"""Whatever comes back, is taken back, costs or is handed on: the sums are right to the cent."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from claims.town import (
    CLERK,
    OVER,
    SHIPPED_SCHEME,
    approve,
    at,
    complete,
    file,
    offer,
    order,
    sign_in_ink,
    sold,
    tell,
    usd,
)  # fmt: skip
from tradeloop.claims import actions as claims
from tradeloop.ledger.queries import balance, trial_balance
from tradeloop.recovery import actions, queries
from tradeloop.recovery.actions import REFUSED
from tradeloop.recovery.terms import Costs, Sharing

LATER = OVER + timedelta(days=30)
PAIRS = [(sharing, costs) for sharing, costs in product(Sharing, Costs)]
SIDES = ("insurer", "insured")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("sharing", "costs"), PAIRS)
def test_every_receipt_is_shared_to_the_cent_whatever_happens(
    sharing: Sharing, costs: Costs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = a_scheme(sharing, costs, tmp_path, monkeypatch)
    chance = random.Random(f"{sharing} {costs}")
    trade = sold(minor=1_200_007, covered=1_000_003, share_bp=8_000, scheme=scheme)
    tell("K-1", trade, scheme=scheme)
    file("K-1")
    complete("K-1")
    approve("K-1")
    offer("K-1")
    sign_in_ink("K-1")
    order("K-1", accounts={})
    claims.confirm_paid(claim="K-1", payout="K-1/1", paid_on=OVER, by=CLERK, at=at(OVER))
    actions.open_pursuit(claim="K-1", by=CLERK, at=at(OVER))

    for step in range(40):
        try:
            chance.choice(deeds(chance, step))()
        except REFUSED:
            continue
        look(scheme)


def deeds(chance: random.Random, step: int) -> list[Callable[[], object]]:
    """Return what may happen next."""
    side, minor = chance.choice(SIDES), chance.randrange(1, 90_000)
    common = {"claim": "K-1", "by": CLERK, "at": at(LATER)}
    ids = [row["id"] for row in queries.receipts("K-1")] or ["none"]
    owed = queries.position("K-1").insured_owes
    return [
        lambda: actions.receive(
            id=f"R-{step}", amount=usd(minor), received_on=LATER, received_by=side, **common
        ),
        lambda: actions.receive(
            id=f"R-{step}", amount=usd(minor), received_on=LATER, received_by=side, **common
        ),
        lambda: actions.spend(
            id=f"C-{step}", amount=usd(minor // 10 + 1), spent_on=LATER, spent_by=side,
            because="a collector", **common,
        ),
        lambda: actions.withdraw_receipt(
            id=chance.choice(ids), because="returned", by=CLERK, at=at(LATER)
        ),
        lambda: actions.hand_over(
            id=f"H-{step}", from_side="insured" if owed.minor > 0 else "insurer",
            amount=usd(abs(owed.minor)), handed_on=LATER, **common,
        ),
    ]  # fmt: skip


def look(scheme: str) -> None:
    """Look at every promise."""
    found, stands = queries.pursuit("K-1"), queries.position("K-1")
    live = [row for row in queries.receipts("K-1") if row["withdrawn_on"] is None]
    for row in live:
        parts = ("costs_repaid_minor", "to_insurer_minor", "to_insured_minor")
        assert sum(row[name] for name in parts) == row["amount_minor"]
    assert stands.insurer <= found.pursued.paid
    assert stands.received <= found.pursued.debt
    assert stands.insurer + stands.insured + stands.costs_repaid == stands.received
    insurer = f"insurer:{scheme}"
    assert balance(f"{insurer}:recoveries", on=LATER, currency="USD") == usd(-stands.insurer.minor)
    assert trial_balance(on=LATER).is_even


def a_scheme(sharing: Sharing, costs: Costs, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the scheme with other switches of recovery."""
    name = f"{sharing}-{costs}"
    copy = folder / "insurance" / name
    shutil.copytree(SHIPPED_SCHEME, copy)
    text = (copy / "scheme.toml").read_text(encoding="utf-8")
    text = text.replace('sharing = "paid-to-debt"', f'sharing = "{sharing}"')
    text = text.replace('costs = "by-interest"', f'costs = "{costs}"')
    (copy / "scheme.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(settings, "TRADELOOP_SCHEMES", str(folder))
    return name
