"""What the bank rejected, or sent back after it was paid, is ordered anew."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tradeloop.claims import queries, rows
from tradeloop.claims.accounts import Account, PayoutRefused, account_of
from tradeloop.claims.heard import BY_BANK
from tradeloop.claims.lifecycle import State
from tradeloop.claims.moves import lock
from tradeloop.claims.outside import OrderPayment, Screen
from tradeloop.claims.pay import check_lists, check_orderer, order_id, paid_key
from tradeloop.claims.rows import do
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI
from tradeloop.kit.money import Money
from tradeloop.ledger import actions as ledger
from tradeloop.settlement.lifecycle import OrderState


@transaction.atomic
def order_again(
    *, claim: str, payout: str, by: str, at: datetime, order_payment: OrderPayment, screen: Screen,
    account: Account | None = None,
) -> UUID:  # fmt: skip
    """Order a payout anew after the bank rejected it; return the order's id.

    It goes to the account as before, or to another that somebody else stated since.

    Raises:
        AccountDiffers: `account`, as the orderer holds it, is another than the one on record.
        StatedByOrderer: No agreement names the account, and `by` stated it.
        PayoutRefused: There is no such payout, it was paid, or its order may still be.
        PayeeListed: Screening gave a reason against it.
        OrderedByApprover: `by` told, filed or approved it.
    """
    lock(claim)
    case = queries.case(claim)
    row = rows.one("select * from claims_payout where claim_id = %s and id = %s", claim, payout)
    if row is None or row["paid_on"] is not None:
        raise PayoutRefused(
            f"Claim {claim} has no payout {payout} that waits for the bank. If the bank sent its "
            "money back, say so first: tradeloop claims returned."
        )
    check_orderer(case, by)
    sent = rows.one("select state from settlement_order where id = %s", row["order"])
    if sent is not None and sent["state"] != "rejected":
        raise PayoutRefused(
            f"The order of payout {payout} is {sent['state']}: the bank may still pay it. Have it "
            "rejected first, so that nobody is paid twice."
        )
    check_lists(case, [row["payee"]], screen, at)
    account = account_of(claim, row["payee"], given=account, by=by)
    tries = row["tries"] + 1
    fact = {"by": by, "claim": claim, "payout": payout, "tries": tries}
    record(kind="claims.payout-ordered-again", at=at, fact=fact)
    do(
        "update claims_payout set name = %s, account = %s, agent = %s, tries = %s, "
        '"order" = %s where id = %s',
        account.name, account.number, account.agent, tries, order_id(payout, tries), payout,
    )  # fmt: skip
    order_payment(
        id=order_id(payout, tries), payee=row["payee"], name=account.name, account=account.number,
        agent=account.agent, amount=Money(row["amount_minor"], row["currency"]),
        what_for=f"Agreement {row['agreement_id']}", at=at, is_bound=True,
    )  # fmt: skip
    return order_id(payout, tries)


@transaction.atomic
def returned(*, claim: str, payout: str, on: date, by: str, at: datetime) -> State:
    """Say that the money of a payout is back, so that it is owed once more.

    The claim stays paid, and what it used stays used; the payout is ordered anew by `order_again`,
    and another person may state another account. The same again changes nothing.

    Args:
        claim: Whose payout it is.
        payout: The bank confirmed it, and rejected its order since.
        on: The day on which the money came.
        by: Who says it.
        at: The caller's clock.

    Raises:
        PayoutRefused: There is no such payout, its money cannot be back by what the bank told, or
            the day lies before its payment or after today.
    """
    state = lock(claim)
    row = rows.one("select * from claims_payout where claim_id = %s and id = %s", claim, payout)
    order = row and rows.one("select state from settlement_order where id = %s", row["order"])
    if row is None or order is None or order["state"] != OrderState.REJECTED:
        raise PayoutRefused(
            f"Claim {claim} has no payout {payout} whose order the bank rejected. Let the bank's "
            "statement say so, or payments settle-order. Nothing was written."
        )
    if row["paid_on"] is None:
        return state
    if row["paid_by"] not in {None, BY_BANK}:
        raise PayoutRefused(
            f"{row['paid_by']} said that {payout} was paid on {row['paid_on']}, by another way "
            "than the order that the bank rejected: nothing came back. Nothing was written."
        )
    if not row["paid_on"] <= on <= at.astimezone(SHANGHAI).date():
        raise PayoutRefused(
            f"{payout} was paid on {row['paid_on']}; its money cannot be back on {on}. Give a day "
            "from then until today."
        )
    record(
        kind="claims.payout-returned", at=at,
        fact={"by": by, "claim": claim, "on": str(on), "payout": payout},
    )  # fmt: skip
    ledger.undo(
        key=f"claims/{payout}/returned/{row['tries']}", undoes=paid_key(payout, row["tries"]),
        on=on, why=f"Payout {payout} of claim {claim} came back", at=at,
    )  # fmt: skip
    do("update claims_payout set paid_on = null, paid_by = null where id = %s", payout)
    return state
