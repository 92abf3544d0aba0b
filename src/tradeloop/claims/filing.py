"""A loss is claimed, trade by trade; what does not fit is refused by name, and not written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tradeloop.claims import queries
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.case import Case
from tradeloop.claims.clock import line_deadlines
from tradeloop.claims.lifecycle import Event, State
from tradeloop.claims.moves import lock, move
from tradeloop.claims.outside import BeginLoss
from tradeloop.claims.rows import do, named, one
from tradeloop.claims.terms import ClaimTerms
from tradeloop.claims.unfit import (
    DEBTS,
    AboveInvoice,
    AlreadyClaimed,
    ClaimTooEarly,
    ClaimTooLate,
    OtherCurrency,
    ShipmentUncovered,
    TradeNotNoticed,
)
from tradeloop.cover import troubles
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.kit.terms import canonical


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
    # What of the notice is not claimed has no part in the terms either.
    terms_on = min(debts[trade]["shipped_on"] for trade in amounts)
    claims_terms = terms_of(case.scheme, terms_on).claims
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
    troubles.begun(pair=case.pair)
    do("update claims_claim set terms_on = %s where id = %s", terms_on, id)
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
