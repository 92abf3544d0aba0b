"""What was agreed is paid: looked at once more, ordered once, and confirmed by the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from tradeloop.claims import queries, rows
from tradeloop.claims.accounts import Account, PayoutRefused, account_of
from tradeloop.claims.agreed_terms import terms_of
from tradeloop.claims.calculation import Calculated, left_of
from tradeloop.claims.case import Case
from tradeloop.claims.decide import Stands, anew, approvals, changed, locked, refreshed, stands
from tradeloop.claims.fixing import spend
from tradeloop.claims.lifecycle import CLAIM, Event, State
from tradeloop.claims.moves import lock, move
from tradeloop.claims.outside import OrderPayment, Screen
from tradeloop.claims.rows import do, named, put
from tradeloop.claims.rules import weighed
from tradeloop.claims.signals import BY_RULES, Scene, unseen
from tradeloop.claims.stop import raise_signal
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.ledger import actions as ledger
from tradeloop.ledger.facts import Entry, Posting
from tradeloop.settlement.actions import pay_otherwise
from tradeloop.settlement.facts import Ordered
from tradeloop.settlement.queries import orders

NONE: Mapping[str, Account] = MappingProxyType({})
WAS_PAID = frozenset({State.PAID, State.SUBROGATED, State.CLOSED})
"""A claim that was paid stays so, also while a payout that came back is paid once more."""


class PayeeListed(PayoutRefused):
    """A list speaks against paying."""


class OrderedByApprover(PayoutRefused):
    """Who approved a figure cannot order its payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """What one payee gets."""

    id: str
    payee: str
    amount: Money
    paid_on: date | None = None


@transaction.atomic
def order_payout(
    *, claim: str, by: str, at: datetime, order_payment: OrderPayment, screen: Screen,
    accounts: Mapping[str, Account] = NONE,
) -> Stands:  # fmt: skip
    """Order the payout of a signed agreement.

    If the buyer paid meanwhile, or anything else that the figure rests on is another, nothing is
    ordered: the claim goes back with its new figure. Signs of fraud that nobody has seen, as where
    the declaration was withdrawn since, hold the claim. Whoever a receivable is assigned to is paid
    in the insured's place. The money goes to the account that the agreement names; where it names
    none, to the one that another person stated.

    Args:
        claim: Signed.
        by: Neither who told or filed it nor who approved.
        at: The caller's clock.
        order_payment: Of `settlement`.
        screen: Gives reasons against paying.
        accounts: As the orderer holds them, by payee, to be compared with those on record.

    Raises:
        PayeeUnknown: Nobody stated the account of a payee.
        AccountDiffers: One that the orderer gave is another.
        StatedByOrderer: No agreement names an account, and `by` stated it.
        PayeeListed: Screening gave a reason against it.
        OrderedByApprover: `by` told, filed or approved it.
        MoveNotAllowed: The claim is not signed.
    """
    case, state = locked(claim)
    if state is State.ORDERED or state in WAS_PAID:
        return stands(case, state)
    CLAIM.after(state, Event.ORDER)
    assert case.decision is not None  # noqa: S101 - a signed claim has its figure
    check_orderer(case, by)
    if new := unseen(Scene(case=case)):
        for sign in new:
            raise_signal(claim=claim, code=sign.code, because=sign.because, by=BY_RULES, at=at)
        return stands(queries.case(claim), State.HELD)
    _, made = refreshed(case, at)
    if changed(case, made):
        return anew(case, made, at=at, by=by)
    today = at.astimezone(SHANGHAI).date()
    payouts = shared(case, made)
    check_lists(case, [one.payee for one in payouts], screen, at)
    where = {
        one.payee: account_of(claim, one.payee, given=accounts.get(one.payee), by=by)
        for one in payouts
    }
    agreement = queries.agreement(claim)
    assert agreement is not None  # noqa: S101 - the same
    entry = record(
        kind="claims.payout-ordered", at=at,
        fact={
            "agreement": agreement["number"], "by": by, "claim": claim,
            "lines": [{"minor": str(one.amount.minor), "payee": one.payee} for one in payouts],
        },
    ).entry_id  # fmt: skip
    put(
        "claims_payout",
        'id, claim_id, agreement_id, "order", payee, name, account, agent, currency, amount_minor, '
        "ordered_at, tries, made_by",
        [
            (
                one.id, claim, agreement["number"], order_id(one.id), one.payee,
                where[one.payee].name, where[one.payee].number, where[one.payee].agent,
                one.amount.currency, one.amount.minor, at, 1, entry,
            )
            for one in payouts
        ],
    )  # fmt: skip
    for one in payouts:
        account = where[one.payee]
        order_payment(
            id=order_id(one.id), payee=one.payee, name=account.name, account=account.number,
            agent=account.agent, amount=one.amount, what_for=f"Agreement {agreement['number']}",
            at=at, is_bound=True,
        )  # fmt: skip
    ledger.post(entries=[_owed(case, payouts, today)], at=at)
    after = move(claim, Event.ORDER, at=at, by=by, made_by=entry)
    return stands(queries.case(claim), after)


@transaction.atomic
def confirm_paid(*, claim: str, payout: str, paid_on: date, by: str, at: datetime) -> State:
    """Say that the bank paid one payout; with the last one the claim is paid.

    An order that was not sent to the bank yet is closed: the money leaves once. The same day again
    changes nothing.

    Raises:
        PayoutRefused: There is no such payout, it was paid on another day, or the day lies before
            its order or after today.
        MoveNotAllowed: Nothing was ordered.
    """
    state = lock(claim)
    mine = {one.id: one for one in payouts_of(claim)}
    if payout not in mine:
        raise PayoutRefused(
            f"Claim {claim} has no payout {payout}; it has {', '.join(mine) or 'none'}."
        )
    if (paid_before := mine[payout].paid_on) is not None:
        if paid_before != paid_on:
            raise PayoutRefused(
                f"{payout} was paid on {paid_before} by what was said before, not on {paid_on}. "
                "Nothing was written: what was said is not changed."
            )
        return state
    (ordered,) = named('select ordered_at, "order", tries from claims_payout where id = %s', payout)
    ordered_on = ordered["ordered_at"].astimezone(SHANGHAI).date()
    if paid_on < ordered_on:
        raise PayoutRefused(
            f"{payout} cannot be paid on {paid_on}, before it was ordered on {ordered_on}. "
            "Give the day on which the bank paid it."
        )
    if paid_on > at.astimezone(SHANGHAI).date():
        raise PayoutRefused(f"{payout} cannot be paid on {paid_on}, after today.")
    if state not in WAS_PAID:
        CLAIM.after(state, Event.PAY)
    case = queries.case(claim)
    entry = record(
        kind="claims.paid", at=at,
        fact={"by": by, "claim": claim, "paid_on": str(paid_on), "payout": payout},
    ).entry_id  # fmt: skip
    pay_otherwise(id=ordered["order"], by=by, because=f"paid on {paid_on}", at=at)
    do("update claims_payout set paid_on = %s, paid_by = %s where id = %s", paid_on, by, payout)
    entries = [_paid(case, mine[payout], paid_on, tries=ordered["tries"])]
    ledger.post(entries=entries, at=at)
    if state in WAS_PAID or any(one.paid_on is None for one in payouts_of(claim)):
        return state
    spend(claim, at=at)
    return move(claim, Event.PAY, at=at, by=by, made_by=entry)


def order_id(payout: str, tries: int = 1) -> UUID:
    """Return the id of the payment order of a payout: the same for every retry of one try."""
    return uuid5(NAMESPACE_URL, f"claims/payout/{payout}/{tries}")


def confirm_order(*, order: UUID, paid_on: date, by: str, at: datetime) -> State | None:
    """Say that the bank paid an order, by its id; None if it is no payout of a claim."""
    row = rows.one('select id, claim_id from claims_payout where "order" = %s', order)
    if row is None:
        return None
    return confirm_paid(claim=row["claim_id"], payout=row["id"], paid_on=paid_on, by=by, at=at)


def order_of(payout: str) -> Ordered | None:
    """Return the payment order of a payout, the latest, as it stands; None if there is none."""
    rows = named('select "order" from claims_payout where id = %s', payout)
    return next(iter(orders(ids=[row["order"] for row in rows])), None)


def payouts_of(claim: str) -> tuple[Payout, ...]:
    """Return what is paid on a claim, and to whom."""
    rows = named(
        "select id, payee, currency, amount_minor, paid_on from claims_payout "
        "where claim_id = %s order by id",
        claim,
    )
    return tuple(
        Payout(
            id=row["id"], payee=row["payee"], amount=Money(row["amount_minor"], row["currency"]),
            paid_on=row["paid_on"],
        )
        for row in rows
    )  # fmt: skip


def shared(case: Case, made: Calculated) -> tuple[Payout, ...]:
    """Share an indemnity among those who are to be paid, by what each trade brings to it.

    Odd minor units go to the first payee.
    """
    brought = weighed(
        made.loss, cover=terms_of(case.scheme, case.terms_on).cover, left=left_of(made.given)
    )
    payee_of = {line.trade: line.assignee or case.policyholder for line in case.lines}
    weights: dict[str, int] = {}
    for one, (weight, share_bp) in zip(made.given.insured, brought, strict=True):
        payee = payee_of[one.trade]
        weights[payee] = weights.get(payee, 0) + weight * share_bp
    payees = [payee for payee, weight in weights.items() if weight]
    parts = made.pay.split([weights[payee] for payee in payees], residual_to=0)
    return tuple(
        Payout(id=f"{case.id}/{place}", payee=payee, amount=part)
        for place, (payee, part) in enumerate(zip(payees, parts, strict=True), 1)
        if part.minor
    )


def check_orderer(case: Case, by: str) -> None:
    """Refuse who told, filed or approved a claim as the one who orders its payment."""
    if by in {*case.claimants, *approvals(case.decision or 0)}:
        raise OrderedByApprover(
            f"{by} told, filed or approved claim {case.id}. Let another person order."
        )


def check_lists(case: Case, payees: Sequence[str], screen: Screen, at: datetime) -> None:
    """Refuse payees whom a list speaks against on this day."""
    if against := screen(case, payees, at.astimezone(SHANGHAI).date()):
        raise PayeeListed(f"Claim {case.id} is not paid: {'; '.join(against)}. Clear it first.")


def _owed(case: Case, payouts: Sequence[Payout], on: date) -> Entry:
    insurer = f"insurer:{case.scheme}"
    return Entry(
        key=f"claims/{case.id}/ordered", on=on, why=f"Claim {case.id} is to be paid",
        postings=tuple(
            Posting(debit=f"{insurer}:claims", credit=f"{insurer}:claims-owed:{one.id}",
                    amount=one.amount)
            for one in payouts
        ),
    )  # fmt: skip


def paid_key(payout: str, tries: int) -> str:
    """Return under which key the ledger has what was paid, the first time or again."""
    return f"claims/{payout}/paid" + (f"/{tries}" if tries > 1 else "")


def _paid(case: Case, payout: Payout, on: date, *, tries: int) -> Entry:
    insurer = f"insurer:{case.scheme}"
    return Entry(
        key=paid_key(payout.id, tries), on=on, why=f"Payout {payout.id} of claim {case.id}",
        postings=(
            Posting(debit=f"{insurer}:claims-owed:{payout.id}", credit=f"{insurer}:cash",
                    amount=payout.amount),
        ),
    )  # fmt: skip
