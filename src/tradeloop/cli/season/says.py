"""A season as people read it: the programme's table, bars of paid to reported, one refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from tradeloop.cli.screen import console
from tradeloop.kit.money import Money

BAR_WIDTH = 40


def tell(told: Mapping[str, Any], out: Path) -> None:
    """Print the table of a season, its bars, and a claim that was refused."""
    season = told["season"]
    typer.echo(
        f"The programme's year in a synthetic town, {season['from']} to {season['to']} "
        f"({season['scheme']}, seed {season['seed']}). Nothing in it is real.\n"
    )
    table = Table(show_header=False)
    table.add_column("figure", overflow="fold")
    table.add_column("value", justify="right")
    table.add_column("of which", overflow="fold")
    for row in _rows(told):
        table.add_row(*row)
    console().print(table)
    for line in (*_bars(told), *_refusal(told)):
        typer.echo(line)
    typer.echo(f"\nAll figures are in {out / 'season.json'}, each row in the CSV files beside it.")


def _rows(told: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    trades, cover, cases = told["trades"], told["cover"], told["cases"]
    losses, premium, back, days = (
        told[name] for name in ("losses", "premium", "recovered", "days_to_pay")
    )
    states = cases["states"]
    yield (
        "risk covered", _sum(cover["covered_minor"]),
        (
            f"{trades['certified']:,} of {trades['offered']:,} trades offered; "
            f"{cover['buyers']:,} buyers, {cover['policies']:,} policies"
        ),
    )  # fmt: skip
    yield (
        "premium", _sum(premium["billed_minor"]),
        f"the authority's part {_sum(premium['authority_minor'])}",
    )  # fmt: skip
    yield (
        "paid by buyers", _sum(told["payments"]["paid_minor"]),
        (
            f"{told['payments']['count']:,} payments in {told['payments']['bank_files']:,} bank "
            f"files; {told['payments']['by_hand']:,} decided by a person"
        ),
    )  # fmt: skip
    yield (
        "cases", f"{cases['told']:,}",
        (
            f"{states.get('withdrawn', 0):,} paid before they were claimed, "
            f"{states.get('waiting', 0):,} wait, {states.get('refused', 0):,} refused; "
            f"{cases['not_taken']:,} did not fit"
        ),
    )  # fmt: skip
    yield "losses reported", _sum(losses["reported_minor"]), f"{losses['reported']:,} claims"
    yield (
        "paid", _sum(losses["paid_minor"]),
        f"{cases['paid']:,} claims; {_percent(losses['of_premium_bp'])} of the premium",
    )  # fmt: skip
    yield "ratio", _percent(losses["ratio_bp"]), "paid to reported"
    yield (
        "recovered", _sum(back["total_minor"]),
        f"insurer {_sum(back['to_insurer_minor'])}, insured {_sum(back['to_insured_minor'])}",
    )  # fmt: skip
    if days["most"] is not None:
        mean = f"{days['mean_tenths'] // 10}.{days['mean_tenths'] % 10}"
        yield "days to pay", mean, f"from the claim; {days['least']} to {days['most']}"


def _bars(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield a bar for each month of claims: filled is what was paid of what was reported."""
    months = told["months"]
    most = max((int(one["reported_minor"]) for one in months), default=0)
    if not most:
        return
    yield "\nReported in each month, and paid of it (█):"
    for one in months:
        reported, paid = int(one["reported_minor"]), int(one["paid_minor"])
        width = max(BAR_WIDTH * reported // most, 1)
        filled = width * paid // reported
        amount = Money(reported, one["currency"])
        yield (
            f"  {one['month']}  {'█' * filled}{'░' * (width - filled)}".ljust(BAR_WIDTH + 12)
            + f"{amount!s:>20}   {_share(paid, reported)}"
        )


def _refusal(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield why one claim was refused, and what would change it; and what was not taken at all."""
    for one in told["refused"][:1]:
        yield (
            f"\nClaim {one['claim']} of {Money(int(one['claimed_minor']), one['currency'])} was "
            f"refused ({one['code']}):"
        )
        yield f"  the wording   {one['clause']}"
        yield f"  the facts     {one['because']}"
        yield f"  would change  {one['remedy']}"
    for one in told["not_taken"][:1]:
        yield f"\nNot taken at all, on {one['on']} ({one['code']}): {one['because']}"


def _sum(minor: Mapping[str, str]) -> str:
    return "\n".join(str(Money(int(one), currency)) for currency, one in minor.items()) or "nothing"


def _percent(parts: Mapping[str, int]) -> str:
    return ", ".join(f"{one / 100:.1f} %" for one in parts.values()) or "none"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %"
