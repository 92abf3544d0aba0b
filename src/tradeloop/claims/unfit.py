"""What does not fit of a notice or a claim, by name; and the debts that both look at."""

from __future__ import annotations


class ClaimRefused(ValueError):
    """A notice or a claim does not fit; nothing was written."""


class ClaimIdReused(ClaimRefused):
    """The id was used before for something else."""


class ReasonMissing(ClaimRefused):
    """Something is done to a claim, and nobody says why."""


class CalculationUnknown(ClaimRefused):
    """The claim has no calculation of that number."""


class NoticeIncomplete(ClaimRefused):
    """The notice lacks its id, its reason, or who tells it."""


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


class OtherLimit(ClaimRefused):
    """The trades are covered under two limits: the white list's own, and everybody's."""


class DatesDoNotFit(ClaimRefused):
    """A day lies after the one that it must come before."""


DEBTS = """
select r.trade, r.seller, r.buyer, r.currency, r.amount_minor, r.shipped_on, r.due_on,
    r.extended_to, c.number as certificate, coalesce(c.is_white_listed, false) as is_white_listed,
    r.amount_minor - r.credited_minor - r.paid_minor as open_minor,
    (select l.claim_id from claims_line as l where l.trade = r.trade and l.is_live) as claim
from receivables_receivable as r
left join cover_certificate as c on c.receivable_id = r.id and c.scheme = %s
where r.trade = any(%s) order by r.shipped_on, r.arrival
"""


def check_reason(claim: str, because: str) -> None:
    """Do nothing if a reason is given: it is kept for ever, and others rely on it.

    Raises:
        ReasonMissing: It is empty.
    """
    if not because.strip():
        raise ReasonMissing(f"Claim {claim} stays as it is: the reason is empty. Say why.")
