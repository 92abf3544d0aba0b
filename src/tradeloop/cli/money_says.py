"""Amounts as people write them, and what payments were answered, for the commands about money."""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer

from tradeloop.cli import exits
from tradeloop.cli.screen import fail
from tradeloop.kit.money import MINOR_DIGITS, Money
from tradeloop.receivables.asked import REFUSALS
from tradeloop.receivables.facts import Paid
from tradeloop.settlement.values import minor_of


def amount_of(text: str, currency: str) -> Money:
    """Return an amount as people write it, in plain digits."""
    if currency not in MINOR_DIGITS:
        raise fail(f"{currency!r} is no currency. Write it as USD.")
    minor = minor_of(text, currency)
    if minor is None:
        raise fail(
            f"{text!r} is no amount of {currency}. Write plain digits, no finer than its minor "
            "unit, as 1234.50."
        )
    return Money(minor, currency)


def tell_paid(answers: Sequence[Paid], *, as_json: bool) -> None:
    """Say what became of each payment; end with 1 if one was refused."""
    refused = [one for one in answers if one.refusal]
    if as_json:
        typer.echo(json.dumps({"payments": [_json(one) for one in answers]}, ensure_ascii=False))
    else:
        new = sum(one.is_new for one in answers)
        known = len(answers) - new - len(refused)
        typer.echo(f"{new:,} payments entered, {known:,} known before, {len(refused):,} refused.")
        if len(answers) == 1:
            for part in answers[0].parts:
                typer.echo(f"{part.amount} clears {part.trade} ({part.rule.value})")
            if answers[0].left and answers[0].left.minor:
                typer.echo(f"{answers[0].left} is left for debts to come")
    for one in refused:
        typer.echo(f"{one.id!r}: {one.refusal}: {REFUSALS[one.refusal or '']}", err=True)
    if refused:
        raise typer.Exit(exits.REFUSED)


def _json(one: Paid) -> dict[str, object]:
    return {
        "id": one.id, "is_new": one.is_new, "refusal": one.refusal,
        "left_minor": one.left and one.left.minor,
        "clears": [
            {
                "trade": part.trade, "minor": part.amount.minor,
                "currency": part.amount.currency, "counts_on": part.counts_on.isoformat(),
                "rule": part.rule.value,
            }
            for part in one.parts
        ],
    }  # fmt: skip
