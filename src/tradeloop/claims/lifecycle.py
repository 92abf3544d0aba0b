"""What may become of a claim; the database's own table of moves is tested against this one."""

from enum import StrEnum

from tradeloop.kit.lifecycle import Lifecycle


class State(StrEnum):
    """Where a claim stands."""

    NOTICED = "noticed"  # a possible loss was told
    WAITING = "waiting"  # told in full; the waiting period runs
    CLAIMED = "claimed"
    SUPPLEMENT_ASKED = "supplement-asked"
    COMPLETE = "complete"
    STAYED = "stayed"  # the buyer disputes the debt
    HELD = "held"  # signs of fraud; the clock stands still
    CALCULATED = "calculated"
    APPROVED = "approved"
    OFFERED = "agreement-offered"
    SIGNED = "signed"
    ORDERED = "ordered"
    PAID = "paid"
    SUBROGATED = "subrogated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to a claim."""

    COMPLETE_NOTICE = "complete-notice"
    FILE = "file"
    ASK_SUPPLEMENT = "ask-supplement"
    ANSWER = "answer"
    COMPLETE = "complete"
    CALCULATE = "calculate"
    RECALCULATE = "recalculate"
    APPROVE = "approve"
    OFFER = "offer"
    SIGN = "sign"
    ORDER = "order"
    PAY = "pay"
    SUBROGATE = "subrogate"
    CLOSE = "close"
    STAY = "stay"
    RESUME = "resume"
    HOLD = "hold"
    CLEAR = "clear"
    REFUSE = "refuse"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


BEFORE_CLAIM = (State.NOTICED, State.WAITING)
OPEN = (State.CLAIMED, State.SUPPLEMENT_ASKED, State.COMPLETE)
DECIDED = (State.CALCULATED, State.APPROVED, State.OFFERED)
FIXED = (*DECIDED, State.SIGNED, State.ORDERED, State.PAID, State.SUBROGATED, State.CLOSED)
"""States in which a figure stands."""

CLAIM: Lifecycle[State, Event] = Lifecycle(
    start=State.NOTICED,
    moves={
        (State.NOTICED, Event.COMPLETE_NOTICE): State.WAITING,
        **{(state, Event.FILE): State.CLAIMED for state in BEFORE_CLAIM},
        (State.CLAIMED, Event.ASK_SUPPLEMENT): State.SUPPLEMENT_ASKED,
        (State.SUPPLEMENT_ASKED, Event.ANSWER): State.CLAIMED,
        (State.CLAIMED, Event.COMPLETE): State.COMPLETE,
        (State.COMPLETE, Event.CALCULATE): State.CALCULATED,
        (State.CALCULATED, Event.APPROVE): State.APPROVED,
        (State.APPROVED, Event.OFFER): State.OFFERED,
        (State.OFFERED, Event.SIGN): State.SIGNED,
        (State.SIGNED, Event.ORDER): State.ORDERED,
        (State.ORDERED, Event.PAY): State.PAID,
        (State.PAID, Event.SUBROGATE): State.SUBROGATED,
        (State.SUBROGATED, Event.CLOSE): State.CLOSED,
        # The buyer paid meanwhile: there is a new figure, to be approved and agreed anew.
        **{(state, Event.RECALCULATE): State.CALCULATED for state in (*DECIDED, State.SIGNED)},
        # What was stayed or held is looked at from the beginning.
        **{(state, Event.STAY): State.STAYED for state in (*OPEN, *DECIDED)},
        (State.STAYED, Event.RESUME): State.CLAIMED,
        **{(state, Event.HOLD): State.HELD for state in (*OPEN, *DECIDED, State.SIGNED)},
        (State.HELD, Event.CLEAR): State.CLAIMED,
        **{
            (state, Event.REFUSE): State.REFUSED
            for state in (*OPEN, State.STAYED, State.HELD, State.CALCULATED, State.APPROVED)
        },
        (State.REFUSED, Event.REOPEN): State.CLAIMED,
        **{
            (state, Event.WITHDRAW): State.WITHDRAWN
            for state in (*BEFORE_CLAIM, *OPEN, State.STAYED, State.HELD, *DECIDED)
        },
    },
)
