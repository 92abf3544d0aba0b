"""What a reader of bank files may notice: each code with its weight and what to do about it."""

from __future__ import annotations

from tradeloop.kit.findings import Weight
from tradeloop.settlement.facts import Noticed, Place

NOTE, REVIEW, REFUSE = Weight.NOTE, Weight.REVIEW, Weight.REFUSE
AGAIN = "Ask the bank for the file again, and read it before anything is booked from it."
LOOK = "Look at this entry in the bank's own screen; take its figures from there."

CODES: dict[str, tuple[Weight, str]] = {
    "file-too-large": (REFUSE, "Ask the bank for shorter periods, a file each."),
    "document-type": (REFUSE, "Do not open it elsewhere; ask the bank for a file without one."),
    "encoding-odd": (REVIEW, "Compare names and remittance texts with the bank's own screen."),
    "xml-damaged": (REVIEW, AGAIN),
    "file-truncated": (REVIEW, AGAIN),
    "file-unreadable": (REFUSE, AGAIN),
    "message-unknown": (REFUSE, "Ask the bank for camt.053 or camt.054."),
    "entry-broken": (REVIEW, LOOK),
    "entry-incomplete": (REVIEW, LOOK),
    "amount-unreadable": (REVIEW, LOOK),
    "date-unreadable": (REVIEW, LOOK),
    "status-missing": (REVIEW, "Ask the bank whether it is booked; until then it does not count."),
    "details-differ": (REVIEW, "The booking counts as one payment; ask the bank for its parts."),
    "details-unpriced": (REVIEW, "The booking counts as one payment; ask the bank for its parts."),
    "details-number-differs": (REVIEW, "Ask the bank which payments the batch holds."),
    "rate-unreadable": (NOTE, "Ask the bank for the rate where you need it."),
    "balance-missing": (NOTE, "The sum cannot be checked; ask the bank to state both balances."),
    "balance-doubled": (REVIEW, "The sum cannot be checked; ask the bank which balance stands."),
    "balance-unchecked": (REVIEW, "Mend what was told of this statement first, then read again."),
    "balance-differs": (
        REVIEW,
        "Entries are missing or wrong; ask the bank before you rely on it.",
    ),
    "entries-number-differs": (REVIEW, AGAIN),
    "statement-repeated": (REVIEW, "Nothing: the second is not counted."),
    "entry-repeated": (REVIEW, "Look whether money came twice; the second is not counted."),
}


def noticed(code: str, place: Place, *, seen: str, expected: str) -> Noticed:
    """Return what was noticed, with its weight and remedy."""
    weight, remedy = CODES[code]
    return Noticed(
        code=code, weight=weight, place=place, seen=seen, expected=expected, remedy=remedy
    )
