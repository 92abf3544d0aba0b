"""What cover answered, in words for people or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli.screen import console
from tradeloop.cover.facts import Answered, Grant, Policy
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import WHOLE, Money
from tradeloop.kit.terms import plain

if TYPE_CHECKING:
    from datetime import date

    from tradeloop.cover.billing import Bill
    from tradeloop.cover.exposure import Exposure
    from tradeloop.cover.queries import Decided, Issued
    from tradeloop.cover.replay import Differs
    from tradeloop.cover.scorecard import Scored
    from tradeloop.cover.watch import OverdueInsured
    from tradeloop.cover.zero_visit import Covered
    from tradeloop.registry.facts import Taken

ANSWERS_SHOWN = 20
BAR_WIDTH, KEY_WIDTH = 8, 30


def tell_run(done: Covered, *, as_json: bool, chosen: bool) -> None:
    """Say what offering did."""
    if as_json:
        return _json({
            "outcomes": {str(name): count for name, count in sorted(done.outcomes.items())},
            "findings": dict(sorted(done.codes.items())),
            "covered": {unit: str(minor) for unit, minor in sorted(done.covered_minor.items())},
            "uncovered": {unit: str(minor) for unit, minor in sorted(done.uncovered_minor.items())},
            "answers": [plain(one) for one in done.answers],
        })  # fmt: skip
    if not any(done.outcomes.values()):
        named = "is named so; write FIRM/NUMBER" if chosen else "stands in these papers"
        typer.echo(f"Nothing was offered: no trade {named}.")
    for outcome, count in sorted(done.outcomes.items()):
        if count:
            typer.echo(f"{count:>9,} {outcome}")
    for unit, minor in sorted(done.covered_minor.items()):
        above = Money(done.uncovered_minor[unit], unit)
        typer.echo(f"Covered now: {Money(minor, unit)}; above the limits, uninsured: {above}.")
    if done.codes:
        typer.echo("Reasons:")
        for code, count in done.codes.most_common():
            typer.echo(f"{count:>9,} {code}")
    shown = done.answers if chosen else [one for one in done.answers if one.findings]
    for one in shown[:ANSWERS_SHOWN]:
        _tell_answer(one)
    if len(shown) > ANSWERS_SHOWN:
        typer.echo(f"… and {len(shown) - ANSWERS_SHOWN:,} more: tradeloop cover show TRADE")
    return None


def tell_certificates(found: Sequence[Issued], *, as_json: bool) -> None:
    """List certificates."""
    if as_json:
        return _json([plain(one) for one in found])
    table = Table(box=None, pad_edge=False)
    for name in ("certificate", "trade", "buyer", "shipped", "due"):
        table.add_column(name, overflow="fold")
    for name in ("amount", "covered", "uncovered", "share"):
        table.add_column(name, justify="right")
    for one in found:
        table.add_row(
            escape(one.number), escape(one.trade), escape(one.buyer), str(one.shipped_on),
            str(one.due_on), str(one.amount), str(one.covered), str(one.uncovered),
            _percent(one.insured_share_bp),
        )  # fmt: skip
    console().print(table if found else "No certificate.")
    return None


def tell_trade(
    said: Sequence[Decided], issued: Issued | None, granted: Sequence[Grant],
    late: Mapping[int, tuple[date, date]], *, as_json: bool,
) -> None:  # fmt: skip
    """Show the answers on one trade, and its certificate."""
    if as_json:
        return _json({
            "certificate": plain(issued), "grants": [plain(one) for one in granted],
            "answers": [
                {"at": one.at.isoformat(), "outcome": one.outcome, "terms": one.terms,
                 "findings": one.findings, "given": json.loads(one.given),
                 "late_after": late[one.id][1].isoformat() if one.id in late else None}
                for one in said
            ],
        })  # fmt: skip
    for one in said:
        typer.echo(f"{one.at:%Y-%m-%d %H:%M} {one.trade}: {one.outcome}")
        for finding in one.findings:
            _tell_finding(finding["code"], finding["because"], finding["remedy"])
        if one.id in late:
            declared_on, last = late[one.id]
            typer.echo(
                f"  Declared late and accepted: on {declared_on}, {last} was the last day; no loss "
                "that the terms count was known by then."
            )
    if issued is not None:
        typer.echo(
            f"Certificate {issued.number} of policy {issued.policy}: {issued.covered} of "
            f"{issued.amount} are covered at {_percent(issued.insured_share_bp)}, within a limit "
            f"of {issued.limit}; {issued.uncovered} are above it and uninsured. Covered from the "
            f"day of shipment, {issued.shipped_on}; certified on "
            f"{issued.certified_at.astimezone(SHANGHAI):%Y-%m-%d}."
        )
        for grant in granted:
            typer.echo(f"  {grant.on} {grant.amount}: {grant.because}")
    return None


def tell_pool(taken: Taken, amount: Money, *, as_json: bool) -> None:
    """Say what became of a pool."""
    if as_json:
        return _json({
            "pool": taken.paper, "amount": plain(amount), "outcome": taken.outcome,
            "over": plain(Money(taken.over_minor, amount.currency)),
        })  # fmt: skip
    typer.echo(f"{taken.paper} is {amount} ({taken.outcome}).")
    if taken.over_minor:
        over = Money(taken.over_minor, amount.currency)
        typer.echo(f"Claims took {over} more than that: what was fixed stays, nothing more is.")
    return None


def tell_room(gained: Mapping[str, Money], *, as_json: bool) -> None:
    """Say what came under cover."""
    if as_json:
        return _json({trade: plain(amount) for trade, amount in sorted(gained.items())})
    for trade, amount in sorted(gained.items()):
        typer.echo(f"{trade}: {amount} more are covered")
    if not gained:
        typer.echo("Nothing more is covered: no payment made room.")
    return None


def tell_bills(bills: Sequence[Bill], *, as_json: bool) -> None:
    """Say what was billed."""
    if as_json:
        return _json([
            {"policy": one.policy, "merchant": plain(one.merchant), "subsidy": plain(one.subsidy),
             "lines": plain(one.premium.explained)}
            for one in bills
        ])  # fmt: skip
    for one in bills:
        typer.echo(
            f"{one.policy}: {one.merchant} from the merchant, {one.subsidy} from the authority"
        )
    typer.echo(f"{len(bills):,} bills." if bills else "Nothing to bill.")
    return None


def tell_score(of: str, found: Scored, *, as_json: bool) -> None:
    """Say a score with its reasons."""
    if as_json:
        return _json({"subject": of, **plain(found)})
    typer.echo(f"{of}: {found.points} of {found.of} points")
    for row in found.reasons:
        typer.echo(f"{row.points:>5}  {row.code}: {row.says} {row.says_zh}")
    return None


def tell_overdue(
    found: Sequence[OverdueInsured], claims: Mapping[str, tuple[str, str]], *, as_json: bool
) -> None:
    """List insured debts past their day; of those that somebody told of, the claim."""
    if as_json:
        return _json([
            {**plain(one), "claim": dict(zip(("id", "state"), claims[one.trade], strict=True))
             if one.trade in claims else None}
            for one in found
        ])  # fmt: skip
    table = Table(box=None, pad_edge=False)
    for name in ("trade", "buyer", "due", "days", "open", "tell a possible loss by"):
        table.add_column(name, justify="right" if name in {"days", "open"} else "left")
    for one in found:
        table.add_row(
            escape(one.trade), escape(one.buyer), str(one.due_on), str(one.days), str(one.open),
            escape("claim {} is {}".format(*claims[one.trade])) if one.trade in claims
            else str(one.notice_by),
        )  # fmt: skip
    console().print(table if found else "Nothing insured is past its day.")
    return None


def tell_exposure(
    found: Sequence[Exposure], names: Mapping[str, str], *, as_json: bool
) -> None:  # fmt: skip
    """Show each buyer's exposure, drawn within its limit, and the sums."""
    if as_json:
        return _json([{**plain(one), "name": names.get(one.buyer)} for one in found])
    if not found:
        typer.echo("Nothing that is covered is unpaid.")
        return None
    table = Table(box=None, pad_edge=False)
    for name in ("buyer", "covered, unpaid", "insured", "past due", "limit", "free", "used of it"):
        table.add_column(
            name, overflow="fold", justify="left" if name in {"buyer", "used of it"} else "right",
            min_width=KEY_WIDTH if name == "buyer" else None,
        )  # fmt: skip
    for one in found:
        whose = "".join(f"\n{escape(each)}" for each in (one.policyholder,) if each)
        table.add_row(
            f"{escape(names.get(one.buyer, ''))}\n{escape(one.buyer)}{whose}", str(one.exposed),
            str(one.insured), str(one.overdue), str(one.limit), str(one.free), _used(one),
        )  # fmt: skip
    console().print(table)
    for currency in dict.fromkeys(one.exposed.currency for one in found):
        mine = [one for one in found if one.exposed.currency == currency]
        nothing, count = Money(0, currency), len({one.buyer for one in mine})
        typer.echo(
            f"{sum((one.exposed for one in mine), nothing)} covered and unpaid of "
            f"{count:,} {'buyer' if count == 1 else 'buyers'}; the insurer's part is "
            f"{sum((one.insured for one in mine), nothing)}; "
            f"{sum((one.overdue for one in mine), nothing)} is past due."
        )
    return None


def _used(one: Exposure) -> str:
    if not one.limit.minor:
        return "no limit any more"
    filled = min(BAR_WIDTH * one.exposed.minor // one.limit.minor, BAR_WIDTH)
    share = 100 * one.exposed.minor // one.limit.minor
    return f"{'█' * filled}{'░' * (BAR_WIDTH - filled)} {share} %"


def tell_replay(count: int, differ: Sequence[Differs], *, as_json: bool) -> None:
    """Say what replaying found."""
    if as_json:
        return _json({"replayed": count, "differ": [plain(one) for one in differ]})
    typer.echo(f"{count:,} answers worked out again; {len(differ):,} differ.")
    for one in differ[:ANSWERS_SHOWN]:
        typer.echo(f"  {one.trade}: said {one.said}; now {one.now}")
    return None


def tell_policies(found: Sequence[Policy], *, as_json: bool) -> None:
    """List policies."""
    if as_json:
        return _json([plain(one) for one in found])
    table = Table(box=None, pad_edge=False)
    for name in ("policy", "policyholder", "from", "to", "state"):
        table.add_column(name, overflow="fold")
    for one in found:
        table.add_row(
            escape(one.id), escape(one.policyholder), str(one.insured_from), str(one.insured_to),
            one.state,
        )  # fmt: skip
    console().print(table if found else "No policy.")
    return None


def _tell_answer(one: Answered) -> None:
    covered = ""
    if one.number is not None:
        covered = f", certificate {one.number}: {one.covered} covered, {one.uncovered} uninsured"
    typer.echo(f"{one.trade}: {one.outcome}{covered}")
    for finding in one.findings:
        _tell_finding(finding.code, finding.because, finding.remedy)


def _tell_finding(code: str, because: str, remedy: str) -> None:
    typer.echo(f"  {code}: {because}\n    What would pass: {remedy}")


def _percent(share_bp: int) -> str:
    whole, part = divmod(share_bp * 100, WHOLE)
    return f"{whole} %" if not part else f"{share_bp * 100 / WHOLE:g} %"


def _json(said: Any) -> None:  # noqa: ANN401 - whatever JSON can say
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
