"""The clock stands still: while the buyer disputes the debt, or signs of fraud are looked into."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.decide import let_go, locked
from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.moves import move
from tradeloop.claims.rows import do, put
from tradeloop.claims.unfit import check_reason
from tradeloop.cover import troubles
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.findings import CODE
from tradeloop.kit.money import Money


class SignalUnknown(LookupError):
    """The claim has no such open signal."""


class SignalUnfit(ValueError):
    """A sign of fraud cannot be kept as it was told; nothing was written."""


class ClearedBySelf(PermissionError):
    """Who raised a signal cannot clear it; nothing was written."""


@transaction.atomic
def stay(*, claim: str, because: str, by: str, at: datetime) -> State:
    """Stop a claim while the buyer disputes the debt, until a judgment or a settlement.

    A figure that was fixed is given back; the claim is looked at from the beginning afterwards.
    """
    check_reason(claim, because)
    case, state = locked(claim)
    if state is State.STAYED:
        return state
    CLAIM.after(state, Event.STAY)
    fact = {"because": because, "by": by, "claim": claim}
    entry = record(kind="claims.stayed", at=at, fact=fact).entry_id
    _stop(claim, "dispute", because, at=at, entry=entry)
    troubles.disputed(
        claim=claim,
        amount=case.claimed or Money(0, case.currency),
        on=at.astimezone(SHANGHAI).date(),
    )
    return move(claim, Event.STAY, at=at, by=by, made_by=entry)


@transaction.atomic
def resume(*, claim: str, because: str, by: str, at: datetime) -> State:
    """Go on with a claim that was stayed: the dispute is over."""
    check_reason(claim, because)
    _, state = locked(claim)
    CLAIM.after(state, Event.RESUME)
    fact = {"because": because, "by": by, "claim": claim}
    entry = record(kind="claims.resumed", at=at, fact=fact).entry_id
    _go_on(claim, at=at)
    troubles.settled(claim=claim)
    return move(claim, Event.RESUME, at=at, by=by, made_by=entry)


@transaction.atomic
def raise_signal(*, claim: str, code: str, because: str, by: str, at: datetime) -> State:
    """Tell of a sign of fraud, with its reason; the claim is held where it still can be.

    What was signed is held too. The same sign of the same person again changes nothing.

    Raises:
        SignalUnfit: The code is not kebab-case.
    """
    if not CODE.fullmatch(code):
        raise SignalUnfit(
            f"{code!r} is no code for lists. Write small letters, digits and hyphens: "
            "police-report."
        )
    check_reason(claim, because)
    case, state = locked(claim)
    today = at.astimezone(SHANGHAI).date()
    if any((one.code, one.because) == (code, because) for one in case.signals):
        return state
    fact = {"because": because, "by": by, "claim": claim, "code": code}
    entry = record(kind="claims.signal-raised", at=at, fact=fact).entry_id
    put(
        "claims_signal", "claim_id, code, because, raised_by, raised_on, made_by",
        [(claim, code, because, by, today, entry)],
    )  # fmt: skip
    if Event.HOLD not in CLAIM.allowed(state):
        return state
    _stop(claim, "signals", code, at=at, entry=entry)
    return move(claim, Event.HOLD, at=at, by=by, made_by=entry)


@transaction.atomic
def clear_signal(*, claim: str, signal: int, why: str, by: str, at: datetime) -> State:
    """Clear a sign of fraud, with the reason; with the last one the claim goes on.

    Raises:
        SignalUnknown: The claim has no such signal that is open.
        ClearedBySelf: `by` raised it, or told or filed the claim.
    """
    check_reason(claim, why)
    case, state = locked(claim)
    found = next((one for one in case.signals if one.id == signal), None)
    if found is None or not found.is_open:
        numbers = ", ".join(str(one.id) for one in case.signals if one.is_open) or "none"
        raise SignalUnknown(f"Claim {claim} has no open signal {signal}. Open are: {numbers}.")
    if by in {found.raised_by, *case.claimants}:
        raise ClearedBySelf(
            f"{by} raised signal {signal}, told the loss or filed it. Ask somebody else."
        )
    fact = {"by": by, "claim": claim, "signal": signal, "why": why}
    entry = record(kind="claims.signal-cleared", at=at, fact=fact).entry_id
    do(
        "update claims_signal set cleared_by = %s, cleared_on = %s, cleared_why = %s where id = %s",
        by, at.astimezone(SHANGHAI).date(), why, signal,
    )  # fmt: skip
    left = [one for one in queries.case(claim).signals if one.is_open]
    if left or state is not State.HELD:
        return state
    _go_on(claim, at=at)
    return move(claim, Event.CLEAR, at=at, by=by, made_by=entry)


def _stop(claim: str, kind: str, because: str, *, at: datetime, entry: int) -> None:
    let_go(claim, at=at)
    put(
        "claims_stop", "claim_id, kind, from_on, because, made_by",
        [(claim, kind, at.astimezone(SHANGHAI).date(), because, entry)],
    )  # fmt: skip


def _go_on(claim: str, *, at: datetime) -> None:
    do(
        "update claims_stop set to_on = %s where claim_id = %s and to_on is null",
        at.astimezone(SHANGHAI).date(), claim,
    )  # fmt: skip
