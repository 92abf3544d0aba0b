"""A loss is told, and then claimed; what does not fit is refused by name, and not written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.case import Case
from tradeloop.claims.clock import line_deadlines
from tradeloop.claims.lifecycle import Event, State
from tradeloop.claims.moves import lock, lock_buyer, move
from tradeloop.claims.outside import BeginLoss
from tradeloop.claims.rows import do, named, one, put
from tradeloop.claims.terms import ClaimTerms
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.kit.terms import canonical


class ClaimRefused(ValueError):
    """A notice or a claim does not fit; nothing was written."""


class ClaimIdReused(ClaimRefused):
    """The id was used before for something else."""


class TradeOfAnotherPair(ClaimRefused):
    """The trade is not one between this policyholder and this buyer."""


class TradeNotNoticed(ClaimRefused):
    """The trade was not part of the notice."""


class ShipmentUncovered(ClaimRefused):
    """No certificate of the scheme covers the shipment."""


class AlreadyClaimed(ClaimRefused):
    """The trade is in another claim, or the claim was filed with other amounts."""


class ClaimTooEarly(ClaimRefused):
    """The waiting period is not over."""


class ClaimTooLate(ClaimRefused):
    """The last day to claim has passed."""


class AboveInvoice(ClaimRefused):
    """More is claimed than the buyer owes."""


class OtherCurrency(ClaimRefused):
    """The amount is not in the currency of the debt."""


class DatesDoNotFit(ClaimRefused):
    """A day lies after the one that it must come before."""


DEBTS = """
select r.trade, r.seller, r.buyer, r.currency, r.amount_minor, r.shipped_on, r.due_on,
    r.extended_to, c.number as certificate,
    r.amount_minor - r.credited_minor - r.paid_minor as open_minor,
    (select l.claim_id from claims_line as l where l.trade = r.trade and l.is_live) as claim
from receivables_receivable as r
left join cover_certificate as c on c.receivable_id = r.id and c.scheme = %s
where r.trade = any(%s) order by r.shipped_on, r.arrival
"""


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
        ClaimIdReused: The id stands for another notice.
        TradeOfAnotherPair: A trade is unknown, or between others.
        ShipmentUncovered: None of the trades is covered.
        OtherCurrency: The debts are in several currencies.
        AlreadyClaimed: A trade is in another claim.
        DatesDoNotFit: `known_on` or `insolvent_on` lies after today.
    """
    today = at.astimezone(SHANGHAI).date()
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
def insolvent(*, claim: str, on: date, by: str, at: datetime) -> None:
    """Say that a court accepted the buyer's insolvency: no waiting is asked from then on."""
    if on > at.astimezone(SHANGHAI).date():
        raise DatesDoNotFit(f"The court's day is {on}, after today. Give a day that has been.")
    lock(claim)
    done = do(
        "update claims_claim set insolvent_on = %s where id = %s and insolvent_on is null",
        on, claim,
    )  # fmt: skip
    if done:
        record(kind="claims.insolvent", at=at, fact={"by": by, "claim": claim, "on": str(on)})


@transaction.atomic
def claim(
    *, id: str, amounts: Mapping[str, Money], by: str, at: datetime, begin_loss: BeginLoss
) -> State:
    """Claim what is unpaid of noticed trades; return where the claim stands.

    What of the notice is not claimed is left out. From the date of loss on, what the buyer pays is
    shared pro rata.

    Args:
        id: The claim, as noticed.
        amounts: For each trade, in the currency of its debt.
        by: Who files it; this person cannot approve it.
        at: The caller's clock.
        begin_loss: Of `receivables`.

    Raises:
        AlreadyClaimed: It was filed before with other amounts.
        TradeNotNoticed: A trade was not noticed under this id.
        ShipmentUncovered: A trade has no certificate.
        OtherCurrency: An amount is in another currency than the debt.
        AboveInvoice: An amount is more than what is open, or nothing.
        ClaimTooEarly: A trade's waiting period is not over; the message names the day.
        ClaimTooLate: A trade's last day to claim has passed.
        MoveNotAllowed: The claim was withdrawn.
    """
    today = at.astimezone(SHANGHAI).date()
    lock(id)
    case = queries.case(id)
    filed = canonical({"amounts": dict(sorted(amounts.items())), "by": by}).decode()
    if case.claimed_on is not None:
        row = one("select filed from claims_claim where id = %s", id)
        if row is None or row["filed"] != filed:
            raise AlreadyClaimed(
                f"Claim {id} was filed on {case.claimed_on} with other amounts. "
                "Withdraw it, or give what is missing as evidence."
            )
        return case.state
    debts = {debt["trade"]: debt for debt in named(DEBTS, case.scheme, list(case.trades))}
    _check_amounts(case, amounts, debts)
    claims_terms = terms_of(case.scheme, case.terms_on).claims
    waited = _check_days(case, amounts, claims_terms, today)
    entry = record(
        kind="claims.filed", at=at,
        fact={
            "by": by, "claim": id,
            "lines": [
                {"minor": str(amounts[trade].minor), "trade": trade} for trade in sorted(amounts)
            ],
        },
    ).entry_id  # fmt: skip
    loss_on = _loss_on(case, waited)
    begin_loss(
        seller=case.policyholder, buyer=case.buyer, loss_on=loss_on, because=f"claim {id}", at=at
    )
    _file(case, amounts, filed, loss_on=_loss_on(case, loss_on), today=today, by=by)
    return move(id, Event.FILE, at=at, by=by, made_by=entry)


def _file(
    case: Case, amounts: Mapping[str, Money], filed: str, *, loss_on: date, today: date, by: str
) -> None:  # fmt: skip
    do(
        "update claims_claim set claimed_minor = %s, claimed_on = %s, loss_on = %s, "
        "notice_complete_on = coalesce(notice_complete_on, %s), filed_by = %s, filed = %s "
        "where id = %s",
        sum(one.minor for one in amounts.values()), today, loss_on, today, by, filed, case.id,
    )  # fmt: skip
    for trade, amount in amounts.items():
        do(
            "update claims_line set claimed_minor = %s where claim_id = %s and trade = %s",
            amount.minor, case.id, trade,
        )  # fmt: skip
    do("delete from claims_line where claim_id = %s and claimed_minor is null", case.id)


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


def _check_amounts(
    case: Case, amounts: Mapping[str, Money], debts: Mapping[str, Mapping[str, Any]]
) -> None:
    if not amounts:
        raise AboveInvoice(f"Claim {case.id} asks for nothing. Say how much for each trade.")
    for trade, amount in amounts.items():
        debt = debts.get(trade)
        if debt is None:
            raise TradeNotNoticed(
                f"Trade {trade} was not noticed under {case.id}; noticed were "
                f"{', '.join(case.trades)}. Make a notice of it first."
            )
        if debt["certificate"] is None:
            raise ShipmentUncovered(
                f"No certificate of {case.scheme} covers trade {trade}. Claim without it."
            )
        if amount.currency != debt["currency"]:
            raise OtherCurrency(
                f"{amount} is claimed for trade {trade}, which is owed in {debt['currency']}. "
                "Claim in the currency of the debt."
            )
        open_ = Money(debt["open_minor"], debt["currency"])
        if not 0 < amount.minor <= open_.minor:
            raise AboveInvoice(
                f"{amount} is claimed for trade {trade}, of which {open_} is open. "
                "Claim more than nothing and no more than that."
            )


def _check_days(case: Case, amounts: Mapping[str, Money], terms: ClaimTerms, today: date) -> date:
    """Return the day from which the loss counts: the last of its trades' waiting periods."""
    waited = []
    for line in case.lines:
        if line.trade not in amounts:
            continue
        found = line_deadlines(case, line, terms=terms)
        over, last = found.waiting_over, found.claim_by
        if over is None or today < over.on:
            until = f"until {over.on} ({over.rule})" if over else "until its notice is complete"
            raise ClaimTooEarly(
                f"Trade {line.trade} waits {until}; today is {today}. Claim from that day on; "
                "with a court's acceptance of insolvency at once."
            )
        if today > last.on:
            raise ClaimTooLate(
                f"Trade {line.trade} could be claimed until {last.on} ({last.rule}: {last.source})"
                f"; today is {today}. Ask the insurer for an exception in writing."
            )
        waited.append(over.on)
    return max(waited)


def _loss_on(case: Case, otherwise: date) -> date:
    row = one("select loss_on from receivables_loss where seller = %s and buyer = %s", *case.pair)
    return row["loss_on"] if row else otherwise
