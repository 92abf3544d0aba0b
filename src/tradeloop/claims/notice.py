"""A possible loss is told, on a clock of its own; what does not fit is refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.lifecycle import Event, State
from tradeloop.claims.moves import lock, lock_buyer, move
from tradeloop.claims.rows import do, named, one, put
from tradeloop.claims.unfit import (
    DEBTS,
    AlreadyClaimed,
    ClaimIdReused,
    DatesDoNotFit,
    NoticeIncomplete,
    OtherCurrency,
    OtherLimit,
    ShipmentUncovered,
    TradeOfAnotherPair,
)
from tradeloop.cover import troubles
from tradeloop.cover.terms import WhiteList
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.terms import canonical


@transaction.atomic
def notice(
    *, id: str, scheme: str, policyholder: str, buyer: str, trades: Sequence[str], known_on: date,
    because: str, by: str, at: datetime, insolvent_on: date | None = None, is_complete: bool = True,
) -> State:  # fmt: skip
    """Tell of a possible loss; return where the claim stands.

    The notice has a clock of its own, from the day that the scheme says; a late one is taken, and
    the scheme says what that means.

    Args:
        id: Of the claim; the caller's, kept for retries.
        scheme: Under which the trades are covered.
        policyholder: The seller.
        buyer: Its key.
        trades: All that may be lost.
        known_on: The day on which the policyholder knew, or should have known.
        because: Default, insolvency, refusal of the goods …
        by: Who tells it.
        at: The caller's clock.
        insolvent_on: The day on which a court accepted the case: there is no waiting then.
        is_complete: All that a notice must say is said; some schemes wait from then on.

    Raises:
        NoticeIncomplete: The id, the reason or who tells it is empty.
        ClaimIdReused: The id stands for another notice.
        TradeOfAnotherPair: A trade is unknown, or between others.
        ShipmentUncovered: None of the trades is covered.
        OtherCurrency: The debts are in several currencies.
        OtherLimit: Some are under the white list's own limit, some are not.
        AlreadyClaimed: A trade is in another claim.
        DatesDoNotFit: `known_on` or `insolvent_on` lies after today.
    """
    today = at.astimezone(SHANGHAI).date()
    if not all(one.strip() for one in (id, because, by)):
        raise NoticeIncomplete(
            "A notice has an id, says why the loss is feared, and who tells it. Fill in each."
        )
    content = canonical({
        "because": because, "buyer": buyer, "by": by, "insolvent_on": insolvent_on,
        "is_complete": is_complete, "known_on": known_on, "policyholder": policyholder,
        "scheme": scheme, "trades": sorted(set(trades)),
    }).decode()  # fmt: skip
    lock_buyer(scheme, buyer)
    known = one("select state, content from claims_claim where id = %s", id)
    if known is not None:
        if known["content"] != content:
            raise ClaimIdReused(f"Claim {id} stands for another notice. Give this one its own id.")
        return State(known["state"])
    for name, day in (("known_on", known_on), ("insolvent_on", insolvent_on)):
        if day is not None and day > today:
            raise DatesDoNotFit(f"{name} is {day}, after today, {today}. Give a day that has been.")
    debts = _debts(scheme, policyholder, buyer, trades)
    covered = [debt for debt in debts if debt["certificate"] is not None]
    if not covered:
        raise ShipmentUncovered(
            f"No certificate of {scheme} covers {', '.join(sorted(set(trades)))}. "
            "Look at `cover show`; what is not covered cannot be claimed."
        )
    _check_limits(scheme, covered)
    entry = record(
        kind="claims.noticed", at=at,
        fact={"by": by, "claim": id, "scheme": scheme, "trades": sorted(set(trades))},
    ).entry_id  # fmt: skip
    put(
        "claims_claim",
        "id, scheme, policyholder, buyer, currency, state, because, terms_on, known_on, "
        "noticed_on, notice_complete_on, insolvent_on, noticed_by, content, made_by",
        [(
            id, scheme, policyholder, buyer, debts[0]["currency"], State.NOTICED.value, because,
            covered[0]["shipped_on"], known_on, today, today if is_complete else None,
            insolvent_on, by, content, entry,
        )],
    )  # fmt: skip
    put(
        "claims_line", "claim_id, trade, certificate, due_on, extended_to, is_live",
        [
            (id, debt["trade"], debt["certificate"], debt["due_on"], debt["extended_to"], True)
            for debt in debts
        ],
    )  # fmt: skip
    troubles.loss_known(
        claim=id, pair=(policyholder, buyer), currency=debts[0]["currency"], known_on=known_on,
        made_by=entry,
    )  # fmt: skip
    if insolvent_on is not None:
        troubles.insolvent(claim=id, on=insolvent_on)
    return (
        move(id, Event.COMPLETE_NOTICE, at=at, by=by, made_by=entry)
        if is_complete else State.NOTICED
    )  # fmt: skip


@transaction.atomic
def complete_notice(*, claim: str, by: str, at: datetime) -> State:
    """Say that the notice is complete; schemes may count the waiting from this day."""
    state = lock(claim)
    if state is State.WAITING:
        return state
    entry = record(kind="claims.notice-completed", at=at, fact={"by": by, "claim": claim}).entry_id
    after = move(claim, Event.COMPLETE_NOTICE, at=at, by=by, made_by=entry)
    do(
        "update claims_claim set notice_complete_on = %s where id = %s",
        at.astimezone(SHANGHAI).date(), claim,
    )  # fmt: skip
    return after


@transaction.atomic
def insolvent(*, claim: str, on: date, by: str, at: datetime) -> State:
    """Say that a court accepted the buyer's insolvency: no waiting is asked from then on.

    What is shipped to the buyer from that day on is in nobody's cover.

    Raises:
        DatesDoNotFit: The day lies after today, or another was told.
    """
    if on > at.astimezone(SHANGHAI).date():
        raise DatesDoNotFit(f"The court's day is {on}, after today. Give a day that has been.")
    state = lock(claim)
    told = one("select insolvent_on from claims_claim where id = %s", claim)
    known = told and told["insolvent_on"]
    if known not in {None, on}:
        raise DatesDoNotFit(f"The court's day of claim {claim} was told as {known}. It stays.")
    if known is None:
        do("update claims_claim set insolvent_on = %s where id = %s", on, claim)
        record(kind="claims.insolvent", at=at, fact={"by": by, "claim": claim, "on": str(on)})
        troubles.insolvent(claim=claim, on=on)
    return state


def _check_limits(scheme: str, covered: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a notice over two limits: each has its own figure, and its own use."""
    cover = terms_of(scheme, covered[0]["shipped_on"]).cover
    listed = [debt["trade"] for debt in covered if debt["is_white_listed"]]
    if cover.white_list is WhiteList.OWN_LIMIT and 0 < len(listed) < len(covered):
        raise OtherLimit(
            f"{', '.join(listed)} came under the white list's own limit, the other trades under "
            "everybody's. Make a notice for each."
        )


def _debts(
    scheme: str, policyholder: str, buyer: str, trades: Sequence[str]
) -> list[dict[str, Any]]:
    debts = named(DEBTS, scheme, list(set(trades)))
    known = {
        debt["trade"] for debt in debts if (debt["seller"], debt["buyer"]) == (policyholder, buyer)
    }
    if strange := sorted(set(trades) - known):
        raise TradeOfAnotherPair(
            f"{strange[0]} is no debt of {buyer} to {policyholder}. "
            "Name trades of this policyholder and this buyer, as `receivables` shows them."
        )
    if not debts:
        raise TradeOfAnotherPair("A notice names at least one trade; this one names none.")
    if len({debt["currency"] for debt in debts}) > 1:
        raise OtherCurrency(
            f"The debts are in {', '.join(sorted({debt['currency'] for debt in debts}))}. "
            "Make a notice for each currency."
        )
    for debt in debts:
        if debt["claim"] is not None:
            raise AlreadyClaimed(
                f"Trade {debt['trade']} is in claim {debt['claim']} already. Add to that one."
            )
    return debts
