"""What `tradeloop claims` says: tables for people, one object for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape
from rich.table import Table

from tradeloop.cli.screen import console
from tradeloop.kit.money import Money

if TYPE_CHECKING:
    from tradeloop.claims.assess import Assessed
    from tradeloop.claims.decide import Stands
    from tradeloop.claims.replays import Replayed

DEADLINES = (
    ("notice_by", "tell the loss"), ("waiting_over", "the loss counts from"),
    ("claim_by", "claim"), ("supplement_by", "bring what is missing"), ("decide_by", "decide"),
    ("pay_by", "pay"),
)  # fmt: skip
STATUS_STYLES = {"found": "green", "missing": "red", "mismatch": "red", "kept": "yellow"}


def state(claim: str, found: str, *, as_json: bool) -> None:
    """Say where a claim stands."""
    if as_json:
        _json({"claim": claim, "state": str(found)})
        return
    typer.echo(f"Claim {claim} is {found}.")


def stands(found: Stands, *, as_json: bool) -> None:
    """Say where a calculated claim stands, and whether its figure is new."""
    if as_json:
        _json({
            "claim": found.claim, "state": found.state.value, "decision": found.decision,
            "pay": _money(found.pay), "is_new": found.is_new, "approvals": list(found.approvals),
        })  # fmt: skip
        return
    if found.is_new:
        typer.echo(
            f"What the figure of claim {found.claim} rests on has changed: it is {found.pay} now "
            f"(calculation {found.decision}). Look at it, and approve that one."
        )
        return
    by = f", approved by {', '.join(found.approvals)}" if found.approvals else ""
    typer.echo(f"Claim {found.claim} is {found.state}: {found.pay}{by}.")


def assessed(found: Sequence[Assessed], *, as_json: bool) -> None:
    """Say what the first pass made of claims."""
    if as_json:
        _json({"claims": [
            {
                "claim": one.claim, "state": one.state.value, "pay": _money(one.pay),
                "is_fast": one.is_fast, "signals": [sign.code for sign in one.signals],
                "missing": [item.kind for item in one.missing],
            }
            for one in found
        ]})  # fmt: skip
        return
    table = Table(title=f"{len(found):,} claims looked at", title_justify="left")
    for name in ("claim", "stands", "to be paid", "missing", "signs of fraud"):
        table.add_column(name, justify="right" if name == "to be paid" else "left")
    for one in found:
        table.add_row(
            escape(one.claim), one.state.value + (" (fast)" if one.is_fast else ""),
            str(one.pay or ""), ", ".join(item.kind for item in one.missing),
            ", ".join(sign.code for sign in one.signals),
        )  # fmt: skip
    console().print(table)


def listing(found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Say which claims there are."""
    if as_json:
        _json({"claims": [
            {name: str(value) if value is not None else None for name, value in one.items()}
            for one in found
        ]})  # fmt: skip
        return
    table = Table(title=f"{len(found):,} claims", title_justify="left")
    for name in ("claim", "stands", "seller", "buyer", "claimed", "to be paid", "told on"):
        table.add_column(name, justify="right" if name in {"claimed", "to be paid"} else "left")
    for one in found:
        claimed, pay = one["claimed_minor"], one["pay_minor"]
        table.add_row(
            escape(one["id"]), one["state"], escape(one["policyholder"]), escape(one["buyer"]),
            "" if claimed is None else str(Money(claimed, one["currency"])),
            "" if pay is None else str(Money(pay, one["pay_currency"])), str(one["noticed_on"]),
        )  # fmt: skip
    console().print(table)


def missing(
    claim: str, paper: str | None, left: Sequence[Mapping[str, Any]], *, as_json: bool
) -> None:
    """Say what somebody still has to bring."""
    if as_json:
        _json({"claim": claim, "evidence": paper, "missing": list(left)})
        return
    if paper:
        typer.echo(f"Kept as {paper}.")
    if not left:
        typer.echo(f"Nothing is missing for claim {claim}.")
        return
    console().print(_checklist(left, f"Missing for claim {claim}"))


def calculation(claim: str, lines: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Show a calculation line by line."""
    if as_json:
        _json({"claim": claim, "lines": list(lines), "pay": lines[-1]["figure"]})
        return
    console().print(_lines(lines, f"Claim {claim}"))


def story(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Show everything about a claim."""
    if as_json:
        _json(told)
        return
    typer.echo(
        f"Claim {told['claim']} of {told['policyholder']} on {told['buyer']}: {told['state']}"
    )
    if told["next"]:
        typer.echo(f"Next may be: {', '.join(told['next'])}")
    console().print(_trades(told["trades"]))
    console().print(_days(told["deadlines"]))
    if told["checklist"]:
        console().print(_checklist(told["checklist"], "Papers"))
    for one in told["signals"]:
        cleared = (
            f"; cleared by {one['cleared_by']}: {one['cleared_why']}" if one["cleared_by"] else ""
        )
        typer.echo(f"Sign of fraud {one['id']}, {one['code']}: {one['because']}{cleared}")
    for one in told["stops"]:
        typer.echo(
            f"The clock stood still from {one['from_on']} to {one['to_on'] or 'now'}: "
            f"{one['kind']}, {one['because']}"
        )
    if told["calculation"]:
        number = told["calculation"]["decision"]
        console().print(_lines(told["calculation"]["lines"], f"Calculation {number}"))
        typer.echo(f"Approved by: {', '.join(told['approvals']) or 'nobody'}")
    if told["agreement"]:
        found = told["agreement"]
        typer.echo(
            f"Agreement {found['number']}: {found['state']}"
            + (f" by {found['signed_by']}" if found["signed_by"] else "")
            + f", SHA-256 {found['content_id']}"
        )
    _payouts(told)
    if told["refusal"] and told["state"] == "refused":
        found = told["refusal"]
        typer.echo(f"Refused ({found['code']}) by {found['clause']}: {found['because']}")
        typer.echo(f"What would change it: {found['remedy']}")


def replayed(found: Sequence[Replayed], *, as_json: bool) -> None:
    """Say which calculations come out the same, and which do not."""
    different = [one for one in found if not one.is_same]
    if as_json:
        _json({
            "calculations": len(found),
            "different": [
                {
                    "claim": one.claim, "decision": one.decision, "kept": one.outcome.kept,
                    "said": one.outcome.said, "terms": one.outcome.terms,
                    "kept_terms": one.outcome.kept_terms,
                }
                for one in different
            ],
        })  # fmt: skip
        return
    typer.echo(f"{len(found) - len(different):,} of {len(found):,} calculations are the same.")
    for one in different:
        why = "other terms" if one.outcome.terms != one.outcome.kept_terms else "other figures"
        typer.echo(f"Calculation {one.decision} of claim {one.claim}: {why}. --json shows both.")


def _payouts(told: Mapping[str, Any]) -> None:
    for one in told["accounts"]:
        where = f"agreement {one['agreement']}" if one["agreement"] else one["stated_by"]
        typer.echo(f"Account of {one['payee']}: {one['name']} {one['account']}, by {where}")
    for one in told["payouts"]:
        paid = f"paid on {one['paid_on']}" if one["paid_on"] else "ordered"
        typer.echo(f"Payout {one['id']} to {one['payee']}: {_shown(one['amount'])}, {paid}")


def _trades(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(title="Trades", title_justify="left")
    for name in ("trade", "due", "owed", "claimed"):
        table.add_column(name, justify="right" if name in {"owed", "claimed"} else "left")
    for one in rows:
        table.add_row(
            escape(one["trade"]), one["due_on"], _shown(one["owed"]), _shown(one["claimed"])
        )
    return table


def _days(found: Mapping[str, Any]) -> Table:
    table = Table(title="Last days", title_justify="left")
    for name in ("to", "on", "rule"):
        table.add_column(name, overflow="fold")
    for key, says in DEADLINES:
        if key in found:
            late = " (over)" if found[key]["is_over"] and key != "waiting_over" else ""
            table.add_row(says, found[key]["on"] + late, found[key]["rule"])
    if found["stopped_since"]:
        table.add_row("decide", f"the clock stands still since {found['stopped_since']}", "")
    if found["notice_late_days"]:
        table.add_row("", f"told {found['notice_late_days']} days late", "")
    return table


def _checklist(rows: Sequence[Mapping[str, Any]], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("paper", "trade", "stands", "seen", "expected"):
        table.add_column(name, overflow="fold")
    for one in rows:
        style = STATUS_STYLES[one["status"]]
        table.add_row(
            one["kind"], escape(one["trade"] or ""), f"[{style}]{one['status']}[/]",
            escape(one["seen"]), escape(one["expected"]),
        )  # fmt: skip
    return table


def _lines(rows: Sequence[Mapping[str, Any]], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("figure", "says", "clause", "terms"):
        table.add_column(name, justify="right" if name == "figure" else "left")
    for one in rows:
        used = ", ".join(f"{name} {value}" for name, value in one["terms"])
        table.add_row(
            _shown(one["figure"]), escape(one["says"]), escape(one["clause"]), escape(used)
        )
    return table


def _money(found: Money | None) -> Mapping[str, str] | None:
    return {"currency": found.currency, "minor": str(found.minor)} if found else None


def _shown(found: Mapping[str, str] | None) -> str:
    return str(Money(int(found["minor"]), found["currency"])) if found else ""


def _json(found: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False))
