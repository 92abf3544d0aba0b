"""Everything about one claim as one object: where it stands, what is missing, by when, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from tradeloop.claims import queries
from tradeloop.claims.accounts import stated_of
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.calculation import Calculated
from tradeloop.claims.case import Case
from tradeloop.claims.checklist import checklist
from tradeloop.claims.clock import deadlines_of
from tradeloop.claims.decide import approvals
from tradeloop.claims.figures import figures
from tradeloop.claims.lifecycle import CLAIM
from tradeloop.claims.moves import history
from tradeloop.claims.pay import payouts_of
from tradeloop.forms.shown import masked
from tradeloop.kit.calendar import Deadline
from tradeloop.kit.terms import plain


def story(claim: str, *, on: date) -> Mapping[str, Any]:
    """Return all that is known of a claim, as JSON says it.

    Args:
        claim: Its id.
        on: The day as of which its clock is read.

    Raises:
        ClaimUnknown: There is none.
    """
    case = queries.case(claim)
    refusal = queries.last_refusal(claim)
    agreement = queries.agreement(claim)
    told: dict[str, Any] = {
        "claim": case.id, "state": case.state, "scheme": case.scheme,
        "policyholder": case.policyholder, "buyer": case.buyer, "because": case.because,
        "claimed": case.claimed, "loss_on": case.loss_on, "terms_of": case.terms_on,
        "trades": [
            {"trade": one.trade, "owed": one.owed, "claimed": one.claimed, "due_on": one.due_on}
            for one in case.lines
        ],
        "next": list(CLAIM.allowed(case.state)),
        "deadlines": _deadlines(case, on),
        "checklist": checklist(case),
        "missing": [one for one in checklist(case) if one.is_missing],
        "signals": case.signals, "stops": case.stops, "papers": case.papers,
        "calculation": calculation(case),
        "approvals": [] if case.decision is None else approvals(case.decision),
        "agreement": agreement and {
            name: agreement[name]
            for name in ("number", "state", "signed_by", "checked_by", "content_id")
        },
        "accounts": [
            {"payee": one.payee, "name": one.account.name, "account": masked(one.account.number),
             "agreement": one.agreement, "stated_by": one.stated_by}
            for one in stated_of(claim).values()
        ],
        "payouts": payouts_of(claim),
        "refusal": refusal and {
            name: refusal[name] for name in ("code", "clause", "because", "remedy", "refused_by")
        },
        "history": [
            {
                "event": one["event"], "to": one["to_state"], "at": plain(one["at"]),
                "by": one["by"],
            }
            for one in history(claim)
        ],
    }  # fmt: skip
    return dict(plain({**told, "papers": [_paper(one) for one in plain(case.papers)]}))


def calculation(case: Case) -> Mapping[str, Any] | None:
    """Return the calculation that counts, line by line, as it was kept; None before the first."""
    if case.decision is None:
        return None
    kept = queries.decision(case.decision)
    return {
        "decision": case.decision, "terms": kept["terms"],
        "lines": json.loads(kept["said"])["indemnity"]["explained"]["lines"],
    }  # fmt: skip


def as_of(case: Case, *, on: date) -> Calculated:
    """Return what a filed claim would come to if it were worked out on a day; nothing is kept."""
    return figures([case], on=on).of(case)


def agreement_text(number: str, case: Case, made: Calculated) -> str:
    """Return an agreement as plain text: the same lines as on the screen, each with its clause."""
    lines = [
        f"Compensation agreement {number}",
        f"Claim {case.id} under {case.scheme}",
        f"Insured {case.policyholder}; buyer {case.buyer}",
        "Trades: " + ", ".join(f"{one.trade} ({one.claimed or one.owed})" for one in case.lines),
        "",
    ]
    for step in made.indemnity.explained.lines:
        used = ", ".join(f"{name} {value}" for name, value in step.terms)
        lines += [
            f"{step.figure}  {step.says}",
            f"    {step.clause}" + (f" [{used}]" if used else ""),
        ]
    lines += [
        "",
        f"To be paid: {made.pay}",
        "With the payment the insured's rights against the buyer go over to the insurer.",
        "Signed for this file alone; its SHA-256 stands in the record of the claim.",
    ]
    return "\n".join(lines) + "\n"


def _deadlines(case: Case, on: date) -> Mapping[str, Any]:
    terms = terms_of(case.scheme, case.terms_on).claims
    clock = deadlines_of(case, terms=terms, on=on)
    found = {one.name: getattr(clock.deadlines, one.name) for one in fields(clock.deadlines)}
    return {
        **{
            name: {"on": day.on, "rule": day.rule, "source": day.source, "is_over": day.on < on}
            for name, day in found.items()
            if isinstance(day, Deadline)
        },
        "notice_late_days": clock.deadlines.notice_late_days,
        "stopped_since": clock.stopped_since,
        "stopped_days": clock.stopped_days,
    }


def _paper(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: str(value) if name == "id" else value for name, value in one.items()}
